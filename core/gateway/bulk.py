"""Reads all tasks of a project: by export, else by pages; both end in the same task table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
import requests

from core.ango_json.text import Json
from core.errors import (
    AnswerNotJson,
    BadRequest,
    Cancelled,
    HubFailed,
    InputError,
    NotAllowed,
    NotFound,
    TimedOut,
    UnexpectedAnswer,
)
from core.export.benchmark import BENCHMARK
from core.export.builder import TableBuilder
from core.export.reader import read_path
from core.export.schema import Answer, Entry
from core.gateway.answers import Page, all_pages
from core.gateway.download import Download, LinkEnded
from core.gateway.kept import ExportNote, KeptPages, PagesNote, read_note, turn, write_note
from core.gateway.limits import AT_ONCE, Cancel, Limits
from core.gateway.protocol import Progress, Report, TaskRead
from core.gateway.retry import Retries
from core.model.project import Project
from core.secret import Secret
from core.tasks.table import TaskTable

REFUSALS = (
    BadRequest,
    NotAllowed,
    NotFound,
    HubFailed,
    TimedOut,
    AnswerNotJson,
    UnexpectedAnswer,
)
"""After these there may be pages all the same; not so after a refused key or a cut network."""

SUB_TASK = "consensus"
"""Type of the copies of a task that is in a Consensus."""
APART = (SUB_TASK, BENCHMARK)
"""Types of tasks that are none of the work; an export leaves them out as well."""

StageNames = dict[str, str]
"""Names of the stages by id."""

WAITING = Progress("Waiting until nobody else reads it")


@dataclass(frozen=True)
class Reader:
    """How to ask one hub for one project.

    Args:
        ask_export: Gives the link of a new export.
        ask_page: Gives the page of a number.
        session: Fetches the link; without the key.
        limits: Shared with all who ask this hub.
        retries: Of requests that change nothing.
        clock: Seconds since 1970.
    """

    ask_export: Callable[[], str]
    ask_page: Callable[[int], Page]
    session: requests.Session
    limits: Limits
    retries: Retries
    clock: Callable[[], float]

    def read(self, project: Project, folder: Path, report: Report, cancelled: Cancel) -> TaskRead:
        """Read all tasks; what is half read stays in the folder."""
        with turn(folder, cancelled, partial(report, WAITING)):
            folder.mkdir(parents=True, exist_ok=True)
            pages = KeptPages(folder)
            note = pages.found(project.id, self.clock())
            if note is None:
                try:
                    return self._export(project.id, folder, report, cancelled)
                except _NoExport as error:
                    note = PagesNote(project.id, self.clock(), error.reason)
            return self._pages(project, pages, note, report, cancelled)

    # -- by export --------------------------------------------------------------------------------

    def _export(self, project_id: str, folder: Path, report: Report, cancelled: Cancel) -> TaskRead:
        download = Download(folder, self.session, self.limits, self.retries)
        note = read_note(download.note_path, ExportNote, project_id, self.clock())
        if note is not None:
            try:
                path = download.fetch(note, report, cancelled)
                return self._table(path, download, note, report, cancelled)
            except LinkEnded:
                pass
        note = self._new_export(project_id, download, report)
        try:
            path = download.fetch(note, report, cancelled)
        except LinkEnded as error:
            raise _NoExport("The hub's link to its export does not work.") from error
        return self._table(path, download, note, report, cancelled)

    def _new_export(self, project_id: str, download: Download, report: Report) -> ExportNote:
        download.forget()
        report(Progress("Asking for an export"))
        asked_at = self.clock()
        try:
            note = ExportNote(project_id, asked_at, self.ask_export())
        except REFUSALS as error:
            raise _NoExport(error.message) from error
        write_note(download.note_path, note)
        return note

    def _table(
        self, path: Path, download: Download, note: ExportNote, report: Report, cancelled: Cancel
    ) -> TaskRead:
        def told(done: int, total: int) -> None:
            report(Progress("Reading the export", done, total, "bytes"))
            if cancelled():
                raise Cancelled

        try:
            table = read_path(path, told)
        except InputError as error:
            download.forget()
            reason = error.message.removeprefix(error.source).strip(":, ")
            message = f"The export that the hub delivered {reason}"
            raise UnexpectedAnswer(message, "Read the tasks again.") from error
        download.forget()
        return TaskRead(table, "export", "", note.asked_at)

    # -- by pages ---------------------------------------------------------------------------------

    def _pages(
        self,
        project: Project,
        pages: KeptPages,
        note: PagesNote,
        report: Report,
        cancelled: Cancel,
    ) -> TaskRead:
        names = stage_names(project)
        pages.begin(note)
        for page in all_pages(self.ask_page, note.page + 1, note.rows + note.left_out):
            rows = [at_its_stage(row, names) for row in page.rows if row.get("type") not in APART]
            note = pages.add(note, page.number, rows, len(page.rows) - len(rows))
            report(Progress("Reading the tasks page by page", note.rows, page.total, "tasks"))
            if cancelled():
                raise Cancelled
        table = self._paged_table(pages, note)
        pages.forget()
        return TaskRead(table, "pages", note.refused, note.asked_at)

    def _paged_table(self, pages: KeptPages, note: PagesNote) -> TaskTable:
        if not note.rows:
            return TableBuilder().finish()
        try:
            return read_path(pages.path)
        except InputError as error:
            pages.forget()
            raise UnexpectedAnswer("The tasks that the hub gave cannot be read.") from error


class _NoExport(Exception):
    """There is no export; the reason as a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def link_of(host: str, link: Json, what: str, key: Secret) -> str:
    """The address of an export file, from whatever the hub calls its path."""
    address = urljoin(f"{host}/", link) if isinstance(link, str) and link else ""
    if urlsplit(address).scheme not in ("http", "https"):
        raise UnexpectedAnswer(f"{what}: the answer has no link to a file.")
    if key.mask(address) != address:
        # it would be written to disk, and sent to whoever keeps the file
        raise UnexpectedAnswer(f"{what}: the link to the file holds your API key.")
    return address


def stage_names(project: Project) -> StageNames:
    """Names of the project's stages by id."""
    return {stage.id: stage.name for stage in project.stages or ()}


def at_its_stage(row: dict[str, Json], names: StageNames) -> dict[str, Json]:
    """A hub's task with its stage said as an export says it: by name and by id."""
    stage = row.get("stage")
    if row.get("stageId") is None and isinstance(stage, str) and stage in names:
        return {**row, "stage": names[stage], "stageId": stage}
    return row


def history_entries(answer: Json, names: StageNames) -> list[Entry]:
    """Entries of a task's history in time order; newer hubs give a list, older ones one object."""
    rows = answer if isinstance(answer, list) else [answer]
    placed = [at_its_stage(row, names) for row in rows if isinstance(row, dict)]
    placed = [row for row in placed if row.get("deleted") is not True]
    placed.sort(key=_time)
    return [
        Entry(
            **_snapshot(row.get("answer")),
            stage=row.get("stage"),
            stageId=row.get("stageId"),
            duration=row.get("duration"),
            completedAt=row.get("completedAt") or row.get("createdAt"),
            completedBy=row.get("completedBy") or row.get("createdBy"),
            reviewStatus=row.get("reviewStatus"),
        )
        for row in placed
    ]


def of_each_task(
    what: str, ask: Callable[[str], list[Entry]], task_ids: Sequence[str], report: Report
) -> list[tuple[str, list[Entry]]]:
    """Ask for the history of each task, several at once.

    Raises:
        NotFound: The hub has none of them; a single one may have been deleted meanwhile.
    """
    histories, missing = [], None
    with ThreadPoolExecutor(AT_ONCE) as threads:
        futures = [threads.submit(ask, task_id) for task_id in task_ids]
        try:
            for done, (task_id, future) in enumerate(zip(task_ids, futures, strict=True), 1):
                try:
                    histories.append((task_id, future.result()))
                except NotFound as error:
                    missing = error
                report(Progress(what, done, len(task_ids), "tasks"))
        finally:
            for future in futures:
                future.cancel()
    if missing is not None and not histories:
        raise missing
    return histories


def _snapshot(answer: Json) -> dict[str, Any]:
    """The annotations of a history entry, where the hub gives them and they can be read."""
    try:
        snapshot = msgspec.convert(answer, Answer)
    except msgspec.ValidationError:
        return {}
    return {name: getattr(snapshot, name) for name in Answer.__struct_fields__}


def _time(row: dict[str, Any]) -> str:
    return str(row.get("completedAt") or row.get("createdAt") or "")
