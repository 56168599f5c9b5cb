"""Where Ango Hub can be: its public hosts, and what is accepted as another one."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from core.errors import InputError

HOSTS = {
    "Europe": "https://imeritapi.ango.ai",
    "United States": "https://us-api.ango.ai",
    "India": "https://in-api.ango.ai",
    "Test": "https://testapi.ango.ai",
}
"""Public hosts by the name that people know them by."""

_EXAMPLE = f"Give it as {HOSTS['Europe']}."


def clean_host(text: str) -> str:
    """The origin that requests go to, from what somebody typed.

    Raises:
        InputError: It is no address, or one to which the key would travel unencrypted.
    """
    typed = text.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise InputError("host", "is not an address.", _EXAMPLE) from error
    named = name is not None and re.fullmatch(r"[\w.:-]+", name) is not None
    if not name or not named or parts.scheme not in ("http", "https") or parts.username is not None:
        raise InputError("host", "is not an address of the form https://name.", _EXAMPLE)
    if parts.path.rstrip("/") not in ("", "/v2") or parts.query or parts.fragment:
        raise InputError("host", f"has a path behind its name: {parts.path}.", _EXAMPLE)
    if parts.scheme == "http" and not is_loopback(name):
        message = "begins with http://, so your key would travel unencrypted."
        raise InputError("host", message, "Use https://.")
    shown = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}"


def is_loopback(name: str) -> bool:
    """Whether a host name is this machine."""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def same_hub(one: str, other: str) -> bool:
    """Whether two addresses are one hub; the local hub of a data folder may change its port."""
    names = [urlsplit(host).hostname or "" for host in (one, other)]
    return one == other or all(is_loopback(name) for name in names)
