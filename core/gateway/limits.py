"""How often and how many at once: one token bucket and four places, shared by all who ask a hub."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from core.errors import Cancelled

AT_ONCE = 4
WINDOW_SECONDS = 60.0
SLICE_SECONDS = 0.25

Cancel = Callable[[], bool]
"""Asked now and then; true stops the work with `Cancelled`."""


def never() -> bool:
    """Nobody cancels."""
    return False


class TokenBucket:
    """Gives out requests so that no 60 seconds see more than `per_minute` of them.

    A fifth may go at once; the rest flows in evenly, so burst and flow together keep the limit in
    every window, wherever the hub lets its minute begin.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = max(1, per_minute // 5)
        # one request per minute has no room for a burst and a flow
        self._gap = WINDOW_SECONDS / max(per_minute - self._burst, 0.999)
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at = clock()

    def reserve(self) -> float:
        """Take the next request; returns the seconds to wait before it may go."""
        with self._lock:
            now = self._clock()
            self._full_at = max(self._full_at, now) + self._gap
            return max(0.0, self._full_at - now - self._burst * self._gap)

    def pause(self, seconds: float) -> None:
        """Let nobody ask for some time, as the hub wished."""
        with self._lock:
            until = self._clock() + seconds + (self._burst - 1) * self._gap
            self._full_at = max(self._full_at, until)


class Limits:
    """What all requests to one hub share.

    Args:
        per_minute: Requests in any 60 seconds.
        at_once: Requests under way at the same time.
        clock: Seconds that never go back.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        per_minute: int = 100,
        at_once: int = AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.bucket = TokenBucket(per_minute, clock)
        self._places = threading.BoundedSemaphore(at_once)
        self._sleep = sleep

    @contextmanager
    def request(self, cancelled: Cancel = never) -> Iterator[None]:
        """Hold one of the places for one request, after waiting for its turn."""
        self.wait(self.bucket.reserve(), cancelled)
        while not self._places.acquire(timeout=SLICE_SECONDS):
            if cancelled():
                raise Cancelled
        try:
            yield
        finally:
            self._places.release()

    def wait(self, seconds: float, cancelled: Cancel = never) -> None:
        """Wait, in slices, so that a cancel is noticed.

        Raises:
            Cancelled: Somebody asked to stop.
        """
        left = seconds
        while True:
            if cancelled():
                raise Cancelled
            if left <= 0:
                return
            self._sleep(min(left, SLICE_SECONDS))
            left -= SLICE_SECONDS


@lru_cache(maxsize=64)
def shared_limits(host: str, per_minute: int) -> Limits:
    """The limits of one hub in this process: it counts requests, whatever window they come from."""
    del host  # stands in the key only
    return Limits(per_minute)
