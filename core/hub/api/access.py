"""What a call is about, where that lives, and whether a run's key opens it.

The matched route says what its path names; queries and bodies name projects and tasks, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from core.hub.call import Call, Refused
from core.hub.codec import Json, NotReadable, decode
from core.hub.runs.run_calls import refuse_in_dry_run
from core.plugin_runs.model import Run
from core.store.hub import UPSTREAM, all_projects, find_project
from core.store.tables.hub import history, records, tasks


def lives_upstream(call: Call) -> bool:
    """Whether a call is about something on Ango Hub, by what it names first."""
    if not call.route.forwarded:
        return False
    kind, name = next((named for named in _named(call) if isinstance(named[1], str)), ("", ""))
    if not kind:
        return False
    with call.hub.store.read() as tx:
        if kind == "project":
            project = find_project(tx, name)
            return project is not None and project.backend == UPSTREAM
        # what no sandbox project has can only be upstream, where there is such a project
        unknown = _project_of(tx, kind, name) is None
        return unknown and any(project.backend == UPSTREAM for project in all_projects(tx))


def guard(call: Call, run: Run, project_upstream: Callable[[str], str | None] | None) -> None:
    """Refuse what the run's key does not open; refusals of a dry run are counted and logged.

    Args:
        call: Under the run's key.
        run: The run.
        project_upstream: Finds the project of a task on Ango Hub; None for a sandbox project.

    Raises:
        Refused: 403, with the reason.
    """
    route = call.route
    if route.opens == "speech":
        return
    with call.hub.store.read() as tx:
        projects = {_project_of(tx, kind, name) for kind, name in _named(call) if name}
    task = call.ids.get("task")
    if project_upstream is not None and task is not None and None in projects:
        projects = (projects - {None}) | {project_upstream(task)}
    writes = route.effect != "reads"
    if projects - {run.request.project} or (not projects and (writes or route.opens != "shared")):
        message = "The key of this run opens its own project only."
        raise Refused(403, message, f"{call.method} {call.path} was not carried out.")
    submits = route.effect == "annotates" and call.flag("nextStage")
    if run.request.dry_run and writes and (submits or not route.is_kept_aside):
        reason = f"A dry run does not carry out {call.method} {call.path}"
        ends = route.effect == "uploads"
        refuse_in_dry_run(call.hub.store, run.session, reason, ends)
        raise Refused(403, f"{reason}.", "Only imported labels and annotations are kept aside.")


def _named(call: Call) -> Iterator[tuple[str, Json]]:
    """What a call names, as kind and id: in its path, its query, its body."""
    yield "project", call.ids.get("project")
    yield "project", call.query.get("project") or None
    yield "task", call.ids.get("task")
    body = _object(call)
    yield "project", body.get("project")
    yield "project", body.get("projectId")
    yield "task", body.get("labelTask")
    yield "issue", call.ids.get("issue")
    yield "entry", call.ids.get("entry")


def _project_of(tx: sa.Connection, kind: str, name: Json) -> str | None:
    """The project that a name leads to; None for a name that this hub does not know."""
    if kind == "project":
        return name if isinstance(name, str) else None
    query = {
        "task": sa.select(tasks.c.project).where(tasks.c.id == str(name)),
        "issue": sa.select(records.c.scope).where(
            (records.c.kind == "issue") & (records.c.id == str(name))
        ),
        "entry": sa.select(tasks.c.project)
        .join(history, history.c.task == tasks.c.id)
        .where(history.c.id == str(name)),
    }[kind]
    project: str | None = tx.scalar(query)
    return project


def _object(call: Call) -> dict[str, Json]:
    try:
        body = decode(call.body) if call.body[:1] in (b"{", b" ", b"\n") else {}
    except NotReadable:
        return {}
    return body if isinstance(body, dict) else {}
