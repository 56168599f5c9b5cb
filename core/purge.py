"""Takes a project from this machine for good: rows, files, copies, backups, logs.

What belongs to it: the project of the local hub, what was read of it from any hub, opened files
that came with it, their drafts, scenarios and pinned tasks, its runs with their labels and logs,
backups of its workflow, and uploads. What plugins printed may name its assets, so those logs go,
too. The record of changes stays whole: it is only added to, and has names, ids and notes of pins,
but documents by digest, and no task's content.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.access.actions import Action
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.errors import InputError, UnknownName
from core.file_links import part
from core.gateway.cache import Cache, CachedProject
from core.settings import Settings
from core.store.database import Database
from core.store.hub import find_project
from core.store.purge import purge_rows
from core.store.workspaces import OpenedFile, OpenedFiles

HUB_FILES, PLUGIN_LOGS = "hub-files", "plugins"


@dataclass(frozen=True, slots=True)
class ToPurge:
    """What there is of a project on this machine.

    Args:
        project: Its id; of a file that came without a project, the file's own.
        name: What people call it.
        copies: What was read of it from hubs.
        files: Opened files that came with it, deleted ones included.
        in_hub: Whether the local hub has it.
    """

    project: str
    name: str
    copies: tuple[CachedProject, ...]
    files: tuple[OpenedFile, ...]
    in_hub: bool


def to_purge(settings: Settings, store: Database, asked: str) -> ToPurge:
    """Find a project by its id, or by that of an opened file or of a copy.

    Raises:
        UnknownName: Nothing here has this id.
    """
    files, hubs = OpenedFiles(store, settings.tables), Cache(settings.hubs)
    opened = files.all()
    copy = hubs.by_id(asked)
    file = next((one for one in opened if one.id == asked), None)
    project = copy.project_id if copy else _project_of(file) if file else asked
    copies = tuple(one for one in hubs.all() if one.project_id == project)
    its = tuple(one for one in opened if one.id == asked or _project_of(one) == project)
    with store.read() as tx:
        there = find_project(tx, project)
    if there is None and not copies and not its:
        raise UnknownName(f"Nothing here is called {asked}.", "See `workspace list`.")
    names = [*([there.name] if there else []), *(c.name for c in copies), *(f.name for f in its)]
    return ToPurge(project, names[0], copies, its, there is not None)


def places(what: ToPurge) -> list[str]:
    """Where it is, in words."""
    read = [f"what was read from {copy.host}" for copy in what.copies]
    files = [f"the opened file {file.name}" for file in what.files]
    return [*(["the project of the local hub"] if what.in_hub else []), *read, *files]


def purge(settings: Settings, store: Database, what: ToPurge, confirmed: str) -> int:
    """Purge it.

    Args:
        settings: Where its files are.
        store: Where its rows are.
        what: As `to_purge` found it.
        confirmed: Its name once more.

    Returns:
        How many files were deleted.

    Raises:
        InputError: The name is another one.
        Forbidden: Whoever acts may not purge.
    """
    store.check(Action.PURGE)
    if confirmed != what.name:
        raise InputError("The name", f"is not {what.name}; nothing was purged.", "Type it again.")
    hubs = Cache(settings.hubs)
    kept = [*(hubs.id_of(copy) for copy in what.copies), *(file.id for file in what.files)]
    paths = list(_paths(settings, store, what))
    about = {"files": len(what.files), "copies": len(what.copies), "in_hub": what.in_hub}
    purge_rows(store, what.project, kept, f"project {what.project}", about)
    for copy in what.copies:
        hubs.forget(copy.host, copy.project_id)
    return sum(_remove(path) for path in paths)


def _paths(settings: Settings, store: Database, what: ToPurge) -> Iterator[Path]:
    """Its files and folders; a table that another file shares stays."""
    gone = {file.id for file in what.files}
    others = OpenedFiles(store, settings.tables).all()
    shared = {file.table_fingerprint for file in others if file.id not in gone}
    for print_of in {file.table_fingerprint for file in what.files} - shared:
        for path in settings.tables.glob(f"{print_of}.*"):
            yield path
            yield from _parts_of(path, settings.tables)
    for copy in what.copies:
        yield settings.hubs / Cache(settings.hubs).id_of(copy)
    for saved in settings.backups.glob("*"):
        if any(_is_of(path, what.project) for path in saved.glob("*.json")):
            yield saved
    yield settings.data / HUB_FILES / part(what.project)
    yield from (settings.data / PLUGIN_LOGS).glob("*.log*")


def _parts_of(path: Path, tables: Path) -> Iterator[Path]:
    """A folder of parts that was made here; one of somebody's own is theirs."""
    if path.suffix == ".json":
        source = Path(loads(path.read_text(encoding="utf-8"), path.name)["source"])
        if source.is_relative_to(tables):
            yield source


def _is_of(path: Path, project: str) -> bool:
    try:
        document = loads(path.read_text(encoding="utf-8"), path.name)
    except (OSError, InputError, UnicodeDecodeError):
        return False
    return isinstance(document, dict) and document.get("project") == project


def _project_of(file: OpenedFile | None) -> str:
    if file is None or file.project is None:
        return file.id if file else ""
    try:
        return read_project(loads(file.project)).id or file.id
    except InputError:
        return file.id


def _remove(path: Path) -> int:
    if path.is_dir():
        files = sum(1 for one in path.rglob("*") if one.is_file())
        shutil.rmtree(path)
        return files
    existed = path.exists()
    path.unlink(missing_ok=True)
    return int(existed)
