import copy

import pytest
from conftest import DATA
from gateway.helpers import PROJECT, gateway_to, hub_task
from gateway.small_hub import SmallHub

from core.store.database import open_database


@pytest.fixture
def hub():
    with SmallHub() as hub:
        hub.projects[PROJECT["_id"]] = copy.deepcopy(PROJECT)
        hub.tasks[PROJECT["_id"]] = [hub_task(n) for n in range(1, 251)]
        hub.export = (DATA / "export.zip").read_bytes()
        yield hub


@pytest.fixture
def gateway(hub):
    return gateway_to(hub.url)


@pytest.fixture
def door(tmp_path_factory):
    """Lets whoever acts through, and records it."""
    return open_database(f"sqlite:///{tmp_path_factory.mktemp('door') / 'switchyard.db'}")
