"""What an endpoint is: who answers it, what it understands, whom it is open to, what it changes.

A call carries the route that was matched; whoever wants to know something of it asks the route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from core.access.actions import Action

ANYTHING = "*"
"""As the body of a route: a document that is kept as it comes, or a file."""

Effect = Literal["reads", "writes", "uploads", "imports", "annotates"]
"""`uploads` gives a link to write to; a dry run keeps aside what `imports` and `annotates`."""

Opens = Literal["project", "shared", "speech", "machine"]
"""Beside the hub's own key, that of a run opens a route: for the run's own project; also without a
project, to read what all projects share; always, since a plugin speaks there; or never, and the
hub's own key on this machine only."""


@dataclass(frozen=True, slots=True)
class Only:
    """A parameter of Ango Hub of which this hub understands some values alone.

    Args:
        values: Those, in small letters.
        reason: A sentence: why it does nothing else.
    """

    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint.

    Args:
        method: HTTP method; "" is any.
        path: Its path in Starlette's spelling. A name in braces says what the call is about:
            `project`, `task`, `issue` and `entry` (of a task's history) lead to a project.
        handler: From `Call` to JSON; None where only Ango Hub has an answer.
        effect: What a call changes.
        opens: To whom.
        query: Names of the query parameters that the handler reads, blanks between; with
            `ANYTHING` among them others are let pass.
        body: Names of the keys of the JSON body that the handler reads, or `ANYTHING`.
        only: Query parameters and keys whose values are checked here and read nowhere.
        forwarded: Whether a call is forwarded when its project lives on Ango Hub.
        action: What a call that changes something is for the person who makes it.
        lists: Which of a project's lists it is, "" for none; a canary sees a part of it.
    """

    method: str
    path: str
    handler: Callable[[Any], Any] | None
    effect: Effect
    opens: Opens
    query: str = ""
    body: str = ""
    only: Mapping[str, Only] = field(default_factory=dict)
    forwarded: bool = True
    action: Action | None = None
    lists: Literal["", "assets", "tasks"] = ""

    @property
    def needs(self) -> Action:
        """What a person must be allowed to do; what no row names changes a project."""
        return self.action or Action.PROJECT_CHANGE

    @property
    def is_kept_aside(self) -> bool:
        """Whether a dry run keeps what the call would change."""
        return self.effect in ("imports", "annotates")

    def under(self, method: str) -> Route:
        """The same path by a method that this hub does not answer; Ango Hub may."""
        reads = method == "GET" or (self.effect == "reads" and self.method not in ("GET", ""))
        effect: Effect = "reads" if reads else "writes"
        return replace(self, method=method, handler=None, effect=effect, lists="")


NOWHERE = Route("", "", None, "writes", "project", forwarded=False)
"""Of a call that no route fits."""
