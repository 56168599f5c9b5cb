"""100,000 tasks from a local hub into the dashboard's task table, over the real SDK and HTTP.

The process that adds the project to the hub and the one that reads it are measured on their own:
time, and peak memory above what it had before, against the size of the export.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from make_export import project_text, write_export
from measure import at_most, for_information, fresh_process, heading, memory_mb

from core.gateway.connect import connect
from core.hub.projects.adding import add_project
from core.model.dialect import Dialect
from core.secret import Secret
from core.settings import read_settings
from core.store.hub import open_hub
from core.workspace import Workspace

TASKS = 100_000


def add(project: str, export: str, database: str) -> None:
    """In a process of its own: what `project add` does, and what it took, as JSON."""
    store = open_hub(database)
    before, began = memory_mb("VmRSS"), perf_counter()
    added = add_project(store, "Large", Path(project), Path(export), new_ids=False)
    took = perf_counter() - began
    print(json.dumps({"_id": added.id, "took": took, "memory": memory_mb() - before}))


def read(url: str, key: str, project_id: str, folder: str) -> None:
    """In a process of its own: read a whole project and print what it took, as JSON."""
    gateway = connect(url, Secret(key), read_settings({"SWITCHYARD_DATA": folder}))
    before, began = memory_mb("VmRSS"), perf_counter()
    project = gateway.read_project(project_id)
    found = gateway.read_tasks(project, Path(folder))
    result = Workspace(found.table, project, Dialect()).split(project.logic_stages[0])
    took = perf_counter() - began
    said = {"took": took, "memory": memory_mb() - before, "way": found.way, "tasks": result.tasks}
    print(json.dumps(said))


def main() -> None:
    """Fill a hub, read it, print the table."""
    with TemporaryDirectory() as folder:
        export, project = Path(folder) / "export.json", Path(folder) / "project.json"
        size_mb = write_export(export, TASKS) / 1e6
        project.write_text(project_text(), encoding="utf-8")
        core = [sys.executable, "-m", "core"]
        data = ["--data", str(Path(folder) / "hub"), "--json"]
        database = f"sqlite:///{Path(folder) / 'hub' / 'switchyard.db'}"
        added = fresh_process(__file__, "add", str(project), str(export), database)
        start = [*core, "hub", "--port", "0", *data]
        with subprocess.Popen(start, stdout=subprocess.PIPE, text=True) as hub:
            try:
                assert hub.stdout is not None
                ready = json.loads(hub.stdout.readline())
                place = str(Path(folder) / "read")
                found = fresh_process(
                    __file__, "read", ready["url"], ready["apiKey"], added["_id"], place
                )
            finally:
                hub.terminate()
        assert (found["way"], found["tasks"]) == ("export", TASKS)
        heading(f"{TASKS:,} tasks, an export of {size_mb:,.0f} MB, from a local hub by one request")
        at_most("peak memory above the process before, of the file", 1.0, found["memory"] / size_mb)
        for_information("the same", found["memory"], "MB")
        for_information("first question to first counts", found["took"], "s")
        at_most("adding it: peak memory above the process before", 0.5, added["memory"] / size_mb)
        for_information("the same", added["memory"], "MB")
        for_information("adding it to the hub", added["took"], "s")


if __name__ == "__main__":
    parts: dict[str, Callable[..., None]] = {"add": add, "read": read}
    parts.get(" ".join(sys.argv[1:2]), main)(*sys.argv[2:])
