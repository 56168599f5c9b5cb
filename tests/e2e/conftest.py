"""A real Streamlit server and a real headless Chromium for browser tests."""

import json
import os
import subprocess
import sys

import pytest
from browser_helpers import FLAGS, ROOT, chromium_path, free_port, wait_until_ready
from conftest import DATA
from hub_helpers import PROJECT, HubProcess, run_core
from playwright.sync_api import expect, sync_playwright

expect.set_options(timeout=40_000)
STARTS = {"app.py": ("pages._ui.serve",)}
PORT = ("--server.port",)


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    """Starts a script once per data folder and gives its address; ended at the end."""
    running = {}

    def start(script="app.py", data=None, files=ROOT / "tests" / "data", database=None, **more):
        script = str(script)
        if (script, data) not in running:
            port = free_port()
            folder = data or tmp_path_factory.mktemp("data")
            with (folder / "log").open("w") as log:
                process = subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        *STARTS.get(script, ("streamlit", "run", script)),
                        *PORT,
                        str(port),
                    ],
                    cwd=ROOT,
                    env={
                        **os.environ,
                        "SWITCHYARD_DATA": str(folder),
                        "SWITCHYARD_FILES": str(files),
                        **({"SWITCHYARD_DATABASE": database} if database else {}),
                        **more,
                    },
                    stdout=log,
                    stderr=log,
                )
            base = f"http://127.0.0.1:{port}"
            running[script, data] = (base, process)
            wait_until_ready(base, process)
        return running[script, data][0]

    yield start
    for _, process in running.values():
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def chromium_page(chromium):
    """A page of a fresh browser profile that fails the test when it asks for anything outside."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    outside = []
    page.on(
        "request",
        lambda request: (
            outside.append(request.url)
            if "//127.0.0.1" not in request.url and request.url.startswith("http")
            else None
        ),
    )
    yield page
    context.close()
    assert not outside, f"asked for something outside: {outside}"


@pytest.fixture
def hub(tmp_path):
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    added = run_core(
        "project", "add", "--name", "Street scenes", *files, "--data", tmp_path, "--json"
    )
    assert json.loads(added.stdout) == {"_id": PROJECT}, added.stderr
    running = HubProcess(tmp_path).start()
    yield running
    running.end()
