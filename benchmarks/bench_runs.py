"""Runs of plugins: 10,000 labels in one import, and 20,000 log lines of a real plugin process.

Both go over HTTP and Socket.IO to a hub that is a process of its own, on a project of 10,000 tasks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests
from make_export import project_text, write_export
from measure import at_most, for_information, heading

from core.plugin_runs.model import RunRequest
from core.plugin_runs.state import Event
from core.settings import read_settings
from core.store.hub import HubStore, open_hub
from core.store.plugins import Registry
from core.store.run_keys import mint
from core.store.runs import Runs, record

TASKS, LABELS, LINES, ROUNDS = 10_000, 10_000, 20_000, 3
PLUGIN = """
import sys
from imerit_ango.plugins import BatchModelPlugin, run
def callback(data):
    for number in range(int(data["configJSON"])):
        data["logger"].debug("line %d", number)
    return "done"
run(BatchModelPlugin(sys.argv[2], sys.argv[3], callback), host=sys.argv[1])
"""


def main() -> None:
    """Fill a hub, import, log, print the table."""
    with TemporaryDirectory() as folder:
        export, project = Path(folder) / "export.json", Path(folder) / "project.json"
        write_export(export, TASKS)
        project.write_text(project_text(), encoding="utf-8")
        data = Path(folder) / "data"
        core = [sys.executable, "-m", "core"]
        files = ["--project", str(project), "--tasks", str(export)]
        where = ["--data", str(data), "--json"]
        add = [*core, "project", "add", "--name", "Large", *files, *where]
        added = json.loads(subprocess.run(add, check=True, stdout=subprocess.PIPE).stdout)["_id"]
        store = open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database)
        registry = Registry(store, data)
        quiet = registry.add("Imports").plugin.id
        words = [*core, "hub", "--port", "0", *where]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as hub:
            try:
                assert hub.stdout is not None
                ready = json.loads(hub.stdout.readline())
                heading(f"runs on a project of {TASKS:,} tasks")
                for dry in (False, True):
                    busy = cpu_seconds(hub.pid)
                    took = [import_labels(store, ready, added, quiet, dry) for _ in range(ROUNDS)]
                    busy = (cpu_seconds(hub.pid) - busy) / ROUNDS
                    name = "kept by a dry run" if dry else "stored"
                    at_most(f"{LABELS:,} labels in one import, {name}", 2.0, median(took), "s")
                    for_information(
                        "the hub's processor time for it and its preparation", busy, "s"
                    )
                log_lines(store, registry, ready, added, Path(folder))
            finally:
                hub.terminate()


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def import_labels(
    store: HubStore, ready: dict[str, str], project: str, plugin: str, dry: bool
) -> float:
    """Seconds of one import under the key of a run."""
    run = Runs(store).start(RunRequest(plugin, project, dry_run=dry))
    with store.work() as tx:  # its plugin does not connect: the bench speaks for it
        record(tx, run, Event("sent", time.time()))
        key = mint(tx, run.session).reveal()
    url = f"{ready['url']}/v2/project/{project}"
    head = {"apikey": key}
    about = requests.get(url, headers=head, timeout=60).json()["data"]["project"]
    schema = about["categorySchema"]["tools"][0]["schemaId"]
    names: list[str] = []
    for page in range(1, 1 + TASKS // 1_000):
        found = requests.get(f"{url}/assets?limit=1000&page={page}", headers=head, timeout=60)
        names += [asset["externalId"] for asset in found.json()["data"]["assets"]]
    items = [
        {"externalId": name, "objects": [{"schemaId": schema, "point": [n, n]}]}
        for n, name in enumerate(names)
    ]
    body = json.dumps({"project": project, "jsonContent": items})
    began = perf_counter()
    said = requests.post(
        f"{ready['url']}/v2/import/labels", data=body, headers=head, timeout=60
    ).json()
    took = perf_counter() - began
    assert said["data"]["project"] == f"{LABELS} / {LABELS} tasks are labeled.", said
    with store.work() as tx:
        record(tx, Runs(store).get(run.session), Event("acknowledged", time.time()))
    return took


def log_lines(
    store: HubStore, registry: Registry, ready: dict[str, str], project: str, folder: Path
) -> None:
    """All lines of a plugin process, while somebody else uses the hub and reads the log."""
    script = folder / "plugin.py"
    script.write_text(PLUGIN, encoding="utf-8")
    made = registry.add("Talks")
    words = [sys.executable, str(script), ready["url"], made.plugin.id, made.secret.reveal()]
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    runs = Runs(store)
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as plugin:
        try:
            began = perf_counter()
            session = runs.start(RunRequest(made.plugin.id, project, config=str(LINES))).session
            slow, reading, last, seen = 0.0, 0.0, 0, 0
            while not (run := runs.get(session)).is_final and perf_counter() - began < 300:
                asked = perf_counter()
                head = {"apikey": ready["apiKey"]}
                requests.get(f"{ready['url']}/v2/project/{project}", headers=head, timeout=60)
                slow = max(slow, perf_counter() - asked)
                asked = perf_counter()
                lines = runs.logs(session, after=last, limit=1_000)
                reading = max(reading, perf_counter() - asked)
                last, seen = (lines[-1].number if lines else last), seen + len(lines)
                time.sleep(0.2)
        finally:
            plugin.terminate()
    found: list[str] = []
    last = 0
    while some := runs.logs(session, after=last, limit=5_000):
        found += [line.message for line in some]
        last = some[-1].number
    lost = LINES - len(found)
    moved = sum(line != f"line {n}" for n, line in enumerate(found))
    took = (run.finished_at or 0.0) - (run.sent_at or 0.0)
    at_most(f"of {LINES:,} log lines lost", 0, float(lost), "lines")
    at_most("the same, out of their place", 0, float(moved), "lines")
    at_most("longest wait of another caller meanwhile", 1.0, slow, "s")
    for_information("longest reading of 1,000 new lines", reading * 1e3, "ms")
    for_information("the run", took, "s")


if __name__ == "__main__":
    main()
