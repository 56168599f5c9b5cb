"""Looks at a hub's tasks for an operation: nothing is done to tasks that were not seen."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.bulk.situation import Needs, Situation, look
from core.errors import SwitchyardError
from core.gateway.cache import CachedProject
from core.gateway.hosts import is_loopback
from core.gateway.protocol import Gateway
from core.model.project import Project
from pages._ui.markdown_escape import plain
from pages.workflow.parts.bulk_preview import stale_view


def on_this_machine(kept: CachedProject) -> bool:
    """Whether a project is of a hub on this machine, which costs nothing to ask."""
    return is_loopback(urlsplit(kept.host).hostname or "")


def project_seen(kept: CachedProject) -> Project | None:
    """The project as it was last looked at here; None before."""
    at, seen, _ = st.session_state.get("bulk.seen", (None, None, None))
    return seen.project if at == (kept.host, kept.project_id) else None


def look_at_tasks(
    gateway: Gateway, kept: CachedProject, needs: Needs, where: str, local: bool
) -> Situation | None:
    """Offer a look; the local hub, which costs nothing to ask, is looked at by itself.

    Args:
        gateway: The hub.
        kept: Which project.
        needs: What the operation in hand has to read.
        where: The hub, as a sentence calls it.
        local: Whether it is the local hub.

    Returns:
        What was seen; None where it has to be looked at first, or again.
    """
    if local and _seen(kept, needs) is None and "bulk.stale" not in st.session_state:
        _read(gateway, kept, needs, where)
    again = _seen(kept, needs) is not None
    label = "Look again" if again else f"Look at {where} now"
    if st.button(label, type="secondary" if again else "primary", key="bulk.look"):
        st.session_state.pop("bulk.done", None)
        _read(gateway, kept, needs, where)
    if "bulk.stale" in st.session_state:
        stale_view(st.session_state["bulk.stale"])
        return None
    seen = _seen(kept, needs)
    if seen is None:
        st.caption("Look at the hub first; nothing is done to tasks that were not seen.")
    return seen


def _seen(kept: CachedProject, needs: Needs) -> Situation | None:
    at, seen, read_for = st.session_state.get("bulk.seen", (None, None, None))
    enough = at == (kept.host, kept.project_id) and read_for.covers(needs)
    return seen if enough else None


def _read(gateway: Gateway, kept: CachedProject, needs: Needs, where: str) -> None:
    st.session_state.pop("bulk.stale", None)
    try:
        with st.spinner(f"Reading the tasks from {where}"):
            seen = look(gateway, gateway.read_project(kept.project_id), needs)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state["bulk.seen"] = ((kept.host, kept.project_id), seen, needs)
