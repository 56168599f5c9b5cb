"""The gateway over the vendor's SDK: the only module that knows it, and only inside functions.

Each call of the SDK is made as it is. Around it stand the limits, retries for reads, and the one
place where whatever the SDK raises becomes an error of Switchyard.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote

import requests

from core.ango_json.project import read_project
from core.ango_json.stages import write_stages
from core.ango_json.text import Json
from core.errors import InputError, SwitchyardError, UnexpectedAnswer
from core.export.benchmark import BENCHMARK
from core.export.histories import with_histories
from core.gateway import answers, bulk, hub_tasks
from core.gateway.hosts import clean_host
from core.gateway.limits import Cancel, Limits, never
from core.gateway.protocol import (
    HubTask,
    Progress,
    ProjectEntry,
    Report,
    Requeueing,
    TaskRead,
    silent,
)
from core.gateway.retry import Retries
from core.gateway.transport import RefusedByHub, Timeouts, prepare, refusal, refuse, transport_error
from core.model.project import Project
from core.model.stages import Stage
from core.secret import Secret
from core.tasks.table import TaskTable

TIMEOUTS = Timeouts()
RETRIES = Retries()

Value = TypeVar("Value")


def _silence_sdk() -> None:
    """The SDK logs whole error bodies; all that they say is in the errors of this gateway."""
    logger = logging.getLogger("SDK")
    if _say_nothing not in logger.filters:
        logger.addFilter(_say_nothing)


def _say_nothing(_: logging.LogRecord) -> bool:
    return False


class AngoGateway:
    """A hub that the SDK can talk to: Ango Hub, or the local one.

    Args:
        host: Its address.
        key: The user's API key; held in memory only.
        limits: Shared by all who ask the same hub; `limits.shared_limits` gives them.
        timeouts: Of every request.
        retries: Of requests that change nothing.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        host: str,
        key: Secret,
        limits: Limits,
        timeouts: Timeouts = TIMEOUTS,
        retries: Retries = RETRIES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._host = clean_host(host)
        self._key = key
        self._limits = limits
        self._timeouts = timeouts
        self._retries = retries
        self._clock = clock
        # a session of the HTTP library is for one thread at a time
        self._idle: list[Any] = []

    def __repr__(self) -> str:
        return f"AngoGateway({self._host})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a gateway holds an API key and is not saved")

    @property
    def host(self) -> str:
        """Address of the hub."""
        return self._host

    # -- the one way to the SDK -----------------------------------------------------------------

    def _new_sdk(self) -> Any:
        from imerit_ango.sdk import SDK

        _silence_sdk()
        sdk = SDK(api_key=self._key.reveal(), host=self._host)
        prepare(sdk.session, self._host, self._key, self._timeouts)
        return sdk

    def _take_sdk(self) -> Any:
        try:
            return self._idle.pop()
        except IndexError:
            return self._new_sdk()

    def _once(
        self, what: str, call: Callable[[Any], Value], writes: bool, cancelled: Cancel
    ) -> Value:
        with self._limits.request(cancelled):
            sdk = self._take_sdk()
            try:
                return call(sdk)
            except RefusedByHub as error:
                refused = refusal(error, what, writes)
                if refused.retry_after and refused.retry_after <= self._retries.most_seconds:
                    self._limits.bucket.pause(refused.retry_after)
                raise refused from error
            except requests.RequestException as error:
                raise transport_error(error, what, writes) from error
            except SwitchyardError:
                raise
            # the SDK raises bare exceptions, and whatever an answer of another shape leads it to
            except Exception as error:
                raise UnexpectedAnswer(
                    f"{what}: the SDK does not understand the answer."
                ) from error
            finally:
                self._idle.append(sdk)

    def _read(self, what: str, call: Callable[[Any], Value], cancelled: Cancel = never) -> Value:
        return self._retries.run(
            lambda: self._once(what, call, False, cancelled), self._limits, cancelled
        )

    def _data(
        self, what: str, call: Callable[[Any], Json], cancelled: Cancel = never
    ) -> dict[str, Json]:
        return answers.data_of(self._read(what, call, cancelled), what, self._key)

    def _write(self, what: str, call: Callable[[Any], Json]) -> dict[str, Json]:
        """A request that changes something is made once, whatever comes of it."""
        return answers.data_of(self._once(what, call, True, never), what, self._key)

    # -- reading ----------------------------------------------------------------------------------

    def list_projects(self) -> tuple[ProjectEntry, ...]:
        """All projects that the key may see."""
        what = "Listing the projects"

        def ask(number: int) -> answers.Page:
            data = self._data(what, lambda s: s.list_projects(page=number, limit=answers.PAGE_ROWS))
            return answers.page_of(data, "projects", number, what)

        pages = answers.all_pages(ask)
        return tuple(answers.project_entry(row) for page in pages for row in page.rows)

    def read_project(self, project_id: str) -> Project:
        """Schema, batches, stages and people, fresh from the hub."""
        what = "Reading the project"
        path = _in_path(project_id)
        answer = self._read(what, lambda sdk: sdk.get_project(path))
        data = answers.data_of(answer, what, self._key)
        try:
            project = read_project({"data": data}, "project")
        except (InputError, ValueError) as error:
            raise UnexpectedAnswer(f"{what}: the answer holds no project.") from error
        if project.id != project_id:
            raise UnexpectedAnswer(f"{what}: the hub answered with another project.")
        return project

    def read_tasks(
        self,
        project: Project,
        folder: Path,
        report: Report = silent,
        cancelled: Cancel = never,
    ) -> TaskRead:
        """All tasks of a project: by export, or page by page where an export is refused."""
        session = requests.Session()
        prepare(session, self._host, None, self._timeouts)
        path = _in_path(project.id)
        with session:
            reader = bulk.Reader(
                ask_export=lambda: self._ask_export(session, project.id, cancelled),
                ask_page=lambda number: self._task_page(path, number, cancelled),
                session=session,
                limits=self._limits,
                retries=self._retries,
                clock=self._clock,
            )
            return reader.read(project, folder, report, cancelled)

    def _ask_export(self, session: requests.Session, project_id: str, cancelled: Cancel) -> str:
        """The link of an export of all stages.

        Asked with a session of its own: the SDK would fetch the file without a timeout, twice, and
        build every object of it.
        """
        from imerit_ango.models.export_options import ExportOptions

        what = "Asking for an export"
        # an empty list leaves the filter out; without one the SDK asks for finished tasks only
        query = {**ExportOptions(stage=[]).toDict(), "project": project_id}

        def ask(_: Any) -> str:
            answer = session.get(
                f"{self._host}/v2/export",
                params=query,
                headers={"apikey": self._key.reveal()},
                timeout=(self._timeouts.connect, self._timeouts.export),
                allow_redirects=False,
            )
            refuse(answer, self._key)
            link = answers.data_of(answer.json(), what, self._key).get("exportPath")
            return bulk.link_of(self._host, link, what, self._key)

        # each try lets the hub build the whole export again
        few = replace(self._retries, tries=2, tries_timed_out=1)
        return few.run(lambda: self._once(what, ask, False, cancelled), self._limits, cancelled)

    def _task_page(
        self,
        path: str,
        number: int,
        cancelled: Cancel,
        size: int = answers.PAGE_ROWS,
        with_answers: bool = True,
        only: Any = None,
    ) -> answers.Page:
        what = "Reading the tasks page by page"
        data = self._data(
            what,
            lambda sdk: sdk.get_tasks(
                path,
                page=number,
                limit=size,
                include_answer=with_answers,
                task_filter=only,
                # oldest first: what is uploaded meanwhile comes last and moves no page
                sort="createdAt,_id",
            ),
            cancelled,
        )
        return answers.page_of(data, "tasks", number, what)

    def read_histories(
        self,
        project: Project,
        table: TaskTable,
        task_ids: Sequence[str],
        report: Report = silent,
        cancelled: Cancel = never,
    ) -> TaskTable:
        """The table with the stage histories of these tasks, one request each."""
        what = "Reading stage histories"
        names = bulk.stage_names(project)

        def ask(task_id: str) -> list[Any]:
            path = _in_path(task_id)
            data = self._data(what, lambda sdk: sdk.get_task_history(task_id=path), cancelled)
            return bulk.history_entries(data.get("taskHistory"), names)

        return with_histories(table, bulk.of_each_task(what, ask, task_ids, report))

    def read_hub_tasks(
        self, project: Project, answers: bool, cancelled: Cancel = never
    ) -> tuple[HubTask, ...]:
        """Every task of a project as the hub lists it, parts of a Consensus among them."""
        path = _in_path(project.id)
        return hub_tasks.read_all(
            lambda number, size: self._task_page(path, number, cancelled, size, answers), project
        )

    def read_benchmark_tasks(
        self, project: Project, report: Report = silent, cancelled: Cancel = never
    ) -> tuple[Mapping[str, Any], ...]:
        """The benchmark tasks of a project with their annotations, as the hub lists them."""
        from imerit_ango.models.task_filter import TaskFilter

        path, names = _in_path(project.id), bulk.stage_names(project)
        rows: dict[str, Mapping[str, Any]] = {}
        for only in (TaskFilter(is_benchmark=True), TaskFilter(task_type=BENCHMARK)):

            def ask(number: int, only: TaskFilter = only) -> answers.Page:
                return self._task_page(path, number, cancelled, only=only)

            for page in answers.all_pages(ask):
                rows |= {
                    str(row.get("_id")): bulk.at_its_stage(row, names)
                    for row in page.rows
                    # a hub that does not know the filter would give all tasks
                    if row.get("isBenchmark") is True or row.get("type") == BENCHMARK
                }
                report(Progress("Reading the benchmark tasks", len(rows), None, "tasks"))
        return tuple(rows.values())

    # -- writing ----------------------------------------------------------------------------------

    def write_stages(self, project_id: str, stages: Sequence[Stage]) -> None:
        """Replace the whole workflow."""
        if not stages:
            raise InputError("workflow", "has no stage; nothing was written.")
        path, written = _in_path(project_id), write_stages(stages)
        self._write("Writing the workflow", lambda sdk: sdk.update_workflow_stages(path, written))

    def requeue(
        self, project_id: str, wanted: Requeueing, task_ids: Sequence[str], stages: Sequence[str]
    ) -> None:
        """Requeue these tasks, as far as they are still in these stages."""
        options = {
            "removeAnnotations": wanted.remove_annotations,
            "removeAssignee": wanted.remove_assignee,
            "removeStageHistory": wanted.remove_history,
        }
        path, filters = _in_path(project_id), _only(task_ids, stages)
        self._write(
            "Requeuing tasks", lambda sdk: sdk.requeue_tasks(path, wanted.to, filters, options)
        )

    def set_priority(
        self, project_id: str, priority: int, task_ids: Sequence[str], stages: Sequence[str]
    ) -> None:
        """Give these tasks a priority, as far as they are still in these stages."""
        path, filters = _in_path(project_id), _only(task_ids, stages)
        self._write(
            "Setting the priority", lambda sdk: sdk.update_tasks_priority(path, priority, filters)
        )

    def assign(self, project_id: str, email: str, task_ids: Sequence[str], stage: str) -> None:
        """Assign these tasks, as far as they are still in this stage."""
        _only(task_ids, [stage])
        self._write(
            "Assigning tasks",
            lambda sdk: sdk.assign_task(project_id, list(task_ids), stage, email),
        )


def _only(task_ids: Sequence[str], stages: Sequence[str]) -> dict[str, list[str]]:
    """The filters of a write; a hub takes an empty list for every task of the project."""
    if not (task_ids and all(task_ids) and stages and all(stages)):
        raise InputError("tasks", "are not named one by one; nothing was written.")
    return {"taskIds": list(task_ids), "fromStageIds": list(stages)}


def _in_path(identifier: str) -> str:
    """An id as it may stand in an address; the SDK puts it there as it is."""
    if identifier.strip(". ") == "":
        raise InputError("id", "is empty.", "Copy it from the project's address in Ango Hub.")
    return quote(identifier, safe="")
