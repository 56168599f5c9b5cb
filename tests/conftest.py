"""What all tests share: the sample data, and that CI fails on a skip that nobody explained."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.workspace import Workspace

HERE = Path(__file__).parent
DATA = HERE / "data"
SKIPPED: list[str] = []

# both measure the machine: a law does not cease to hold on a busy one
settings.register_profile("any", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any")


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        SKIPPED.append(report.nodeid)


def pytest_sessionfinish(session, exitstatus):
    lines = (HERE / "skips.txt").read_text().splitlines()
    allowed = {line.split("  ")[0] for line in lines if line and not line.startswith("#")}
    unexplained = [node for node in SKIPPED if node not in allowed]
    if unexplained and os.environ.get("CI"):
        print("\nskipped without a reason in tests/skips.txt:", *unexplained, sep="\n  ")
        session.exitstatus = 1


@pytest.fixture(scope="session")
def sample_table():
    return read_path(DATA / "export.zip")


@pytest.fixture(scope="session")
def sample_project():
    return read_project(loads((DATA / "project.json").read_text()))


@pytest.fixture(scope="session")
def sample(sample_table, sample_project):
    return Workspace(sample_table, sample_project, Dialect())
