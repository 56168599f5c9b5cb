"""Lets plugins work on a project of Ango Hub: the local hub forwards its calls."""

from __future__ import annotations

import streamlit as st

from core.errors import InputError, SwitchyardError
from core.gateway.handover import LocalHub
from core.store.hub import SANDBOX, HubProject
from pages._ui import starting
from pages._ui.connecting import key_for
from pages._ui.markdown_escape import plain
from pages._ui.services import connected_hub, local_hub
from pages._ui.state import current, opened


def upstream_offer(chosen: HubProject | None) -> None:
    """Offer it for the project on show, and for a chosen one whose key the hub has lost.

    Args:
        chosen: The project of the start in hand, None without one.
    """
    here, url = opened(), local_hub()
    project = here.hub
    if project is None:
        if chosen is not None and chosen.backend != SANDBOX:
            st.warning(
                f"“{plain(chosen.name)}” lives on Ango Hub. Open it on the page Connect, so that "
                "its classes are known and the local hub can be given your key.",
                icon=":material/cloud_off:",
            )
        return
    known = starting.projects().get(project.project_id)
    if url is None or (known is not None and known.backend == SANDBOX):
        return  # it lives here, under whatever address the hub had then
    own = connected_hub()
    if own is None:
        return
    hub = LocalHub(own.url, own.key)
    try:
        has_key = hub.knows_key(project.host)
    except InputError as error:
        words = f"For plugins to work on “{project.name}”: {error}"
        st.info(plain(words), icon=":material/cloud:")
        return
    except SwitchyardError as error:
        st.warning(plain(str(error)), icon=":material/error:")
        return
    if has_key and known is not None:
        return
    key = key_for(project.host)
    st.info(
        f"“{plain(project.name)}” lives on {project.host}. The local hub forwards the calls of "
        "plugins there under your key, which it keeps in memory until it stops. A dry run writes "
        "nothing.",
        icon=":material/cloud:",
    )
    if st.button("Let plugins work on it", disabled=key is None, key="start.forward"):
        try:
            if key is not None:
                hub.hand_over(project.host, project.project_id, project.name, key)
        except SwitchyardError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        current().notice = f"Plugins can work on {project.name} now."
        st.rerun()
    if key is None:
        st.caption("Enter your key on the page Connect first.")
