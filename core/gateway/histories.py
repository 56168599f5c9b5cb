"""Stage histories that pages of tasks lack: fetched for a chosen part, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from core.errors import SwitchyardError
from core.gateway.bulk import WAITING
from core.gateway.cache import Cache, CachedProject
from core.gateway.limits import Cancel, never
from core.gateway.protocol import Gateway, Progress, Report, silent
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import TaskTable

AT_A_TIME = 20
"""Tasks after which what was fetched is kept: twelve seconds at the usual limit."""
WHAT = "Fetching stage histories"


def without_history(cache: Cache, kept: CachedProject, table: TaskTable, within: Bits) -> list[str]:
    """Ids of the tasks of a set whose history is not known.

    An export brings all histories; of what was read page by page those are known that were fetched,
    be it that they turned out empty.
    """
    if kept.way == "export":
        return []
    unknown = np.diff(table.history.offsets) == 0
    unknown &= bits.unpack(within, len(table))
    empty = cache.empty_histories(kept)
    return [task for task in table.ids.filter(unknown).to_pylist() if task not in empty]


def fetch_histories(
    gateway: Gateway,
    cache: Cache,
    kept: CachedProject,
    task_ids: Sequence[str],
    report: Report = silent,
    cancelled: Cancel = never,
) -> CachedProject:
    """Fetch the histories of tasks, one request each, and keep them part by part.

    Returns:
        The project as it is kept now.

    Raises:
        SwitchyardError: Somebody read the whole project again meanwhile.
        Cancelled: Somebody asked to stop; what was fetched before is kept.
        GatewayError: The hub did not answer; the same.
    """
    project, asked_at = cache.project(kept), kept.asked_at
    waiting = partial(report, WAITING)
    with cache.turn(kept.host, kept.project_id, "histories", cancelled, waiting):
        for start in range(0, len(task_ids), AT_A_TIME):
            some = task_ids[start : start + AT_A_TIME]

            def told(progress: Progress, before: int = start) -> None:
                report(Progress(WHAT, before + progress.done, len(task_ids), "tasks"))

            kept = _unchanged(cache, kept, asked_at)
            table = gateway.read_histories(project, cache.table(kept), some, told, cancelled)
            with cache.turn(kept.host, kept.project_id, "opened", cancelled):
                kept = cache.put_histories(_unchanged(cache, kept, asked_at), table, some)
    return kept


def _unchanged(cache: Cache, kept: CachedProject, asked_at: float) -> CachedProject:
    now = cache.get(kept.host, kept.project_id)
    if now is None or now.asked_at != asked_at:
        message = "The project was read again meanwhile."
        raise SwitchyardError(message, "Look which histories are still unknown.")
    return now
