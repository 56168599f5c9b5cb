"""The demo as the local hub has it; the packaged file where no hub ever had it."""

from __future__ import annotations

from urllib.parse import urlsplit

from core import demo
from core.gateway.cache import CachedProject
from core.gateway.hosts import is_loopback
from core.hub.lock import last_hub
from core.store.hub import HubProject, find_project
from pages._ui.services import connected_hub, services


def demo_on_hub() -> HubProject | None:
    """The demo in the state of this data folder's hub, whether that runs or not."""
    with services().hub.read() as tx:
        return find_project(tx, demo.PROJECT_ID)


def demo_copy() -> CachedProject | None:
    """The demo as it was last read from the local hub; None where the packaged file is shown.

    It is never of another hub than that of this data folder, so nothing that is done with the demo
    can reach Ango Hub.
    """
    if demo_on_hub() is None:
        return None
    address = last_hub(services().settings.data, services().hub)
    return services().hubs.get(address, demo.PROJECT_ID) if address is not None else None


def is_demo_copy(copy: CachedProject) -> bool:
    """Whether a kept project is the demo of a local hub."""
    here = is_loopback(urlsplit(copy.host).hostname or "")
    return here and copy.project_id == demo.PROJECT_ID


def place_words() -> str:
    """Where the demo on show comes from, in a sentence."""
    runs = connected_hub() is not None
    if demo_copy() is not None:
        if runs:
            return "On the local hub. Nothing here reaches Ango Hub."
        return "As it was last read from the local hub, which does not run now."
    if runs and demo_on_hub() is not None:
        return "The packaged copy, until the local hub's own is read."
    if runs:
        return "The packaged copy: the local hub has no demo, so nothing can be published."
    return "The packaged copy: no local hub runs here, so nothing can be published."
