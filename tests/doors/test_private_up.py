"""What `up`, hub, dashboard, a run, an upload and commands write is its owner's alone."""

import json
import os
import stat
import subprocess
import sys

import pytest
import requests
import websocket
from browser_helpers import ROOT, free_port
from conftest import DATA
from hub_helpers import ENVIRONMENT

from core.dataset.engines import open_engine
from core.hub.lock import own_hub
from core.settings import read_settings
from core.store.hub import all_projects, open_hub
from core.store.runs import Runs

from .test_dashboard import STREAM, until_shown


@pytest.fixture(params=[0o022, 0o000], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(folder):
    """What lies in a folder, and it itself, that is not 700 or 600."""
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in [folder, *folder.rglob("*")]}
    return {
        path.relative_to(folder).as_posix(): oct(mode)
        for path, mode in modes.items()
        if mode & 0o077 and not path.is_socket()
    }


def core(environment, *words):
    command = [sys.executable, "-m", "core", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.slow
@pytest.mark.parametrize("umask", [0o022], indirect=True, ids=oct)
def test_up_with_a_run_an_upload_and_a_page_leaves_nothing_open(umask, tmp_path, until):
    data, temporary, chosen = (tmp_path / name for name in ("data", "temporary", "chosen"))
    temporary.mkdir()
    chosen.mkdir(mode=0o700)
    ports = (free_port(), free_port())
    words = ("up", "--port", ports[0], "--dashboard-port", ports[1], "--data", data)
    environment = {**ENVIRONMENT, "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, "-m", "core", *map(str, words)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        settings = read_settings({"SWITCHYARD_DATA": str(data)})
        until(lambda: (data / "switchyard.db").exists(), 60)
        store = open_hub(settings.database)
        hub = until(lambda: own_hub(data, store), 60)
        until(lambda: core(environment, "demo", "run", "--data", data).returncode == 0, 60)
        url = f"ws://127.0.0.1:{ports[1]}{STREAM}"
        until_shown(websocket.create_connection(url, timeout=60))
        runs = Runs(store)
        assert until(lambda: (r := runs.list()[0]).is_final and r, 90).state == "succeeded"
        with store.read() as tx:
            project = all_projects(tx)[0].id
        key = {"apikey": hub.key.reveal()}
        link = f"{hub.url}/v2/getUploadUrl?name=x.png&project={project}&type=assets"
        upload = requests.get(link, headers=key, timeout=20).json()["data"]["uploadUrl"]
        assert requests.put(upload, b"x", timeout=20).status_code == 200
        exported = requests.get(f"{hub.url}/v2/export?project={project}", headers=key, timeout=60)
        assert exported.status_code == 200
        both = ("--tasks", DATA / "export.zip", "--logic", DATA / "project.json")
        assert core(environment, "report", *both, "--out", chosen / "r.html").returncode == 0
        parts = ("--in", DATA / "export.zip", "--out", chosen / "parts", "--partition")
        assert core(environment, "tasks", *parts).returncode == 0
        counted = core(environment, "split", *both, "--engine", "duckdb", "--json")
        assert json.loads(counted.stdout)
        kept = {path.relative_to(data).as_posix() for path in data.rglob("*")}
        assert {"switchyard.db-wal", "switchyard.db-shm", "hub.lock", "plugins.key"} <= kept
        assert any(name.startswith("hub-files/exports/") for name in kept)
        assert any(name.endswith("/x.png") for name in kept)
        assert any(name.startswith("plugins/") and name.endswith(".log") for name in kept)
        assert open_to_others(data) == {} and open_to_others(chosen) == {}
        ours = {n: m for n, m in open_to_others(temporary).items() if n != "."}
        assert ours == {}, "the folder itself is the test's"
    finally:
        process.terminate()
        process.wait(60)


def test_what_does_not_fit_into_memory_lies_in_a_folder_of_its_owner(umask, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with open_engine("duckdb", memory="64MiB") as engine:
        (folder,) = tmp_path.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        place = engine._connection.execute("SELECT current_setting('temp_directory')").fetchone()
        assert place == (str(folder),)
    assert list(tmp_path.iterdir()) == []
