"""Where the tasks of a run go: without its labels and with them, and the way to Split."""

from __future__ import annotations

import streamlit as st

from core import demo
from core.after_run import after_run
from core.charts.runs import routes_table
from core.model.figures import counted, tenths
from core.model.names import Names
from core.plugin_runs.arrivals import AfterRun
from core.plugin_runs.model import Run
from core.store.hub import SANDBOX, HubProject
from core.tasks.select import Selection
from pages._ui import starting
from pages._ui.demo_copy import demo_copy
from pages._ui.figure import data_table
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import connected_hub, services
from pages._ui.state import DEMO, current, open_workspace
from pages._ui.with_run import compare_with


def routes_view(run: Run, project: HubProject | None, names: Names) -> None:
    """Show it for a run that has ended and gave labels."""
    if not run.is_final or not run.tasks or project is None or project.backend != SANDBOX:
        return
    after = after_run(services().hub, run)
    if after is None:
        return
    with st.container(border=True):
        st.markdown(f"**{_words(run, after)}**")
        data_table(routes_table(after, names), key("runs.routes"))
        if after.tasks < after.all_tasks:
            st.caption(f"The first {counted(after.tasks)} of its tasks are looked at.")
        workspace = _workspace(project)
        if workspace is None:
            st.page_link(
                "pages/project/connect.py",
                label="Open the project, to see it on the Split page",
                icon=":material/link:",
            )
        else:
            row = st.container(horizontal=True)
            if row.button("Show these tasks on Split", icon=":material/stacked_bar_chart:",
                          key="runs.split"):  # fmt: skip
                _show(run, workspace)
            if row.button("Compare them in full", icon=":material/compare_arrows:",
                          key="runs.compare"):  # fmt: skip
                open_workspace(workspace)
                compare_with(run.session)


def _words(run: Run, after: AfterRun) -> str:
    many = f"the {counted(after.tasks)} tasks" if after.tasks != 1 else "the task"
    through = f"through “{plain(after.logic)}”"
    if run.request.dry_run or run.undone_at is not None:
        moves = f"{_mean(after.moved)} of {many} would go elsewhere"
        return f"Once these labels are stored, {moves} {through}."
    return f"With these labels {_mean(after.moved)} of {many} go elsewhere {through} than without."


def _mean(tasks: float) -> str:
    """A mean number of tasks; whole where it is."""
    return counted(tasks) if abs(tasks - round(tasks)) < 0.05 else tenths(tasks)


def _workspace(project: HubProject) -> str | None:
    """The workspace that shows the project, None where it was never read."""
    if project.id == demo.PROJECT_ID and demo_copy() is not None:
        return DEMO
    hub, hubs = connected_hub(), services().hubs
    copy = hubs.get(hub.url, project.id) if hub is not None else None
    return None if copy is None else hubs.id_of(copy)


def _show(run: Run, workspace: str) -> None:
    """Open Split with the batches of the run; without batches it was the whole project."""
    around = starting.read(starting.projects().get(run.request.project))
    titles = {batch.id: batch.name for batch in (around.batches if around else None) or ()}
    open_workspace(workspace)
    chosen = sorted(titles.get(batch, batch) for batch in run.request.batches)
    current().selection = Selection(batches=tuple(chosen))
    st.switch_page("pages/logic/split.py")
