"""The store of plugins and runs, without a hub."""

import sqlite3

import pytest
import sqlalchemy as sa

from core.errors import InputError, UnknownName
from core.plugin_runs.model import Pair, RunRequest
from core.plugin_runs.state import Event
from core.secret import Secret, claimed
from core.store.hub import LogLine, open_hub
from core.store.plugins import KEY_FILE, Registry
from core.store.run_keys import KEY_GRACE_SECONDS, mint, run_of_key
from core.store.runs import Runs, find, queued, record


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(database_url, clock):
    return open_hub(database_url, clock)


@pytest.fixture
def registry(store, tmp_path):
    return Registry(store, tmp_path)


@pytest.fixture
def runs(store):
    return Runs(store)


@pytest.fixture
def plugin(registry):
    return registry.add("D", ["Car"]).plugin.id


def test_secrets_are_proven_presented_and_never_kept(registry, tmp_path):
    made = registry.add("D", [" Car ", ""])
    other = registry.add("E").plugin.id
    plugin = made.plugin.id
    assert made.plugin.classes == ("Car",) and registry.get(plugin) == made.plugin
    assert registry.knows(plugin, made.secret) and registry.secret(plugin) == made.secret
    assert claimed("") is None and claimed(" ü") is None
    for wrong in (Secret("x"), Secret(made.secret.reveal()[:-1]), registry.secret(other)):
        assert not registry.knows(plugin, wrong)
    new = registry.rotate(plugin).secret
    assert registry.knows(plugin, new) and not registry.knows(plugin, made.secret)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("x.db*"))
    assert all(one.reveal().encode() not in kept for one in (made.secret, new))
    (tmp_path / KEY_FILE).write_bytes(b"another key")
    assert registry.knows(plugin, new), "a plugin that connects does not need the key"
    with pytest.raises(UnknownName, match="Rotate"):
        registry.secret(plugin)


def test_archived_plugins_keep_their_runs_and_get_no_new_ones(registry, runs, plugin):
    run = runs.start(RunRequest(plugin, "P"))
    registry.archive(plugin)
    assert registry.list() == () and len(registry.list(archived=True)) == 1
    assert runs.get(run.session) == run and registry.runs_of(plugin) == 1
    with pytest.raises(InputError, match="archived"):
        runs.start(RunRequest(plugin, "P"))
    registry.archive(plugin, False)
    runs.again(run.session)
    with pytest.raises(UnknownName):
        runs.start(RunRequest("none", "P"))


def test_one_run_per_plugin_is_next_and_the_rest_wait(store, registry, runs, plugin):
    other = registry.add("E").plugin.id
    first, second, third = (runs.start(RunRequest(p, "P")) for p in (plugin, plugin, other))
    with store.work() as tx:
        assert [r.session for r in queued(tx)] == [first.session, third.session]
        record(tx, first, Event("sent", 1.0))
        assert [r.session for r in queued(tx)] == [third.session]
        record(tx, find(tx, first.session), Event("answered", 2.0, message="m"))
        assert [r.session for r in queued(tx)] == [second.session, third.session]
    assert [r.session for r in runs.list(plugin=plugin)] == [second.session, first.session]
    assert [r.session for r in runs.list(states=["succeeded"])] == [first.session]
    assert runs.list(search="local USER") and not runs.list(search="100%")


def test_a_key_holds_from_its_making_until_a_little_after_the_end(store, runs, plugin, clock):
    run = runs.start(RunRequest(plugin, "P"))
    with store.work() as tx:
        record(tx, run, Event("sent", clock.now))
        key = mint(tx, run.session).reveal()
        assert run_of_key(tx, key, clock.now).session == run.session
        assert run_of_key(tx, "x" + key, clock.now) is None
        record(tx, find(tx, run.session), Event("answered", clock.now))
        assert run_of_key(tx, key, clock.now + KEY_GRACE_SECONDS) is not None
        assert run_of_key(tx, key, clock.now + KEY_GRACE_SECONDS + 1) is None
    run = runs.start(RunRequest(plugin, "P"))
    with store.work() as tx:
        record(tx, run, Event("sent", clock.now))
        key = mint(tx, run.session).reveal()
    runs.cancel(run.session)
    with store.read() as tx:
        assert run_of_key(tx, key, clock.now) is None


def test_a_request_comes_back_as_it_was_and_equal_ones_have_one_fingerprint(runs, plugin):
    request = RunRequest(
        plugin,
        "P",
        batches=("b", "a"),
        mapping=(Pair("s", "Car"), Pair("s", "Bus")),
        config='{"n": 1.50,\r\n "ü": "\\ud800"}',
        dry_run=True,
        limit=3,
        deadline=5.5,
        importing="replace",
        run_by="ada",
    )
    run = runs.start(request)
    assert runs.get(run.session).request == request
    turned = RunRequest(
        plugin, "P", ("a", "b"), (Pair("s", "Bus"), Pair("s", "Car")), request.config
    )
    assert turned.fingerprint == request.fingerprint
    assert RunRequest(plugin, "P", config="{}").fingerprint != request.fingerprint
    assert runs.list(fingerprint=turned.fingerprint) == (runs.get(run.session),)


def test_presets_are_kept_per_project_and_plugin(runs):
    pairs = (Pair("s", "Car"),)
    runs.save_preset("P", "p", " one ", pairs)
    runs.save_preset("P", "p", "two", None)
    assert [(p.name, p.mapping) for p in runs.presets("P", "p")] == [("one", pairs), ("two", None)]
    assert runs.presets("Q", "p") == ()
    with pytest.raises(InputError, match="taken"):
        runs.rename_preset("P", "p", "one", "two")
    runs.rename_preset("P", "p", "one", "three")
    with pytest.raises(UnknownName):
        runs.rename_preset("P", "p", "one", "four")
    runs.remove_preset("P", "p", "two")
    assert [p.name for p in runs.presets("P", "p")] == ["three"]


def test_plugins_of_an_earlier_version_keep_their_secret(tmp_path):
    file = tmp_path / "old.db"
    engine = open_hub(f"sqlite:///{file}")
    engine.take_note("x", "y")
    with sqlite3.connect(file) as old:
        for table in ("plugins", "runs", "run_assets", "run_tasks", "mapping_presets"):
            old.execute(f"DROP TABLE {table}")
        old.execute("DROP TABLE plugin_presence")
        old.execute("DELETE FROM migrations WHERE name = '0003-plugins-and-runs'")
        old.execute("CREATE TABLE hub_sessions (id TEXT)")
        old.execute("CREATE TABLE hub_plugins (id TEXT, name TEXT, salt TEXT, secret_hash TEXT)")
        digest = "d5a9d8e5fc8bd0a5a6e0e1c9d8b0a4e8"
        old.execute("INSERT INTO hub_plugins VALUES ('d', 'Detector', 'salt', ?)", (digest,))
    old.close()
    store = open_hub(f"sqlite:///{file}")
    assert Registry(store, tmp_path).get("d").name == "Detector"
    with store.read() as tx:
        assert not sa.inspect(tx).has_table("hub_sessions")
        assert tx.scalar(sa.text("SELECT secret_hash FROM plugins")) == digest


def test_a_log_goes_on_behind_the_last_line_that_was_read(store, runs):
    levels = ["INFO", "warning", "ERROR", "INFO", "Warning"]
    store.say([LogLine("s", level, f"line {n} 50%") for n, level in enumerate(levels)])
    store.say([LogLine("other", "INFO", "not of this run")])
    whole = runs.logs("s")
    assert [line.message for line in whole] == [f"line {n} 50%" for n in range(5)]
    read, last = [], 0
    while piece := runs.logs("s", after=last, limit=2):
        read += piece
        last = piece[-1].number
        assert len(read) <= 5
    assert tuple(read) == whole
    assert [one.message[5] for one in runs.logs("s", levels=("WARNING",))] == ["1", "4"]
    assert [one.message[5] for one in runs.logs("s", search="LINE 3")] == ["3"]
    assert runs.logs("s", search="%%") == ()
