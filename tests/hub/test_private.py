"""The data folder is its owner's alone, whatever umask the processes were started with."""

import os
import stat
import subprocess
import sys

import pytest
from harbour_helpers import Harbour
from hub_helpers import ENVIRONMENT, ROOT, run_core

from core.private import OURS, close, keep_private
from core.settings import read_settings

DASHBOARD = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from core.gateway.cache import Cache, open_project
from core.gateway.connect import connect
from core.secret import Secret
from core.settings import read_settings
from core.export.reader import read_path
from pages._ui.services import services

url, key, project = sys.argv[1:]
app = AppTest.from_file("app.py", default_timeout=60).run()
app.switch_page("pages/plugins/start.py").run()
assert not app.exception, app.exception
settings = read_settings()
table = read_path(Path("tests/data/export.zip"))
services().files.add("export.zip", table, None)  # what opening an uploaded file does
open_project(connect(url, Secret(key), settings), Cache(settings.hubs), project)
"""


@pytest.fixture
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(folder, but=()):
    found = {}
    for path in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path.name not in but and mode != (0o700 if path.is_dir() else 0o600):
            found[path.relative_to(folder).as_posix()] = oct(mode)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("umask", [0o000], indirect=True, ids=oct)
def test_hub_plugin_run_dashboard_and_read_leave_nothing_open(umask, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    harbour = Harbour(data)
    try:
        run = harbour.run(dry_run=False)
        assert run.state == "succeeded"
        words = ["run", "show", run.session, "--logs", "--json", "--data", data]
        assert run_core(*words).returncode == 0
        exported = harbour.hub.ask("GET", f"/v2/export?project={harbour.project_id}")
        assert exported.status_code == 200
        command = [sys.executable, "-c", DASHBOARD, harbour.hub.url, harbour.hub.key]
        done = subprocess.run(
            [*command, harbour.project_id],
            cwd=ROOT,
            env={**ENVIRONMENT, "SWITCHYARD_DATA": str(data)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        kept = {path.name for path in data.iterdir()}
        wanted = {"switchyard.db-wal", "switchyard.db-shm", "tables", "hubs", "hub-files"}
        assert wanted <= kept, "the walk is to see what it is about"
        # what this test itself keeps there
        assert open_to_others(data, ("harbour.json", "hub.err", "plugin.log")) == {}
    finally:
        harbour.end()


@pytest.mark.parametrize("umask", [0o000], indirect=True)
def test_what_an_earlier_version_left_open_is_closed_and_nothing_else(umask, tmp_path):
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    for name in OURS:
        (data / name / "deeper").mkdir(parents=True)
        (data / name / "deeper" / "file").write_text("x")
    for folder in (elsewhere, data / "theirs"):
        folder.mkdir()
        (folder / "file").write_text("x")
    (data / "tables" / "link").symlink_to(elsewhere)
    keep_private(data)
    left = {name: mode for name, mode in open_to_others(data).items() if not name.endswith("link")}
    assert left == {"theirs": "0o777", "theirs/file": "0o666"}
    assert stat.S_IMODE((elsewhere / "file").stat().st_mode) == 0o666
    (data / "new").mkdir()
    assert stat.S_IMODE((data / "new").stat().st_mode) == 0o700


@pytest.mark.parametrize("umask", [0o000], indirect=True)
def test_a_folder_that_others_use_stays_open(umask, tmp_path, monkeypatch):
    sticky, here = tmp_path / "sticky", tmp_path / "around" / "here"
    sticky.mkdir()
    sticky.chmod(0o1777)
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    for folder in (sticky, here, here.parent):
        before = folder.stat().st_mode
        keep_private(folder)
        assert folder.stat().st_mode == before
    close(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("umask", [0o000], indirect=True)
def test_a_user_without_a_home_has_a_data_folder(umask, tmp_path, monkeypatch):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("core.private.Path.home", nowhere)
    keep_private(tmp_path / "data")
    assert open_to_others(tmp_path / "data") == {}


@pytest.mark.parametrize("umask", [0o000], indirect=True)
def test_a_database_of_its_own_place_is_closed_too(umask, tmp_path):
    from core.store.hub import LogLine, open_hub

    url = f"sqlite:///{tmp_path / 'place' / 'x.db'}"
    store = open_hub(url)
    store.say([LogLine("", "info", "x")])
    assert open_to_others(tmp_path / "place") == {}
    assert {path.suffix for path in (tmp_path / "place").iterdir()} >= {".db", ".db-wal"}
    assert read_settings({"SWITCHYARD_DATA": str(tmp_path)}).data == tmp_path
