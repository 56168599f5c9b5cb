"""What all tests share: the sample data, and that CI fails on a skip that nobody explained."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from budget import (  # noqa: F401
    pytest_addoption,
    pytest_runtest_setup,
    pytest_sessionstart,
    pytest_terminal_summary,
)
from databases import database_url, let_go, make_database, on_postgres, postgres  # noqa: F401
from hypothesis import HealthCheck, settings
from skip_list import (  # noqa: F401
    pytest_collectreport,
    pytest_runtest_logreport,
    pytest_sessionfinish,
)
from waiting import wait_until

from core.accounts import passwords
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.workspace import Workspace

HERE = Path(__file__).parent
DATA = HERE / "data"
PRODUCTS_HASHER = passwords._HASHER

# both measure the machine: a law does not cease to hold on a busy one
settings.register_profile("any", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any")


QUICK, USUAL = 15, 50
settings.register_profile("quick", settings.get_profile("any"), max_examples=QUICK)
settings.register_profile("full", settings.get_profile("any"))  # as many as each test says
MOST = {"quick": QUICK, "any": USUAL}
"""Examples of a property at most, whatever it says itself; `make soak` leaves none out."""


def pytest_collection_modifyitems(config, items):
    """What takes long begins first; a profile's most examples hold for every property.

    A worker is given a file at a time, so that no worker is left with a long one at the end.
    """
    if not config.getoption("--soak"):
        left = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]
    if config.getoption("dist", "no") == "loadfile":
        marks = ("browser", "slow")
        long = {item.path for item in items if any(map(item.get_closest_marker, marks))}
        items.sort(key=lambda item: item.path not in long)  # stable: files stay whole
    most = MOST.get(settings.get_current_profile_name())
    if most is None:
        return
    for test in {getattr(item, "function", None) for item in items}:
        own = getattr(test, "_hypothesis_internal_use_settings", None)
        if own is not None:
            few = min(own.max_examples, most)
            test._hypothesis_internal_use_settings = settings(own, max_examples=few)


@pytest.fixture(scope="session")
def sample_table():
    return read_path(DATA / "export.zip")


@pytest.fixture(scope="session")
def sample_project():
    return read_project(loads((DATA / "project.json").read_text()))


@pytest.fixture(scope="session")
def sample(sample_table, sample_project):
    return Workspace(sample_table, sample_project, Dialect())


@pytest.fixture(scope="session", autouse=True)
def light_passwords():
    """Hashes cost next to nothing in this process, but for who asks for `costly_passwords`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))
        yield


@pytest.fixture
def costly_passwords(monkeypatch):
    """Hashes cost what the product makes them cost."""
    monkeypatch.setattr(passwords, "_HASHER", PRODUCTS_HASHER)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.fixture(scope="session")
def until():
    """Waits for something to be true and returns it."""
    return wait_until
