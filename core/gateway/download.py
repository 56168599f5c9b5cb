"""Fetches an export file to disk in pieces, and goes on where a connection broke.

The link belongs to a storage, often another host's: it gets no key, and stands in no error.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import requests
from requests import exceptions as http

from core.errors import Cancelled, GatewayError, Unreachable
from core.gateway.kept import ExportNote, write_note
from core.gateway.limits import Cancel, Limits
from core.gateway.protocol import Progress, Report
from core.gateway.retry import Retries
from core.gateway.transport import RefusedByHub, refusal, transport_error

PIECE_BYTES = 16 * 1024
"""What a break can cost: the HTTP library keeps a piece back until it is whole."""
REPORT_BYTES = 256 * 1024
WHAT = "Downloading the export"
GO_ON = "Read the tasks again: it goes on where it stopped."


class LinkEnded(Exception):
    """The link is no longer good; the hub must be asked for a new one."""


class Download:
    """One export on its way to a folder.

    Args:
        folder: Where the file and the note of it are kept.
        session: Without the API key.
        limits: Places and waiting; storage requests do not count against the hub's minute.
        retries: How often to go on without a byte gained.
    """

    def __init__(
        self, folder: Path, session: requests.Session, limits: Limits, retries: Retries
    ) -> None:
        self.path = folder / "export.part"
        self.note_path = folder / "export.json"
        self._session = session
        self._limits = limits
        self._retries = retries
        self._note = ExportNote("", 0.0, "")

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def forget(self) -> None:
        """Remove what is kept."""
        self.note_path.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def fetch(self, note: ExportNote, report: Report, cancelled: Cancel) -> Path:
        """Fetch the file, going on after each break as long as it helps.

        Raises:
            LinkEnded: The link is no longer good.
            GatewayError: It broke too often; what is there is kept.
        """
        tried, self._note = 0, note
        while True:
            before = self.size
            try:
                self._fetch_once(report, cancelled)
                return self.path
            except GatewayError as error:
                tried = 1 if self.size > before else tried + 1
                seconds = self._retries.wait_after(error, tried)
                if seconds is None:
                    message = f"{error.message} {self.size:,} bytes are kept."
                    raise type(error)(message, GO_ON, error.status) from error
            self._limits.wait(seconds, cancelled)

    def _fetch_once(self, report: Report, cancelled: Cancel) -> None:
        try:
            with self._ask() as answer:
                self._agree(answer)
                self._write(answer, report, cancelled)
        except http.RequestException as error:
            raise transport_error(error, WHAT, writes=False) from error
        if self._note.size is not None and self.size != self._note.size:
            raise Unreachable(f"{WHAT}: the connection was cut.")

    def _ask(self) -> requests.Response:
        # packed on the way, the bytes could not be counted
        headers = {"Accept-Encoding": "identity"}
        if self.size:
            headers["Range"] = f"bytes={self.size}-"
            if self._note.version:
                headers["If-Range"] = self._note.version
        return self._session.get(self._note.link, headers=headers, stream=True)

    def _agree(self, answer: requests.Response) -> None:
        """Find out where the answer goes on, and keep a note of the file."""
        status, there, note = answer.status_code, self.size, self._note
        if status in (401, 403, 404, 410):
            raise LinkEnded
        if status == 206:
            place = re.match(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
            size = int(place[2]) if place and place[2] != "*" else note.size
            if place and int(place[1]) == there and note.size in (None, size):
                self._note = replace(note, size=size)
                return
        if status in (206, 416):
            self.path.unlink(missing_ok=True)
            raise Unreachable(f"{WHAT}: the file changed on the way.")
        if status != 200:
            raise refusal(RefusedByHub(status, "", None), WHAT, writes=False)
        self.path.write_bytes(b"")
        length, etag = answer.headers.get("Content-Length", ""), answer.headers.get("ETag", "")
        strong = etag if not etag.startswith("W/") else ""
        self._note = replace(
            note,
            size=int(length) if length.isdecimal() else None,
            version=strong or answer.headers.get("Last-Modified", ""),
        )
        write_note(self.note_path, self._note)

    def _write(self, answer: requests.Response, report: Report, cancelled: Cancel) -> None:
        done = reported = self.size
        with self.path.open("ab") as file:
            for piece in answer.iter_content(PIECE_BYTES):
                file.write(piece)
                done += len(piece)
                if done - reported < REPORT_BYTES:
                    continue
                reported = done
                report(Progress(WHAT, done, self._note.size, "bytes"))
                if cancelled():
                    raise Cancelled
        report(Progress(WHAT, done, self._note.size, "bytes"))
