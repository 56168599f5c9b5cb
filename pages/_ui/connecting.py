"""Keys and gateways of this session; a key stays in memory and is shown nowhere."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from core.access.acting import acting
from core.errors import InputError
from core.gateway.connect import connect
from core.gateway.hosts import HOSTS, clean_host
from core.gateway.protocol import Gateway
from core.secret import VARIABLE, Secret, key_from_environment
from pages._ui.services import connected_hub, services
from pages._ui.state import current

LOCAL = "This machine (local hub)"
OTHER = "Another address"
LOCAL_HOST = "http://127.0.0.1:8600"
PLACES = {**HOSTS, LOCAL: LOCAL_HOST, OTHER: ""}
"""Hosts by the name in the picker."""


def key_place(place: str) -> str:
    """Where the key of a host in the picker is to be found."""
    if place == LOCAL:
        return "printed by python -m core hub when it starts"
    return "Account → API in Ango Hub"


def configured_key() -> Secret | None:
    """The key of the environment or of `.streamlit/secrets.toml`, if there is one to be used."""
    try:
        return _configured_key()
    except InputError:
        return None


def configured_badly() -> str | None:
    """What is wrong with the configured key, or None."""
    try:
        _configured_key()
    except InputError as error:
        return f"The key in this server's settings ({VARIABLE}) cannot be used. {error}"
    return None


def _configured_key() -> Secret | None:
    secret = key_from_environment()
    if secret is not None:
        return secret
    try:
        text = str(st.secrets.get(VARIABLE, ""))
    except StreamlitSecretNotFoundError:
        return None
    return Secret(text) if text.strip() else None


def key_for(host: str) -> Secret | None:
    """The key that this session has for a host.

    A configured key is Ango Hub's; it is not offered to other addresses, nor where people sign in:
    there everybody brings their own. That of the local hub of
    this data folder is for the address at which that very hub answers.
    """
    typed = current().keys.get(host)
    if typed is not None:
        return typed
    if host in HOSTS.values():
        return None if acting().has_account else configured_key()
    hub = connected_hub()
    return hub.key if hub is not None and hub.url == host else None


def is_local(host: str | None) -> bool:
    """Whether this is the local hub of this data folder, which connects itself."""
    hub = connected_hub()
    return hub is not None and hub.url == host


def remember_key(host: str, text: str) -> None:
    """Hold a typed key for a host until the session ends.

    Raises:
        InputError: It cannot be a key.
    """
    current().keys[clean_host(host)] = Secret(text)


def gateway_to(host: str) -> Gateway | None:
    """A gateway under this session's key; None when there is no key."""
    address = clean_host(host)
    key = key_for(address)
    if key is None:
        return None
    return connect(address, key, services().settings)
