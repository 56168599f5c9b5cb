"""Is the hub behaving: counts typed, pasted or read from histories, against the scenario."""

from __future__ import annotations

import streamlit as st

from core.charts import plan as charts
from core.errors import InputError
from core.model.figures import counted
from core.model.stages import Logic
from core.routing.observed.conformance import BASES, Basis, Behaviour, output_labels
from core.routing.observed.pasted_counts import read_counts
from core.tasks.select import Selection
from pages._ui import cached
from pages._ui.figure import data_table, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened
from pages._ui.verdict import verdict
from pages.logic.parts.contradiction import earlier_rules_until
from pages.logic.parts.hub_passes import hub_passes_view, writes_passes_down

TYPED, READ, HUB = "Typed or pasted", "From task histories", "From the local hub"
WHOSE: dict[Basis, str] = {
    "same": "These very tasks",
    "like": "Other tasks like these",
}


def behaving_view(here: Opened, stage: Logic) -> None:
    """Ask for counts and judge them."""
    st.caption(
        "What the hub did, against these rules: each rule among the tasks that get to it, by its "
        "exact distribution; several are judged together, so that a hub that behaves is called "
        "off at most one time in twenty."
    )
    sources = [HUB, TYPED, READ] if writes_passes_down(here) else [TYPED, READ]
    source = st.segmented_control(
        "Counts", sources, default=sources[0], key="plan.source", label_visibility="collapsed"
    )
    try:
        if source == HUB:
            hub_passes_view(here, key("plan.passes"))
        elif source == READ:
            _from_histories(here, stage)
        else:
            _typed(here, stage)
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")


def _typed(here: Opened, stage: Logic) -> None:
    labels = output_labels(stage)
    text = st.text_area(
        "Tasks seen per output, top to bottom, Else last",
        placeholder="\n".join(f"{label}: 0" for label in labels),
        help="One line per output with its number last, or the numbers alone: 31, 69",
        key="plan.seen",
        height=34 + 26 * min(len(labels), 10),
    )
    basis = st.radio(
        "Whose counts are they?",
        list(WHOSE),
        index=None,
        format_func=lambda one: WHOSE[one],
        captions=[
            f"Exactly the {counted(here.tasks)} tasks looked at here, once each.",
            "A day's, a week's, another batch's: drawn from the same kind of work.",
        ],
        horizontal=True,
        key="plan.basis",
    )
    if not text.strip():
        st.caption("Type or paste the counts, for example out of Ango Hub's stage list.")
        return
    observed = read_counts(text, labels)
    if basis is None:
        st.info("Say whose counts they are; it decides what is tested.", icon=":material/help:")
        return
    _verdict(here.workspace.behaving(stage, observed, basis, here.within))


def _from_histories(here: Opened, stage: Logic) -> None:
    # where a task is now, and when it was last worked on, depend on where the rules sent it
    batches_only = Selection(batches=here.selection.batches)
    if batches_only != here.selection:
        st.caption("Of the selection only its batches count here: stage and date come afterwards.")
    if until := earlier_rules_until(here, stage):
        st.warning(until, icon=":material/history:")
    within = cached.selected(here.table, batches_only)
    _verdict(here.workspace.behaved(stage, within))


def _verdict(behaviour: Behaviour) -> None:
    verdict("good" if behaviour.behaving else "bad", behaviour.sentences[: behaviour.concluded])
    st.caption(
        " ".join(map(plain, behaviour.sentences[behaviour.concluded :]))
        + f" The {counted(behaviour.total)} tasks seen: {BASES[behaviour.basis]}. Bars: exact 95 % "
        "intervals of the scenario, given how many tasks get there."
    )
    st.plotly_chart(
        charts.behaviour_chart(behaviour, ink()),
        key="plan.behaving",
        config={"displayModeBar": False},
    )
    data_table(charts.behaviour_table(behaviour), key("plan.behaviour"))
