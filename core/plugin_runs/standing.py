"""How a run stands, in words: the list of runs, a run's page and the command line say the same."""

from __future__ import annotations

from core.model.figures import counted
from core.plugin_runs.model import Kind, Run, State

STATE_WORDS: dict[State, str] = {
    "queued": "Waiting",
    "starting": "Sent to the plugin",
    "running": "Running",
    "cancelling": "Stopping",
    "succeeded": "Succeeded",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "no_answer": "No answer",
    "interrupted": "Interrupted",
}

MODE_WORDS: dict[Kind, str] = {"probe": "probe", "dry run": "dry run", "run": "for real"}


def outcome(run: Run) -> str:
    """Its state, or what became of its labels since: in a word or two."""
    if run.undone_at is not None:
        return "Undone"
    if run.discarded_at is not None:
        return "Discarded"
    return "Applied" if run.applied_by is not None else STATE_WORDS[run.state]


def total_of(run: Run) -> int | None:
    """How many it was to label: the assets that it was shown, else those named by its imports."""
    return run.assets if run.assets is not None else run.requested or None


def labelled_of(run: Run) -> str:
    """Tasks with labels of the run, of the assets that it was shown: `12 of 36`."""
    total, done = total_of(run), counted(run.tasks)
    if total is None:
        return done
    if run.tasks > total:  # an asset can have several tasks
        return f"{done} tasks of {counted(total)} assets"
    return f"{done} of {counted(total)}"


def progress(run: Run) -> str:
    """How far it came and how it ended: `12 of 36, cancelled`, `12 of 36 so far`, `waiting`."""
    if run.sent_at is None:
        return outcome(run).lower()
    if run.is_final:
        return f"{labelled_of(run)}, {outcome(run).lower()}"
    return f"{labelled_of(run)} so far, {outcome(run).lower()}"
