"""Looks at the whole record of changes, and keeps in the data folder how far it was then.

The head beside the entries shows a record that was cut short; a head in a file shows a database
that was put back as it was earlier, and a chain that was written anew from some entry on.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from core.access.record import Head
from core.errors import InputError
from core.store import audit
from core.store.database import Database

FILE = "audit.seen"


def read_seen(text: str) -> Head:
    """A head as `audit verify` prints it.

    Raises:
        InputError: It is none.
    """
    parts = re.fullmatch(r"(\d{1,15}):([0-9a-f]{64})", text.strip())
    if parts is None:
        raise InputError("--seen", "is no NUMBER:HASH of the record.", "Take it as printed.")
    return Head(int(parts[1]), parts[2])


def look_at_record(
    store: Database, data: Path, also: tuple[Head, ...] = ()
) -> tuple[Head, str | None]:
    """Whether the record is whole and leads through every head that was seen.

    Args:
        store: The database.
        data: The data folder, where the last whole look is kept.
        also: Heads that were kept elsewhere.

    Returns:
        The head, and what is wrong, by the first broken entry, or None.
    """
    seen = (*_kept(data), *also)
    with store.read() as tx:
        head, wrong = audit.read_head(tx), audit.verify(tx, *seen)
    if wrong is None:
        (data / FILE).write_text(json.dumps({"head": str(head)}), encoding="ascii")
    return head, wrong


def _kept(data: Path) -> tuple[Head, ...]:
    try:
        text = (data / FILE).read_text(encoding="ascii")
        return (read_seen(str(json.loads(text)["head"])),)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, InputError) as error:
        hint = "Look who changed it; without the file the record is looked at by itself."
        raise InputError(str(data / FILE), "is not what was kept there.", hint) from error
