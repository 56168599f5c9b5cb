"""The dialog that opens an Ango export: upload, or a file from the server's folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.ango_json.project import read_project
from core.ango_json.text import decoded, loads
from core.errors import SwitchyardError
from core.export.reader import read_path, read_stream
from core.gateway.job import seconds_left
from core.gateway.protocol import Progress
from core.model.figures import counted
from core.tasks.table import TaskTable
from pages._ui.markdown_escape import plain
from pages._ui.reading import words
from pages._ui.services import services
from pages._ui.state import current, open_workspace

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

PATIENCE_SECONDS = 1.0
TASK_FILES = (".json", ".ndjson", ".jsonl", ".zip", ".parquet")


@st.dialog("Open an Ango export", width="medium")
def open_dialog() -> None:
    """Ask for tasks and, optionally, their project, and open them."""
    limit = st.get_option("server.maxUploadSize")
    tasks = st.file_uploader(
        f"Export or saved task table, up to {limit} MiB",
        type=[ending[1:] for ending in TASK_FILES],
        key="open.tasks",
        help="The .json or .zip that Ango Hub exports, .ndjson, a get_tasks response, "
        "or a .parquet that was saved here.",
    )
    on_server = _server_file()
    project = st.file_uploader(
        "Project JSON (optional)",
        type=["json"],
        key="open.project",
        help="A get_project response: names of batches and stages, and the Logic stage.",
    )
    chosen = tasks is not None or on_server is not None
    if st.button("Open", type="primary", disabled=not chosen, key="open.go"):
        try:
            _open(tasks, on_server, project)
        except SwitchyardError as error:
            st.error(plain(str(error)), icon=":material/error:")
            st.caption("What was open stays open.")
            return
        st.rerun()


def _server_file() -> Path | None:
    folder = services().settings.files
    if folder is None:
        return None
    files = sorted(p for p in folder.glob("*") if p.suffix.lower() in TASK_FILES)
    return st.selectbox(
        "Or a file from the server's folder",
        files,
        index=None,
        format_func=lambda path: f"{path.name} ({counted(path.stat().st_size / 2**20)} MiB)",
        placeholder="Nothing chosen" if files else "The folder holds no export",
        key="open.server",
    )


def _open(tasks: UploadedFile | None, on_server: Path | None, project: UploadedFile | None) -> None:
    text = None
    if project is not None:
        text = decoded(project.getvalue(), project.name)
        read_project(loads(text, project.name), project.name)
    if tasks is not None:
        table, name = _with_progress(lambda p: read_stream(tasks, tasks.name, p)), tasks.name
    elif on_server is not None:
        table, name = _with_progress(lambda p: read_path(on_server, p)), on_server.name
    else:
        return
    file = services().files.add(name, table, text)
    open_workspace(file.id)
    current().notice = _summary(table, name)


def _with_progress(read: Callable[[Callable[[int, int], None]], TaskTable]) -> TaskTable:
    """Read with a bar that appears only when it takes more than a second."""
    began, place = time.monotonic(), st.empty()

    def show(done: int, total: int) -> None:
        spent = time.monotonic() - began
        if spent <= PATIENCE_SECONDS:
            return
        share = min(done / total, 1.0) if total else 1.0
        left = seconds_left(spent, done, total)
        draw: Any = place.progress
        draw(share, text=words(Progress("Reading", done, total, "bytes"), left))

    return read(show)


def _summary(table: TaskTable, name: str) -> str:
    parts = [f"Opened {name}: {counted(len(table))} tasks."]
    counts = table.counts
    if counts.skipped:
        repeated = f", {counted(counts.repeated)} of them repeated ids" if counts.repeated else ""
        items = "1 item was" if counts.skipped == 1 else f"{counted(counts.skipped)} items were"
        parts.append(f"{items} skipped{repeated}.")
    if counts.no_task:
        parts.append(f"Assets without a task: {counted(counts.no_task)}.")
    parts += ["What was left out stands above the page."] if table.notes else []
    return " ".join(parts)
