"""The world of these tests; what a process makes of it is made once."""

import pytest
from access.world import World


@pytest.fixture(scope="session")
def today(tmp_path_factory):
    return tmp_path_factory.mktemp("today")


@pytest.fixture
def world(today, tmp_path):
    return World(today, tmp_path)
