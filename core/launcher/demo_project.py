"""Puts the demo into a local hub, once: its project, its images, its plugin.

What somebody removed afterwards does not come back.
"""

from __future__ import annotations

from contextlib import suppress

import requests

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.demo import pixels, shapes
from core.errors import InputError
from core.hub.projects.adding import add_project
from core.store.hub import HubStore
from core.store.plugins import Registry

DONE = "demo"


def add_demo_project(store: HubStore) -> str | None:
    """Add the packaged project; returns its id, or None when that was done before."""
    if store.note(DONE) is not None:
        return None
    project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    with suppress(InputError):  # somebody has added it by hand
        add_project(store, project.name, demo.PROJECT, demo.EXPORT, new_ids=False)
    return project.id


def finish_demo(store: HubStore, registry: Registry, url: str, project: str) -> str | None:
    """Add the images and the plugin of the demo to a hub that answers.

    Returns:
        What could not be done, in words, or None.
    """
    try:
        pixels.add(url, store.secret("key").reveal(), project)
    except requests.RequestException as error:
        return f"The demo's images could not be added ({type(error).__name__})."
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
