"""Work behind a page: its progress, and a way to stop it, for what takes more than a second."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.errors import SwitchyardError
from core.gateway.job import Job
from core.gateway.protocol import Progress
from core.model.figures import counted, tenths
from core.model.phrases import rough_duration
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import current

PATIENCE_SECONDS = 1.0
EVERY = "0.5s"


def follow(name: str) -> Job[Any] | None:
    """The work of this name once it ended; until then its progress is drawn here."""
    job = current().jobs.get(name)
    if job is None:
        return None
    if job.ended(PATIENCE_SECONDS):
        return current().jobs.pop(name)
    _watch(name, job)
    return None


def failed(error: SwitchyardError, consequence: str) -> None:
    """Say what went wrong, what to do next, and what is not lost."""
    st.error(plain(str(error)), icon=":material/error:")
    st.caption(consequence)


@st.fragment(run_every=EVERY)
def _watch(name: str, job: Job[Any]) -> None:
    if job.ended() or current().jobs.get(name) is not job:
        st.rerun()  # the whole page says what came of it
    bar, button = st.columns([4, 1], vertical_alignment="center")
    progress = job.progress
    share = progress.done / progress.total if progress.total else 0.0
    bar.progress(min(share, 1.0), text=words(progress, job.seconds_left))
    button.button(
        "Cancel", on_click=_stop, args=(name,), key=key("reading.cancel", name), width="stretch"
    )


def _stop(name: str) -> None:
    """Nobody waits until it notices: what it still finishes is kept like the rest."""
    state = current()
    job = state.jobs.pop(name, None)
    if job is not None:
        job.stop()
        state.notice = "Stopped. What was read before is kept; start again to go on from there."


def words(progress: Progress, left: float | None = None) -> str:
    """How far it is: `Downloading the export: 3.1 of 9.4 MiB, about 12 s left`."""
    about = "" if left is None else f", about {rough_duration(1_000 * left)} left"
    if not progress.unit:
        return progress.doing
    if progress.unit == "bytes":
        done, total = (tenths((n or 0) / 2**20) for n in (progress.done, progress.total))
        unit = "MiB"
    else:
        done, total, unit = (
            counted(progress.done),
            counted(progress.total or 0),
            progress.unit,
        )
    amount = f"{done} of {total}" if progress.total else done
    return f"{progress.doing}: {amount} {unit}{about}"
