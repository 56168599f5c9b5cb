"""The page of runs before there is one: what it will show, and the one button that fills it."""

from __future__ import annotations

import streamlit as st

from core.demo import pixels
from core.errors import SwitchyardError
from core.launcher.demo_run import demo_request
from core.plugin_runs.model import RunRequest
from pages._ui import starting
from pages._ui.empty import empty
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.runs import open_run
from pages._ui.services import local_hub, services

WHAT = (
    "Every run of a plugin will stand here, newest first: how far it is, what it said, and its "
    "labels on the images. A **dry run** keeps its labels aside: look at them, then apply or "
    "discard them. "
)


def runs_empty(what: str = WHAT, images: str = pixels.BATCH) -> None:
    """Show it.

    Args:
        what: What the page will show.
        images: Batch of the demo that its run is about.
    """
    store, registry = services().hub, services().registry
    request = demo_request(store, registry, images) if local_hub() else None
    if request is not None:
        words = (
            "The demo brings a plugin and images along; its dry run takes some seconds and writes "
            "nothing."
        )
        empty(what + words, "Dry run of the demo's plugin", lambda: _start(request),
              key("runs.demo"), "visibility")  # fmt: skip
        return
    where, words, label, icon = _way()
    empty(what + words, label, lambda: st.switch_page(where), key("runs.begin"), icon)


def _start(request: RunRequest) -> None:
    try:
        session = services().runs.start(request).session
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    open_run(session)


def _way() -> tuple[str, str, str, str]:
    """Where to begin, with a sentence, a label and an icon."""
    if not services().registry.list():
        words = "No plugin is registered yet: register yours, then start its script."
        return "pages/plugins/registry.py", words, "Register a plugin", "extension"
    if not starting.projects():
        words = "A plugin is registered, and it has no project to work on yet."
        return "pages/project/connect.py", words, "Connect a project", "link"
    words = "A plugin and a project are there: choose what it labels, and begin with a dry run."
    return "pages/plugins/start.py", words, "Set up a dry run", "play_circle"
