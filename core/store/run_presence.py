"""What the hub sees of plugins, written down so that pages need not ask it."""

from __future__ import annotations

from collections.abc import Mapping

from core.plugin_runs.model import Liveness
from core.store.database import Database
from core.store.tables.runs import presence


def write_presence(store: Database, live: Mapping[str, Liveness]) -> None:
    """Say how plugins are; what was said before is replaced."""
    now = store.clock()
    rows = [
        {
            "plugin": plugin,
            "state": one.state,
            "since": one.since or now,
            "processes": one.processes,
            "note": one.note,
            "seen_at": now,
        }
        for plugin, one in live.items()
    ]
    with store.work() as tx:
        tx.execute(presence.delete())
        if rows:
            tx.execute(presence.insert(), rows)
