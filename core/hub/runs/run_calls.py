"""What a plugin's calls mean under the key of its run.

The key tells which run a call belongs to, narrows what a canary or a retry sees, and in a dry run
keeps every label aside. Which calls it opens at all is said in `api.access`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.hub.call import Call, Refused
from core.hub.classes import Known, Made, known_to_probe
from core.hub.codec import Json, decode
from core.hub.projects.label_imports import (
    ImportPlan,
    Misfits,
    annotate,
    answer_of,
    in_sandbox,
    known_of,
    plan,
)
from core.plugin_runs.label_changes import (
    EMPTY_ANSWER,
    Difference,
    Labels,
    change,
    difference,
    merge,
)
from core.plugin_runs.model import Importing, Run
from core.plugin_runs.state import Event
from core.store.hub import HubProject, HubStore, LogLine, log, new_id
from core.store.run_labels import write_answers
from core.store.run_notes import Addressed, earlier, note, of_other_runs
from core.store.runs import find, record, save
from core.store.tables.hub import assets
from core.store.tables.runs import run_assets, run_tasks

FOR_REAL = "Start it for real, with a limit of a few assets."


def refuse_in_dry_run(store: HubStore, session: str, reason: str, ends: bool) -> None:
    """Note what a dry run does not carry out. One of a link to upload to ends the run.

    The SDK does not look at that answer's status: where it uploads on its own account, outside of
    the callback, a plugin dies of it without a word, and its run would wait for the deadline.
    """
    with store.work() as tx:
        run = find(tx, session)
        log(tx, store.clock(), LogLine(session, "WARNING", f"{reason}.", plugin=run.request.plugin))
        counted = Counter(run.refused) + Counter([reason])
        counted_run = replace(run, refused=dict(counted), logs=run.logs + 1)
        save(tx, counted_run)
        if ends and not run.is_final:
            reasons = f"{reason}, and without a file to name the plugin cannot go on. {FOR_REAL}"
            record(tx, counted_run, Event("failed", store.clock(), reason=reasons))


def heard(call: Call, run: Run) -> None:
    """Note that the plugin is at work: the first call under a run's key."""
    if run.state == "starting":
        with call.hub.store.work() as tx:
            record(tx, find(tx, run.session), Event("heard", call.hub.store.clock()))


def within(call: Call, column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Whether a row's asset is one that the call may see; true outside canaries and retries."""
    if call.run is None:
        return sa.true()
    of_run = run_assets.c.session == call.run.session
    chosen = sa.select(run_assets.c.asset).where(of_run)
    return ~sa.exists().where(of_run) | column.in_(chosen)


def import_in_run(
    tx: sa.Connection, call: Call, project: HubProject, items: list[Json]
) -> dict[str, Json]:
    """Import labels into a sandbox project on behalf of a run; a dry run keeps them aside."""
    assert call.run is not None
    known, made = known_to(call, project), made_by(call)
    wanted = plan(known, in_sandbox(tx, project, items), items, made)
    return keep(tx, call.hub.store, call.run.session, wanted)


def known_to(call: Call, project: HubProject) -> Known:
    """The classes that a call can label with: the project's, or in a probe those made for it."""
    if call.run is not None and call.run.request.probe:
        return known_to_probe(call.run.request.mapping or (), call.hub.keeping)
    return known_of(project, call.hub.keeping)


def keep(tx: sa.Connection, store: HubStore, session: str, wanted: ImportPlan) -> dict[str, Json]:
    """Carry out or keep aside what an import asks for, and count it."""
    at, run = store.clock(), find(tx, session)
    before = earlier(tx, session, list(wanted.tasks))
    others: dict[str, list[Labels]] = {}
    if run.request.importing == "replace":
        others = of_other_runs(tx, session, [task for task in wanted.tasks if task not in before])
    changes: dict[str, tuple[Addressed, Difference]] = {}
    for task, about in wanted.tasks.items():
        so_far = before.get(task)
        answer = answer_of(about, so_far if run.request.dry_run else None)
        own = so_far.added if so_far else {}
        changes[task] = (
            about,
            _change(answer, wanted.labels[task], own, others.get(task, ()), run.request.importing),
        )
    if not run.request.dry_run:
        write_answers(tx, changes, at)
    counted = replace(
        _told(tx, store, run, wanted.misfits),
        requested=run.requested + wanted.requested,
        labelled=run.labelled + wanted.labelled,
    )
    note(tx, counted, changes)
    return wanted.answer


def _told(tx: sa.Connection, store: HubStore, run: Run, misfits: Misfits) -> Run:
    """A run with what did not fit counted, and said in its log."""
    lines = [
        LogLine(run.session, "WARNING", reason, plugin=run.request.plugin)
        for reason in misfits.lines()
    ]
    log(tx, store.clock(), *lines)
    return replace(
        run,
        refused=dict(Counter(run.refused) + misfits.refused),
        doubtful=dict(Counter(run.doubtful) + misfits.doubtful),
        logs=run.logs + len(lines),
    )


def made_by(call: Call, who: str | None = None, stage: str = "") -> Made:
    """Who makes the labels of a call, and when: the run's user, who is assigned, or the hub's."""
    by = call.run.request.run_by if call.run is not None else who or call.hub.user
    return Made(call.hub.store.now(), by, stage)


def _change(
    answer: dict[str, Any], new: Labels, own: Labels, others: Iterable[Labels], how: Importing
) -> Difference:
    if how == "add":
        return merge(answer, new, new_id, own)
    old = Difference()
    for labels in others:
        for kind, some in labels.items():
            old.removed[kind].extend(some)
    left, _ = change(answer, old)
    gone = difference(answer, left)
    return gone.then(merge(left, new, new_id))


def annotated(body: dict[str, Json]) -> Labels:
    """The annotations of an `annotate` call."""
    answer = body.get("answer")
    if not isinstance(answer, dict):
        raise Refused(400, "answer is not an object.")
    return {
        "tools": _labels(answer.get("objects") or answer.get("tools"), "objects"),
        "classifications": _labels(answer.get("classifications"), "classifications"),
        "relations": _labels(answer.get("relations"), "relations"),
    }


def _labels(value: Json, name: str) -> list[Json]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused(400, f"{name} is not a list of objects.")
    return value


def annotate_task(
    tx: sa.Connection, call: Call, project: HubProject, task: Any, answer: Labels, made: Made
) -> tuple[Labels, bool]:
    """The annotations as they are kept, and whether they are kept aside instead of written."""
    about = Addressed(task.id, task.asset, _external(tx, task.asset), task.answer)
    known = known_to(call, project)
    if call.run is None:
        answer_kept, misfits = annotate(known, answer_of(about), answer, made)
        lines = (LogLine("", "WARNING", why, project=project.id) for why in misfits.lines())
        log(tx, call.hub.store.clock(), *lines)
        return answer_kept, False
    return annotate_in_run(tx, call, known, about, answer, made)


def annotate_in_run(
    tx: sa.Connection, call: Call, known: Known, about: Addressed, answer: Labels, made: Made
) -> tuple[Labels, bool]:
    """Note what an annotation changes; returns as `annotate_task`."""
    assert call.run is not None
    run = find(tx, call.run.session)
    before_now = earlier(tx, run.session, [about.task]).get(about.task)
    before = answer_of(about, before_now if run.request.dry_run else None)
    answer_kept, misfits = annotate(known, before, answer, made)
    counted = _told(tx, call.hub.store, run, misfits)
    made_now = difference(before, answer_kept)
    if run.request.probe:  # it is not shown its own labels, so it cannot mean to take them away
        made_now = Difference(made_now.added)
    note(tx, counted, {about.task: (about, made_now)})
    return answer_kept, run.request.dry_run


def _external(tx: sa.Connection, asset: str) -> str | None:
    external = tx.scalar(sa.select(assets.c.external_id).where(assets.c.id == asset))
    return None if external is None else str(external)


def overlay(tx: sa.Connection, call: Call, shown: list[dict[str, Json]]) -> None:
    """Show tasks to a dry run as if its labels were stored; changes the given tasks."""
    if call.run is None or not _sees_own_labels(call.run):
        return
    of_run = earlier(tx, call.run.session, [str(task.get("_id")) for task in shown])
    for task in shown:
        own = of_run.get(str(task.get("_id")))
        if own is not None and "answer" in task:
            given = task["answer"]
            answer = given if isinstance(given, dict) else decode(bytes(given) or EMPTY_ANSWER)
            task["answer"] = change(answer, own)[0]


def _sees_own_labels(run: Run) -> bool:
    """Whether what a run kept is shown under its key; nothing of a probe is shown anywhere."""
    return run.request.dry_run and not run.request.probe


def touched_assets(tx: sa.Connection, call: Call) -> set[str]:
    """Assets that a dry run shows as pre-labelled, since it kept labels for them."""
    if call.run is None or not _sees_own_labels(call.run):
        return set()
    query = sa.select(run_tasks.c.asset).where(run_tasks.c.session == call.run.session)
    return {row.asset for row in tx.execute(query)}
