"""In CI a skipped test is a failure, unless `skips.txt` gives its reason.

Hooks of pytest; `conftest.py` takes them over. Run in parallel, the first process hears of all.
"""

import os
from pathlib import Path

LIST = Path(__file__).parent / "skips.txt"
SKIPPED: list[str] = []


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        SKIPPED.append(report.nodeid)


def pytest_collectreport(report):
    if report.skipped:
        SKIPPED.append(report.nodeid)


def pytest_sessionfinish(session, exitstatus):
    lines = LIST.read_text().splitlines()
    allowed = {line.split("  ")[0] for line in lines if line and not line.startswith("#")}
    unexplained = sorted({node for node in SKIPPED if node not in allowed})
    if unexplained and os.environ.get("CI"):
        print("\nskipped without a reason in tests/skips.txt:", *unexplained, sep="\n  ")
        session.exitstatus = 1
