"""A data folder with the demo as packaged, copied for each test that changes it."""

import shutil

import pytest

from core.launcher.demo_project import add_packaged
from core.settings import read_settings
from core.store.hub import open_hub


@pytest.fixture(scope="session")
def packaged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packaged")
    settings = read_settings({"SWITCHYARD_DATA": str(folder)})
    store = open_hub(settings.database)
    add_packaged(store, settings)
    store.close()
    return folder


@pytest.fixture
def settings(tmp_path, packaged):
    shutil.copytree(packaged, tmp_path, dirs_exist_ok=True)
    return read_settings({"SWITCHYARD_DATA": str(tmp_path)})


@pytest.fixture
def store(settings):
    return open_hub(settings.database)
