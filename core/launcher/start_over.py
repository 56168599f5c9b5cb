"""Puts the demo back as it was packaged; what people made around it stays.

Everything that the hub keeps of the demo is replaced in one transaction, so whoever is stopped
leaves either the one or the other. Drafts, scenarios, backups, runs and images stay: drafts that
are older than the start over say so where they are listed.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from core import demo
from core.access.actions import Action
from core.errors import InputError
from core.gateway.cache import Cache
from core.launcher.images import FOLDER, images_of, put_images
from core.launcher.labour import forget_labour, only_one
from core.plugin_runs.model import FINAL
from core.settings import Settings
from core.store.hub import HubStore, open_hub
from core.store.hub_tasks import remove_project
from core.store.project_copy import copy_all
from core.store.tables.hub import outbox, projects
from core.store.tables.runs import runs

STATE, COPY = "packaged.db.gz", "copy"
LEVEL = 1
"""A tenth of the size, unpacked in a fraction of a second."""
RESTARTED = "demo-started-over"


def packaged_state(settings: Settings) -> Path:
    """A packed state file with the demo as packaged and nothing else; it may not be there yet."""
    return settings.data / FOLDER / STATE


def pack_state(made: Path, settings: Settings) -> None:
    """Keep a state file packed, whole or not at all, for every later start over."""
    kept = packaged_state(settings)
    unfinished = kept.with_name(f"{kept.name}.part")
    with made.open("rb") as plain, gzip.open(unfinished, "wb", LEVEL) as packed:
        shutil.copyfileobj(plain, packed)
    unfinished.replace(kept)


@contextmanager
def unpacked_state(settings: Settings) -> Iterator[Path]:
    """The packed state as a file of its own with the tables of today, while it is used."""
    with TemporaryDirectory(dir=settings.data / FOLDER) as folder:
        state = Path(folder) / "packaged.db"
        with gzip.open(packaged_state(settings)) as packed, state.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        open_hub(f"sqlite:///{state}").close()
        yield state


def started_over_at(store: HubStore) -> float:
    """When the demo was started over last, seconds since 1970; 0 for never."""
    return float(store.note(RESTARTED) or 0)


def start_over(settings: Settings, store: HubStore, host: str | None) -> float:
    """Put the demo back as packaged; returns how many seconds that took.

    Args:
        settings: Whose data folder it is.
        store: Its state, which lets go of its file once.
        host: Where the hub of this data folder answers, None while it does not run.

    Raises:
        InputError: Somebody works on the demo, a plugin runs on it, or it cannot be put back.
    """
    store.check(Action.START_OVER)
    began = store.clock()
    with only_one(settings.data, store):
        state = packaged_state(settings)
        if not state.exists():
            hint = "Use `python -m core demo reset` once; it makes the copy."
            raise InputError("The demo", "has no packaged copy in this data folder.", hint)
        with unpacked_state(settings) as plain:
            try:
                with store.write(Action.START_OVER, f"project {demo.PROJECT_ID}") as tx:
                    _refuse_running(tx)
                    images = images_of(tx, settings)
                    tx.execute(outbox.delete().where(outbox.c.project == demo.PROJECT_ID))
                    remove_project(tx, demo.PROJECT_ID)
                    put_packaged(tx, plain, store.now())
                    put_images(tx, images, store.now())
            finally:
                store.close()  # of the file that was attached
        forget_labour(store)
        store.take_note(RESTARTED, repr(store.clock()))
        _put_copy(settings, host)
    return store.clock() - began


def keep_copy(settings: Settings, host: str) -> None:
    """Keep what was just read of the demo as packaged, for every later start over."""
    cache = Cache(settings.hubs)
    kept = cache.get(host, demo.PROJECT_ID)
    if kept is not None:
        cache.save_as(kept, settings.data / FOLDER / COPY)


def _put_copy(settings: Settings, host: str | None) -> None:
    """Give the pages what they would read now, so that they need not wait for it."""
    saved = settings.data / FOLDER / COPY
    if host is not None and saved.exists():
        Cache(settings.hubs).take_from(saved, host, demo.PROJECT_ID)


def _refuse_running(tx: sa.Connection) -> None:
    going = (runs.c.project == demo.PROJECT_ID) & runs.c.state.not_in(FINAL)
    if tx.execute(sa.select(runs.c.session).where(going).limit(1)).first() is not None:
        raise InputError("The demo", "a plugin works on it.", "Cancel the run, or wait for it.")


def put_packaged(tx: sa.Connection, state: Path, at: str) -> None:
    """Add the demo from the state file that holds it; see `project_copy.copy_all`.

    Raises:
        InputError: Another project has ids of the demo.
    """
    try:
        copy_all(tx, state)
    except sa.exc.IntegrityError as error:
        hint = "Remove that project from the local hub first."
        raise InputError("The demo", "another project has its tasks.", hint) from error
    same = projects.c.id == demo.PROJECT_ID
    tx.execute(projects.update().where(same).values(created_at=at))
