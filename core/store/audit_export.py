"""The record of changes as a file: a table for a spreadsheet, or JSON with every hash."""

from __future__ import annotations

import json
from collections.abc import Sequence

from core.access.record import AuditEntry, entry_document
from core.errors import InputError

COLUMNS = ("number", "at", "person", "role", "way", "action", "subject", "before", "after", "hash")


def exported(entries: Sequence[AuditEntry], name: str) -> bytes:
    """Entries as the bytes of a file, the first first.

    Args:
        entries: The latest first, as they are listed.
        name: Of the file; its ending says what it becomes.

    Raises:
        InputError: It ends neither in .csv nor in .json.
    """
    in_order = entries[::-1]
    if name.casefold().endswith(".json"):
        return json.dumps([entry_document(entry) for entry in in_order], indent=1).encode()
    if not name.casefold().endswith(".csv"):
        raise InputError(name, "ends neither in .csv nor in .json.", "Name it so.")
    from core.spreadsheet import csv_of

    return csv_of(COLUMNS, ([getattr(entry, one) for one in COLUMNS] for entry in in_order))
