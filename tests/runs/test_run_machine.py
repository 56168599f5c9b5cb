"""Runs in the store under any order of what hub, plugin and people do, against a model in a dict.

The store is closed and opened again in between, as by a hub that was killed.
"""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from core.errors import InputError
from core.plugin_runs.model import FINAL, IN_FLIGHT, RunRequest
from core.plugin_runs.state import KINDS, TABLE, Event
from core.store.hub import LogLine, open_hub
from core.store.plugins import Registry
from core.store.run_keys import KEY_GRACE_SECONDS, mint, run_of_key
from core.store.runs import Runs, find, in_flight, queued, record


class Machine(RuleBasedStateMachine):
    sessions = Bundle("sessions")

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now = 1_000.0
        self.open()
        registry = Registry(self.store, Path(self.folder.name))
        self.plugins = [registry.add(name).plugin.id for name in ("one", "two")]
        self.model, self.ended, self.keys, self.lines = {}, {}, {}, {}

    def open(self):
        address = f"sqlite:///{self.folder.name}/switchyard.db"
        self.store = open_hub(address, lambda: self.now)
        self.runs = Runs(self.store)

    @rule(target=sessions, plugin=st.integers(0, 1), dry_run=st.booleans())
    def start(self, plugin, dry_run):
        run = self.runs.start(RunRequest(self.plugins[plugin], "P", dry_run=dry_run))
        self.model[run.session] = "queued"
        self.lines[run.session] = 0
        return run.session

    @rule(target=sessions, session=sessions)
    def again(self, session):
        run = self.runs.again(session)
        assert run.parent == session and run.request == self.runs.get(session).request
        self.model[run.session] = "queued"
        self.lines[run.session] = 0
        return run.session

    @rule()
    def hand_over(self):
        """What the hub does five times a second."""
        with self.store.work() as tx:
            for run in queued(tx):
                assert not any(
                    self.runs_of(run.request.plugin, session) for session in self.model
                ), "a plugin carries out one at a time"
                self.keys[run.session] = mint(tx, run.session).reveal()
                record(tx, run, Event("sent", self.now))
                self.model[run.session] = "starting"

    def runs_of(self, plugin, session):
        busy = self.model[session] in IN_FLIGHT
        return busy and self.runs.get(session).request.plugin == plugin

    @rule(session=sessions, kind=st.sampled_from([k for k in KINDS if k not in ("sent", "cancel")]))
    def happen(self, session, kind):
        with self.store.work() as tx:
            after = record(tx, find(tx, session), Event(kind, self.now, message="done"))
        self.step(session, kind)
        assert after.state == self.model[session]

    @rule(session=sessions)
    def cancel(self, session):
        self.runs.cancel(session)
        self.step(session, "cancel")

    def step(self, session, kind):
        before = self.model[session]
        self.model[session] = TABLE[before].get(kind, before)
        if self.model[session] in FINAL and before not in FINAL:
            self.ended[session] = self.now

    @rule(session=sessions, many=st.integers(1, 3))
    def say(self, session, many):
        lines = [LogLine(session, "INFO", f"line {n}") for n in range(many)]
        self.store.say(lines)
        self.lines[session] += many

    @rule(seconds=st.sampled_from([-5.0, 0.0, 1.0, KEY_GRACE_SECONDS + 1]))
    def wait(self, seconds):
        self.now += seconds

    @rule()
    def hub_is_killed(self):
        """And the next one takes over."""
        self.store.close()
        self.open()
        with self.store.work() as tx:
            for run in in_flight(tx):
                record(tx, run, Event("restarted", self.now))
                self.step(run.session, "restarted")

    @rule(session=sessions)
    def retry(self, session):
        with suppress(InputError):  # of a project that no hub here has
            self.runs.retry(session)
            raise AssertionError("there is no project to try again in")

    @invariant()
    def every_run_is_what_the_model_says(self):
        for session, state in self.model.items():
            run = self.runs.get(session)
            assert run.state == state
            assert run.is_final == (run.finished_at is not None) == (state in FINAL)
            said = [line for line in self.runs.logs(session) if line.message.startswith("line")]
            assert len(said) == self.lines[session]

    @invariant()
    def a_key_dies_with_its_run(self):
        with self.store.read() as tx:
            for session, key in self.keys.items():
                run = run_of_key(tx, key, self.now)
                cancelled = self.model[session] in ("cancelling", "cancelled")
                after = abs(self.now - self.ended.get(session, self.now))  # a clock may be set back
                over = after > KEY_GRACE_SECONDS
                assert (run is None) == (cancelled or over)

    def teardown(self):
        self.store.close()
        self.folder.cleanup()


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
