"""A hub with a stage of each type, and the door that records what is done."""

import random

import pytest
from bulk.world import BulkWorld

from core.store.database import open_database


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    running = BulkWorld(tmp_path_factory.mktemp("bulk"), random.Random(11))
    yield running
    running.hub.end()


@pytest.fixture
def door(tmp_path):
    """Lets whoever acts through, and records it."""
    return open_database(f"sqlite:///{tmp_path / 'door.db'}")
