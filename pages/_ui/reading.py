"""Work behind a page: its progress, and a way to stop it, for what takes more than a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.errors import SwitchyardError
from core.gateway.job import Job
from core.gateway.protocol import Progress
from core.model.figures import counted, tenths
from core.model.phrases import left_text
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import current

PATIENCE_SECONDS = 1.0
EVERY = "0.5s"
KEPT = "Stopped. What was read before is kept; start again to go on from there."


def follow(name: str, stopped: str = KEPT) -> Job[Any] | None:
    """The work of this name once it ended; until then its progress is drawn here.

    Args:
        name: What it is kept as.
        stopped: As of `watch`.
    """
    job = current().jobs.get(name)
    if job is None:
        return None
    if job.ended(PATIENCE_SECONDS):
        return current().jobs.pop(name)
    watch(name, job, st.rerun, stopped)  # the whole page says what came of it
    return None


def failed(error: SwitchyardError, consequence: str) -> None:
    """Say what went wrong, what to do next, and what is not lost."""
    st.error(plain(str(error)), icon=":material/error:")
    st.caption(consequence)


@st.fragment(run_every=EVERY)
def watch(
    name: str, job: Job[Any], ended: Callable[[], None], stopped: str = KEPT, waits: bool = False
) -> None:
    """Draw how far some work is, with a button that stops it.

    Args:
        name: What it is kept as.
        job: The work.
        ended: Draws what came of it, each time that this is drawn.
        stopped: Told once it was stopped by the button.
        waits: Whether the page waits for its end after that, and says what came of it.
    """
    if current().jobs.get(name) is not job:
        st.rerun()
    if job.ended():
        ended()
        return
    bar, button = st.columns([4, 1], vertical_alignment="center")
    progress = job.progress
    share = progress.done / progress.total if progress.total else 0.0
    bar.progress(min(share, 1.0), text=words(progress, job.seconds_left))
    act, given = (job.stop, ()) if waits else (stop, (name, stopped))
    button.button(
        "Cancel", on_click=act, args=given, key=key("reading.cancel", name), width="stretch"
    )


def stop(name: str, sentence: str) -> None:
    """Nobody waits until it notices: what it still finishes is kept like the rest."""
    state = current()
    job = state.jobs.pop(name, None)
    if job is not None:
        job.stop()
        state.notice = sentence


def words(progress: Progress, left: float | None = None) -> str:
    """How far it is: `Downloading the export: 3.1 of 9.4 MiB, about 12 s left`."""
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
    return f"{progress.doing}: {amount} {unit}{left_text(left)}"
