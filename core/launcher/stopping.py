"""A wish to stop that is not forgotten: it ends what is done, and what comes after that.

Python raises where it happens to be. In the callback of a weak reference, of which each import has
some, that is lost, and below `except` of others, too. So the wish is kept and asked for between
steps.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """Somebody asked to stop."""


@dataclass(slots=True)
class Stopping:
    """Whether somebody asked this process to stop."""

    asked: bool = False

    def listen(self) -> None:
        """Hear of it from now on."""
        for number in SIGNALS:
            signal.signal(number, self._ask)

    def hear_no_more(self) -> None:
        """Once is enough; the end takes seconds."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def go_on(self) -> None:
        """Go on unless somebody asked to stop. Raises `Stopped`."""
        if self.asked:
            raise Stopped

    def _ask(self, _: int, __: FrameType | None) -> None:
        self.asked = True
        raise Stopped
