"""What runs did to annotations, as it was noted: shown, applied and undone."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.access.actions import Action
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.errors import InputError
from core.model.figures import counted
from core.model.phrases import iso
from core.model.reached import Reached, silent
from core.plugin_runs.doubles import Doubles, OnDoubles, count, settled
from core.plugin_runs.label_changes import (
    EMPTY_ANSWER,
    KINDS,
    Difference,
    Labels,
    change,
    no_labels,
    per_class,
)
from core.plugin_runs.model import KeptLabels, Run
from core.plugin_runs.probe import NOT_APPLIED
from core.store.database import Database, notes
from core.store.hub import SANDBOX, HubProject, LogLine, find_project, log
from core.store.hub_tasks import chunks
from core.store.label_text import label_text, read_labels
from core.store.run_asked import by_whom
from core.store.run_notes import Addressed, note
from core.store.runs import find, insert, save
from core.store.tables.hub import assets, tasks
from core.store.tables.runs import run_tasks


class RunLabels:
    """The labels of runs."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def kept(
        self, session: str, limit: int = 100, offset: int = 0, only: Sequence[str] | None = None
    ) -> tuple[KeptLabels, ...]:
        """What a run does task by task, in the order of its first import into each.

        Nothing of a probe, whose labels are of no class of the project: see `probed`.

        Args:
            session: The run's.
            limit: The most tasks.
            offset: How many to pass over.
            only: Only tasks of these asset ids; at most 500.
        """
        return self._of_run(session, False, limit, offset, only)

    def probed(
        self, session: str, limit: int = 100, offset: int = 0, only: Sequence[str] | None = None
    ) -> tuple[KeptLabels, ...]:
        """What a probe kept, under the schema IDs of its mapping; nothing of any other run.

        For comparing with the labels of people, never to be shown or stored. Arguments as `kept`.
        """
        return self._of_run(session, True, limit, offset, only)

    def _of_run(
        self, session: str, probe: bool, limit: int, offset: int, only: Sequence[str] | None
    ) -> tuple[KeptLabels, ...]:
        query = sa.select(run_tasks, tasks.c.answer).where(run_tasks.c.session == session)
        query = query.outerjoin(tasks, tasks.c.id == run_tasks.c.task)
        if only is not None:
            query = query.where(run_tasks.c.asset.in_(only[:500]))
        query = query.order_by(run_tasks.c.number).limit(limit).offset(offset)
        with self._store.read() as tx:
            run = find(tx, session)
            rows = tx.execute(query).all() if run.request.probe is probe else ()
        written = not run.request.dry_run and run.undone_at is None
        return tuple(_kept(row, written) for row in rows)

    def collisions(self, session: str) -> int:
        """Tasks with labels from the run that have labels of the same class without it."""
        many = offset = 0
        while some := self.kept(session, 500, offset):
            offset += len(some)
            for one in some:
                added = set(per_class(one.added))
                many += bool(added & set(per_class(one.before or no_labels())))
        return many

    def doubles(self, session: str) -> Doubles | None:
        """What applying a dry run would put onto labels of the same class, at the same place.

        None where the project lives on Ango Hub, which is not looked into.

        Raises:
            InputError: As `apply`, but for what would change nothing.
        """
        with self._store.read() as tx:
            dry = _applicable(tx, session)
            project = _project_of(tx, dry)
            if project.backend != SANDBOX:
                return None
            wanted, _ = _wanted(tx, dry, project.document)
        return sum((count(_answer(about), one) for about, one in wanted.values()), Doubles())

    def apply(self, session: str, on_doubles: OnDoubles = "add", reached: Reached = silent) -> Run:
        """Store the labels that a dry run kept, as a run of its own.

        In a project that lives on Ango Hub the hub does it: the record is queued then.

        Args:
            session: Of the dry run.
            on_doubles: What becomes of labels where one of the same class lies already.
            reached: Told the tasks looked at and the tasks in all. What it raises stops the work,
                and nothing is stored.

        Raises:
            InputError: It is no dry run that has ended and keeps labels, it is a probe, nothing
                would change, or doubles are to be looked for in a project on Ango Hub.
        """
        at = self._store.clock()
        with self._store.write(Action.RUN_APPLY, f"run {session}") as tx:
            dry = _applicable(tx, session)
            request = by_whom(replace(dry.request, dry_run=False))
            new = Run(str(uuid.uuid4()), request, created_at=at, origin="apply", parent=session)
            project = _project_of(tx, dry)
            if project.backend != SANDBOX and on_doubles != "add":
                message = "is of a project on Ango Hub, where doubles cannot be looked for."
                raise InputError("run", message, "Add its labels, or discard them.")
            insert(tx, new)
            notes(tx, after={"run": new.session, "doubles": on_doubles})
            save(tx, replace(dry, applied_by=new.session))
            if project.backend != SANDBOX:
                return new
            return self._apply(tx, dry, new, project.document, on_doubles, reached)

    def _apply(
        self, tx: sa.Connection, dry: Run, new: Run, document: str, how: OnDoubles, reached: Reached
    ) -> Run:
        at, met = new.created_at, Doubles()
        wanted, refused = _wanted(tx, dry, document)
        done: dict[str, tuple[Addressed, Difference]] = {}
        for place, (task, (about, one)) in enumerate(wanted.items()):
            reached(place, len(wanted))
            there = _answer(about)
            met += count(there, one)
            left = settled(there, one, how)
            if left != Difference():
                done[task] = about, left
        if not done:
            message = "would change nothing: each of its labels lies there already, or has no task."
            raise InputError("run", message, "Discard it.")
        write_answers(tx, done, at)
        became = {
            "add": "lie beside", "replace": "took the place of", "skip": "were left out for"
        }[how]  # fmt: skip
        doubled = (
            f" {counted(met.new)} of them {became} {counted(met.there)} of the same class."
            if met.new
            else ""
        )
        applied = replace(
            new,
            state="succeeded",
            sent_at=at,
            started_at=at,
            finished_at=at,
            requested=dry.requested,
            labelled=max(dry.labelled - (dry.tasks - len(done)), 0),
            assets=dry.assets,
            refused=dict(refused),
            doubtful=dict(dry.doubtful),
            message=f"The labels of a dry run were stored in {counted(len(done))} tasks.{doubled}",
        )
        return note(tx, applied, done)

    def discard(self, session: str) -> Run:
        """Throw kept labels away, also those of a probe; the record stays. Raises as `apply`."""
        with self._store.write(Action.RUN_DISCARD, f"run {session}") as tx:
            dry = replace(_waiting(tx, session), discarded_at=self._store.clock())
            save(tx, dry)
            tx.execute(run_tasks.delete().where(run_tasks.c.session == session))
            return dry

    def undo(self, session: str) -> tuple[Run, int]:
        """Take a run's labels out of a sandbox project and put back what they replaced.

        Returns:
            The run, and how many of its labels were changed or removed since and so stay as
            they are.

        Raises:
            InputError: It has not ended, wrote nothing, was undone, or the project is not here.
        """
        at = self._store.clock()
        with self._store.write(Action.RUN_UNDO, f"run {session}") as tx:
            run = find(tx, session)
            project = find_project(tx, run.request.project)
            if not run.is_final:
                raise InputError("run", "has not ended.", "Wait for its end, or cancel it.")
            if run.request.dry_run or run.undone_at is not None or not run.tasks:
                raise InputError("run", "has no labels in the project.", "Nothing is to be undone.")
            if project is None or project.backend != SANDBOX:
                message = "wrote to a project that does not live on the local hub."
                raise InputError("run", message, "Undo works on the local hub only.")
            back = {}
            for row in _rows(tx, session):
                if row.there is not None:
                    about = Addressed(row.task, row.asset, row.external_id, row.answer)
                    whole = Difference(read_labels(row.added), read_labels(row.removed))
                    back[row.task] = (about, whole.inverse)
            stayed = write_answers(tx, back, at)
            undone = replace(run, undone_at=at)
            save(tx, undone)
            line = (
                f"The import was undone in {counted(len(back))} tasks; {counted(stayed)} labels "
                "had changed."
            )
            notes(tx, before={"tasks": run.tasks}, after={"tasks": len(back), "stayed": stayed})
            log(tx, at, LogLine(session, "INFO", line, project=run.request.project))
            return undone, stayed


def _waiting(tx: sa.Connection, session: str) -> Run:
    run = find(tx, session)
    if not run.request.dry_run:
        raise InputError("run", "is no dry run.", "Its labels are stored already.")
    if not run.is_final:
        raise InputError("run", "has not ended.", "Wait for its end, or cancel it.")
    if run.applied_by is not None:
        raise InputError("run", "was applied already.", f"See the run {run.applied_by}.")
    if not run.holds_labels:
        raise InputError("run", "keeps no labels.", "Start it again.")
    return run


def _applicable(tx: sa.Connection, session: str) -> Run:
    if find(tx, session).request.probe:
        raise InputError("run", NOT_APPLIED, "Start a dry run with a mapping.")
    return _waiting(tx, session)


def _project_of(tx: sa.Connection, dry: Run) -> HubProject:
    project = find_project(tx, dry.request.project)
    if project is None:
        hint = "Its kept labels can only be discarded."
        raise InputError("run", "was of a project that is gone.", hint)
    return project


def _wanted(
    tx: sa.Connection, dry: Run, document: str
) -> tuple[dict[str, tuple[Addressed, Difference]], Counter[str]]:
    """What a dry run would do to each task that is there, and why some of it cannot be done."""
    # labels that were kept though they do not fit are applied as they were kept
    known = None if dry.doubtful else _classes(document)
    wanted: dict[str, tuple[Addressed, Difference]] = {}
    refused: Counter[str] = Counter()
    for row in _rows(tx, dry.session):
        if row.there is None:
            refused["The task is gone."] += 1
            continue
        usable = _with_known_classes(read_labels(row.added), known, refused)
        about = Addressed(row.task, row.asset, row.external_id, row.answer)
        wanted[row.task] = (about, Difference(usable, read_labels(row.removed)))
    return wanted, refused


def _answer(about: Addressed) -> Any:
    return read_labels(about.answer or EMPTY_ANSWER)


def _rows(tx: sa.Connection, session: str) -> Sequence[Any]:
    query = sa.select(run_tasks, tasks.c.answer, tasks.c.id.label("there"))
    query = query.outerjoin(tasks, tasks.c.id == run_tasks.c.task)
    query = query.where(run_tasks.c.session == session).order_by(run_tasks.c.number)
    return tx.execute(query).all()


def _kept(row: Any, written: bool) -> KeptLabels:
    difference = Difference(read_labels(row.added), read_labels(row.removed))
    before = None if row.answer is None else read_labels(row.answer)
    if written and before is not None:
        before, _ = change(before, difference.inverse)
    return KeptLabels(
        row.task, row.asset, row.external_id, difference.added, difference.removed, before
    )


def _classes(document: str) -> frozenset[str] | None:
    schema = read_project({"project": loads(document)}).schema
    return None if schema is None else frozenset(c.schema_id for c in schema.top_level)


def _with_known_classes(
    labels: Labels, known: frozenset[str] | None, refused: Counter[str]
) -> Labels:
    if known is None:
        return labels
    usable = no_labels()
    for kind in KINDS:
        for label in labels.get(kind) or []:
            if str(label.get("schemaId")) in known:
                usable[kind].append(label)
            else:
                refused[f"The project has no class {label.get('schemaId')} any more."] += 1
    return usable


def write_answers(
    tx: sa.Connection, changes: Mapping[str, tuple[Addressed, Difference]], at: float
) -> int:
    """Carry out differences on tasks of the sandbox; returns how many labels were not there."""
    rows, missing, touched = [], 0, set()
    for about, difference in changes.values():
        answer, missed = change(read_labels(about.answer or EMPTY_ANSWER), difference)
        rows.append({"key": about.task, "new": label_text(answer), "at": iso(at)})
        missing += missed
        touched.add(about.asset)
    if rows:
        write = tasks.update().where(tasks.c.id == sa.bindparam("key"))
        new: dict[str, Any] = {"answer": sa.bindparam("new"), "updated_at": sa.bindparam("at")}
        tx.execute(write.values(new), rows)
    for some in chunks(sorted(touched)):
        tx.execute(assets.update().where(assets.c.id.in_(some)).values(prelabelled=True))
    return missing
