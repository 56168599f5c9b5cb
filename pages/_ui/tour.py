"""The guided tour: a few steps over real controls, from what a model writes to showing the result.

A step names a page and a part of it; the browser frames that part and says what it is for. Where
the tour stands is kept in the browser, so it can be left and taken up again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import streamlit as st

from pages._ui.keys import key

_HERE = Path(__file__).parent
_JS = (_HERE / "tour.js").read_text(encoding="utf-8")
_CSS = (_HERE / "tour.css").read_text(encoding="utf-8")
BEGUN = "tour.begun"
"""Names the last click on the button; the click may come before the browser has the tour."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stop.

    Args:
        path: Of the page, as the browser has it.
        part: CSS selector of what is framed, the first that is there; if none, without a frame.
        title: In a few words.
        text: What to see or try there.
    """

    path: str
    part: str
    title: str
    text: str


STEPS = (
    Step(
        "/", ".st-key-home-write", "What would this model write?",
        "A model plugin pre-labels assets. Before it writes anything, a dry run shows every label "
        "that it would write. This card holds the last one.",
    ),
    Step(
        "/start", ".st-key-start-choices, .st-key-empty-plugins", "Set up a dry run",
        "Choose a plugin and a project; below, say which class of the model is which of the "
        "project. Dry run, at the foot, writes nothing until you apply it.",
    ),
    Step(
        "/runs", ".st-key-runs-table, .st-key-runs-demo, .st-key-runs-begin", "Watch it",
        "Every run stands here with its state, its log and its labels on the images. A dry run is "
        "applied or discarded from its page.",
    ),
    Step(
        "/rules", ".st-key-rules-list", "Where will tasks go?",
        "The rules of the Logic stage, in order: the first that matches takes the task. Drag one, "
        "or select it and change it; the numbers follow at once. Ctrl+Z takes an edit back.",
    ),
    Step(
        "/split", ".st-key-split-stages", "The split",
        "How many tasks each stage would get, with the exact range that chance allows. Below: "
        "every output, the workflow, and whether the histories agree.",
    ),
    Step(
        "/compare", ".st-key-compare-fill, .st-key-compare-totals", "Before and after",
        "Once a rule is edited, this page says which stages get more and which fewer, and which "
        "tasks those are.",
    ),
    Step(
        "/publish", ".st-key-publish-changes", "Publish",
        "The edit as it would go to the hub, rule by rule. A backup is kept first, and what was "
        "written is read back and compared.",
    ),
    Step(
        "/story", ".st-key-story-screen", "One screen for a meeting",
        "Move a lever and the numbers follow: a share, a duration, how many tasks come. Its link "
        "opens the same view for others; it prints on one page.",
    ),
    Step(
        "/report", ".st-key-report-download", "Show it to others",
        "One file with the numbers and the pictures. It opens anywhere, without this program and "
        "without network.",
    ),
)  # fmt: skip


def tour() -> None:
    """Listen for the button that begins it, and go on where it stands."""
    mount = st.components.v2.component("switchyard_tour", html="<div></div>", css=_CSS, js=_JS)
    steps = [asdict(step) for step in STEPS]
    mount(key=key("frame.tour"), data={"steps": steps, "begun": st.session_state.get(BEGUN)})


def _begin() -> None:
    st.session_state[BEGUN] = uuid4().hex


def tour_button() -> None:
    """The button that begins the tour, or takes it up again."""
    st.button(
        "Take the tour · 3 minutes", icon=":material/explore:", key=key("tour.begin"),
        width="stretch", on_click=_begin,
    )  # fmt: skip
