"""A hub and real plugins of the SDK, each as a process of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys

import pytest
from conftest import DATA, HERE
from hub_helpers import ENVIRONMENT, PROJECT, HubProcess, run_core
from waiting import wait_until

from core.plugin_runs.model import Pair, RunRequest
from core.secret import Secret
from core.settings import read_settings
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.run_labels import RunLabels
from core.store.runs import Runs

SCRIPT = HERE / "plugins" / "script.py"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Bench:
    """A hub with the sample project, its store, and plugins as processes."""

    def __init__(self, data, upstream=None, kind=HubProcess):
        self.data = data
        words = [] if upstream is None else ["--upstream", upstream.url]
        self.hub = kind(data, *words)
        self.hub.hosts = "127.0.0.1"  # under any port: tests put a wire between
        self.hub.start()
        if upstream is not None:
            self.hub.admin("POST", "projects", {"_id": PROJECT, "name": "Far streets"})
            self.hub.admin("POST", "upstream-key", {"key": upstream.key})
        self.store = open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database)
        self.registry = Registry(self.store, data)
        self.runs, self.labels = Runs(self.store), RunLabels(self.store)
        self.processes = []
        project = self.hub.sdk().get_project(PROJECT)["data"]["project"]
        self.schema = project["categorySchema"]["tools"][0]["schemaId"]
        self.mapping = (Pair(self.schema, "Car"),)

    def plugin(self, connector="ws", *more, secret=None, name="Detector", script=SCRIPT):
        port = free_port()
        url = f"http://127.0.0.1:{port}" if connector == "rest" else None
        made = self.registry.add(name, ["Car"], connector=connector, url=url)
        self.launch(made.plugin.id, secret or made.secret, connector, port, *more, script=script)
        return made.plugin.id

    def launch(self, plugin, secret, connector="ws", port=0, *more, script=SCRIPT, host=None):
        shown = secret.reveal() if isinstance(secret, Secret) else secret
        words = [script, host or self.hub.url, plugin, shown, *more]
        with (self.data / f"{plugin}.err").open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, *map(str, words)],
                env={**ENVIRONMENT, "CONNECTOR": connector.upper(), "PORT": str(port)},
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        self.processes.append(process)
        return process

    def is_live(self, plugin):
        return self.registry.liveness().get(plugin, None) and (
            self.registry.liveness()[plugin].state == "live"
        )

    def start(self, plugin, config=None, **more):
        text = config if isinstance(config, str) else json.dumps(config or {})
        more.setdefault("mapping", self.mapping)
        return self.runs.start(RunRequest(plugin, PROJECT, config=text, **more)).session

    def ended(self, session, seconds=20):
        return wait_until(lambda: (run := self.runs.get(session)).is_final and run, seconds)

    def run(self, plugin, config=None, seconds=20, **more):
        return self.ended(self.start(plugin, config, **more), seconds)

    def said(self, session, **more):
        return [line.message for line in self.runs.logs(session, **more)]

    def kill_last(self):
        process = self.processes.pop()
        process.kill()
        process.wait(10)

    def end(self):
        while self.processes:
            self.kill_last()
        self.hub.end()


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory):
    """A data directory with the sample project; copied, so that it is read in only once."""
    data = tmp_path_factory.mktemp("sample") / "data"
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    added = run_core("project", "add", "--name", "Streets", *files, "--data", data, "--json")
    assert json.loads(added.stdout) == {"_id": PROJECT}, added.stderr
    return data


@pytest.fixture(scope="session")
def make_bench(tmp_path_factory, sample_data):
    made = []

    def make(upstream=None, **more):
        data = tmp_path_factory.mktemp("runs")
        if upstream is None:
            shutil.copytree(sample_data, data, dirs_exist_ok=True)
        made.append(Bench(data, upstream, **more))
        return made[-1]

    yield make
    for bench in made:
        bench.end()


@pytest.fixture(scope="session")
def bench(make_bench):
    """The hub that all tests share which leave it alive."""
    return make_bench()


@pytest.fixture(scope="session")
def plugins(bench, until):
    """Both connectors, connected."""
    made = {connector: bench.plugin(connector) for connector in ("ws", "rest")}
    until(lambda: all(bench.is_live(one) for one in made.values()), 30)
    return made


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", os.environ.get("NO_PROXY", "127.0.0.1,localhost"))
