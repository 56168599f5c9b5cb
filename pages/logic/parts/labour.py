"""Let tasks of the demo through the hub, watch it, stop it, and see whether it kept its rules."""

from __future__ import annotations

import time

import streamlit as st

from core.errors import InputError
from core.launcher.labour import Labour, ask_to_stop, begin, is_held, read_labour, tail_of_log
from core.model.figures import counted
from core.model.phrases import about_duration, left_text
from pages._ui import drafting
from pages._ui.demo_copy import place_words
from pages._ui.demo_reading import JOB
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.services import connected_hub, services
from pages._ui.state import DEMO, Opened, current
from pages.logic.parts.hub_passes import hub_passes_view, passes_of
from pages.logic.parts.start_over import start_over_button

BEGUN = "labour.begun"
START_SECONDS = 15.0
"""A process that has said nothing after so long did not start."""
SPEEDS = {"To watch: 25 tasks a second": 25.0, "As fast as possible": 0.0}
USUAL_TASKS, USUAL_SEED = 500, 7


def labour_view(here: Opened) -> None:
    """The demo's people at work; nothing where another project is on show."""
    if current().workspace != DEMO:
        return
    st.subheader("Let tasks through")
    st.caption(
        "The demo's people label, review and reject with their habits, and the local hub sends "
        "each task on by the rules that it has. Nothing reaches Ango Hub."
    )
    if here.hub is None or connected_hub() is None:
        st.info(plain(place_words()), icon=":material/cloud_off:")
        return
    labour = read_labour(services().hub)
    if _is_working(labour):
        _watch()
        return
    _last(labour)
    _ask(here, labour)
    if JOB in current().jobs:
        st.caption(":material/sync: The tasks are read again; what the hub did follows.")
    elif passes_of(here):
        st.markdown("**Observed against predicted**")
        hub_passes_view(here, key("labour.passes"))


def _is_working(labour: Labour | None) -> bool:
    """Whether a work goes on, one that this window has just begun included."""
    begun: tuple[str, float] | None = st.session_state.get(BEGUN)
    if begun is not None and (labour is None or labour.id != begun[0]):
        if time.monotonic() - begun[1] < START_SECONDS:
            return True
        st.session_state[BEGUN] = None
        current().notice = f"The work did not start. {tail_of_log(services().settings)}"
    going = labour is not None and labour.state == "working"
    return going and is_held(services().settings.data, services().hub)


def _last(labour: Labour | None) -> None:
    if labour is None:
        return
    many = f"{counted(labour.passed)} of {counted(labour.tasks)} tasks came through"
    if labour.state == "done":
        took = about_duration(1_000 * (labour.at - labour.began))
        st.markdown(
            f":material/check_circle: {many} in {took}, in {counted(labour.steps)} steps of work."
        )
    elif labour.state == "stopped":
        st.markdown(f":material/stop_circle: Stopped: {many}. The others wait where they are.")
    else:
        st.markdown(f":material/error: The work broke off: {many}. What was done is kept.")


def _ask(here: Opened, labour: Labour | None) -> None:
    if drafting.stage_in_hand(here) != drafting.baseline(here):
        st.page_link(
            "pages/logic/publish.py",
            label="The hub still has the rules before your draft: publish it to see it at work",
            icon=":material/publish:",
        )
    with st.expander("How many, how fast", icon=":material/tune:"):
        many = number_field(
            "How many", key("labour.tasks"), USUAL_TASKS, unit="tasks", low=1, high=100_000,
            whole=True,
        )  # fmt: skip
        speed = st.radio("Speed", list(SPEEDS), key="labour.speed", horizontal=True)
        usual = USUAL_SEED if labour is None else labour.seed + 1
        seed = number_field(
            "Number of the try", key("labour.seed", usual), usual, whole=True,
            help="The same number on the same tasks repeats the same work.",
        )  # fmt: skip
    if many is None or seed is None:
        return
    with st.container(horizontal=True):
        clicked = _go(many)
        start_over_button()
    if clicked:
        try:
            name = begin(services().settings, services().hub, many, seed, SPEEDS[speed])
        except InputError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.session_state[BEGUN] = (name, time.monotonic())
        st.rerun()


def _go(many: int) -> bool:
    return st.button(
        f"Let {counted(many)} task{'' if many == 1 else 's'} through",
        type="primary",
        icon=":material/play_arrow:",
        key="labour.go",
    )


@st.fragment(run_every="0.5s")
def _watch() -> None:
    labour = read_labour(services().hub)
    if not _is_working(labour):
        st.rerun()
    begun: tuple[str, float] | None = st.session_state.get(BEGUN)
    bar, button = st.columns([5, 1], vertical_alignment="center")
    name = begun[0] if begun is not None else ""
    if labour is None or labour.state != "working":
        bar.progress(0.0, text="The people come to work")
    else:
        name = labour.id
        bar.progress(min(1.0, labour.passed / labour.tasks), text=_words(labour))
        for one in labour.outputs:
            st.caption(f"{plain(one.name)}, tasks per output so far: {_counts(one.counts)}")
    button.button(
        "Stop", on_click=ask_to_stop, args=(services().hub, name), key="labour.stop",
        width="stretch", icon=":material/stop:",
    )  # fmt: skip


def _words(labour: Labour) -> str:
    about = left_text(labour.seconds_left)
    if labour.passed >= labour.tasks:
        about = ", the last ones are looked at"
    return f"{counted(labour.passed)} of {counted(labour.tasks)} tasks through{about}"


def _counts(counts: tuple[int, ...]) -> str:
    *rules, otherwise = counts
    return " · ".join([*(f"{counted(count)}" for count in rules), f"Else {counted(otherwise)}"])
