"""Each account's own key for the local hub: derived, so that none is kept, and ended by a new salt.

The dashboard makes that of whoever is signed in, so a call of the hub is theirs and not the
server's; a script gets it once, by `user key`.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

import sqlalchemy as sa

from core.access.acting import HUB_KEY, MACHINE, SYSTEM, Actor, acting
from core.access.roles import Role
from core.secret import Secret
from core.store.hub import HubStore
from core.store.people import account_id
from core.store.tables.access import accounts

SIGNING = "people"
BEGIN = "person-"
_SYSTEM_ID, _NO_SALT = "", ""


def new_salt() -> str:
    """What makes another key of the same account."""
    return secrets.token_hex(16)


def own_key(store: HubStore, person: Actor | None = None) -> Secret | None:
    """The key under which a person calls the hub, by default whoever acts.

    Returns:
        None for somebody without an account, who has none.
    """
    someone = person or acting()
    if someone.way == MACHINE:
        return _key(store, _SYSTEM_ID, _NO_SALT)
    if not someone.has_account:
        return None
    its_id = account_id(someone.name)
    with store.read() as tx:
        salt = tx.scalar(sa.select(accounts.c.key_salt).where(accounts.c.id == its_id))
    return None if salt is None else _key(store, its_id, salt)


def person_of_key(store: HubStore, text: str) -> Actor | None:
    """The person whose key it is, None for any other text."""
    named = text.removeprefix(BEGIN).partition("-")[0]
    if not text.startswith(BEGIN):
        return None
    try:
        its_id = bytes.fromhex(named).decode()
    except ValueError:
        return None
    row = None
    if its_id != _SYSTEM_ID:
        query = sa.select(accounts.c.name, accounts.c.role, accounts.c.key_salt)
        with store.read() as tx:
            row = tx.execute(query.where(accounts.c.id == its_id)).one_or_none()
    salt = row.key_salt if row is not None else _NO_SALT
    if not _key(store, its_id, salt).is_it(text):
        return None
    if its_id == _SYSTEM_ID:
        return SYSTEM
    return None if row is None else Actor(row.name, Role(row.role), HUB_KEY, has_account=True)


def _key(store: HubStore, its_id: str, salt: str) -> Secret:
    signing = store.known_secret(SIGNING) or store.secret(SIGNING)  # a reader waits for nobody
    proof = hmac.new(signing.reveal().encode(), digestmod=sha256)
    proof.update(f"{its_id}\n{salt}".encode())
    return Secret(f"{BEGIN}{its_id.encode().hex()}-{proof.hexdigest()}")
