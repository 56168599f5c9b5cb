"""What the local hub did with the tasks that came to a Logic stage, against its rules."""

from __future__ import annotations

import streamlit as st

from core.charts import plan as charts
from core.errors import InputError
from core.model.figures import counted
from core.model.passes import Pass
from core.routing.observed.conformance import Behaviour
from core.store.hub_passes import first_passes, passes_under_other_rules, rules_of
from pages._ui import drafting
from pages._ui.connecting import is_local
from pages._ui.figure import data_table, ink
from pages._ui.keys import Key, part
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import DEMO, Opened, current
from pages._ui.verdict import verdict


def writes_passes_down(here: Opened) -> bool:
    """Whether the project on show is of this data folder's hub, which writes its passes down."""
    return here.hub is not None and (current().workspace == DEMO or is_local(here.hub.host))


def passes_of(here: Opened) -> list[Pass]:
    """The first pass of each task under the rules that the hub has now."""
    if here.project is None:
        return []
    with services().hub.read() as tx:
        return first_passes(tx, rules_of(here.project.id, drafting.baseline(here)))


def hub_passes_view(here: Opened, at: Key) -> None:
    """Hold what the hub did against its rules.

    Args:
        here: The project on show.
        at: A key of the place where this is shown.
    """
    stage = drafting.baseline(here)
    if drafting.stage_in_hand(here) != stage:
        st.caption(
            "Judged are the rules that the hub has. Your draft is not on it yet; publish it to see "
            "it at work."
        )
    went = passes_of(here)
    if not went:
        _none_yet(here)
        return
    try:
        behaviour = here.workspace.passed(stage, went)
    except InputError as error:
        st.info(plain(str(error)), icon=":material/sync:")
        return
    _show(behaviour, at)


def _none_yet(here: Opened) -> None:
    stage, project = drafting.baseline(here), here.project
    if project is None:
        return
    with services().hub.read() as tx:
        others = passes_under_other_rules(tx, rules_of(project.id, stage))
    before = f" {counted(others)} passed by rules that it had before." if others else ""
    st.info(
        f"The local hub has sent no task through “{plain(stage.name)}” by these rules yet.{before}",
        icon=":material/hourglass_empty:",
    )


def _show(behaviour: Behaviour, at: Key) -> None:
    verdict("good" if behaviour.behaving else "bad", behaviour.sentences[: behaviour.concluded])
    st.plotly_chart(
        charts.behaviour_chart(behaviour, ink()),
        key=part(at, "chart"),
        config={"displayModeBar": False},
    )
    st.caption(
        f"Dots: what the hub did with {counted(behaviour.total)} tasks, each counted once. Bars: "
        "the exact 95 % interval of its rules, by the facts that each task came with. "
        + " ".join(map(plain, behaviour.sentences[behaviour.concluded :]))
    )
    data_table(charts.behaviour_table(behaviour), part(at, "table"))
