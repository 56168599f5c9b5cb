"""A call is carried out when its route understands all of it; else it is refused.

A parameter that is not listed would be ignored without a word, which looks like an answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.hub.call import Call, Refused
from core.hub.codec import Json
from core.hub.route import ANYTHING, Route


def carry_out(route: Route, call: Call) -> Json:
    """The answer of a call.

    Raises:
        Refused: 404, the route has no answer here; 400, it does not understand something in the
            call, with the name, and the names that it knows.
    """
    if route.handler is None:
        raise Refused(404, f"Not implemented by local hub: {call.method} {call.path}")
    _check(route, call, "parameter", route.query, dict(call.query))
    if route.body != ANYTHING and call.body.strip():
        _check(route, call, "key", route.body, call.data())
    return route.handler(call)


def _check(route: Route, call: Call, what: str, known: str, sent: Mapping[str, object]) -> None:
    names = known.split()
    for name, value in sent.items():
        if value is None or name in names:
            continue
        only = route.only.get(name)
        if only is None and ANYTHING in names:
            continue
        if only is None:
            message = f"{call.method} {call.path} has no {what} {name[:80]} on this hub."
            all_names = ", ".join([*names, *route.only]) or "none"
            raise Refused(400, message, f"It knows {all_names}.")
        if only.values and str(value).strip().casefold() not in only.values:
            raise Refused(400, f"{name}={str(value)[:80]}: {only.reason}")
