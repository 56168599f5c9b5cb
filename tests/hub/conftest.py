"""A hub as a process of its own, reached over TCP and ended by a signal."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time

import pytest
import requests
from conftest import DATA, HERE
from imerit_ango.sdk import SDK

from core.cli import main

ROOT = HERE.parent
PROJECT = "e099a5ca83ba8dbc63f02dc0"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("SWITCHYARD")},
    "NO_PROXY": "127.0.0.1,localhost",
    "PYTHONUNBUFFERED": "1",
}


def run_core(*words):
    command = [sys.executable, "-m", "core", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=60
    )


class HubProcess:
    """`python -m core hub` on a data directory; keeps its port over restarts."""

    def __init__(self, data, *words):
        self.data, self.words, self.port = data, words, 0
        self.process = None

    def start(self):
        words = ["hub", "--port", self.port, "--data", self.data, "--json", *self.words]
        command = [sys.executable, "-m", "core", *map(str, words)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=(self.data / "hub.err").open("ab"),
            text=True,
        )
        ready, _, _ = select.select([self.process.stdout], [], [], 30)
        line = self.process.stdout.readline() if ready else ""
        assert line, (self.data / "hub.err").read_text()
        said = json.loads(line)
        self.url, self.key, self.projects = said["url"], said["apiKey"], said["projects"]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.said = said
        return self

    def end(self, how=signal.SIGKILL):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(15)
        if self.process is not None:
            self.process.stdout.close()
        return self.process.returncode if self.process else None

    def sdk(self):
        return SDK(api_key=self.key, host=self.url)

    def ask(self, method, path, **more):
        more.setdefault("headers", {"apikey": self.key})
        more.setdefault("timeout", 20)
        return requests.request(method, self.url + path, **more)

    def admin(self, method, path, body=None):
        answer = self.ask(method, f"/_hub/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def logs(self, session=""):
        return self.admin("GET", f"logs?session={session}")["logs"]


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory):
    """A data directory with the sample project; copied, so that it is read in only once."""
    data = tmp_path_factory.mktemp("sample") / "data"
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    added = run_core("project", "add", "--name", "Streets", *files, "--data", data, "--json")
    assert json.loads(added.stdout) == {"_id": PROJECT}, added.stderr
    return data


@pytest.fixture(scope="module")
def make_hub(tmp_path_factory, sample_data):
    made = []

    def make(*words, sample=True):
        data = tmp_path_factory.mktemp("hub")
        if sample:
            shutil.copytree(sample_data, data, dirs_exist_ok=True)
        made.append(HubProcess(data, *words).start())
        return made[-1]

    yield make
    for hub in made:
        hub.end()


@pytest.fixture(scope="module")
def hub(make_hub):
    """A hub with the sample project."""
    return make_hub()


@pytest.fixture(autouse=True)
def no_faults_left(request):
    yield
    if "hub" in request.fixturenames:
        hub = request.getfixturevalue("hub")
        if hub.process.poll() is None:
            hub.admin("DELETE", "faults")


@pytest.fixture(scope="session")
def until():
    """Waits for something to be true and returns it."""

    def wait(question, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = question()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError("it did not come true")

    return wait


@pytest.fixture(scope="session")
def core():
    """Runs one command of the command line."""
    return run_core


@pytest.fixture
def here(capsys):
    """Runs one command in this process: for what is about files and not about processes."""

    def run(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, said.out, said.err)

    return run
