"""Two processes on one data folder: they read a project one after the other, whatever ends them."""

import subprocess
import sys
import time

import pytest
from conftest import HERE
from gateway.helpers import PROJECT

from core.errors import Cancelled
from core.gateway.cache import Cache
from core.gateway.kept import turn
from core.gateway.limits import never

READ = """
import sys
from pathlib import Path
from gateway.helpers import gateway_to
from core.errors import Cancelled
from core.gateway.cache import Cache, open_project
url, folder, project = sys.argv[1:]
print(open_project(gateway_to(url), Cache(Path(folder)), project, refresh=True).tasks)
"""
HOLD = """
import sys, time
from pathlib import Path
from core.gateway.kept import turn
with turn(Path(sys.argv[1]), lambda: False):
    print("held", flush=True)
    time.sleep(60)
"""


def python(script, *words):
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path[:0] = ['.', 'tests']\n{script}", *words],
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_processes_read_one_project_one_after_the_other(hub, tmp_path):
    hub.delay = 0.25
    both = [python(READ, hub.url, str(tmp_path), PROJECT["_id"]) for _ in range(2)]
    assert [process.communicate(timeout=60)[0] for process in both] == ["400\n"] * 2
    steps = [path[:8] for _, path, _ in hub.requests if path.startswith(("/v2/export", "/file"))]
    # the second one takes what the first one read, when it had to wait for it
    assert [step.startswith("/v2/") for step in steps] in ([True, False], [True, False] * 2)
    kept = Cache(tmp_path).get(hub.url, PROJECT["_id"])
    assert kept is not None and len(Cache(tmp_path).table(kept)) == 400


def test_a_process_that_is_killed_holds_nothing(tmp_path):
    folder = tmp_path / "project" / "unfinished"
    holder = python(HOLD, str(folder))
    assert holder.stdout.readline() == "held\n"
    began = time.monotonic()
    told = []
    with pytest.raises(Cancelled), turn(folder, lambda: len(told) > 1, lambda: told.append(1)):
        raise AssertionError("held by two")
    assert len(told) == 2
    holder.kill()
    holder.communicate(timeout=10)
    with turn(folder, never):
        assert time.monotonic() - began < 10
