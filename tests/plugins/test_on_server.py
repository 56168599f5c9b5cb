"""One PostgreSQL, several data folders: one hub for all, and what becomes of it when things end."""

import json
import signal
import subprocess
import sys
import time

import pytest
from conftest import DATA
from hub_helpers import ENVIRONMENT, PROJECT, ROOT, HubProcess, environment_of, run_core

from core.errors import InputError, StoreUnavailable
from core.hub.lock import hub_elsewhere, own_hub, running_hub
from core.launcher.labour import is_held, only_one
from core.plugin_runs.model import RunRequest
from core.store.database import open_database
from core.store.drafts import Drafts
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.runs import Runs
from core.store.seats import Seat, is_taken

SCRIPT = ROOT / "tests" / "plugins" / "script.py"


class House:
    """A database with the sample project; each data folder is a machine's own."""

    def __init__(self, url, folders):
        self.url, self._folders = url, folders
        self.store = open_hub(url)
        self.runs = Runs(self.store)
        self.hubs, self.processes = [], []
        self.plugin = None

    def folder(self):
        return self._folders.mktemp("machine")

    def core(self, folder, *words):
        done = run_core(*words, "--data", folder, "--json", database=self.url)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def hub(self, folder=None):
        self.hubs.append(HubProcess(folder or self.folder(), database=self.url).start())
        return self.hubs[-1]

    def connect(self, hub):
        registry = Registry(self.store, hub.data)
        if self.plugin is None:
            self.plugin = registry.add("Detector", ["Car"]).plugin.id
        secret = registry.rotate(self.plugin).secret.reveal()
        with (hub.data / "plugin.err").open("ab") as errors:
            words = [sys.executable, SCRIPT, hub.url, self.plugin, secret]
            environment = {**ENVIRONMENT, "CONNECTOR": "WS"}
            self.processes.append(
                subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
            )

    def start(self, config):
        request = RunRequest(self.plugin, PROJECT, config=json.dumps(config))
        return self.runs.start(request).session

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait(10)
        for hub in self.hubs:
            hub.end()
        self.store.close()


@pytest.fixture(scope="module")
def sample_url(postgres, tmp_path_factory):
    """A database with the sample project, to be copied."""
    name = postgres.database("packaged")
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    words = ["project", "add", "--name", "Streets", *files]
    words += ["--data", tmp_path_factory.mktemp("sample")]
    added = run_core(*words, "--json", database=postgres.url(name))
    assert json.loads(added.stdout) == {"_id": PROJECT}, added.stderr
    return name


@pytest.fixture
def house(postgres, sample_url, tmp_path_factory, let_go):
    made = House(postgres.url(postgres.database(sample_url)), tmp_path_factory)
    yield made
    made.end()


@pytest.mark.slow
def test_a_run_started_in_one_folder_is_followed_in_another(house, until):
    hub, here, there = house.hub(), house.folder(), house.folder()
    house.connect(hub)
    # whoever shares the machine and the database finds the hub and its key, whatever its folder
    assert running_hub(here) is None and running_hub(here, house.store) == hub.url
    own = own_hub(there, house.store)
    assert (own.url, own.key.reveal()) == (hub.url, hub.key)
    assert hub_elsewhere(house.store) is None
    until(lambda: "live" in str(house.core(there, "plugin", "list")), 30)
    (here / "config.json").write_text('{"do": "who"}')
    words = ("run", "start", "--plugin", house.plugin, "--project", PROJECT)
    session = house.core(here, *words, "--config", here / "config.json")["session"]
    run = until(lambda: (r := house.core(there, "run", "show", session))["finishedAt"] and r, 30)
    assert (run["state"], run["session"]) == ("succeeded", session)
    assert house.core(here, "run", "list")[0]["session"] == session


@pytest.mark.slow
def test_there_is_one_hub_and_the_next_takes_the_runs_of_one_that_dies(house, until):
    first = house.hub()
    house.connect(first)
    until(lambda: Registry(house.store, first.data).liveness().get(house.plugin), 30)
    running = house.start({"do": "work"})
    queued = house.start({"do": "who"})
    until(lambda: house.runs.get(running).state == "running", 30)
    with pytest.raises(AssertionError, match="a hub works on this database already") as refused:
        house.hub()
    assert first.url in str(refused.value) and "Stop it first." in str(refused.value)

    first.end(signal.SIGKILL)
    assert house.runs.get(running).state == "running"
    until(lambda: not is_taken(house.store, "hub"))
    second = house.hub()
    run = house.runs.get(running)
    assert run.state == "interrupted" and "hub" in run.reason
    assert house.runs.get(queued).state == "queued"
    assert running_hub(first.data, house.store) == second.url
    house.connect(second)
    assert until(lambda: (r := house.runs.get(queued)).is_final and r, 30).state == "succeeded"


@pytest.mark.slow
def test_two_people_edit_two_drafts_in_processes_of_their_own(house):
    program = (
        "import sys; from core.store.database import open_database\n"
        "from core.store.drafts import Drafts; from core.settings import read_settings\n"
        "drafts, me = Drafts(open_database(read_settings().database)), sys.argv[1]\n"
        "draft = drafts.create('w', 's', '0', '1', me)\n"
        "for n in range(40): draft = drafts.save(draft, f'{me} {n}', me)\n"
        "print(drafts.undo(draft, me).id)\n"
    )
    people = [
        subprocess.Popen(
            [sys.executable, "-c", program, name],
            cwd=ROOT,
            env=environment_of(house.url),
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("ada", "bo")
    ]
    ids = [person.communicate(timeout=60)[0].strip() for person in people]
    drafts = Drafts(house.store)
    assert [drafts.get(one).document for one in ids] == ["ada 38", "bo 38"]
    assert [(d.version, d.undo, d.redo) for d in map(drafts.get, ids)] == [(42, 40, 1)] * 2


@pytest.mark.slow
def test_a_server_that_goes_away_is_waited_for_and_then_all_goes_on(
    house, postgres, until, tmp_path
):
    hub = house.hub()
    house.connect(hub)
    until(lambda: Registry(house.store, hub.data).liveness().get(house.plugin), 30)
    held = house.start({"do": "nap", "seconds": 4})
    until(lambda: house.runs.get(held).state == "running", 30)
    with pytest.raises(StoreUnavailable) as cut_off, house.store.work():
        postgres.stop()
        house.store.note("x")
    with pytest.raises(StoreUnavailable, match="does not answer") as away:
        house.store.take_note("x", "y")
    for error in (cut_off, away):
        assert str(error.value).startswith(f"The database {house.store.place} does not answer.")
        assert "goes on by itself" in str(error.value) and "\n" not in str(error.value)
    answer = hub.ask("GET", f"/v2/project/{PROJECT}")
    assert answer.status_code == 503 and "does not answer" in answer.json()["message"]
    # nobody can look whose key it is: that is no reason to say that it is wrong
    run_key = hub.ask("GET", f"/v2/project/{PROJECT}", headers={"apikey": "of some run"})
    assert run_key.status_code == 503 and "does not answer" in run_key.json()["message"]
    told = run_core("run", "list", "--data", tmp_path, database=house.url)
    assert told.returncode == 2 and told.stderr.count("\n") == 1, told.stderr
    assert "no PostgreSQL answers there" in told.stderr
    time.sleep(5)  # the plugin ends its work while there is nobody to write that down
    assert hub.process.poll() is None

    postgres.start()
    assert until(lambda: hub.ask("GET", f"/v2/project/{PROJECT}").status_code == 200, 20)
    run = until(lambda: (r := house.runs.get(held)).is_final and r, 30)
    assert (run.state, run.message) == ("succeeded", "awake")
    session = house.start({"do": "who"})
    assert until(lambda: (r := house.runs.get(session)).is_final and r, 30).state == "succeeded"
    assert is_taken(house.store, "hub") and hub.process.poll() is None
    with pytest.raises(AssertionError, match="a hub works on this database already"):
        house.hub()


def test_a_seat_that_somebody_took_meanwhile_is_lost(on_postgres, postgres, until):
    store, other = open_database(on_postgres), open_database(on_postgres)
    first, second = Seat(store, "hub"), Seat(other, "hub")
    assert first.take() and not second.take() and is_taken(other, "hub")
    first.keep()
    ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
    postgres.do(ended)
    first.keep()  # the connection was lost and nobody was quicker
    assert not second.take()
    postgres.do(ended)
    assert second.take()
    with pytest.raises(InputError, match="another hub works on this database by now"):
        first.keep()
    second.leave()
    assert until(lambda: not is_taken(store, "hub"), 10)  # once the server has seen it


def test_the_demo_is_held_for_all_who_use_a_server(on_postgres, tmp_path, until):
    here, there = open_hub(on_postgres), open_hub(on_postgres)
    with only_one(tmp_path / "..", here):
        assert is_held(tmp_path, there) and not is_held(tmp_path)
        with pytest.raises(InputError, match="another window"), only_one(tmp_path, there):
            pass
    assert until(lambda: not is_held(tmp_path, there), 10)
