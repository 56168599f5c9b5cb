"""`up`: hub, demo plugin and dashboard as one command, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from conftest import HERE
from hub_helpers import ENVIRONMENT

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.demo import shapes
from core.hub.lock import NAME, running_hub
from core.plugin_runs.model import Pair, RunRequest
from core.settings import read_settings
from core.store.hub import find_project, open_hub
from core.store.plugins import Registry
from core.store.runs import Runs

from .conftest import free_port

PROJECT = read_project(loads(demo.PROJECT.read_text()))


def is_there(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def children(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    data = tmp_path_factory.mktemp("up")
    ports = [free_port(), free_port()]
    words = ["up", "--port", ports[0], "--dashboard-port", ports[1], "--data", data]
    with (data / "up.err").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "core", *map(str, words)],
            cwd=HERE.parent,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    yield process, data, ports
    if process.poll() is None:
        process.kill()
        process.wait(10)


@pytest.mark.slow
def test_the_demo_plugin_labels_the_demos_images_and_outlives_a_restart(together, until):
    process, data, ports = together
    until(lambda: running_hub(data), 30)
    store = open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database)
    registry, runs = Registry(store, data), Runs(store)

    def live():
        found = registry.liveness()
        return next((p for p, one in found.items() if one.state == "live"), None)

    plugin = until(live, 90)
    assert registry.get(plugin).name == shapes.NAME
    tool = next(c for c in PROJECT.schema.tools if c.title.casefold() == "vessel")
    document = store_document(store)
    batch = next(b["_id"] for b in document["batches"] if b["name"] == "pixels")

    def start():
        request = RunRequest(
            plugin, PROJECT.id, (batch,), (Pair(tool.schema_id, "vessel"),), shapes.CONFIG
        )
        return runs.start(request).session

    def ended(session):
        return until(lambda: (r := runs.get(session)).is_final and r, 60)

    def run():
        return ended(start())

    first = run()
    assert first.state == "succeeded" and first.labelled > 5, first
    assert set(first.per_class) == {tool.schema_id}

    before = {pid for pid in children(process.pid) if b"shapes.py" in command(pid)}
    hub = json.loads((data / NAME).read_text())["pid"]
    killed = time.monotonic()
    os.kill(hub, signal.SIGKILL)
    until(lambda: running_hub(data) and json.loads((data / NAME).read_text())["pid"] != hub, 60)
    back = time.monotonic() - killed
    assert running_hub(data) == f"http://127.0.0.1:{ports[0]}"
    assert run().state == "succeeded"
    after = {pid for pid in children(process.pid) if b"shapes.py" in command(pid)}
    assert len(before) == len(after) == 1
    if back < 4:  # a plugin waits 5 seconds for an answer, whatever else the machine has to do
        assert before == after, "the plugin did not need to be started again"

    # stopped, it takes the run and does nothing; killed, it is started again within a second
    os.kill(*after, signal.SIGSTOP)
    held, queued = start(), start()
    until(lambda: runs.get(held).state == "starting")
    os.kill(*after, signal.SIGKILL)
    assert ended(held).state == "interrupted"
    assert ended(queued).state == "succeeded"


@pytest.mark.slow
def test_the_dashboard_answers_and_all_end_together(together, until):
    process, data, ports = together
    url = f"http://127.0.0.1:{ports[1]}/"
    until(lambda: answers(url), 30)
    below = children(process.pid)
    assert len(below) == 3
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    until(lambda: not any(is_there(pid) for pid in below), 5)
    assert b"Traceback" not in (data / "up.err").read_bytes()


def answers(url):
    try:
        return requests.get(url, timeout=2).status_code == 200
    except requests.RequestException:
        return False


def command(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def store_document(store):
    with store.read() as tx:
        return loads(find_project(tx, PROJECT.id).document)


BUSY = """
import sys, time
from core.cli.main import main
from core.launcher import up

def read(*_):
    print("reading", file=sys.stderr, flush=True)
    try:
        time.sleep(120)
    except Exception:  # as the gateway has it, since the vendor's SDK raises bare exceptions
        time.sleep(120)

up.read_demo = read
sys.exit(main())
"""


@pytest.mark.slow
def test_it_ends_when_it_is_asked_in_the_middle_of_a_reading(tmp_path):
    words = ["up", "--port", free_port(), "--dashboard-port", free_port(), "--data", tmp_path]
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY, *map(str, words)],
        cwd=HERE.parent,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        assert b"reading\n" in process.stderr
        below = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert len(below) == 2 and not any(map(is_there, below)), "hub and dashboard have ended"
    finally:
        process.kill()
        process.wait(10)
        process.stderr.close()


@pytest.mark.slow
def test_it_ends_when_it_is_asked_before_there_is_a_hub(tmp_path, until):
    words = ["up", "--port", free_port(), "--dashboard-port", free_port(), "--data", tmp_path]
    process = subprocess.Popen(
        [sys.executable, "-m", "core", *map(str, words)],
        cwd=HERE.parent,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        below = until(lambda: children(process.pid), 10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert len(below) == 1 and not is_there(below[0])
    finally:
        process.kill()
        process.wait(10)


LOST = """
import os, signal, sys
from core.cli import up

def head_start(*_):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except BaseException:  # as below the callback of a weak reference, which each import has
        print("lost", file=sys.stderr, flush=True)

up.head_start = head_start
sys.exit(up.main())
"""


@pytest.mark.slow
def test_a_stop_that_is_lost_on_the_way_is_kept(tmp_path):
    words = ["up", "--port", free_port(), "--dashboard-port", free_port(), "--data", tmp_path]
    done = subprocess.run(
        [sys.executable, "-c", LOST, *map(str, words)],
        cwd=HERE.parent, env=ENVIRONMENT, capture_output=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0 and b"lost" in done.stderr and b"Hub:" not in done.stderr
    assert b"Traceback" not in done.stderr
