"""Work that goes on while a page is drawn anew: a thread of its own that touches no page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from core.errors import SwitchyardError
from core.gateway.limits import Cancel
from core.gateway.protocol import Progress, Report

Value = TypeVar("Value")


class Job(Generic[Value]):
    """One piece of work, begun at once; it ends with the process.

    Args:
        work: Gets whom to tell how far it is, and whom to ask whether to stop.
    """

    def __init__(self, work: Callable[[Report, Cancel], Value]) -> None:
        self.progress = Progress("Starting")
        self._stopped, self._ended = threading.Event(), threading.Event()
        self._found: list[Value] = []
        self._error: SwitchyardError | None = None
        threading.Thread(target=self._run, args=(work,), name="job", daemon=True).start()

    def _run(self, work: Callable[[Report, Cancel], Value]) -> None:
        try:
            self._found.append(work(self._tell, self._stopped.is_set))
        except SwitchyardError as error:
            self._error = error
        finally:  # anything else is told on stderr by the thread itself
            self._ended.set()

    def _tell(self, progress: Progress) -> None:
        self.progress = progress

    def stop(self) -> None:
        """Ask it to stop; it does so at the next occasion."""
        self._stopped.set()

    def ended(self, seconds: float = 0.0) -> bool:
        """Whether it ended, waiting for it for some time."""
        return self._ended.wait(seconds)

    def result(self) -> Value:
        """What came of it, once it ended.

        Raises:
            SwitchyardError: What the work raised.
        """
        if self._error is not None:
            raise self._error
        if not self._found:
            raise SwitchyardError("It broke off unexpectedly.", "The server's log says why.")
        return self._found[0]
