"""What is half read, on disk: pages of tasks and an export, each with a note of how far it is.

A note is written after the bytes that it counts, so whatever breaks off in between is cut away.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from core.ango_json.text import Json
from core.errors import Cancelled
from core.gateway.limits import SLICE_SECONDS, Cancel

GOES_ON_SECONDS = 12 * 3600.0
"""What broke off longer ago is read anew: the project has moved on."""

Note = TypeVar("Note")


@dataclass(frozen=True, slots=True)
class PagesNote:
    """How far the pages are.

    Args:
        project: Its id.
        asked_at: When the first page was read, seconds since 1970.
        refused: Why there is no export.
        page: Number of the last whole page.
        rows: Tasks up to it.
        size: Bytes up to it.
        left_out: Sub-tasks up to it, which are not kept.
    """

    project: str
    asked_at: float
    refused: str
    page: int = 0
    rows: int = 0
    size: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ExportNote:
    """Which export is on its way.

    Args:
        project: Its id.
        asked_at: When the hub was asked for it, seconds since 1970.
        link: Where it is; ends after a while, then the hub is asked anew.
        size: Bytes in all, or None.
        version: The server's mark of this very file, or "".
    """

    project: str
    asked_at: float
    link: str
    size: int | None = None
    version: str = ""


def folder_of(folder: Path, host: str, project_id: str) -> Path:
    """Where something of a project is kept; its name holds neither host nor id."""
    text = f"{host}\n{project_id}".encode("utf-8", "surrogatepass")
    return folder / blake2b(text, digest_size=12).hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Keep a text; the file appears whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    unfinished.write_text(text, encoding="utf-8", errors="surrogatepass")
    unfinished.replace(path)


def write_note(path: Path, note: PagesNote | ExportNote) -> None:
    """Keep a note; it appears whole or not at all."""
    write_whole(path, json.dumps(asdict(note)))


def read_note(path: Path, kind: type[Note], project: str, now: float) -> Note | None:
    """A note of this project that is not too old, or None."""
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        fresh = fields["project"] == project and 0 <= now - fields["asked_at"] <= GOES_ON_SECONDS
        return kind(**fields) if fresh else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


class KeptPages:
    """Pages of tasks as lines of JSON."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pages.ndjson"
        self._note = folder / "pages.json"

    def found(self, project: str, now: float) -> PagesNote | None:
        """How far an earlier reading came, or None."""
        note = read_note(self._note, PagesNote, project, now)
        size = self.path.stat().st_size if self.path.exists() else 0
        return note if note is not None and size >= note.size else None

    def begin(self, note: PagesNote) -> None:
        """Go on behind the last whole page of the note."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.truncate(note.size)
        write_note(self._note, note)

    def add(
        self, note: PagesNote, page: int, rows: list[dict[str, Json]], left_out: int
    ) -> PagesNote:
        """Keep one more page; returns the new note."""
        text = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
        with self.path.open("ab") as file:
            file.write(text)
        after = replace(
            note,
            page=page,
            rows=note.rows + len(rows),
            size=note.size + len(text),
            left_out=note.left_out + left_out,
        )
        write_note(self._note, after)
        return after

    def forget(self) -> None:
        """Remove what is kept."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


@contextmanager
def turn(
    folder: Path, cancelled: Cancel, waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold a folder; windows and processes that read the same project do so one after the other.

    The hub itself mixes data when the same project is exported twice at once. The lock stands
    beside the folder, and the system releases it however its holder ends.

    Args:
        folder: What is held.
        cancelled: Asked while somebody else holds it.
        waiting: Told while somebody else holds it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    path = folder.with_name(f"{folder.name}.lock")
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _locked(lock):
            if cancelled():
                raise Cancelled
            waiting()
            time.sleep(SLICE_SECONDS)
        yield
    finally:
        os.close(lock)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
