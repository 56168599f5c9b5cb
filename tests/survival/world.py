"""A data folder at work: a hub, a plugin and people who write, all of it real."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import requests
from hub_helpers import ENVIRONMENT, HubProcess, make_stages
from waiting import wait_until

from core.plugin_runs.model import Pair, RunRequest
from core.settings import read_settings
from core.store.drafts import Drafts
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.runs import Runs

HERE = Path(__file__).parent
ROOM = "64m"


class Hub(HubProcess):
    """`python -m core hub`, by a clock and a patience of the tests."""

    def __init__(self, data, clock, errors, *words):
        super().__init__(data, *words)
        self.program = (HERE / "hub.py", clock)
        self.hosts = "127.0.0.1"
        self.errors = errors


class World:
    """One hub with one plugin, on a small disk of its own where that can be mounted."""

    def __init__(self, folder, upstream=None):
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir()
        self.is_small = os.geteuid() == 0 and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "switchyard", self.data],
            capture_output=True,
        ).returncode  # fmt: skip
        self.clock = folder / "clock"
        words = () if upstream is None else ("--upstream", upstream)
        self.hub = Hub(self.data, self.clock, folder / "hub.err", *words)
        try:
            self.hub.start()
        except BaseException:
            self.unmount()
            raise
        self.settings = read_settings({"SWITCHYARD_DATA": str(self.data)})
        self.store = None
        self.plugin = self.process = None
        self.look()
        self.plugin, self.secret = self._register()
        self.start_plugin()

    def look(self):
        """Open the state anew: somebody may have put another file in its place."""
        if self.store is not None:
            self.store.close()
        self.store = open_hub(self.settings.database)
        self.runs, self.drafts = Runs(self.store), Drafts(self.store)
        self.registry = Registry(self.store, self.data)

    def _register(self):
        made = self.registry.add("Steps", ["Car"])
        return made.plugin.id, made.secret

    def start_plugin(self):
        words = [sys.executable, HERE / "plugin.py", self.hub.url, self.plugin]
        with (self.folder / "plugin.err").open("ab") as errors:
            self.process = subprocess.Popen(
                [*map(str, words), self.secret.reveal()],
                env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=errors,
            )  # fmt: skip

    def tend(self):
        """Start the plugin again where it has ended, as `up` does: without a hub it ends."""
        if self.process.poll() is not None:
            self.start_plugin()

    def is_live(self):
        self.tend()
        seen = self.registry.liveness().get(self.plugin)
        return seen is not None and seen.state == "live"

    def kill_plugin(self):
        self.process.kill()
        self.process.wait(10)

    def end(self):
        self.kill_plugin()
        self.hub.end()
        self.store.close()
        self.unmount()

    def unmount(self):
        if self.is_small:
            subprocess.run(["umount", "-l", self.data], check=True)


class Project:
    """A project of a seed's own: what was asked of the hub, and what it answered.

    Every call is made once. What was answered by 2xx must be there, what was refused must not be,
    and of what was never answered either is true.
    """

    def __init__(self, world, rng, hub=None, tasks=90):
        self.world, self.rng = world, rng
        self.hub = hub or world.hub
        sdk = self.hub.sdk()
        self.id = sdk.create_project(f"Seed {rng.random()}")["data"]["project"]["_id"]
        tool = {"tool": "point", "title": "Car", "schemaId": "car"}
        sdk.create_label_set(self.id, raw_category_schema={"tools": [tool]})
        sdk.update_workflow_stages(self.id, make_stages())
        names = [f"e{number}" for number in range(tasks)]
        sdk.upload_files_cloud(self.id, [{"data": f"d-{n}", "externalId": n} for n in names])
        self.tasks = {
            task["externalId"]: task["_id"]
            for task in sdk.get_tasks(self.id, page=1, limit=tasks)["data"]["tasks"]
        }
        assert len(self.tasks) == tasks
        self.stored, self.refused, self.unknown = set(), set(), set()
        self.answers = []
        self._turn, self._stop, self.up = threading.Lock(), threading.Event(), threading.Event()
        self.up.set()
        self._threads = []

    # ---- people who write --------------------------------------------------------------------

    def work(self):
        """Import, submit and log, each by a thread of its own, until it is told to stop."""
        for kind in ("import", "submit", "log"):
            thread = threading.Thread(target=self._write, args=(kind,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self):
        self._stop.set()
        self.up.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def _write(self, kind):
        session, number = requests.Session(), 0
        names = list(self.tasks)
        Random(f"{self.id} {kind}").shuffle(names)
        while not self._stop.wait(0.004):
            if kind != "log" and number == len(names):
                return
            what = str(number) if kind == "log" else names[number]
            number += 1
            self.up.wait(60)
            self._ask(session, kind, what)

    def _ask(self, session, kind, what):
        label = {"schemaId": "car", "point": [1, 2]}  # no objectId: twice would show
        path, body = {
            "import": lambda: (
                "/v2/import/labels",
                {"project": self.id, "jsonContent": [{"externalId": what, "objects": [label]}]},
            ),
            "submit": lambda: (
                f"/v2/annotate/{self.tasks[what]}?nextStage=true",
                {"duration": 5},
            ),
            "log": lambda: (
                "/v2/pluginLog",
                {"session": self.id, "msg": what, "project": self.id, "level": "INFO"},
            ),
        }[kind]()
        try:
            answer = session.post(
                self.hub.url + path, json=body, headers={"apikey": self.hub.key}, timeout=40
            )
        except requests.RequestException:
            with self._turn:
                self.unknown.add((kind, what))
            return
        with self._turn:
            self.answers.append(answer.status_code)
            if answer.status_code == 200:
                self.stored.add((kind, what))
            else:
                assert answer.json()["message"], answer.text
                self.refused.add((kind, what, answer.status_code, answer.json()["message"]))

    # ---- runs --------------------------------------------------------------------------------

    def start(self, steps, dry_run=False, pause=None):
        """Queue a run of so many steps; its mark names it in every label of its own."""
        mark = self.rng.randrange(100, 2**40)
        names = self.rng.sample(list(self.tasks), steps)
        # the session is made by the store, so the file is named by the mark
        path = self.world.folder / f"{mark}.acks"
        pause = self.rng.choice([0, 0.05, 0.1]) if pause is None else pause
        about = {"assets": names, "mark": mark, "acks": str(path), "pause": pause}
        config = json.dumps(about)
        request = RunRequest(
            self.world.plugin, self.id, config=config, mapping=(Pair("car", "Car"),),
            dry_run=dry_run, deadline=120,
        )  # fmt: skip
        return RunOfSteps(self, self.world.runs.start(request).session, mark, path, steps, dry_run)


class RunOfSteps:
    """A run as the driver knows it: what its plugin says was acknowledged."""

    def __init__(self, project, session, mark, path, steps, dry_run):
        self.project, self.session, self.mark = project, session, mark
        self.steps, self.dry_run = steps, dry_run
        self._path = path
        self.lines_seen = 0

    @property
    def acks(self):
        return self._path.read_text().splitlines() if self._path.exists() else []

    @property
    def run(self):
        return self.project.world.runs.get(self.session)

    def ended(self, seconds=60):
        def question():
            self.project.world.tend()
            run = self.run
            return run.is_final and run

        return wait_until(question, seconds)

    def see(self):
        """Note how much of the log stands in the store now: it must stay."""
        self.lines_seen = len(self.lines())

    def lines(self):
        runs = self.project.world.runs
        return [
            line.message
            for line in runs.logs(self.session, limit=10_000)
            if line.message.startswith("step ")
        ]
