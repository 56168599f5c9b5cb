"""Looks at the workflow as the hub has it now: nothing is written over what was not seen."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.errors import SwitchyardError
from core.gateway.cache import CachedProject
from core.gateway.hosts import is_loopback
from core.gateway.protocol import Gateway
from pages._ui.markdown_escape import plain
from pages._ui.state import current


def is_local(kept: CachedProject | None) -> bool:
    """Whether a project is of the local hub."""
    return kept is not None and is_loopback(urlsplit(kept.host).hostname or "")


def look_at_hub(
    gateway: Gateway | None, kept: CachedProject | None, where: str, local: bool
) -> bool:
    """Offer a look; the local hub, which costs nothing to ask, is looked at by itself.

    Args:
        gateway: The hub, None without its key.
        kept: The project as it was read, None where it is of no hub.
        where: The hub, as a sentence calls it.
        local: Whether it is the local hub.

    Returns:
        Whether what was seen is of this project.
    """
    if gateway is None or kept is None:
        return _is_fresh(kept)
    if local and not _is_fresh(kept):
        _look(gateway, kept)
    again = _is_fresh(kept)
    if st.button(
        f"Look at {where} {'again' if again else 'now'}",
        type="secondary" if again else "primary",
        key="publish.look",
    ):
        _look(gateway, kept)
    return _is_fresh(kept)


def _is_fresh(kept: CachedProject | None) -> bool:
    seen = current().seen
    return seen is not None and kept is not None and seen.id == kept.project_id


def _look(gateway: Gateway, kept: CachedProject) -> None:
    try:
        current().seen = gateway.read_project(kept.project_id)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
