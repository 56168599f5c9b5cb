"""The tasks of a run as a side of Compare: as they are, and with its labels."""

from __future__ import annotations

import streamlit as st

from core.after_run import around_run
from core.charts.runs import run_name
from core.model.dialect import Dialect
from core.model.names import labels
from core.plugin_runs.model import Run
from core.store.hub import SANDBOX
from core.store.run_around import last_change
from core.tasks.select import Selection
from core.workspace import Workspace
from pages._ui import starting
from pages._ui.keys import key
from pages._ui.services import services
from pages._ui.state import Opened

NONE = ""
CHOSEN = key("compare.run")
MOST_RUNS = 100


def with_run(here: Opened) -> tuple[Opened, Workspace] | None:
    """Ask for a run; its tasks with its labels, and without them, or None for no run."""
    runs = {run.session: run for run in _runs(here)}
    if not runs:
        return None
    plugins = starting.plugin_names()
    titles = labels({session: run_name(run, plugins) for session, run in runs.items()})
    chosen = st.selectbox(
        "Tasks", [NONE, *titles], key=CHOSEN,
        format_func=lambda one: f"Of a run, with its labels: {titles[one]}" if one else
        "Those looked at, as they are",
    )  # fmt: skip
    run = runs.get(chosen)
    if run is None:
        return None
    project = here.project.id if here.project is not None else ""
    both = _around(run.session, last_change(services().hub, project), here.workspace.dialect, run)
    if both is None:
        return None
    without, after = both
    return Opened(here.name, after, Selection(), here.hub), without


def compare_with(session: str) -> None:
    """Look at a run's tasks on Compare."""
    st.session_state[CHOSEN] = session
    st.switch_page("pages/logic/compare.py")


def _runs(here: Opened) -> list[Run]:
    known = starting.projects().get(here.project.id) if here.project is not None else None
    if known is None or known.backend != SANDBOX:
        return []
    return [
        run for run in services().runs.list(project=known.id, limit=MOST_RUNS)
        if run.tasks and run.is_final and not run.request.probe and run.discarded_at is None
    ]  # fmt: skip


@st.cache_resource(max_entries=2, show_spinner="Reading the tasks of the run")
def _around(
    session: str,  # noqa: ARG001 - part of the key, as is `changed`
    changed: str,  # noqa: ARG001
    dialect: Dialect,
    _run: Run,
) -> tuple[Workspace, Workspace] | None:
    sides = around_run(services().hub, _run, max(1, _run.tasks), dialect)
    return None if sides is None else sides[1:]
