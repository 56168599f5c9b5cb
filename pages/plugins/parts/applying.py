"""Storing what a dry run kept, behind the page: how far it is, and a way to stop it."""

from __future__ import annotations

import streamlit as st

from core.errors import Cancelled, SwitchyardError
from core.gateway.job import Job
from core.gateway.limits import Cancel
from core.gateway.protocol import Progress, Report
from core.plugin_runs.doubles import OnDoubles
from core.plugin_runs.model import Run
from pages._ui.reading import PATIENCE_SECONDS, watch
from pages._ui.services import services
from pages._ui.state import current, write_link


def apply(run: Run, how: OnDoubles) -> None:
    """Begin to store the labels of a dry run."""
    labels = services().labels

    def work(report: Report, stopped: Cancel) -> Run:
        def reached(done: int, total: int) -> None:
            if stopped():
                raise Cancelled("Stopped. Nothing was stored.")
            report(Progress("Storing labels", done, total, "tasks"))

        return labels.apply(run.session, how, reached)

    current().jobs[_name(run)] = Job(work)


def is_applying(run: Run) -> bool:
    """Whether labels of the run are being stored, which is shown then; at its end, the new run."""
    job = current().jobs.get(_name(run))
    if job is None:
        return False
    if not job.ended(PATIENCE_SECONDS):
        watch(_name(run), job, st.rerun, waits=True)
        return True
    _conclude(run, job)
    return True


def _conclude(run: Run, job: Job[Run]) -> None:
    state = current()
    del state.jobs[_name(run)]
    try:
        state.run = job.result().session
        state.notice = "The labels were stored."
    except SwitchyardError as error:
        state.notice = str(error)
    write_link()
    st.rerun()


def _name(run: Run) -> str:
    return f"apply {run.session}"
