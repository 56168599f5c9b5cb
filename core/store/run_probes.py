"""Probes as they are queued: of a project whose labels by people are on this machine."""

from __future__ import annotations

import sqlalchemy as sa

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.errors import InputError
from core.model.project import Project
from core.plugin_runs.model import RunRequest
from core.plugin_runs.probe import renewed, schema_ids
from core.store.hub import SANDBOX, find_project

ELSEWHERE = "compares with the labels of people, and this project's are not on this machine."


def project_of(tx: sa.Connection, project: str) -> Project:
    """The project that a probe is about.

    Raises:
        InputError: It does not live on this hub.
    """
    row = find_project(tx, project)
    if row is None or row.backend != SANDBOX:
        hint = "Add the project to the local hub with its export: `project add`."
        raise InputError("probe", ELSEWHERE, hint)
    return read_project({"project": loads(row.document)})


def asked_anew(tx: sa.Connection, request: RunRequest) -> RunRequest:
    """The request of a run that is asked for again: a probe gets fresh IDs, others stay.

    Raises:
        InputError: As `project_of`.
    """
    if not request.probe:
        return request
    return renewed(request, schema_ids(project_of(tx, request.project)))
