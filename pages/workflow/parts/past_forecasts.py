"""How the forecasts of past publishes held: how often, and each beside what came."""

from __future__ import annotations

import streamlit as st

from core.charts.ledger import held_chart, held_table, moment_of_entry, publishes_table
from core.ledger import read_ledger
from core.model.figures import counted
from core.routing.observed.held import EXPECTED_SHARE, Ledger, ScoredForecast
from core.store.hub_passes import last_pass
from core.store.ledger import entries_kept
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import Opened
from pages._ui.verdict import verdict

NOTHING_YET = (
    "Nothing was published from here yet. Each publish keeps what its rules are forecast to do "
    "with the next tasks; here it is then held against what they did."
)


def past_forecasts(here: Opened) -> None:
    """The ledger of the project on show."""
    st.subheader("How past forecasts held")
    ledger = _ledger_of(here)
    if ledger is None or not ledger.entries:
        st.info(NOTHING_YET, icon=":material/history:")
        return
    share = ledger.share
    if share.of:
        verdict("bad" if share.high < EXPECTED_SHARE else "good", [share.sentence])
    else:
        st.caption(plain(share.sentence))
    entries = ledger.entries
    place = st.selectbox(
        "Published",
        range(len(entries)),
        format_func=lambda number: f"{moment_of_entry(entries[number])}: {entries[number].name}",
        key=key("ledger.entry"),
    )
    _entry(entries[place], here)
    if len(entries) > 1:
        with st.expander("All publishes"):
            data_table(publishes_table(entries), key("ledger.all"))


def _entry(entry: ScoredForecast, here: Opened) -> None:
    if entry.why:
        st.info(plain(entry.why), icon=":material/visibility_off:")
    if not entry.outputs:
        return
    table = held_table(entry, here.names)
    tellers = {
        "came": f"{counted(entry.forecast.tasks)} tasks that had come to the stage before",
        "table": f"{counted(entry.forecast.tasks)} tasks as they stood",
    }[entry.forecast.source]
    if entry.came:
        figure(held_chart(entry, ink()), table, key("ledger.held"))
    else:
        if entry.came == 0:
            st.caption(":material/hourglass_empty: No task came to the stage by these rules since.")
        data_table(table, key("ledger.held"))
    st.caption(
        f"Forecast by {tellers}. Counted are tasks that came to the stage for the first time "
        "since, while it had these rules; the 95 % interval is that for as many tasks."
    )


def _ledger_of(here: Opened) -> Ledger | None:
    if here.project is None:
        return None
    project, host = here.project.id, None if here.hub is None else here.hub.host
    with services().hub.read() as tx:
        entries = entries_kept(tx, project)
        state = tuple(one.at for one in entries), last_pass(tx)
    asked = [
        copy.asked_at
        for one in {(entry.host, entry.project) for entry in entries if not entry.own}
        if (copy := services().hubs.get(*one)) is not None
    ]
    return _read(project, host, state, tuple(sorted(asked)))


@st.cache_resource(max_entries=8, show_spinner="Holding past forecasts against what came")
def _read(
    project: str,
    host: str | None,
    state: tuple[tuple[str, ...], int],  # noqa: ARG001
    asked: tuple[float, ...],  # noqa: ARG001
) -> Ledger:
    return read_ledger(services().hub, services().hubs, project, host)
