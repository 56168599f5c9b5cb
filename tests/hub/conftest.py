"""A hub as a process of its own, reached over TCP and ended by a signal."""

import json
import shutil
import subprocess

import pytest
from conftest import DATA
from hub_helpers import PROJECT, HubProcess, run_core

from core.cli.main import main


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
