"""The history of runs with its filters; a row opens a run."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from core.charts.runs import runs_table
from core.charts.tables import written
from core.plugin_runs.model import STATES, Run
from core.plugin_runs.standing import STATE_WORDS
from pages._ui import starting
from pages._ui.bound_widget import page_number
from pages._ui.figure import csv_button
from pages._ui.keys import key
from pages._ui.runs import open_run
from pages._ui.services import services

PAGE = 50
FEW = 5
"""So many runs are seen at a glance; filters come with more."""
ANY = ""
MODES = {ANY: "Any", "dry": "Dry runs", "real": "For real"}


def any_run() -> bool:
    """Whether there is one."""
    return bool(services().runs.list(limit=1))


def run_list() -> None:
    """Show the runs that pass the filters, newest first."""
    plugins, projects = starting.plugin_names(), starting.project_names()
    many = len(services().runs.list(limit=FEW + 1)) > FEW
    wanted = _filters(plugins, projects) if many else {}
    number = st.session_state.get("runs.page", 1)
    runs = services().runs.list(**wanted, limit=PAGE + 1, offset=(number - 1) * PAGE)
    if not runs:
        st.info("No run passes these filters. Loosen them.", icon=":material/filter_alt:")
        return
    page = runs[:PAGE]
    live = any(not run.is_final for run in page)
    _table(page, plugins, projects)
    if len(runs) > PAGE or number > 1:
        page_number(number + (len(runs) > PAGE), key("runs.page"), "Page")
    if live:
        _watch([(run.session, run.state) for run in page])


def _filters(plugins: dict[str, str], projects: dict[str, str]) -> dict[str, Any]:
    """What the runs must be like."""
    a, b, c, d, e = st.columns(5)
    anew: Any = {"on_change": _first_page}
    plugin = a.selectbox(
        "Plugin", [ANY, *plugins], key="runs.plugin",
        format_func=lambda one: plugins.get(one, "Any"), **anew,
    )  # fmt: skip
    project = b.selectbox(
        "Project", [ANY, *projects], key="runs.project",
        format_func=lambda one: projects.get(one, "Any"), **anew,
    )  # fmt: skip
    states = c.multiselect(
        "State", STATES, format_func=STATE_WORDS.__getitem__, key="runs.states",
        placeholder="Any", **anew,
    )  # fmt: skip
    mode = d.selectbox("Mode", list(MODES), format_func=MODES.__getitem__, key="runs.mode", **anew)
    search = e.text_input("Search", key="runs.search", placeholder="Last words, config, id", **anew)
    dry_run = {"dry": True, "real": False}.get(mode)
    wanted = {"plugin": plugin or None, "project": project or None, "states": states}
    return {**wanted, "dry_run": dry_run, "search": search}


def _first_page() -> None:
    st.session_state.pop("runs.page", None)


def _table(runs: tuple[Run, ...], plugins: dict[str, str], projects: dict[str, str]) -> None:
    table = runs_table(runs, plugins, projects, time.time())
    event: Any = st.dataframe(
        written(table),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Labelled": st.column_config.TextColumn(
                help="Tasks with labels of the run, of the assets that it was shown"
            ),
            "Settings": st.column_config.TextColumn(
                help="The same for runs of one plugin, project, mapping, config and batches"
            ),
            "Last words": st.column_config.TextColumn(width="large"),
        },
        key="runs.table",
    )
    st.caption("Choose a row to see the run.")
    csv_button(table, key("runs.list"))
    picked = event.selection.rows
    if picked and picked[0] < len(runs):
        open_run(runs[picked[0]].session)


@st.fragment(run_every=2.0)
def _watch(seen: list[tuple[str, str]]) -> None:
    """Draw the list again when a run of it has moved on."""
    now = [(session, services().runs.get(session).state) for session, _ in seen]
    if now != seen:
        st.rerun(scope="app")
