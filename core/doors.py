"""The doors of hub and dashboard: where they may listen, and which requests may come in.

Without sign-in whoever reaches a server may do all that it does. So it listens on this machine
alone, and answers what is asked on this machine by its own pages and by programs: not what the page
of somebody else asks there (`Origin`, `Sec-Fetch-Site`), not what comes under a name that was made
to lead here (`Host`, DNS rebinding), not what a proxy brings from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.gateway.hosts import is_loopback
from core.model.text import cut, one_line

HOSTS, SIGN_IN = "SWITCHYARD_HOSTS", "SWITCHYARD_SIGN_IN"
FORWARDING = {
    *("forwarded", "via", "x-real-ip", "x-client-ip", "x-original-host", "x-original-url"),
    *("true-client-ip", "cf-connecting-ip", "cf-ray"),
}
"""Headers that a proxy adds; besides these all that begin with `X-Forwarded`."""
MOST_SHOWN = 80
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HostName:
    """A name by which a server may be called.

    Args:
        name: In small letters, an IPv6 address without brackets.
        port: The only one under that name, or None for any.
    """

    name: str
    port: int | None


@dataclass(frozen=True, slots=True)
class ServerDoor:
    """What a server lets in.

    Args:
        server: What it calls itself in sentences.
        port: Where it listens.
        hosts: Names beside those of this machine; without sign-in those of this machine only, with
            the port of a tunnel.
        sign_in: Whether people sign in before they may do anything.
    """

    server: str
    port: int
    hosts: tuple[HostName, ...] = ()
    sign_in: bool = False

    def refusal(self, headers: Headers) -> str:
        """Why a request may not come in, with the next step; "" when it may.

        Args:
            headers: Names in small letters, and values, as they came.
        """
        pairs = list(headers)
        return self._by_proxy(pairs) or self._by_host(pairs) or self._by_page(pairs)

    def _by_proxy(self, headers: list[tuple[str, str]]) -> str:
        if self.sign_in and self._far:
            return ""
        name = forwarding(headers)
        if not name:
            return ""
        return (
            f"The request came through a proxy (header {name.title()}), so others than the "
            f"people of this machine could reach the {self.server}. {self._needed}"
        )

    def _by_host(self, headers: list[tuple[str, str]]) -> str:
        given = [value for name, value in headers if name == "host"]
        if len(given) == 1 and self._is_own(given[0], "http"):
            return ""
        shown = _shown(" and ".join(given) or "no host")
        return f"The request is for {shown}, which is no name of this {self.server}. {self._needed}"

    def _by_page(self, headers: list[tuple[str, str]]) -> str:
        asked = {name: value for name, value in headers if name.startswith("sec-fetch-")}
        for name, value in headers:
            scheme, mark, place = value.partition("://")
            if name == "origin" and not (mark and self._is_own(place, scheme)):
                return f"A page of {_shown(value)} asked; only pages of this {self.server} may."
        opens = asked.get("sec-fetch-mode") == "navigate"
        shows = opens and asked.get("sec-fetch-dest", "document") == "document"
        if asked.get("sec-fetch-site") in ("cross-site", "same-site") and not shows:
            return f"A page of another site asked; only pages of this {self.server} may."
        return ""

    @property
    def _far(self) -> bool:
        return any(not is_loopback(host.name) for host in self.hosts)

    @property
    def _needed(self) -> str:
        here = f"Open http://127.0.0.1:{self.port} on this machine"
        return f"{here}; a proxy needs sign-in ({SIGN_IN}), and its host in {HOSTS}."

    def _is_own(self, place: str, scheme: str) -> bool:
        """Whether an authority is one of this server's."""
        match = _PLACE.fullmatch(place)
        if match is None or scheme not in _DEFAULT_PORTS:
            return False
        name = match[1].strip("[]").lower()
        port = int(match[2]) if match[2] else _DEFAULT_PORTS[scheme]
        near = is_loopback(name)
        if near and port == self.port:
            return True
        may = self.hosts if self.sign_in or near else ()
        return any(host.name == name and host.port in (None, port) for host in may)


def forwarding(headers: Headers) -> str:
    """The first header that only a proxy adds; "" where a request came by none that says so.

    Args:
        headers: Names in small letters, and values.
    """
    names = (name for name, _ in headers)
    return next((n for n in names if n in FORWARDING or n.startswith("x-forwarded")), "")


def door_of(server: str, port: int, hosts: Sequence[str], sign_in: bool) -> ServerDoor:
    """The door of a server.

    Args:
        server: What it calls itself in sentences.
        port: Where it listens.
        hosts: As they stand in the settings.
        sign_in: Whether people sign in.

    Raises:
        InputError: One of the hosts is no name.
    """
    return ServerDoor(server, port, tuple(_host(text) for text in hosts), sign_in)


def refuse_open_door(address: str | None, sign_in: bool, source: str = "--address") -> None:
    """Refuse to listen where other machines can ask and nobody is asked who they are.

    Args:
        address: Where a server is to listen; none, or an empty one, is every address.
        sign_in: Whether people sign in.
        source: What the address was set by.

    Raises:
        InputError: Others could come in.
    """
    name = (address or "").strip().strip("[]").lower()
    if sign_in or is_loopback(name):
        return
    shown = _shown(name) if name else "every address"
    raise InputError(
        source,
        f"{shown} can be reached from other machines, and without sign-in all who do could do all.",
        "Listen on 127.0.0.1, and come from elsewhere through ssh -L PORT:127.0.0.1:PORT HOST; or "
        f"let people sign in ({SIGN_IN}=accounts).",
    )


def _host(text: str) -> HostName:
    match = _PLACE.fullmatch(text)
    if match is None:
        message = f"{_shown(text)} is no name of a host."
        raise InputError(
            HOSTS, message, "Give names with a comma between, such as hub.example.com."
        )
    return HostName(match[1].strip("[]").lower(), int(match[2]) if match[2] else None)


def _shown(text: str) -> str:
    return one_line(cut(text, MOST_SHOWN))
