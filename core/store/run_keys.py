"""Keys of runs: minted when a run is handed over, known by their hash, refused after its end."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa

from core.plugin_runs.model import Run
from core.secret import Secret, new_secret
from core.store.runs import find
from core.store.tables.runs import runs

KEY_GRACE_SECONDS = 10.0
"""How long a run's key still holds after its end: a REST plugin's last lines come behind it."""


def mint(tx: sa.Connection, session: str) -> Secret:
    """A key for one run; only its hash is kept."""
    key = new_secret()
    change = runs.update().where(runs.c.session == session)
    tx.execute(change.values(key_hash=_hash(key.reveal())))
    return key


def run_of_key(tx: sa.Connection, key: str, now: float) -> Run | None:
    """The run whose key it is, while the key holds: not after a cancel, nor long after the end."""
    query = sa.select(runs.c.session).where(runs.c.key_hash == _hash(key))
    session = tx.execute(query).scalar_one_or_none()
    if session is None:
        return None
    run = find(tx, session)
    # also after a clock that was set back: an end that lies ahead is an end
    ended = run.finished_at is not None and abs(now - run.finished_at) > KEY_GRACE_SECONDS
    return None if run.cancelled_at is not None or ended else run


def _hash(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()
