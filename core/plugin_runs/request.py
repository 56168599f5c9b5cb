"""The payload that a plugin receives: every key that Ango Hub sends to a Batch Model plugin."""

from __future__ import annotations

from typing import Any

from core.plugin_runs.model import Run, as_pairs
from core.secret import MASK

ORGANISATION = "local"


def payload(run: Run, key: str, organisation: str = ORGANISATION) -> dict[str, Any]:
    """What is sent.

    Args:
        run: Its request and session.
        key: The key minted for this run.
        organisation: Id of the project's organization.
    """
    request = run.request
    return {
        "projectId": request.project,
        "categorySchema": as_pairs(request.mapping),
        "apiKey": key,
        "orgId": organisation,
        "runBy": request.run_by,
        "session": run.session,
        "batches": list(request.batches),
        "configJSON": request.config,
    }


def preview(run: Run, organisation: str = ORGANISATION) -> dict[str, Any]:
    """The same for people: the key is masked, and a run without a session says when it gets one."""
    shown = payload(run, MASK, organisation)
    if run.request.probe:
        shown["categorySchema"] = as_pairs(run.request.project_mapping)
    return shown if run.session else {**shown, "session": "made when the run starts"}
