"""A data folder at work: a hub, a plugin and people, on a database of either kind."""

import json
import subprocess
import sys

import pytest
from conftest import DATA
from hub_helpers import ENVIRONMENT, PROJECT, ROOT, HubProcess, run_core

from core.plugin_runs.model import Pair, RunRequest
from core.settings import read_settings
from core.store.drafts import Drafts
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.runs import Runs

SCRIPT = ROOT / "tests" / "plugins" / "script.py"


def run_on(folder, *words, database=None):
    return run_core(*words, "--data", folder, "--json", database=database)


class AtWork:
    """A hub with the sample project and a plugin, both real processes."""

    def __init__(self, folder, database=None):
        self.folder, self.database = folder, database
        settings = read_settings(
            {"SWITCHYARD_DATA": str(folder), "SWITCHYARD_DATABASE": database or ""}
        )
        self.settings = settings
        self.store = open_hub(settings.database)
        self.runs, self.drafts = Runs(self.store), Drafts(self.store)
        self.registry = Registry(self.store, folder)
        self.processes = []
        self.hub = HubProcess(folder, database=database).start()

    def plugin(self):
        made = self.registry.add("Detector", ["Car"])
        self.connect(made.plugin.id, made.secret)
        return made.plugin.id

    def connect(self, plugin, secret):
        words = [sys.executable, SCRIPT, self.hub.url, plugin, secret.reveal()]
        with (self.folder / "plugin.err").open("ab") as errors:
            environment = {**ENVIRONMENT, "CONNECTOR": "WS"}
            self.processes.append(
                subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
            )

    def start(self, plugin, **config):
        project = self.hub.sdk().get_project(PROJECT)["data"]["project"]
        mapping = (Pair(project["categorySchema"]["tools"][0]["schemaId"], "Car"),)
        request = RunRequest(plugin, PROJECT, config=json.dumps(config), mapping=mapping)
        return self.runs.start(request).session

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait(10)
        self.hub.end()
        self.store.close()


@pytest.fixture
def at_work(make_database, tmp_path_factory, let_go):
    """Makes a data folder at work, on a database of a kind, with the sample project."""
    made = []

    def make(kind, folder=None, sample=True, database=None):
        folder = folder or tmp_path_factory.mktemp("folder")
        database = database or (make_database(kind) if kind == "postgresql" else None)
        if sample:
            files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
            added = run_on(folder, "project", "add", "--name", "S", *files, database=database)
            assert json.loads(added.stdout) == {"_id": PROJECT}, added.stderr
        made.append(AtWork(folder, database))
        return made[-1]

    yield make
    for one in made:
        one.end()
