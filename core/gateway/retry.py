"""When a request that changes nothing is asked again, and after how long."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from core.errors import GatewayError, HubFailed, TimedOut, TooManyRequests, Unreachable
from core.gateway.limits import Cancel, Limits, never

Answer = TypeVar("Answer")

NOT_IMPLEMENTED = 501


@dataclass(frozen=True, slots=True)
class Retries:
    """Exponential backoff with full jitter.

    Args:
        tries: How often a request is made at most.
        tries_timed_out: The same where the hub did not answer in time, which is slow to find out.
        first_seconds: Upper end of the first wait; it doubles with each.
        most_seconds: Upper end of any wait. A hub that wants a longer one is not asked again.
        chance: A number from 0 to 1.
    """

    tries: int = 4
    tries_timed_out: int = 2
    first_seconds: float = 0.5
    most_seconds: float = 60.0
    chance: Callable[[], float] = random.random

    def run(self, ask: Callable[[], Answer], limits: Limits, cancelled: Cancel = never) -> Answer:
        """Ask, and again where that may help. Only for requests that change nothing.

        Raises:
            GatewayError: Of the last try.
        """
        tried = 0
        while True:
            try:
                return ask()
            except GatewayError as error:
                tried += 1
                seconds = self.wait_after(error, tried)
                if seconds is None:
                    raise
            limits.wait(seconds, cancelled)

    def wait_after(self, error: GatewayError, tried: int) -> float | None:
        """Seconds to wait before the next try, or None when there shall be none."""
        if not isinstance(error, (TooManyRequests, HubFailed, TimedOut, Unreachable)):
            return None
        if error.status == NOT_IMPLEMENTED:
            return None
        if tried >= (self.tries_timed_out if isinstance(error, TimedOut) else self.tries):
            return None
        wished = error.retry_after or 0.0
        if wished > self.most_seconds:
            return None
        longest: float = min(self.most_seconds, self.first_seconds * 2 ** (tried - 1))
        return wished + self.chance() * longest
