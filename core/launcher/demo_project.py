"""Puts the demo into a local hub, once: its project, its images, its plugin.

What somebody removed afterwards does not come back.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from core import demo
from core.access.acting import SYSTEM, acting_as
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.demo import pixels, shapes
from core.demo.by_hand import add_by_hand
from core.errors import InputError, SwitchyardError
from core.gateway.cache import Cache, open_project
from core.gateway.connect import connect
from core.hub.projects.adding import add_project
from core.launcher.images import date_by_hand
from core.launcher.start_over import pack_state, packaged_state, put_packaged, unpacked_state
from core.settings import Settings
from core.store.hub import HubStore, find_project, open_hub
from core.store.hub_tasks import changed_since
from core.store.person_keys import own_key
from core.store.plugins import Registry
from core.store.tables.hub import projects

DONE = "demo"
SEED = 2026
"""Of the demo's random rules on a hub."""


def add_demo_project(store: HubStore, settings: Settings) -> str | None:
    """Add the packaged project; returns its id, or None when that was done before."""
    if store.note(DONE) is not None:
        return None
    with suppress(InputError):  # somebody has added it by hand
        add_packaged(store, settings)
    return demo.PROJECT_ID


def add_packaged(store: HubStore, settings: Settings) -> None:
    """Add the project as packaged; its draws are the same in every data folder.

    A state file with nothing but the packaged project is made on the way; `start_over` takes it.

    Raises:
        InputError: It is there already.
    """
    make_packaged_state(settings)
    with unpacked_state(settings) as state:
        with store.work() as tx:
            if find_project(tx, demo.PROJECT_ID) is not None:
                raise InputError(demo.PROJECT_ID, "is in this data folder already.")
            put_packaged(tx, state, store.now())
        store.close()  # of the file that was attached


def make_packaged_state(settings: Settings) -> None:
    """Make the packed state file with the demo as packaged, where it is missing."""
    kept = packaged_state(settings)
    kept.with_suffix("").unlink(missing_ok=True)  # as an earlier version kept it, unpacked
    if kept.exists():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=kept.parent) as folder, acting_as(SYSTEM):
        plain = Path(folder) / "made.db"
        made = open_hub(f"sqlite:///{plain}")
        _add(made)
        made.close()
        pack_state(plain, settings)


def _add(store: HubStore) -> None:
    project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    add_project(store, project.name, demo.PROJECT, demo.EXPORT, new_ids=False)
    with store.work() as tx:
        same = projects.c.id == demo.PROJECT_ID
        tx.execute(projects.update().where(same).values(seed=SEED))


def finish_demo(store: HubStore, registry: Registry, url: str, project: str) -> str | None:
    """Add the images, some of them labelled, and the plugin of the demo to a hub that answers.

    Returns:
        What could not be done, in words, or None.
    """
    try:
        key = own_key(store, SYSTEM) or store.secret("key")
        pixels.add(url, key.reveal(), project)
        if add_by_hand(url, key.reveal(), project):
            with store.work() as tx:
                date_by_hand(tx)
    except requests.RequestException as error:
        return f"The demo's images could not be added ({type(error).__name__})."
    with acting_as(SYSTEM):
        registry.add(
            shapes.NAME,
            shapes.CLASSES,
            shapes.DESCRIPTION,
            shapes.CONFIG,
            shapes.SCHEMA,
            script=str(shapes.SCRIPT),
        )
    store.take_note(DONE, project)
    return None


def read_demo(settings: Settings, store: HubStore, url: str) -> str | None:
    """Read the demo from the hub for the pages, unless what they have is as new.

    Args:
        settings: Whose data directory it is.
        store: Its state.
        url: Where its hub answers.

    Returns:
        What could not be done, in words, or None.
    """
    cache = Cache(settings.hubs)
    kept = cache.get(url, demo.PROJECT_ID)
    with store.read() as tx:
        if find_project(tx, demo.PROJECT_ID) is None:
            return None
        if kept is not None and not changed_since(tx, demo.PROJECT_ID, kept.asked_at):
            return None
    try:
        gateway = connect(url, store.secret("key"), settings)
        open_project(gateway, cache, demo.PROJECT_ID, refresh=True)
    except SwitchyardError as error:
        return f"The demo could not be read from the hub. {error}"
    return None
