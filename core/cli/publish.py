"""The commands `publish …`: what a write would do, writing it, and the way back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.arguments import FINE, NO, Command, settings_of
from core.cli.hub import store_of
from core.cli.inputs import about_tasks, dialect_of, read_tasks, stage_and_project
from core.errors import InputError
from core.model.phrases import moment_text
from core.model.stages import Logic
from core.routing.versions.stages import StageChange, unchanged_words
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from core.gateway.protocol import Gateway
    from core.model.project import Project
    from core.publish.backup import Backup
    from core.publish.preview import Preview
    from core.publish.publish import Published
    from core.settings import Settings
    from core.store.hub import HubStore
    from core.workspace import Workspace

ONLY_SHOWN = "Nothing is written; --yes writes it, with a backup before and a look after."


def register(_: Command, group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line; see `core.cli.hub.register`."""
    below = group("publish", "Write a Logic stage to the hub, or a workflow back.")
    showing = below("show", _show, "What writing the rules would change, and for which tasks.")
    writing = below("write", _write, "The same, and with --yes writes and verifies it.")
    listing = below("backups", _backups, "Workflows as they were, the latest first.")
    restoring = below("restore", _restore, "What a backup would change; with --yes writes it.")
    restoring.add_argument("backup", help="its name, as `publish backups` prints it")
    for one in (showing, writing):
        about_tasks(one, tasks_needed=False, logic_needed=False)
        one.add_argument("--draft", metavar="ID", help="a draft of the pages instead of --logic")
    for one in (writing, restoring):
        one.add_argument("--yes", action="store_true", help="write it")
    restoring.add_argument("--tasks", type=Path, help="export or task table")
    restoring.add_argument("--dialect", action="append", default=[], metavar="NAME=VALUE")
    restoring.set_defaults(of_scenario=None)
    for one in (showing, writing, listing, restoring):
        one.add_argument("--id", required=True, help="id of the project on the hub")
        one.add_argument("--host", help="address of the hub (the local hub of the data directory)")
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


class _Hub(NamedTuple):
    store: HubStore
    settings: Settings
    gateway: Gateway
    project: Project


def gateway_of(args: argparse.Namespace) -> tuple[Settings, Gateway]:
    """The hub that a command names, else the local hub of its data directory.

    Raises:
        InputError: There is no key for it, or no local hub runs.
    """
    from core.gateway.connect import connect
    from core.hub.lock import own_hub
    from core.secret import VARIABLE, key_from_environment

    settings = settings_of(args)
    if args.host is not None:
        key = key_from_environment()
        if key is None:
            raise InputError(VARIABLE, "is not set.", "Put the API key of that hub there.")
        return settings, connect(args.host, key, settings)
    own = own_hub(settings.data, store_of(args))
    if own is None:
        hint = "Start it with `python -m core up`, or name another with --host."
        raise InputError(str(settings.data), "no local hub runs on this data directory.", hint)
    return settings, connect(own.url, own.key, settings)


def _hub(args: argparse.Namespace) -> _Hub:
    settings, gateway = gateway_of(args)
    return _Hub(store_of(args), settings, gateway, gateway.read_project(args.id))


def _workspace(args: argparse.Namespace, hub: _Hub) -> Workspace:
    """The project as the hub has it, with the tasks that were named, else those kept of it."""
    from core.gateway.cache import Cache
    from core.workspace import Workspace

    cache = Cache(hub.settings.hubs)
    kept = cache.get(hub.gateway.host, hub.project.id)
    if args.tasks is None and kept is None:
        hint = "Name an export with --tasks, or open the project on the Connect page first."
        raise InputError("--tasks", "no tasks of this project are kept here.", hint)
    table = read_tasks(args.tasks) if args.tasks is not None or kept is None else cache.table(kept)
    return Workspace(table, hub.project, dialect_of(args))


def _looked_at(
    args: argparse.Namespace,
) -> tuple[_Hub, Workspace, Logic, Preview]:
    from core.publish.preview import preview
    from core.publish.publish import with_stage

    stage = _stage(args)
    hub = _hub(args)
    workspace = _workspace(args, hub)
    wanted = with_stage(hub.project.stages or (), stage)
    return hub, workspace, stage, preview(workspace, hub.project, wanted, stage.id)


def _stage(args: argparse.Namespace) -> Logic:
    if args.draft is None:
        return stage_and_project(args)[0]
    from core.ango_json.drafts import read_draft
    from core.store.drafts import Drafts

    return read_draft(Drafts(store_of(args)).get(args.draft).document)


def _show(args: argparse.Namespace) -> int:
    _, workspace, _, shows = _looked_at(args)
    _print(args, shows, workspace)
    return FINE


def _write(args: argparse.Namespace) -> int:
    from core.ledger import publish_and_keep

    hub, workspace, stage, shows = _looked_at(args)
    if not args.yes:
        return _only_shown(args, shows, workspace)
    problems = workspace.check(stage)
    if args.of_scenario is not None:
        from core.routing.versions.golden import golden_problems

        verdicts = workspace.golden(stage, args.of_scenario.golden)
        problems = (*problems, *golden_problems(verdicts))
    done = publish_and_keep(
        hub.gateway, hub.project, stage, workspace, hub.settings, hub.store, _now, problems
    )
    return _written(args, shows, workspace, done)


def _restore(args: argparse.Namespace) -> int:
    from core.publish.preview import preview
    from core.publish.publish import restore

    hub = _hub(args)
    saved = {backup.path.name: backup for backup in _saved(hub.settings, hub.gateway, args.id)}
    backup = saved.get(args.backup) or saved.get(f"{args.backup}.json")
    if backup is None:
        raise InputError(args.backup, "is no backup of this project.", "See `publish backups`.")
    workspace = _workspace(args, hub)
    shows = preview(workspace, hub.project, backup.stages)
    if not args.yes:
        return _only_shown(args, shows, workspace)
    done = restore(hub.gateway, hub.project, backup, hub.settings.backups, _now, hub.store)
    return _written(args, shows, workspace, done)


def _backups(args: argparse.Namespace) -> int:
    saved = _saved(*gateway_of(args), args.id)
    if args.json:
        print_json(
            [{"name": b.path.name, "at": b.taken_at.isoformat(), "reason": b.reason} for b in saved]
        )
        return FINE
    for backup in saved:
        say(f"{backup.path.name}  {moment_text(backup.taken_at, seconds=True)}  {backup.reason}")
    if not saved:
        say("No backup yet; each write keeps one.")
    return FINE


def _saved(settings: Settings, gateway: Gateway, project: str) -> Sequence[Backup]:
    from core.publish.backup import backups

    return backups(settings.backups, gateway.host, project)


def _now() -> datetime:
    return datetime.now(UTC)


def _only_shown(args: argparse.Namespace, shows: Preview, workspace: Workspace) -> int:
    _print(args, shows, workspace)
    note(ONLY_SHOWN)
    return NO


def _written(
    args: argparse.Namespace, shows: Preview, workspace: Workspace, done: Published
) -> int:
    _print(args, shows, workspace, done)
    if not args.json:
        say(f"Written and verified. The workflow before is kept as {done.backup.path.name}.")
    return FINE


def _print(
    args: argparse.Namespace,
    shows: Preview,
    workspace: Workspace,
    done: Published | None = None,
) -> None:
    if args.json:
        backup = {} if done is None else {"backup": done.backup.path.name}
        print_json({**shows.as_dict(), "written": done is not None, **backup})
        return
    say(*(str(change) for change in shows.changes))
    if not shows.changes:
        say("Nothing changes.")
    for one in shows.touched:
        say(one.sentence)
        if one.waiting:
            _table(workspace, one.changes)
        say(one.what_if_sentence)
        _table(workspace, one.what_if)
    say(*(lost.sentence for lost in shows.lost))


def _table(workspace: Workspace, changes: Sequence[StageChange]) -> None:
    for change in changes:
        if change.changed:
            say(f"{workspace.names.of_stage(change.stage)}: {change.words}")
    say(*filter(None, [unchanged_words(changes)]))
