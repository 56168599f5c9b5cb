"""Work that goes on while a page is drawn anew: a thread of its own that touches no page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from core.access.acting import acting, acting_as
from core.errors import SwitchyardError, refused_by_disk
from core.gateway.limits import Cancel
from core.gateway.protocol import Progress, Report
from core.model.phrases import seconds_left

Value = TypeVar("Value")


class Job(Generic[Value]):
    """One piece of work, begun at once; it ends with the process.

    Args:
        work: Gets whom to tell how far it is, and whom to ask whether to stop.
    """

    def __init__(self, work: Callable[[Report, Cancel], Value]) -> None:
        self.progress = Progress("Starting")
        self._since = (time.monotonic(), 0)  # when this step began, and how far it was then
        self._stopped, self._ended = threading.Event(), threading.Event()
        self._found: list[Value] = []
        self._error: SwitchyardError | None = None
        self._person = acting()  # who begins it; a thread has no session
        threading.Thread(target=self._run, args=(work,), name="job", daemon=True).start()

    def _run(self, work: Callable[[Report, Cancel], Value]) -> None:
        try:
            with acting_as(self._person):
                self._found.append(work(self._tell, self._stopped.is_set))
        except SwitchyardError as error:
            self._error = error
        except OSError as error:
            self._error = refused_by_disk(error)
            if self._error is None:
                raise
        finally:  # anything else is told on stderr by the thread itself
            self._ended.set()

    def _tell(self, progress: Progress) -> None:
        if progress.doing != self.progress.doing:
            self._since = (time.monotonic(), progress.done)
        self.progress = progress

    @property
    def seconds_left(self) -> float | None:
        """How long the step that it is at still takes, None while that cannot be told."""
        (began, first), now = self._since, self.progress
        total = now.total - first if now.total else None
        return seconds_left(time.monotonic() - began, now.done - first, total)

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
