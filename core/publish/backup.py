"""Workflows as they were, one JSON file each, named by the time it was taken."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from core.ango_json.stages import read_stages, write_stages
from core.ango_json.text import dumps, loads
from core.errors import InputError, PublishError
from core.gateway.hosts import is_loopback, same_hub
from core.gateway.kept import folder_of
from core.model.project import Project
from core.model.stages import Logic, Stage

VERSION = 1


@dataclass(frozen=True, slots=True)
class Backup:
    """A workflow as it was on a hub.

    Args:
        path: Its file.
        host: The hub.
        project_id: The project there.
        project_name: Its name then.
        taken_at: When, with time zone.
        reason: Why, for example `before publishing Routing`.
        stages: The whole workflow.
    """

    path: Path
    host: str
    project_id: str
    project_name: str
    taken_at: datetime
    reason: str
    stages: tuple[Stage, ...]


def write_backup(
    folder: Path, host: str, project: Project, taken_at: datetime, reason: str
) -> Backup:
    """Keep a project's workflow; the file is on disk when this returns, and none is overwritten.

    Raises:
        PublishError: It cannot be kept; no part of it stays.
    """
    place = folder_of(folder, host, project.id)
    data = {
        "version": VERSION,
        "host": host,
        "project": project.id,
        "name": project.name,
        "taken_at": taken_at.isoformat(),
        "reason": reason,
        "stages": write_stages(project.stages or ()),
    }
    text = dumps(data, indent=1)
    try:
        place.mkdir(parents=True, exist_ok=True)
        return read_backup(_write_new(place, taken_at, text))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"The workflow as it is now cannot be kept ({reason}); nothing was written."
        raise PublishError(
            message, "Make room or give the right to write, then do it again."
        ) from error


def _write_new(place: Path, taken_at: datetime, text: str) -> Path:
    """Write a file of a name that none has yet, whole or not at all."""
    for path in _names(place, taken_at):
        try:
            file = path.open("x", encoding="utf-8")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise
        return path
    raise AssertionError("names never end")


def _names(place: Path, taken_at: datetime) -> Iterator[Path]:
    stem, count = f"{taken_at:%Y%m%dT%H%M%S%f}", 0
    while True:
        yield place / (f"{stem}-{count}.json" if count else f"{stem}.json")
        count += 1


def read_backup(path: Path) -> Backup:
    """Read a backup file.

    Raises:
        InputError: It is none, or of another version.
    """
    hint = "Choose another backup."
    try:
        data = loads(path.read_text(encoding="utf-8"), path.name)
        if data["version"] != VERSION:
            raise InputError(path.name, "is a backup of another version.", hint)
        return Backup(
            path=path,
            host=data["host"],
            project_id=data["project"],
            project_name=data["name"],
            taken_at=datetime.fromisoformat(data["taken_at"]),
            reason=data["reason"],
            stages=read_stages(data["stages"]),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(path.name, "is no backup that can be read.", hint) from error


def other_rules_until(saved: Iterable[Backup], stage: Logic) -> datetime | None:
    """When a hub last had other rules in a Logic stage, as far as backups tell; None: never."""
    return max(
        (
            backup.taken_at
            for backup in saved
            for one in backup.stages
            if isinstance(one, Logic) and one.id == stage.id and _ways(one) != _ways(stage)
        ),
        default=None,
    )


def _ways(stage: Logic) -> list[object]:
    return [*((rule.condition, rule.target) for rule in stage.active), stage.otherwise]


def backups(folder: Path, host: str, project_id: str) -> tuple[Backup, ...]:
    """The backups of a project, latest first; damaged files are left out.

    Those of the local hub count whatever port it had when they were taken.
    """
    usual = folder_of(folder, host, project_id)
    places = folder.glob("*/*.json") if is_loopback(urlsplit(host).hostname or "") else ()
    saved = []
    for path in {*usual.glob("*.json"), *places}:
        try:
            backup = read_backup(path)
        except InputError:
            continue
        if path.parent == usual or (
            backup.project_id == project_id and same_hub(backup.host, host)
        ):
            saved.append(backup)
    return tuple(
        sorted(saved, key=lambda backup: (backup.taken_at, backup.path.name), reverse=True)
    )
