"""Every secret at work in real processes, and then looked for wherever it must not be.

What holds a secret by design is named: `BY_DESIGN` in the database, the environment of the process
that a secret was set for, and the browser's own message that carries what a person typed.
"""

import base64
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from browser_helpers import ROOT, enter_hub, free_port, link_to, settled, wait_until_ready
from conftest import DATA
from hub_helpers import ENVIRONMENT, PROJECT, HubProcess, run_core
from openid_provider import CLIENT, CLIENT_SECRET, OpenIdProvider
from playwright.sync_api import expect

from core.access.acting import PASSWORD, Actor, acting_as
from core.access.roles import Role
from core.gateway.handover import LocalHub
from core.hub.lock import own_hub
from core.plugin_runs.model import Pair, RunRequest
from core.secret import Secret
from core.settings import read_settings
from core.store.hub import open_hub
from core.store.person_keys import own_key
from core.store.plugins import Registry
from core.store.runs import Runs
from pages._ui.nav import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADA = Actor("ada@example.com", Role.ADMIN, PASSWORD, has_account=True)
BY_DESIGN = {"hub_settings.value"}
"""Columns that hold keys of the hub itself: that of its API, and what signs links and people's."""
TALKER = """
import os, time
from pathlib import Path
from imerit_ango.plugins import BatchModelPlugin, run
from imerit_ango.sdk import SDK

PLACE = Path({place!r})

def callback(data):
    with (PLACE / "keys").open("a") as keys:
        print(data["apiKey"], file=keys)
    data["logger"].info("everything: %s", {{k: v for k, v in data.items() if k != "logger"}})
    print("ready", flush=True)
    sdk = SDK(api_key=data["apiKey"], host=os.environ["PLUGIN_HOST"])
    tasks = sdk.get_tasks(data["projectId"], limit=5)["data"]["tasks"]
    while not (PLACE / "go").exists():
        time.sleep(0.05)
    return {{"tasks": len(tasks), "key": data["apiKey"]}}

run(BatchModelPlugin(os.environ["PLUGIN_ID"], os.environ["PLUGIN_SECRET"], callback),
    host=os.environ["PLUGIN_HOST"])
"""
SIGN_IN = """
[auth]
redirect_uri = "{base}/oauth2callback"
cookie_secret = "{cookie}"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


def forms(secret):
    """A secret as it is, and as somebody may have written it."""
    encoded = base64.b64encode(secret.encode()).rstrip(b"=")
    return {secret.encode(), quote(secret).encode(), encoded, secret.encode().hex().encode()}


class Place:
    """Everything started, with one canary for each kind of secret.

    Args:
        folder: For all of it; `data` is the data folder.
        sample: A data folder for the hub elsewhere.
    """

    def __init__(self, folder, sample):
        self.folder, self.data = folder, folder / "data"
        self.watched, self.ended = {}, False
        new = secrets.token_urlsafe
        self.canaries = {
            name: f"canary {name} {new(12)}" if name == "password" else f"canary-{name}-{new(12)}"
            for name in ("password", "cookie", "server", "postgres")
        }
        self.canaries["client"] = CLIENT_SECRET
        shutil.copytree(sample, folder / "far")
        self.far = HubProcess(folder / "far").start()
        self.canaries["upstream"] = self.far.key
        self.provider = OpenIdProvider().__enter__()
        self.ports = (free_port(), free_port())
        self.base = f"http://127.0.0.1:{self.ports[1]}"
        self.environment = {**ENVIRONMENT, "SWITCHYARD_DATA": str(self.data)}
        secret = {"SWITCHYARD_NEW_PASSWORD": self.canaries["password"]}
        self.core("user", "add", ADA.name, "--role", "admin", **secret)
        self.process = self.up()

    def up(self):
        sign_in = self.folder / "sign-in.toml"
        sign_in.write_text(
            SIGN_IN.format(
                base=self.base, cookie=self.canaries["cookie"], client=CLIENT,
                secret=self.canaries["client"], provider=self.provider.url,
            )
        )  # fmt: skip
        words = ("--port", self.ports[0], "--dashboard-port", self.ports[1])
        with (self.folder / "up.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "core", "up", *map(str, words), "--upstream", self.far.url],
                cwd=ROOT,
                env={
                    **self.environment,
                    "SWITCHYARD_SIGN_IN": "oidc",
                    "STREAMLIT_SECRETS_FILES": str(sign_in),
                    "ANGO_API_KEY": self.canaries["server"],
                    "PGPASSWORD": self.canaries["postgres"],
                    "SWITCHYARD_NEW_PASSWORD": self.canaries["password"],
                },
                stdout=log,
                stderr=log,
            )

    def core(self, *words, **more):
        """A command as ada; what it prints is kept, to be looked through."""
        done = subprocess.run(
            [sys.executable, "-m", "core", *map(str, words)],
            cwd=ROOT,
            env={
                **self.environment,
                "SWITCHYARD_USER": ADA.name,
                "SWITCHYARD_PASSWORD": self.canaries["password"],
                **more,
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.watch(f"core {' '.join(map(str, words))}", done.stdout + done.stderr)
        return done

    def watch(self, name, text):
        """Keep something that is to be looked through."""
        self.watched[name] = text if isinstance(text, bytes) else text.encode()

    def descendants(self):
        """Processes of ours by id, with their parents' names for the environment."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
        ours, size = {self.process.pid, self.far.process.pid, os.getpid()}, 0
        while size != len(ours):
            size = len(ours)
            ours |= {one for one, parent in parents.items() if parent in ours}
        return ours

    def look_at_processes(self, when):
        """Keep every command line, and the environments of plugins; returns how many of these."""
        plugins = 0
        for pid in self.descendants():
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes()
                own = Path(f"/proc/{pid}/environ").read_bytes()
            except OSError:
                continue
            self.watch(f"command line {when} {pid}", line)
            if b"PLUGIN_SECRET=" in own:
                plugins += 1
                lines = [one for one in own.split(b"\0") if not one.startswith(b"PLUGIN_SECRET=")]
                self.watch(f"environment of a plugin {when} {pid} {line[:80]}", b"\n".join(lines))
        return plugins

    def end(self):
        if self.ended:
            return
        self.ended = True
        self.process.terminate()
        self.process.wait(60)
        self.far.end()
        self.provider.__exit__()


@pytest.fixture
def place(tmp_path, sample_data):
    place = Place(tmp_path, sample_data)
    yield place
    place.end()


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory):
    data = tmp_path_factory.mktemp("canary-sample") / "data"
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    added = run_core("project", "add", "--name", "Streets", *files, "--data", data)
    assert added.returncode == 0, added.stderr
    return data


def listen(place, page):
    """Keep what a page gets and which addresses it asks for; what it sends holds what is typed."""

    def received(frame):
        place.watch(f"message {len(place.watched)}", frame)

    page.set_default_timeout(60_000)
    page.on("websocket", lambda socket: socket.on("framereceived", received))
    page.on("request", lambda one: place.watch(f"address {len(place.watched)}", one.url))
    page.on("console", lambda one: place.watch(f"console {len(place.watched)}", one.text))


def sign_in(place, page, path="/connect"):
    page.goto(place.base + path)
    page.get_by_role("textbox", name="Name").fill(ADA.name)
    page.get_by_role("textbox", name="Password").fill(place.canaries["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text(f"{ADA.name}, admin")).to_be_visible()
    settled(page)


def in_database(file, forms_of):
    """Columns of a database that hold a canary, as text, whatever their kind."""
    holding = set()
    with sqlite3.connect(file) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            cursor = database.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for name, value in zip(names, row, strict=True):
                    text = value if isinstance(value, bytes) else str(value).encode()
                    if any(one in text for one in forms_of):
                        holding.add(f"{table}.{name}")
    database.close()
    return holding


def test_no_secret_is_where_it_must_not_be(place, chromium, until):
    wait_until_ready(place.base, place.process)
    store = until(lambda: open_hub(read_settings({"SWITCHYARD_DATA": str(place.data)}).database))
    registry, runs = Registry(store, place.data), Runs(store)
    script = place.folder / "talker.py"
    script.write_text(TALKER.format(place=str(place.folder)))
    with acting_as(ADA):
        hub = until(lambda: own_hub(place.data, store), 120)
        until(lambda: len(registry.list()) == 1, 120)  # the demo's is there
        talker = registry.add("Talker", ["Car"], script=str(script)).plugin.id
        LocalHub(hub.url, hub.key).hand_over(place.far.url, PROJECT, "Far", Secret(place.far.key))
    alive = {plugin.id for plugin in registry.list()}
    until(lambda: {k for k, v in registry.liveness().items() if v.state == "live"} == alive, 120)
    place.canaries |= {
        "hub": store.known_secret("key").reveal(),
        "signing": store.known_secret("signing").reveal(),
        "people": store.known_secret("people").reveal(),
        "person": own_key(store, ADA).reveal(),
        "talker": registry.secret(talker).reveal(),
        "demo": registry.secret(next(iter(alive - {talker}))).reveal(),
    }
    place.provider.claims = {
        "email": "ben@example.com", "email_verified": True, "switchyard_role": "viewer",
    }  # fmt: skip
    ben = chromium.new_context().new_page()
    listen(place, ben)
    ben.goto(place.base)
    ben.get_by_role("button", name="Sign in with OpenID Connect").click()
    expect(ben.get_by_text("ben@example.com, viewer")).to_be_visible()
    page = chromium.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    listen(place, page)
    sign_in(place, page)
    enter_hub(page, place.far.url, place.far.key)
    expect(page.get_by_text("Connected: 1 project")).to_be_visible()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="How long tasks took").first).to_be_visible()
    settled(page)
    sessions = _runs(place, page, until, store, talker)
    place.canaries |= {
        f"run {n}": key for n, key in enumerate((place.folder / "keys").read_text().split())
    }
    assert len([name for name in place.canaries if name.startswith("run ")]) == 3
    for entry in PAGES:
        if entry.title != "Connect":
            link_to(page, entry.title).click()
            expect(link_to(page, entry.title)).to_have_attribute("aria-current", "page")
            if entry.title not in ("Home", "Overview"):
                expect(page.get_by_role("heading", name=entry.title, exact=True)).to_be_visible()
            settled(page)
            if entry.title == "Plugins":
                expect(page.get_by_text("Talker").first).to_be_visible()
        place.watch(f"page {entry.title}", page.content())
    for session in sessions:
        sign_in(place, page, f"/run?run={session}")
        place.watch(f"page of run {session}", page.content())
    _commands(place, sessions)
    assert runs.get(sessions[0]).state == "succeeded"
    place.end()
    _look_through(place)


def _runs(place, page, until, store, talker):
    """A run of a project here and of one elsewhere, and one that cannot reach it any more."""
    runs = Runs(store)
    request = RunRequest(talker, PROJECT, config="{}", mapping=(Pair("none", "Car"),))
    with acting_as(ADA):
        first = runs.start(request).session
        until(lambda: "everything: " in str(runs.logs(first)), 30)
        assert place.look_at_processes("while it runs") == 2
        (place.folder / "go").touch()
        until(lambda: runs.get(first).is_final, 30)
        second = runs.start(RunRequest(talker, PROJECT, config="{}", dry_run=True)).session
        until(lambda: runs.get(second).is_final, 120)
        place.far.end()
        third = runs.start(request).session
        until(lambda: runs.get(third).is_final, 90)
    return first, second, third


def _commands(place, sessions):
    """What commands print and write."""
    out = place.folder / "out"
    out.mkdir()
    both = ("--tasks", DATA / "export.zip", "--logic", DATA / "project.json")
    for words in (
        ("run", "list", "--json"),
        *(("run", "show", session, "--logs", "--json") for session in sessions),
        ("plugin", "list", "--json"),
        ("user", "list", "--json"),
        ("audit", "list", "--json"),
        ("audit", "export", "--out", out / "record.csv"),
        ("audit", "verify"),
        ("demo", "run"),
        ("report", *both, "--out", out / "report.html"),
        ("project", "add", "--name", "Bad", "--project", DATA / "export.zip"),
        ("publish", "show", "--id", PROJECT, "--host", place.far.url),
    ):
        place.core(*words)
    assert (out / "report.html").stat().st_size and (out / "record.csv").stat().st_size


def _look_through(place):
    """Everything that was kept, every file, every column."""
    looked_for = {name: forms(secret) for name, secret in place.canaries.items()}
    assert len(looked_for) >= 14
    held = place.folder / "far"  # the hub elsewhere has a key of its own
    inputs = {place.folder / name for name in ("sign-in.toml", "keys")}
    for path in place.folder.rglob("*"):
        if path.is_file() and held not in path.parents and path not in inputs:
            place.watch(f"file {path.relative_to(place.folder)}", path.read_bytes())
    leaks = {
        (name, where)
        for where, text in place.watched.items()
        for name, forms_of in looked_for.items()
        if any(one in text for one in forms_of)
    }
    own = {"hub", "signing", "people"}  # the database is a file, too
    database = ("file data/switchyard.db", "file data/switchyard.db-wal")
    assert sorted(
        (name, where[:200]) for name, where in leaks if not (name in own and where in database)
    ) == []  # fmt: skip
    everything = set().union(*looked_for.values())
    assert in_database(place.data / "switchyard.db", everything) == BY_DESIGN
    kinds = {where.split()[0] for where in place.watched}
    assert {"core", "command", "environment", "message", "address", "page", "file"} <= kinds
    assert b"Talker" in place.watched["page Plugins"]  # it was the content that was looked at
    assert any(b"everything: " in text for text in place.watched.values())
