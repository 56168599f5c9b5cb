"""How long the tasks under way still take, by the plan of work, waiting included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.charts.in_flight import remaining_dots, remaining_table
from core.errors import SwitchyardError
from core.flow.in_flight import InFlight
from core.flow.queueing.forecast import Forecast
from core.model.figures import tenths
from core.model.reached import Reached
from pages._ui.figure import figure, ink
from pages._ui.keys import key
from pages._ui.reading import failed
from pages._ui.state import Opened, current
from pages.workflow.parts.forecasting import past_of, plan_in_hand, read, worked_out
from pages.workflow.parts.twin import graph_in_hand
from pages.workflow.parts.under_way import asked_of_flight

if TYPE_CHECKING:
    from core.flow.queueing.remaining import Remaining

STAYS = "The plan of work is as it was; change it on Forecast."


def remaining_view(here: Opened, flight: InFlight, edited: bool) -> None:
    """Show it, simulated behind the page."""
    st.subheader(
        "How long they still take",
        help="Simulated from where the tasks are now, by the plan of work of the page Forecast. A "
        "visit that has begun is begun anew, and no other task comes.",
    )
    plan = plan_in_hand(here)
    graphs = graph_in_hand(here, by_project=True), graph_in_hand(here)
    past, rates = past_of(here), dict(current().rates)
    try:
        by = read(plan)
    except SwitchyardError as error:
        failed(error, STAYS)
        return

    def ask(reached: Reached) -> Remaining:
        from core.flow.queueing.remaining import remaining  # compiled code, loaded when asked for

        return remaining(here.workspace, flight, graphs, by, past, rates, reached)

    result = worked_out(asked_of_flight(here, plan), ask, "Simulating", STAYS)
    if result is None:
        return
    before, after = result.looks
    columns = st.columns(4)
    columns[0].metric("Hours left for a task", _hours(after.cycle.mean))
    columns[0].caption(_beside(before.cycle.mean, edited) or "mean, waiting included")
    columns[1].metric("Nine of ten are through after, h", _hours(after.cycle.p90))
    columns[1].caption(_beside(before.cycle.p90, edited))
    columns[2].metric("All are through after, h", _hours(after.finish[1]))
    columns[2].caption(_beside(before.finish[1], edited) or _span(after))
    figure(
        remaining_dots(result, here.names, ink(), edited),
        remaining_table(result, here.names, edited), key("flight.left"),
    )  # fmt: skip
    st.page_link("pages/workflow/forecast.py", label="Change the plan of work",
                 icon=":material/timeline:")  # fmt: skip


def _hours(hours: float | None) -> str:
    return "not known" if hours is None else tenths(hours)


def _beside(hours: float | None, edited: bool) -> str:
    return f"now {_hours(hours)}" if edited else ""


def _span(one: Forecast) -> str:
    low, _, high = one.finish
    return "" if low is None or high is None else f"80 % between {tenths(low)} and {tenths(high)}"
