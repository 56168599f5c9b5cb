"""Offers to fetch the histories that pages of tasks did not bring, for the tasks looked at."""

from __future__ import annotations

import streamlit as st

from core.errors import Cancelled, SwitchyardError
from core.gateway.histories import fetch_histories, without_history
from core.gateway.job import Job
from core.model.figures import counted
from core.model.phrases import rough_duration
from pages._ui.connecting import gateway_to
from pages._ui.markdown_escape import host_name, plain
from pages._ui.reading import failed, follow
from pages._ui.services import services
from pages._ui.state import Opened, current


def history_offer(here: Opened) -> None:
    """Say how many of the tasks looked at have no known history, and fetch it on request."""
    state, hubs, project = current(), services().hubs, here.hub
    if project is None or project.way == "export" or not here.table.in_memory:
        return
    name = f"histories.{state.workspace}"
    ended = follow(name)
    if ended is not None:
        try:
            ended.result()
        except Cancelled:
            pass
        except SwitchyardError as error:
            failed(error, "What was fetched before is kept.")
        else:
            state.notice = "The histories are fetched and kept."
            st.rerun()
    task_ids = without_history(hubs, project, here.table, here.within)
    if not task_ids or name in state.jobs:
        return
    number = f"{counted(len(task_ids))} task{'' if len(task_ids) == 1 else 's'}"
    with st.container(border=True):
        st.markdown(
            f":material/history: **The history of {number} is not known.** The hub gave no export, "
            "and its pages of tasks carry none; until then the annotator is the assignee."
        )
        if project.refused:
            st.caption(plain(project.refused))
        gateway = gateway_to(project.host)
        if gateway is None:
            st.page_link(
                "pages/project/connect.py",
                label=f"Enter your key for {host_name(project.host)} to fetch it",
                icon=":material/key:",
            )
            return
        per_minute = services().settings.requests_per_minute
        with st.container(horizontal=True, vertical_alignment="center"):
            clicked = st.button(
                f"Fetch history for {'this' if number == '1 task' else 'these'} {number}",
                icon=":material/download:",
                help="Narrow the tasks looked at above to fetch less.",
                key="histories.fetch",
            )
            took = rough_duration(len(task_ids) * 60_000 / per_minute)
            st.caption(f"About {took}: one request per task, {counted(per_minute)} a minute.")
        if clicked:
            state.jobs[name] = Job(
                lambda report, stopped: fetch_histories(
                    gateway, hubs, project, task_ids, report, stopped
                )
            )
            st.rerun()
