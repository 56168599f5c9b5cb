"""The Logic stage that reviews each group at its share: its preview, and the way into the draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.ango_json.stages import rules_key
from core.ango_json.text import dumps
from core.charts.split import split_bars, split_table
from core.errors import InputError
from core.model.figures import counted
from core.model.glossary import NEEDS_ADDRESSES
from core.model.phrases import joined
from core.model.stages import Logic
from core.sampling.review_stages import ReviewStages, drawn_again, in_place_of
from pages._ui import answered, drafting
from pages._ui.figure import figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened, current


@dataclass(frozen=True, slots=True)
class Making:
    """How a section's stages are made, and what it says of them.

    Args:
        stages: Makes them, in whole percents or not; one Logic stage, or two in a row.
        alone: The same, but always one.
        tell: Shows what is to be known of those that were made, in whole percents or not.
        instead: What one stage does where there would be two, as a sentence.
        file_name: Of the stages.
    """

    stages: Callable[[bool], ReviewStages]
    alone: Callable[[bool], ReviewStages]
    tell: Callable[[ReviewStages, bool], None]
    instead: Callable[[ReviewStages], str]
    file_name: str


def stages_view(here: Opened, making: Making) -> None:
    """Make the stages, show what they would do, and offer to take them."""
    whole = answered.switch(
        st.toggle, "Whole percents in all rules", key("review.whole"), usual=True
    )
    try:
        made = making.stages(whole)
    except InputError:
        st.info(
            "This workspace has no workflow with a Review stage, so rules have nowhere to send "
            "tasks for review. Open it together with its project JSON.",
            icon=":material/account_tree:",
        )
        return
    making.tell(made, whole)
    has_logic = bool(here.project and here.project.logic_stages)
    if len(made.stages) > 1:
        st.markdown(
            "It takes **two Logic stages in a row**: tasks of no group are to be reviewed more "
            "than others. A draft holds one stage; the file has both, to be built in Ango Hub."
        )
    if len(made.stages) > 1 or not has_logic:
        _download(here, made, making.file_name)
    place = drafting.baseline(here).id if has_logic else None
    for sentence in drawn_again(here.project, made, place):
        st.warning(plain(sentence), icon=":material/replay:")
    if not has_logic:
        st.info(
            "This workflow has no Logic stage that could hold these rules. Add one before the "
            "review in Ango Hub, and read the project again.",
            icon=":material/alt_route:",
        )
        return
    if len(made.stages) > 1:
        made = making.alone(whole)
        st.markdown(f"**One stage** by itself {plain(making.instead(made))}")
    (stage,) = made.stages
    proposed = in_place_of(stage, drafting.baseline(here), drafting.known_ids(here))
    _preview(here, proposed, made.review)


def _download(here: Opened, made: ReviewStages, file_name: str) -> None:
    hidden = here.names.pseudonyms is not None
    st.download_button(
        "Download both stages" if len(made.stages) > 1 else "Download the stage",
        "" if hidden else dumps(made.written(), indent=2),
        disabled=hidden,
        help=NEEDS_ADDRESSES if hidden else None,
        file_name=file_name,
        mime="application/json",
        icon=":material/download:",
        key="review.stages.json",
        on_click="ignore",
    )


def _preview(here: Opened, proposed: Logic, review: str) -> None:
    split = here.workspace.split(proposed, current().seed, here.within)
    name, there = plain(proposed.name), plain(here.names.of_stage(review))
    reviewed = dict(split.stages)[review].expected if review in dict(split.stages) else 0
    st.markdown(
        f"In the place of the rules of “{name}” it sends about **{counted(reviewed)}** of "
        f"{counted(split.tasks)} tasks to “{there}”{_others(here, proposed, review)}."
    )
    colors = drafting.colors(here, proposed)
    figure(
        split_bars(split, here.names, colors, ink(), targets=True),
        split_table(split, here.names),
        key("review.preview"),
    )
    if rules_key(drafting.stage_in_hand(here)) != rules_key(proposed):
        st.button(
            "Make it my draft",
            type="primary",
            icon=":material/done_all:",
            key="review.make",
            on_click=_take,
            args=(here, proposed),
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(":green[:material/check_circle:] It is your draft.")
        if st.button("Show it on Split", type="primary", icon=":material/stacked_bar_chart:",
                     key="review.split"):  # fmt: skip
            st.switch_page("pages/logic/split.py")
        if st.button("Compare with before", icon=":material/compare_arrows:",
                     key="review.compare"):  # fmt: skip
            st.switch_page("pages/logic/compare.py")


def _others(here: Opened, proposed: Logic, review: str) -> str:
    names = [here.names.of_stage(to) for to in dict.fromkeys(proposed.targets) if to != review]
    others = plain(joined([f"“{name}”" for name in names], "and"))
    return f"; the others go on to {others}" if others else ""


def _take(here: Opened, proposed: Logic) -> None:
    drafting.save(here, proposed)
    current().notice = "The stage is in the draft; undo on Rules brings back what was."
