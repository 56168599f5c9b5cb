"""Faults that can be switched on per endpoint, to rehearse what a network does on a bad day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, cast, get_args

from core.errors import InputError
from core.hub.codec import Json, failure

Kind = Literal["latency", "status", "html", "cut", "half", "slow", "hang"]
Message = Any
App = Callable[[Any, Any, Any], Awaitable[None]]
MOST_SECONDS = 3_600.0
SLOW_PIECE = 64
PROMISED = 1_000_000
HTML = b"<!doctype html><title>Gateway</title><h1>The service is being moved</h1>"


@dataclass(slots=True)
class RehearsedFault:
    """One fault.

    Args:
        pattern: `METHOD /path` with `*` and `?`, for example `GET /v2/project/*/tasks` or `*`.
        kind: `latency` waits and then answers; `status` answers with that status; `html` answers
            with a page; `cut` breaks the connection within an answer; `half` does so in the middle
            of the real one; `slow` sends the real answer in small pieces; `hang` never answers.
        seconds: Wait of `latency`, and between the pieces of `slow`.
        status: Of `status` and `html`.
        retry_after: Header `Retry-After` of `status`, "" for none.
        times: How often it still happens; None until it is cleared.
        apply: Whether `cut` and `status` come only after the call was carried out.
    """

    pattern: str
    kind: Kind
    seconds: float = 1.0
    status: int = 500
    retry_after: str = ""
    times: int | None = None
    apply: bool = False

    def as_dict(self) -> dict[str, Json]:
        """As it is shown."""
        return {
            "pattern": self.pattern,
            "kind": self.kind,
            "seconds": self.seconds,
            "status": self.status,
            "retryAfter": self.retry_after,
            "times": self.times,
            "apply": self.apply,
        }


def read_fault(data: Json) -> RehearsedFault:
    """Read a fault from JSON.

    Raises:
        InputError: Something in it is wrong.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("pattern"), str):
        raise InputError("fault", "has no pattern.", "For example: GET /v2/project/*/tasks.")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in get_args(Kind):
        raise InputError("fault", "is of no known kind.", f"One of {', '.join(get_args(Kind))}.")
    seconds, status, times = data.get("seconds", 1.0), data.get("status", 500), data.get("times")
    if kind == "html" and "status" not in data:
        status = 200
    if not isinstance(seconds, (int, float)) or not 0 <= seconds <= MOST_SECONDS:
        raise InputError("fault", f"seconds is not between 0 and {MOST_SECONDS:g}.")
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise InputError("fault", "status is not between 200 and 599.")
    if times is not None and (not isinstance(times, int) or times < 1):
        raise InputError("fault", "times is not a whole number from 1.")
    after = data.get("retryAfter")
    return RehearsedFault(
        pattern=data["pattern"],
        kind=cast(Kind, kind),
        seconds=float(seconds),
        status=status,
        retry_after="" if after is None else str(after),
        times=times,
        apply=data.get("apply") is True,
    )


class Faults:
    """The faults that are switched on; used from the event loop only."""

    def __init__(self) -> None:
        self.active: list[RehearsedFault] = []

    def take(self, method: str, path: str) -> RehearsedFault | None:
        """The first fault that fits a request; it is used up when it was for so many times."""
        for fault in self.active:
            if fnmatchcase(f"{method} {path}", fault.pattern):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self.active.remove(fault)
                return fault
        return None


async def suffer(fault: RehearsedFault, app: App, scope: Any, receive: Any, send: Any) -> None:
    """Carry out a request under a fault."""
    if fault.kind == "latency":
        await asyncio.sleep(fault.seconds)
        await app(scope, receive, send)
    elif fault.kind == "hang":
        await _hang(receive)
    elif fault.kind == "half":
        await app(scope, receive, _Half(send))
    elif fault.kind == "slow":
        await app(scope, receive, _Slowly(send, fault.seconds))
    else:
        if fault.apply:
            await app(scope, receive, _nowhere)
        if fault.kind == "cut":
            # an answer that ends before what it promised: the server then closes the connection
            await _start(send, 200, b"application/json", PROMISED)
            await send({"type": "http.response.body", "body": b'{"stat', "more_body": True})
            return
        html = fault.kind == "html"
        body = HTML if html else failure(f"A fault was switched on: {fault.status}.")
        extra = [(b"retry-after", fault.retry_after.encode())] if fault.retry_after else []
        kind = b"text/html" if html else b"application/json"
        await _start(send, fault.status, kind, len(body), extra)
        await send({"type": "http.response.body", "body": body})


async def _start(
    send: Any, status: int, kind: bytes, length: int, extra: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % length), *(extra or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _nowhere(_: Message) -> None:
    """The answer is lost on its way."""


async def _hang(receive: Any) -> None:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


class _Half:
    """Sends the first half of an answer; the server then closes the connection."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self._left = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            length = dict(message["headers"]).get(b"content-length", b"0")
            self._left = int(length) // 2
            await self._send(message)
        elif message["type"] == "http.response.body":
            piece = message.get("body", b"")[: self._left]
            self._left -= len(piece)
            if piece:
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})


class _Slowly:
    def __init__(self, send: Any, seconds: float) -> None:
        self._send = send
        self._seconds = seconds

    async def __call__(self, message: Message) -> None:
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        for start in range(0, len(body), SLOW_PIECE):
            piece = body[start : start + SLOW_PIECE]
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(self._seconds)
        await self._send({"type": "http.response.body", "body": b"", "more_body": more})
