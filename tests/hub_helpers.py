"""The hub as a process, and the names and stages that its tests share."""

import asyncio
import copy
import io
import json
import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout

import requests
from conftest import HERE
from imerit_ango.sdk import SDK

from core.cli.main import main

PROJECT = "e099a5ca83ba8dbc63f02dc0"

_STAGES = [
    {"id": "Start", "type": "Start", "name": "Start", "next": ["Label"], "autoForward": True},
    {"id": "Label", "type": "Label", "name": "Label", "next": ["Review"], "assignedTo": []},
    {"id": "Review", "type": "Review", "name": "Review", "next": ["Complete", "Label"]},
    {"id": "Complete", "type": "Complete", "name": "Complete", "next": []},
]


def make_stages():
    return copy.deepcopy(_STAGES)


ROOT = HERE.parent
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("SWITCHYARD")},
    "NO_PROXY": "127.0.0.1,localhost",
    "PYTHONUNBUFFERED": "1",
}


def environment_of(database=None):
    """The environment of a process whose state is in a database, else in its data folder."""
    return ENVIRONMENT if database is None else {**ENVIRONMENT, "SWITCHYARD_DATABASE": database}


def run_core(*words, database=None):
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, words)],
        cwd=ROOT,
        env=environment_of(database),
        capture_output=True,
        text=True,
        timeout=120,
    )


def run_main(*words):
    """As `run_core`, in this process: for commands whose start is tested elsewhere."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main([str(word) for word in words])
    return subprocess.CompletedProcess(words, code, out.getvalue(), errors.getvalue())


class HubProcess:
    """`python -m core hub` on a data directory; keeps its port over restarts."""

    program = ("-m", "core")
    hosts = ""
    """Names by which it may be called beside its own, as of `SWITCHYARD_HOSTS`."""
    more = None
    """What else its environment holds."""

    def __init__(self, data, *words, database=None):
        self.data, self.words, self.port = data, words, 0
        self.database = database
        self.process = None
        self.errors = data / "hub.err"

    def start(self):
        words = ["hub", "--port", self.port, "--data", self.data, "--json", *self.words]
        command = [sys.executable, *self.program, *map(str, words)]
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={
                    **environment_of(self.database),
                    "SWITCHYARD_HOSTS": self.hosts,
                    **(self.more or {}),
                },
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        ready, _, _ = select.select([self.process.stdout], [], [], 90)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.end()
            raise AssertionError(self.errors.read_text() or "the hub did not start")
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


def run_apart(coroutine):
    """The result of a coroutine, in a thread: a browser of other tests keeps a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()
