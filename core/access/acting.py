"""Who acts now: set at the edges, asked where something is written.

The edges are the command line, a session of the dashboard, and a call of the hub. What no edge has
set is the one person of a Switchyard without sign-in: the user of the operating system.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from core.access.actions import Action
from core.access.roles import Role
from core.errors import Forbidden

LOCAL, MACHINE, NOBODY = "this machine", "Switchyard itself", "not signed in"
PASSWORD, OPENID, HUB_KEY, RECOVERY = "password", "OpenID Connect", "hub key", "recovery"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts.

    Args:
        name: Of the account, of the provider, or of the system's user.
        role: What they were when they signed in.
        way: How they signed in, one of the words of this module.
        has_account: Whether an account says the role; it is asked again at every change.
    """

    name: str
    role: Role
    way: str
    has_account: bool = False

    def may(self, action: Action) -> bool:
        """Whether the role is enough."""
        return self.role.covers(action.least)


SYSTEM = Actor("switchyard", Role.ADMIN, MACHINE)
"""The launcher, where it does what a person could do: it adds the demo."""
STRANGER = Actor("nobody", Role.VIEWER, NOBODY)
"""Whoever looks at a page before signing in."""

_now: ContextVar[Actor | None] = ContextVar("acting", default=None)
_sessions: list[Callable[[], Actor | None]] = []


@cache
def local_actor() -> Actor:
    """The user of the operating system, who may everything where nobody needs to sign in."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        name = "local user"
    return Actor(name, Role.ADMIN, LOCAL)


def acting() -> Actor:
    """Who acts."""
    person = _now.get()
    if person is None and _sessions:
        person = _sessions[-1]()
    return local_actor() if person is None else person


@contextmanager
def acting_as(person: Actor) -> Iterator[None]:
    """Act as somebody for some lines, in this thread."""
    before = _now.set(person)
    try:
        yield
    finally:
        _now.reset(before)


def sign_on(person: Actor) -> None:
    """Act as somebody from now on, in this thread: a command has one person."""
    _now.set(person)


def ask_sessions(whose: Callable[[], Actor | None]) -> None:
    """Let a server of pages say whose session the running code belongs to; None: nobody's."""
    _sessions[:] = [whose]


def refuse_unless_may(person: Actor, action: Action) -> None:
    """The one place where a role is held against an action.

    Raises:
        Forbidden: The role is not enough.
    """
    if person.may(action):
        return
    if person.way == NOBODY:
        raise Forbidden(f"Nobody is signed in, so nobody may {action.words}.", "Sign in first.")
    message = f"{person.name} is {person.role.words} and may not {action.words}."
    raise Forbidden(message, f"It needs {action.who}; an admin can give the role.")
