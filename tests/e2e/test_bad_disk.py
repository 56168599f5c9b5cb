"""A dashboard at work whose disk is locked, full or read-only: one sentence, and it goes on after.

What was accepted before is there afterwards; what is refused is said, and never shown as done.
"""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from browser_helpers import ROOT, free_port, menu, settled, upload, wait_until_ready
from conftest import DATA
from hub_helpers import ENVIRONMENT
from playwright.sync_api import expect
from survival.faults import _fill, without_privileges

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PACKAGED = 7
"""Rules of the packaged project, which a fresh folder opens."""


class Dashboard:
    """A dashboard of its own, with little patience and no right that modes do not give."""

    def __init__(self, folder):
        self.data, self.log = folder / "data", folder / "log"
        self.start()

    def start(self):
        port = free_port()
        where = ["--server.port", str(port), "--server.address", "127.0.0.1"]
        python = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "e2e.impatient_dashboard", *where],
                cwd=ROOT,
                env={**ENVIRONMENT, "SWITCHYARD_DATA": str(self.data), "PYTHONPATH": python},
                stdout=log,
                stderr=log,
                preexec_fn=without_privileges,
            )
        self.base = f"http://127.0.0.1:{port}"
        wait_until_ready(self.base, self.process)

    def end(self):
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def running(folder):
    dashboard = Dashboard(folder)
    try:
        yield dashboard
    finally:
        dashboard.end()
    assert "Traceback" not in dashboard.log.read_text()


@pytest.fixture
def dashboard(tmp_path):
    (tmp_path / "data").mkdir()
    with running(tmp_path) as dashboard:
        yield dashboard


@pytest.fixture
def small_disk(tmp_path):
    """The same on a disk of its own."""
    (data := tmp_path / "data").mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "switchyard", data]
    subprocess.run(words, check=True)
    try:
        with running(tmp_path) as dashboard:
            yield dashboard
    finally:
        subprocess.run(["umount", "-l", data], check=True)


@contextmanager
def locked(data):
    with closing(sqlite3.connect(data / "switchyard.db", 30)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(data):
    _fill(data / "ballast", 0)
    yield
    (data / "ballast").unlink()


@contextmanager
def read_only(data):
    modes = {path: path.stat().st_mode for path in [data, *data.rglob("*")]}
    for path in modes:
        path.chmod(0o500 if path.is_dir() else 0o400)
    yield
    for path, mode in modes.items():
        path.chmod(mode & 0o777)


def cards(page, count):
    expect(page.locator(".rules .card")).to_have_count(count + 1)  # and Else
    settled(page)


def edit(page):
    """One edit: a rule twice."""
    page.locator(".rules .card").nth(4).click()
    settled(page)
    page.get_by_role("button", name="Duplicate rule 5").click()


def edited_once(page, dashboard):
    page.goto(f"{dashboard.base}/rules")
    settled(page)
    cards(page, PACKAGED)
    edit(page)
    cards(page, PACKAGED + 1)
    expect(page).to_have_url(re.compile(r"\?draft=\w+"))
    return page.url.split("?")[1]


def said(page, words):
    """That it is said once, and is no traceback."""
    alert = page.get_by_role("alert").filter(has_text=words)
    expect(alert).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    assert "\n" not in alert.inner_text().split("\n\n", 1)[1].strip()


def refused(page, words):
    """That an edit is refused is said beside the page, which is as it was before."""
    toast = page.get_by_test_id("stToast").filter(has_text="just then was not kept; do it again.")
    expect(toast).to_have_count(1)
    if toast.get_by_role("button", name="view more").count():
        toast.get_by_role("button", name="view more").click()
    expect(toast).to_contain_text(words)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    cards(page, PACKAGED + 1)


def try_to_open(page):
    """Open an export, which is kept in the data folder."""
    menu(page, "project")
    page.get_by_role("button", name="Open an export").click()
    dialog = page.get_by_role("dialog")
    upload(dialog, DATA / "export.zip")
    dialog.get_by_role("button", name="Open", exact=True).click()


def goes_on(page):
    """All that was accepted is there by itself, nothing that was refused; and edits are kept."""
    cards(page, PACKAGED + 1)
    edit(page)
    cards(page, PACKAGED + 2)
    page.reload()
    cards(page, PACKAGED + 2)


def test_somebody_else_holds_the_lock(chromium_page, dashboard):
    page = chromium_page
    edited_once(page, dashboard)
    with locked(dashboard.data):
        edit(page)
        refused(page, "is busy with a long write.")
    goes_on(page)


def test_the_disk_is_full(chromium_page, small_disk):
    page, dashboard = chromium_page, small_disk
    draft = edited_once(page, dashboard)
    with full(dashboard.data):
        edit(page)
        refused(page, "has no room left on its disk.")
        page.goto(f"{dashboard.base}/rules?{draft}")  # looking needs no room
        cards(page, PACKAGED + 1)
        try_to_open(page)
        said(page, "cannot be written or read on the disk (no space left on device)")
        page.goto(f"{dashboard.base}/rules?{draft}")
        cards(page, PACKAGED + 1)
        edit(page)
        refused(page, "has no room left on its disk.")
    goes_on(page)
    assert not [*dashboard.data.rglob("*.part")]


def test_the_folder_is_read_only(chromium_page, dashboard):
    """What a running dashboard holds open it can still write; a new file and a new start cannot."""
    page = chromium_page
    draft = edited_once(page, dashboard)
    with read_only(dashboard.data):
        try_to_open(page)
        said(page, "cannot be written or read on the disk (permission denied)")
        dashboard.end()
        dashboard.start()
        page.goto(f"{dashboard.base}/rules?{draft}")
        said(
            page, "cannot be written to (permission denied). Switchyard writes into its data folder"
        )
    page.goto(f"{dashboard.base}/rules?{draft}")
    goes_on(page)
