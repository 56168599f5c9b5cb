"""Entries of the record of changes: each holds the digest of the one before it.

Whoever changes, removes, adds or reorders an entry would have to write all later ones anew, and the
head, which is kept apart from them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from core.model.figures import counted
from core.secret import MASK, Secret

BEGIN = "0" * 64
"""What stands in place of a digest before the first entry."""
LONG, MOST_CHARACTERS = 200, 2_000
"""Characters of one text that are kept as they are, and of a whole value as JSON."""
SECRET_NAMES = ("key", "secret", "password", "token", "credential")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What somebody changed.

    Args:
        number: Its place, from 1, without gaps.
        at: When, UTC, as Ango Hub writes a time.
        person: Who.
        role: Their role then.
        way: How they had signed in.
        action: `Action.title`.
        subject: What was changed, in few words.
        before: JSON of what was there, "" for nothing to say.
        after: JSON of what is there now, "" for nothing to say.
        hash: Digest of the entry and of the one before it.
    """

    number: int
    at: str
    person: str
    role: str
    way: str
    action: str
    subject: str
    before: str
    after: str
    hash: str = ""

    def digest(self, previous: str) -> str:
        """What its hash must be behind an entry with another one."""
        values = {name: value for name, value in asdict(self).items() if name != "hash"}
        text = json.dumps(values, sort_keys=True, separators=(",", ":"))
        return sha256(f"{previous}\n{text}".encode()).hexdigest()

    def sealed(self, previous: str) -> AuditEntry:
        """The entry with its hash."""
        return replace(self, hash=self.digest(previous))


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry, as it is kept apart from the entries.

    Args:
        number: Of the last entry, 0 before the first.
        hash: Its hash.
    """

    number: int = 0
    hash: str = BEGIN

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def first_broken(
    entries: Iterable[AuditEntry], head: Head, seen: Sequence[Head] = ()
) -> str | None:
    """What is wrong with a record, by its first broken entry; None for a whole one.

    Args:
        entries: All of them, in the order of their numbers.
        head: As it is kept apart.
        seen: Heads that were seen earlier; the record must still lead through each.
    """
    earlier = {one.number: one.hash for one in seen}
    last = Head()
    for entry in entries:
        number = last.number + 1
        if entry.number != number:
            return f"Entry {counted(number)} is missing: {counted(entry.number)} stands there."
        if entry.digest(last.hash) != entry.hash:
            return f"Entry {counted(number)} is not what was written ({entry.action})."
        if earlier.get(number, entry.hash) != entry.hash:
            return f"Entry {counted(number)} was written anew: an earlier look saw another one."
        last = Head(entry.number, entry.hash)
    longest = max([head, *seen], key=lambda one: one.number)
    if longest.number > last.number:
        gone = counted(longest.number)
        return f"Entry {counted(last.number + 1)} is missing: there were {gone} entries."
    if head != last:
        return f"Entry {counted(head.number + 1)} was added behind the last one that was written."
    return None


def as_text(value: Any) -> str:
    """A value as short JSON, without a secret in it; "" for None."""
    if value is None:
        return ""
    text = json.dumps(_short(value), sort_keys=True, separators=(",", ":"), default=str)
    return text if len(text) <= MOST_CHARACTERS else json.dumps(document(text))


def entry_document(entry: AuditEntry) -> dict[str, Any]:
    """An entry as JSON, with what was and is there as values."""
    values = asdict(entry)
    return values | {
        name: json.loads(values[name]) if values[name] else None for name in ("before", "after")
    }


def document(text: str | None) -> dict[str, Any] | None:
    """A long text by its digest and its length in characters."""
    if text is None:
        return None
    whole = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"sha256": whole, "length": len(text)}


def _short(value: Any, name: str = "") -> Any:
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, str):
        if any(word in name.casefold() for word in SECRET_NAMES):
            return MASK
        return value if len(value) <= LONG else document(value)
    if isinstance(value, Mapping):
        return {str(key): _short(one, str(key)) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_short(one, name) for one in value]
    return value
