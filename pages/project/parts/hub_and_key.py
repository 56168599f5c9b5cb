"""Which hub, and under which key; the local hub of this data folder connects itself."""

from __future__ import annotations

import streamlit as st

from core.errors import SwitchyardError
from core.gateway.job import Job
from core.gateway.protocol import ProjectEntry
from pages._ui import connecting, starting
from pages._ui.markdown_escape import host_name, plain
from pages._ui.reading import failed, follow
from pages._ui.services import connected_hub
from pages._ui.state import current


def connect_local_hub() -> None:
    """Show the local hub as connected wherever no other hub was asked for."""
    state, hub = current(), connected_hub()
    if hub is None or state.connected not in (None, hub.url) or "test" in state.jobs:
        return
    state.connected = hub.url
    known = starting.projects().values()
    state.projects = tuple(ProjectEntry(project.id, project.name) for project in known)


def hub_and_key() -> None:
    """Ask for them, and test them."""
    st.subheader("Hub and key")
    places = list(connecting.PLACES)
    usual = connecting.LOCAL if connected_hub() else places[0]
    place = st.selectbox(
        "Where your Ango Hub is", places, index=places.index(usual), key="connect.place"
    )
    hub = connected_hub()
    if place == connecting.LOCAL and hub is not None:
        _local(hub.url)
        return
    host = connecting.PLACES[place]
    if place == connecting.OTHER:
        host = st.text_input("Address", placeholder="https://api.example.com", key="connect.host")
    if wrong := connecting.configured_badly():
        st.warning(plain(wrong), icon=":material/key_off:")
    known = connecting.key_for(host) if host else None
    if known is not None:
        where = (
            "from the settings of this server"
            if known == connecting.configured_key()
            else "in memory"
        )
        st.caption(f":material/key: A key for this host is {where}.")
    _test(place, host, known is not None)


def _local(url: str) -> None:
    state = current()
    st.markdown(f":material/check_circle: **Connected** to {host_name(url)}")
    st.caption("The local hub of this data folder connects itself; no key is needed.")
    if state.connected != url and st.button("Show its projects", key="connect.local"):
        state.connected = None
        st.rerun()


def _test(place: str, host: str, has_key: bool) -> None:
    state = current()
    if state.connected is not None and st.session_state.pop("connect.clear", False):
        st.session_state["connect.key"] = ""
    typed = st.text_input(
        "API key",
        type="password",
        placeholder="leave empty to keep the key" if has_key else connecting.key_place(place),
        help="It stays in this server's memory until you close the page; it is never saved.",
        key="connect.key",
    )
    done = state.connected is not None and not connecting.is_local(state.connected)
    if st.button("Test the connection", type="secondary" if done else "primary",
                 disabled=not host, key="connect.test"):  # fmt: skip
        state.connected, state.projects = None, ()
        try:
            if typed:
                connecting.remember_key(host, typed)
            asked = connecting.gateway_to(host)
        except SwitchyardError as error:
            failed(error, "What was open stays open.")
        else:
            if asked is None:
                st.warning("Enter your API key first.", icon=":material/key:")
            else:
                state.jobs["test"] = Job(lambda *_, hub=asked: (hub.host, hub.list_projects()))
    if tested := follow("test"):
        try:
            state.connected, state.projects = tested.result()
            st.session_state["connect.clear"] = True
            st.rerun()
        except SwitchyardError as error:
            failed(error, "What was open stays open.")
