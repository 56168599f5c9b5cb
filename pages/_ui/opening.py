"""The dialog that opens an Ango export: upload, or a file from the server's folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.ango_json.project import read_project
from core.ango_json.text import decoded, loads
from core.dataset.layout import holds_parts
from core.dataset.opening import on_disk
from core.errors import Cancelled, SwitchyardError
from core.export.reader import read_stream
from core.gateway.job import Job
from core.gateway.limits import Cancel
from core.gateway.protocol import Progress, Report
from core.model.figures import counted
from core.tasks.table import TaskTable
from pages._ui.reading import PATIENCE_SECONDS, failed, stop, watch
from pages._ui.services import services
from pages._ui.state import current, open_workspace

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from core.store.workspaces import OpenedFile

TASK_FILES = (".json", ".ndjson", ".jsonl", ".zip", ".parquet")


JOB = "open.file"
STOPPED = "Stopped. Nothing was opened; what was open stays open."


@st.dialog("Open an Ango export", width="medium", on_dismiss=lambda: _dismissed())
def open_dialog() -> None:
    """Ask for tasks and, optionally, their project, and open them."""
    jobs, limit = current().jobs, st.get_option("server.maxUploadSize")
    tasks = st.file_uploader(
        f"Export or saved task table, up to {limit} MiB",
        type=[ending[1:] for ending in TASK_FILES],
        key="open.tasks",
        on_change=_forget,
        help="The .json or .zip that Ango Hub exports, .ndjson, a get_tasks response, "
        "or a .parquet that was saved here.",
    )
    on_server = _server_file()
    project = st.file_uploader(
        "Project JSON (optional)",
        type=["json"],
        key="open.project",
        on_change=_forget,
        help="A get_project response: names of batches and stages, and the Logic stage.",
    )
    chosen = tasks is not None or on_server is not None
    if st.button("Open", type="primary", disabled=not chosen, key="open.go"):
        _forget()
        jobs[JOB] = Job(_reading(tasks, on_server, project))
    job = jobs.get(JOB)
    if job is not None and job.ended(PATIENCE_SECONDS):
        _conclude()
    elif job is not None:
        watch(JOB, job, _conclude, STOPPED)


def _dismissed() -> None:
    """What is still being read is stopped; of what failed, enough was told."""
    job = current().jobs.get(JOB)
    if job is not None and not job.ended():
        stop(JOB, STOPPED)
    else:
        _forget()


def _forget() -> None:
    """Of another choice of files nothing is known yet."""
    job = current().jobs.pop(JOB, None)
    if job is not None:
        job.stop()


def _server_file() -> Path | None:
    folder = services().settings.files
    if folder is None:
        return None
    files = sorted(p for p in folder.glob("*") if p.suffix.lower() in TASK_FILES or holds_parts(p))
    return st.selectbox(
        "Or a file from the server's folder",
        files,
        index=None,
        format_func=_with_size,
        placeholder="Nothing chosen" if files else "The folder holds no export",
        key="open.server",
        on_change=_forget,
    )


def _with_size(path: Path) -> str:
    if path.is_dir():
        return f"{path.name} (folder of parts)"
    return f"{path.name} ({counted(path.stat().st_size / 2**20)} MiB)"


def _reading(
    tasks: UploadedFile | None, on_server: Path | None, project: UploadedFile | None
) -> Callable[[Report, Cancel], tuple[TaskTable, OpenedFile]]:
    """The work of reading them and of keeping what was read."""
    files = services().files
    uploaded = project and (project.getvalue(), project.name)

    def read(report: Report, stopped: Cancel) -> tuple[TaskTable, OpenedFile]:
        def far(done: int, total: int) -> None:
            if stopped():
                raise Cancelled
            report(Progress("Reading", done, total, "bytes"))

        text, project_id = decoded(*uploaded) if uploaded else None, ""
        if uploaded and text is not None:
            project_id = read_project(loads(text, uploaded[1]), uploaded[1]).id
        if on_server is not None and tasks is None:
            return files.open_path(on_server, text, project_id, far)
        assert tasks is not None
        table = read_stream(tasks, tasks.name, far)
        if stopped():
            raise Cancelled
        report(Progress("Keeping it"))
        return table, files.add(tasks.name, table, text)

    return read


def _conclude() -> None:
    """Open what was read, or say why it cannot be opened."""
    state = current()
    try:
        table, file = state.jobs[JOB].result()
    except SwitchyardError as error:
        failed(error, "What was open stays open.")
        return
    _forget()
    open_workspace(file.id)
    current().notice = _summary(table, file.name)
    st.rerun()


def _summary(table: TaskTable, name: str) -> str:
    parts = [f"Opened {name}: {counted(len(table))} tasks."]
    counts = table.counts
    if counts.skipped:
        repeated = f", {counted(counts.repeated)} of them repeated ids" if counts.repeated else ""
        items = "1 item was" if counts.skipped == 1 else f"{counted(counts.skipped)} items were"
        parts.append(f"{items} skipped{repeated}.")
    if counts.no_task:
        parts.append(f"Assets without a task: {counted(counts.no_task)}.")
    parts += [on_disk(table)] if not table.in_memory else []
    parts += ["What was left out stands above the page."] if table.notes else []
    return " ".join(parts)
