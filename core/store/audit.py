"""The record of changes in the database: added to by the door of writes, read by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import sqlalchemy as sa

from core.access.acting import Actor
from core.access.actions import Action
from core.access.record import AuditEntry, Head, as_text, first_broken
from core.errors import InputError
from core.model.phrases import iso
from core.store.tables.access import audit, audit_head

AT_ONCE = 5_000
MOST_SUBJECT = 200
_COLUMNS = tuple(audit.c[name] for name in AuditEntry.__slots__)


def append(
    tx: sa.Connection,
    at: str,
    person: Actor,
    action: Action,
    subject: str,
    before: object = None,
    after: object = None,
) -> Head:
    """Add an entry, inside the transaction of the change that it is about."""
    head = read_head(tx)
    entry = AuditEntry(
        number=head.number + 1,
        at=at,
        person=_plain(person.name),
        role=person.role.value,
        way=person.way,
        action=action.title,
        subject=_plain(subject),
        before=as_text(before),
        after=as_text(after),
    ).sealed(head.hash)
    tx.execute(audit.insert().values(asdict(entry)))
    new = {"number": entry.number, "hash": entry.hash}
    if head.number:
        tx.execute(audit_head.update().values(new))
    else:
        tx.execute(audit_head.insert().values(place=1, **new))
    return Head(entry.number, entry.hash)


def read_head(tx: sa.Connection) -> Head:
    """The last entry, as it is kept apart from the entries."""
    row = tx.execute(sa.select(audit_head.c.number, audit_head.c.hash)).one_or_none()
    return Head() if row is None else Head(row.number, row.hash)


def entries(
    tx: sa.Connection,
    who: str = "",
    action: str = "",
    since: str = "",
    limit: int | None = None,
) -> Iterator[AuditEntry]:
    """Entries, the latest first.

    Args:
        tx: A connection.
        who: Only those of people with this in their name, in any case.
        action: Only those of this `Action.title`.
        since: Only those of this moment and later, as Ango Hub writes a time or a part of it.
        limit: The most, None for all.
    """
    query = sa.select(*_COLUMNS).order_by(audit.c.number.desc()).limit(limit)
    if who:
        query = query.where(audit.c.person.icontains(who, autoescape=True))
    if action:
        query = query.where(audit.c.action == action)
    if since:
        query = query.where(audit.c.at >= since)
    return (AuditEntry(**row._mapping) for row in tx.execute(query))


def since_text(given: str) -> str:
    """A day or a moment as it is compared with those of entries; "" stays "".

    Raises:
        InputError: It is neither.
    """
    if not given.strip():
        return ""
    try:
        at = datetime.fromisoformat(given.strip())
    except ValueError as error:
        message = f"{given[:40]} is neither a day nor a moment."
        raise InputError("--since", message, "Write 2026-11-27 or 2026-11-27T14:00.") from error
    return iso((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def in_order(tx: sa.Connection) -> Iterator[AuditEntry]:
    """All entries, the first first, some at a time."""
    query, last = sa.select(*_COLUMNS).order_by(audit.c.number).limit(AT_ONCE), None
    while True:
        rows = tx.execute(query if last is None else query.where(audit.c.number > last)).all()
        yield from (AuditEntry(**row._mapping) for row in rows)
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].number


def verify(tx: sa.Connection, *seen: Head) -> str | None:
    """What is wrong with the record, None for nothing. As `access.record.first_broken`."""
    return first_broken(in_order(tx), read_head(tx), seen)


def _plain(text: str) -> str:
    """A short text that every database keeps."""
    whole = text.encode("utf-8", "backslashreplace").decode()
    return whole if len(whole) <= MOST_SUBJECT else f"{whole[: MOST_SUBJECT - 1]}…"
