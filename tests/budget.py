"""`--budget SECONDS`: no test is begun after that time; `make quick` ends within its minute.

And `--soak`, for tests that are like others. Hooks of pytest; `conftest.py` takes them over. What
was left is counted in the last lines.
"""

from time import monotonic

import pytest

LEFT = "no time left"


def soak(*values):
    """Values of a test that is like another, for `make soak` alone."""
    return pytest.param(*values, marks=pytest.mark.soak)


def pytest_addoption(parser):
    parser.addoption("--budget", type=float, help="seconds after which no test is begun")
    parser.addoption("--soak", action="store_true", help="with the tests of `make soak` alone")


def pytest_sessionstart(session):
    session.config.began = monotonic()


def pytest_runtest_setup(item):
    budget = item.config.getoption("--budget")
    if budget is not None and monotonic() - item.config.began > budget:
        pytest.skip(LEFT)


def pytest_terminal_summary(terminalreporter):
    left = [r for r in terminalreporter.stats.get("skipped", []) if LEFT in str(r.longrepr)]
    if left:
        terminalreporter.write_line(f"{len(left)} tests were left for `make test`")
