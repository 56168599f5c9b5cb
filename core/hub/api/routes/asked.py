"""What a route understands, said where it is listed; anything else in a call is refused.

A parameter that is not listed would be ignored without a word, which looks like an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.hub.call import Call, Handler, Refused

ANYTHING = "*"
"""As the body of a route: a document that is kept as it comes, or a file."""


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
        method: HTTP method.
        path: Its path, with names in braces.
        handler: Answers it.
        query: Names of the query parameters that the handler reads, blanks between; with
            `ANYTHING` among them others are let pass.
        body: Names of the keys of the JSON body that the handler reads, or `ANYTHING`.
        only: Query parameters and keys whose values are checked here and read nowhere.
    """

    method: str
    path: str
    handler: Handler
    query: str = ""
    body: str = ""
    only: Mapping[str, Only] = field(default_factory=dict)

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches the paths of its calls."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))

    def check(self, call: Call) -> None:
        """Refuse what the route does not understand.

        Raises:
            Refused: 400, with the name, and the names that it knows.
        """
        self._check(call, "parameter", self.query, dict(call.query))
        if self.body != ANYTHING and call.body.strip():
            self._check(call, "key", self.body, call.data())

    def _check(self, call: Call, what: str, known: str, sent: Mapping[str, object]) -> None:
        names = known.split()
        for name, value in sent.items():
            if value is None or name in names:
                continue
            only = self.only.get(name)
            if only is None and ANYTHING in names:
                continue
            if only is None:
                message = f"{call.method} {call.path} has no {what} {name[:80]} on this hub."
                all_names = ", ".join([*names, *self.only]) or "none"
                raise Refused(400, message, f"It knows {all_names}.")
            if only.values and str(value).strip().casefold() not in only.values:
                raise Refused(400, f"{name}={str(value)[:80]}: {only.reason}")
