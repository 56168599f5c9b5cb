import streamlit as st

from core.errors import InputError
from core.flow.logs.event_log import EventLog
from core.flow.logs.reality import against_reality, moment_of
from pages._ui.empty import nothing_to_show
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.state import opened
from pages.workflow.parts.beside_reality import (
    charts_view,
    learnt_view,
    reality_findings,
    words_view,
)
from pages.workflow.parts.event_logs import log_in_hand, log_picker
from pages.workflow.parts.forecasting import worked_out
from pages.workflow.parts.past_forecasts import past_forecasts

here = opened()
st.header("Reality")
st.caption(
    "The first part of what happened teaches a workflow with its people; it forecasts the rest, "
    "and the rest says how well. Nothing here changes anything on a hub."
)
left, right = st.columns([3, 2], vertical_alignment="bottom", gap="large")
with left:
    log_picker(here)


def _shown(log: EventLog, name: str) -> None:
    percents = number_field(
        "First part, by the begin of cases", key("reality.split"), 70, unit="%",
        low=5, high=95, place=right,
    )  # fmt: skip
    if percents is None:
        return
    until = moment_of(log, percents / 100)
    result = worked_out(
        f"reality {name} {until}",
        lambda reached: against_reality(log, until, progress=reached),
        "Simulating the rest",
        "Nothing was changed.",
    )
    if result is not None:
        words_view(result)
        charts_view(result)
        learnt_view(result)
        reality_findings(result)


try:
    chosen = log_in_hand(here)
    if chosen is None:
        nothing_to_show(here, "how well its history forecasts what came then")
    else:
        _shown(*chosen)
except InputError as error:
    st.error(plain(str(error)), icon=":material/error:")
past_forecasts(here)
