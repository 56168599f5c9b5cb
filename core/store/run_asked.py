"""Whose a request is, and what the record of changes says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.access.acting import LOCAL, acting
from core.access.record import document as digest
from core.plugin_runs.model import RunRequest


def by_whom(request: RunRequest) -> RunRequest:
    """A request as whoever acts makes it: where people sign in, a run is its starter's."""
    person = acting()
    return request if person.way == LOCAL else replace(request, run_by=person.name)


def about_request(request: RunRequest) -> dict[str, Any]:
    """A request as the record of changes has it."""
    return {
        "plugin": request.plugin,
        "project": request.project,
        "batches": request.batches,
        "dry run": request.dry_run,
        **({"probe": True} if request.probe else {}),
        "config": digest(request.config),
    }
