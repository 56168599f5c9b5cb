"""Reads the demo again from the local hub whenever that has changed it, behind the page."""

from __future__ import annotations

import time

import streamlit as st

from core import demo
from core.errors import SwitchyardError
from core.gateway.cache import open_project
from core.gateway.job import Job
from core.launcher.labour import is_held
from core.launcher.start_over import started_over_at
from core.store.hub_tasks import changed_since
from pages._ui import cached
from pages._ui.connecting import gateway_to
from pages._ui.demo_copy import demo_copy, demo_on_hub
from pages._ui.services import connected_hub, services
from pages._ui.state import DEMO, current

JOB = "demo"
AGAIN_SECONDS = 30.0
"""After a reading that failed, the next one waits so long."""


def is_outdated() -> bool:
    """Whether the local hub has another demo than what is on show."""
    project, copy = demo_on_hub(), demo_copy()
    if project is None:
        return False
    if copy is None:
        return True
    with services().hub.read() as tx:
        if changed_since(tx, demo.PROJECT_ID, copy.asked_at):
            return True
    kept = cached.project(services().hubs.project_text(copy))
    return kept.stages != cached.project(project.document).stages


def keep_demo_read() -> None:
    """Begin a reading where one is needed, follow it, and show the page anew at its end."""
    state, hub = current(), connected_hub()
    _say_restarted()
    job = state.jobs.get(JOB)
    if job is not None and not job.ended():
        _watch()
        return
    if job is not None:
        _take(job)
        return
    if hub is None or state.workspace != DEMO or _failed_lately():
        return
    if is_held(services().settings.data, services().hub) or not is_outdated():
        return  # what people work on changes all the time; it is read once they have done
    gateway, hubs = gateway_to(hub.url), services().hubs
    if gateway is None:
        return
    state.jobs[JOB] = Job(
        lambda report, stopped: open_project(gateway, hubs, demo.PROJECT_ID, True, report, stopped)
    )
    _watch()


def _take(job: Job[object]) -> None:
    state = current()
    state.jobs.pop(JOB, None)
    try:
        job.result()
    except SwitchyardError as error:
        st.session_state["demo.failed"] = time.monotonic()
        state.notice = f"The demo could not be read from the local hub. {error}"


def _say_restarted() -> None:
    """Say once that another window has started the demo over, and that nothing is lost."""
    state, now = current(), started_over_at(services().hub)
    if st.session_state.setdefault("demo.restarted", now) == now:
        return
    st.session_state["demo.restarted"], state.seen = now, None
    draft = "your draft is kept, go on with it" if state.draft else "go on from there"
    words = "The demo was started over in another window: its tasks and rules are as packaged"
    st.toast(f"{words}; {draft}.", icon=":material/info:", duration="long")


def _failed_lately() -> bool:
    failed: float | None = st.session_state.get("demo.failed")
    return failed is not None and time.monotonic() - failed < AGAIN_SECONDS


@st.fragment(run_every="0.5s")
def _watch() -> None:
    job = current().jobs.get(JOB)
    if job is None or job.ended():
        st.rerun()
    st.caption(":material/sync: Reading what the local hub has now")
