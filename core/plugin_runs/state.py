"""The states of a run and what leads from one to another: one table, and one pure function.

A run that somebody cancelled is never succeeded, and one that has ended stays as it is: what comes
later is recorded by whoever receives it and changes nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from core.model.figures import counted
from core.plugin_runs.model import Run, State

Kind = Literal[
    "sent",  # handed to the plugin
    "heard",  # the first log line, or the first call under its key
    "answered",  # the plugin returned something
    "acknowledged",  # its handler returned, and nothing was answered
    "failed",  # an exception, or an answer that is none
    "cancel",  # somebody asked to stop
    "late",  # neither answer nor acknowledgement by the deadline
    "gone",  # the plugin is gone, and did not come back
    "restarted",  # the hub was gone
    "unheeded",  # asked to stop, the plugin did not
]
KINDS: tuple[Kind, ...] = get_args(Kind)

TABLE: dict[State, dict[Kind, State]] = {
    "queued": {"sent": "starting", "cancel": "cancelled"},
    "starting": {
        "heard": "running",
        "answered": "succeeded",
        "acknowledged": "succeeded",
        "failed": "failed",
        "cancel": "cancelling",
        "late": "no_answer",
        "gone": "interrupted",
        "restarted": "interrupted",
    },
    "running": {
        "answered": "succeeded",
        "acknowledged": "succeeded",
        "failed": "failed",
        "cancel": "cancelling",
        "late": "no_answer",
        "gone": "interrupted",
        "restarted": "interrupted",
    },
    "cancelling": {
        "answered": "cancelled",
        "acknowledged": "cancelled",
        "failed": "cancelled",
        "late": "cancelled",
        "gone": "cancelled",
        "restarted": "cancelled",
        "unheeded": "cancelled",
    },
    "succeeded": {},
    "failed": {},
    "cancelled": {},
    "no_answer": {},
    "interrupted": {},
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a run.

    Args:
        kind: What.
        at: Seconds since 1970.
        message: What the plugin returned, of `answered`.
        reason: In words, for the record.
    """

    kind: Kind
    at: float
    message: str | None = None
    reason: str = ""


def advance(run: Run, event: Event) -> Run:
    """The run after an event; the same object when the event changes nothing."""
    state = TABLE[run.state].get(event.kind)
    if state is None:
        return run
    changed = replace(run, state=state, reason=_reason(run, state, event))
    if event.kind == "sent":
        changed = replace(changed, sent_at=event.at)
    if event.kind == "cancel":
        changed = replace(changed, cancelled_at=event.at)
    if changed.started_at is None and event.kind in ("heard", "answered", "failed"):
        changed = replace(changed, started_at=event.at)
    if changed.is_final:
        message = event.message if event.kind == "answered" else None
        changed = replace(changed, finished_at=event.at, message=message)
    return changed


def _reason(run: Run, state: State, event: Event) -> str:
    if state == "succeeded" and run.requested and not run.labelled:
        return (
            f"0 of {counted(run.requested)} tasks were labelled: no label had a class of the "
            "project and "
            "an asset with a task. The log says which were refused."
        )
    if state == "cancelled" and event.kind == "answered":
        return "It was cancelled; the plugin finished all the same."
    if state == "cancelled" and event.kind == "failed":
        return "It was cancelled; the plugin stopped at its next call."
    return event.reason
