"""Whether a SQLite file has lost its end, where SQLite itself would notice only later.

In WAL mode the number of pages is what the log beside the file says, and a page that neither has is
found missing when somebody asks for it; by then the next checkpoint may have put zeros there.
"""

from __future__ import annotations

import struct
from pathlib import Path

import sqlalchemy as sa

HEADER, FRAME = 32, 24
PENDING_BYTE = 0x40000000
"""SQLite never uses the page that holds it."""


def damage(connection: sa.Connection, file: Path) -> str:
    """What is wrong with a file that lacks pages, in SQLite's words; "" for a whole one.

    Args:
        connection: To the file, without the right to write; its view keeps the log as it is.
        file: The file; all of it is read only where pages stand neither there nor in its log.
    """
    pages, size = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("page_count", "page_size")
    )
    logged = _logged(file.with_name(f"{file.name}-wal"))
    there, rest = divmod(file.stat().st_size, size)  # last: a checkpoint makes it longer
    unused = PENDING_BYTE // size + 1
    if all(page in logged or page == unused for page in range(there + 1, pages + 1)):
        return ""
    if rest and there + 1 not in logged:
        return "its last page is not whole"  # read as zeros, it might still look like one
    try:
        answer = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
    except sa.exc.DatabaseError as error:
        answer = str(error.orig)
    return "" if answer == "ok" else answer.splitlines()[-1]


def _logged(log: Path) -> set[int]:
    """The pages that a log holds: frames behind a header, with the same two numbers in each."""
    try:
        with log.open("rb") as file:
            header = file.read(HEADER)
            if len(header) < HEADER:
                return set()
            size, salts, pages = struct.unpack(">I", header[8:12])[0], header[16:24], set()
            while len(frame := file.read(FRAME)) == FRAME and frame[8:16] == salts:
                pages.add(struct.unpack(">I", frame[:4])[0])
                file.seek(size, 1)
            return pages
    except FileNotFoundError:
        return set()
