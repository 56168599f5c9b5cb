"""Runs as they are recorded: every change of state is one step of the transition table.

A run is one row from its start to its end, so the 400 lines about that row stay together.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from core.access.actions import Action
from core.access.record import document as digest
from core.ango_json.text import kept, written
from core.errors import InputError, UnknownName
from core.plugin_runs.model import (
    IN_FLIGHT,
    LogEntry,
    Origin,
    Pair,
    Preset,
    Run,
    RunRequest,
    State,
    as_pairs,
    deadline_of,
    read_pairs,
)
from core.plugin_runs.state import Event, advance
from core.store.database import Database, notes
from core.store.hub import SANDBOX, find_project
from core.store.run_asked import about_request, by_whom
from core.store.run_probes import asked_anew, project_of
from core.store.tables.hub import asset_batches, assets, logs
from core.store.tables.runs import plugins, presets, run_assets, run_tasks, runs

COUNTED = ("requested", "labelled", "tasks", "assets", "logs", "dropped")


class Runs:
    """Runs of a data directory; a run started by one process is carried out by its hub."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def start(
        self, request: RunRequest, origin: Origin = "start", parent: str | None = None
    ) -> Run:
        """Queue a run for the hub.

        Raises:
            UnknownName: There is no such plugin.
            InputError: The plugin is archived, the deadline is no time within a year, or a probe
                is of a project that does not live on this hub.
        """
        if deadline_of(request.seconds) is None:
            message = f"{request.seconds} is not a time within a year, in seconds."
            raise InputError("deadline", message, "Leave it out for four hours.")
        run = Run(str(uuid.uuid4()), by_whom(request), created_at=self._store.clock())
        run = replace(run, origin=origin, parent=parent)
        action = Action.RUN_START if origin == "start" else Action.RUN_RETRY
        with self._store.write(action, f"run {run.session}", parent, about_request(request)) as tx:
            query = sa.select(plugins.c.name, plugins.c.archived_at)
            plugin = tx.execute(query.where(plugins.c.id == request.plugin)).one_or_none()
            if plugin is None:
                hint = "Register it first."
                raise UnknownName(f"There is no plugin {request.plugin[:60]}.", hint)
            if plugin.archived_at is not None and origin != "apply":
                raise InputError("plugin", f"{plugin.name} is archived.", "Take it back first.")
            if request.probe:
                project_of(tx, request.project)
            insert(tx, run)
        return run

    def again(self, session: str) -> Run:
        """Queue an equal run; a probe gets fresh schema IDs. Raises as `get` and `start`."""
        with self._store.read() as tx:
            request = asked_anew(tx, find(tx, session).request)
        return self.start(request, "again", session)

    def retry(self, session: str) -> Run:
        """Queue an equal run over the assets that an ended run left without a label.

        Raises:
            InputError: It has not ended, there is no such asset, or the project is on Ango Hub,
                which does not say which assets got labels.
        """
        run = self.get(session)
        if not run.is_final:
            raise InputError("run", "has not ended.", "Wait for its end, or cancel it.")
        with self._store.read() as tx:
            project = find_project(tx, run.request.project)
            asked = asked_anew(tx, run.request)
        if project is None or project.backend != SANDBOX:
            message = "was of a project on Ango Hub, which does not say what got no label."
            raise InputError("run", message, "Start it again, over other batches.")
        left = self.without_labels(session)
        if not left:
            raise InputError("run", "labelled every asset.", "There is nothing to try again.")
        request = replace(asked, assets=left, limit=None)
        return self.start(request, "retry", session)

    def get(self, session: str) -> Run:
        """A run.

        Raises:
            UnknownName: There is none of this session.
        """
        with self._store.read() as tx:
            return find(tx, session)

    def list(
        self,
        plugin: str | None = None,
        project: str | None = None,
        states: Sequence[State] = (),
        dry_run: bool | None = None,
        fingerprint: str | None = None,
        search: str = "",
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[Run, ...]:
        """Runs, newest first; `search` looks into messages, reasons, sessions and who started."""
        query = sa.select(runs).order_by(runs.c.number.desc()).limit(limit).offset(offset)
        for column, value in (
            (runs.c.plugin, plugin),
            (runs.c.project, project),
            (runs.c.dry_run, dry_run),
            (runs.c.fingerprint, fingerprint),
        ):
            if value is not None:
                query = query.where(column == value)
        if states:
            query = query.where(runs.c.state.in_(states))
        if search:
            searched = [runs.c.message, runs.c.reason, runs.c.session, runs.c.request]
            query = query.where(sa.or_(*(c.icontains(search, autoescape=True) for c in searched)))
        with self._store.read() as tx:
            return tuple(_run(row) for row in tx.execute(query))

    def logs(
        self,
        session: str,
        after: int = 0,
        levels: Sequence[str] = (),
        search: str = "",
        limit: int = 1_000,
    ) -> tuple[LogEntry, ...]:
        """Log lines of a run in the order of their arrival.

        Args:
            session: The run's.
            after: Only lines with a higher number.
            levels: Only these levels, in capitals; none means all.
            search: Only lines whose message holds this text, in any case.
            limit: The most to read.
        """
        query = sa.select(logs).where((logs.c.session == session) & (logs.c.number > after))
        if levels:
            query = query.where(sa.func.upper(logs.c.level).in_(levels))
        if search:
            query = query.where(logs.c.message.icontains(search, autoescape=True))
        with self._store.read() as tx:
            rows = tx.execute(query.order_by(logs.c.number).limit(limit)).all()
        return tuple(LogEntry(r.number, r.at, r.level, r.message, r.extra) for r in rows)

    def cancel(self, session: str) -> Run:
        """Ask a run to stop: its key is refused from now on. One that has ended stays as it is."""
        at = self._store.clock()
        with self._store.write(Action.RUN_CANCEL, f"run {session}") as tx:
            reason = "It was cancelled before it was sent."
            run = find(tx, session)
            event = Event("cancel", at, reason=reason if run.state == "queued" else "")
            cancelled = record(tx, run, event)
            notes(tx, before=run.state, after=cancelled.state)
            if run.state == "queued":
                free_kept(tx, cancelled)
            return cancelled

    def touched(self, session: str) -> tuple[str, ...]:
        """Assets that got labels, in the order of their first one."""
        query = sa.select(run_tasks.c.asset).where(run_tasks.c.session == session)
        with self._store.read() as tx:
            assets = [row.asset for row in tx.execute(query.order_by(run_tasks.c.number))]
        return tuple(dict.fromkeys(assets))

    def shown(self, session: str) -> tuple[str, ...] | None:
        """The assets that a canary or a retry shows its plugin; None: all of its batches."""
        with self._store.read() as tx:
            return shown_assets(tx, session)

    def without_labels(self, session: str) -> tuple[str, ...]:
        """Assets that the run was to look at and that it gave no label.

        Of a project that lives on Ango Hub only those that the run was shown are known here.
        """
        run = self.get(session)
        done = set(self.touched(session))
        with self._store.read() as tx:
            chosen = shown_assets(tx, session)
            all_of_them = scope(tx, run.request) if chosen is None else chosen
        return tuple(asset for asset in all_of_them if asset not in done)

    def save_preset(
        self, project: str, plugin: str, name: str, mapping: Sequence[Pair] | None
    ) -> None:
        """Keep a mapping under a name; one of that name is replaced.

        Raises:
            InputError: The name is empty.
        """
        if not name.strip():
            raise InputError("name", "is empty.", "Give the preset a name.")
        its_row = _preset(project, plugin, name.strip())
        values = {
            "project": project,
            "plugin": plugin,
            "name": name.strip(),
            "mapping": written(as_pairs(mapping)),
            "saved_at": self._store.clock(),
        }
        about = f"preset {name.strip()} of plugin {plugin}"
        after = {"project": project, "mapping": digest(str(values["mapping"]))}
        with self._store.write(Action.PRESET, about, after=after) as tx:
            tx.execute(presets.delete().where(its_row))
            tx.execute(presets.insert().values(values))

    def presets(self, project: str, plugin: str) -> tuple[Preset, ...]:
        """Presets of a project and plugin by name."""
        of_both = (presets.c.project == project) & (presets.c.plugin == plugin)
        with self._store.read() as tx:
            rows = tx.execute(sa.select(presets).where(of_both).order_by(presets.c.name)).all()
        return tuple(Preset(r.name, read_pairs(kept(r.mapping)), r.saved_at) for r in rows)

    def rename_preset(self, project: str, plugin: str, name: str, new: str) -> None:
        """Give a preset another name.

        Raises:
            UnknownName: There is no such preset.
            InputError: The new name is empty or taken.
        """
        new = new.strip()
        if not new:
            raise InputError("name", "is empty.", "Give the preset a name.")
        about = f"preset {name} of plugin {plugin}"
        with self._store.write(Action.PRESET, about, after={"renamed": new}) as tx:
            if (
                new != name
                and tx.execute(sa.select(presets).where(_preset(project, plugin, new))).first()
            ):
                raise InputError("name", f"{new} is taken.", "Choose another.")
            change = presets.update().where(_preset(project, plugin, name))
            if tx.execute(change.values(name=new)).rowcount != 1:
                raise UnknownName(f"There is no preset {name}.", "It may have been removed.")

    def remove_preset(self, project: str, plugin: str, name: str) -> None:
        """Delete a preset; one that is not there is no error."""
        about = f"preset {name} of plugin {plugin}"
        with self._store.write(Action.PRESET, about, after="removed") as tx:
            tx.execute(presets.delete().where(_preset(project, plugin, name)))


def _preset(project: str, plugin: str, name: str) -> sa.ColumnElement[bool]:
    of_both = (presets.c.project == project) & (presets.c.plugin == plugin)
    return of_both & (presets.c.name == name)


def find(tx: sa.Connection, session: str) -> Run:
    """A run, inside a transaction. Raises UnknownName."""
    row = tx.execute(sa.select(runs).where(runs.c.session == session)).one_or_none()
    if row is None:
        raise UnknownName(f"There is no run {session[:60]}.", "Check the session.")
    return _run(row)


def insert(tx: sa.Connection, run: Run) -> None:
    """Add a run, with the assets that it is to show."""
    about = {"session": run.session, "created_at": run.created_at, "origin": run.origin}
    request = run.request
    about |= {
        "plugin": request.plugin,
        "project": request.project,
        "dry_run": request.dry_run,
        "fingerprint": request.fingerprint,
        "parent": run.parent,
        "request": written(asdict(replace(request, assets=None))),
    }
    tx.execute(runs.insert().values({**about, **_changing(run)}))
    if request.assets is not None:
        show_only(tx, run.session, request.assets)


def show_only(tx: sa.Connection, session: str, chosen: Sequence[str]) -> None:
    """Note the assets that a run shows its plugin."""
    rows = [{"session": session, "asset": asset} for asset in dict.fromkeys(chosen)]
    if rows:
        tx.execute(run_assets.insert(), rows)


def shown_assets(tx: sa.Connection, session: str) -> tuple[str, ...] | None:
    """The assets that a run shows its plugin, in the order of upload; None: all of its batches."""
    query = sa.select(run_assets.c.asset).where(run_assets.c.session == session)
    query = query.outerjoin(assets, assets.c.id == run_assets.c.asset).order_by(assets.c.number)
    shown = tuple(row.asset for row in tx.execute(query))
    return shown or None


def scope_query(request: RunRequest) -> sa.Select[tuple[str]]:
    """Asset ids of a request's batches, any of them, in the order of upload, up to its limit."""
    query = sa.select(assets.c.id).where(assets.c.project == request.project)
    if request.batches:
        inside = asset_batches.c.batch.in_(request.batches)
        query = query.where(sa.exists().where((asset_batches.c.asset == assets.c.id) & inside))
    return query.order_by(assets.c.number).limit(request.limit)


def scope(tx: sa.Connection, request: RunRequest) -> tuple[str, ...]:
    """What `scope_query` asks for."""
    return tuple(row.id for row in tx.execute(scope_query(request)))


def record(tx: sa.Connection, run: Run, event: Event) -> Run:
    """Take one step of the transition table; returns the run as it is then."""
    changed = advance(run, event)
    if changed is not run:
        save(tx, changed)
    return changed


def free_kept(tx: sa.Connection, run: Run) -> None:
    """Of a run that was to store kept labels and stored none: the dry run can be applied again."""
    if run.origin == "apply" and run.parent is not None:
        save(tx, replace(find(tx, run.parent), applied_by=None))


def save(tx: sa.Connection, run: Run) -> None:
    """Write what can change of a run."""
    tx.execute(runs.update().where(runs.c.session == run.session).values(_changing(run)))


def in_flight(tx: sa.Connection) -> tuple[Run, ...]:
    """Runs that were handed over and have not ended, oldest first."""
    query = sa.select(runs).where(runs.c.state.in_(IN_FLIGHT)).order_by(runs.c.number)
    return tuple(_run(row) for row in tx.execute(query))


def queued(tx: sa.Connection) -> tuple[Run, ...]:
    """The oldest queued run of every plugin that carries out none; applying needs no plugin."""
    busy = sa.select(runs.c.plugin).where(runs.c.state.in_(IN_FLIGHT))
    waiting = (runs.c.state == "queued") & runs.c.plugin.not_in(busy)
    first = sa.select(sa.func.min(runs.c.number)).where(waiting).group_by(runs.c.plugin)
    query = sa.select(runs).where(runs.c.number.in_(first)).order_by(runs.c.number)
    return tuple(_run(row) for row in tx.execute(query))


def waits(store: Database, run: Run, reason: str) -> None:
    """Say what a queued run waits for."""
    if run.reason != reason:
        queued = (runs.c.session == run.session) & (runs.c.state == "queued")
        with store.work() as tx:
            tx.execute(runs.update().where(queued).values(reason=reason))


def _changing(run: Run) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(run, name) for name in COUNTED}
    times = ("sent_at", "started_at", "finished_at", "cancelled_at", "discarded_at", "undone_at")
    values |= {name: getattr(run, name) for name in times}
    values |= {"state": run.state, "message": run.message, "reason": run.reason}
    values["applied_by"] = run.applied_by
    for name in ("per_class", "refused", "doubtful"):
        values[name] = written(dict(getattr(run, name)))
    return values


def _run(row: sa.Row[Any]) -> Run:
    asked = kept(row.request)
    pairs = asked["mapping"]
    request = RunRequest(
        **{
            **asked,
            "batches": tuple(asked["batches"]),
            "mapping": None if pairs is None else tuple(Pair(**pair) for pair in pairs),
            "assets": None,
            "deadline": deadline_of(asked["deadline"]),
        }
    )
    counted = ("per_class", "refused", "doubtful")
    own = [name for name in Run.__slots__ if name not in ("request", *counted)]
    return Run(
        request=request,
        **{name: kept(getattr(row, name)) for name in counted},
        **{name: getattr(row, name) for name in own},
    )
