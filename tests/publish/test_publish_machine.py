"""Publish and restore against a real hub, in any order and with any fault, against a model.

The model edits the workflow as JSON and knows nothing of stages, drafts or differences. It holds
workflows as text, so that the order of keys counts, and 1 is neither 1.0 nor true.
"""

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from conftest import DATA
from gateway.helpers import FAST
from hub_helpers import HubProcess
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import errors
from core.access.acting import Actor, acting_as
from core.access.roles import Role
from core.gateway.ango import AngoGateway
from core.gateway.limits import Limits
from core.gateway.transport import Timeouts
from core.publish.backup import backups
from core.publish.publish import publish, restore
from core.routing import edit
from core.rule_types.random_sample import RandomSample
from core.secret import Secret
from core.store import audit
from core.store.database import open_database

pytestmark = pytest.mark.slow

LOGIC = 2
"""Place of the Logic stage."""
WORKFLOW = json.loads((DATA / "project.json").read_text())["data"]["project"]["stages"]
PLACES = st.integers(0, 7)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["add", "else", "chance", "lead", "switch", "move", "remove"]),
        PLACES,
        st.sampled_from([0.2, 0.35, 0.5, 0.05]),
        st.sampled_from(["Review", "Complete", "Label", None]),
    ),
    min_size=1,
    max_size=3,
)
BEFORE, UNREAD = "had the workflow as it was before", "could not be read afterwards"
AWAY = {"kind": "status", "status": 503}


@dataclass(frozen=True)
class Bad:
    """What happens to the write, and what must come of it."""

    fault: dict
    applied: bool
    error: type | None
    words: str = ""


def refused(status, kind):
    return Bad({"kind": "status", "status": status}, False, kind, "Nothing was written.")


BADS = [
    refused(400, errors.BadRequest),
    refused(401, errors.KeyRefused),
    refused(403, errors.NotAllowed),
    refused(429, errors.TooManyRequests),
    Bad({"kind": "status", "status": 500}, False, errors.HubFailed, BEFORE),
    Bad({"kind": "status", "status": 502, "apply": True}, True, None),
    Bad({"kind": "cut"}, False, errors.Unreachable, BEFORE),
    Bad({"kind": "cut", "apply": True}, True, None),
    Bad({"kind": "half"}, True, None),
    Bad({"kind": "html"}, False, errors.AnswerNotJson, BEFORE),
    Bad({"kind": "html", "apply": True}, True, None),
    Bad({"kind": "hang"}, False, errors.TimedOut, BEFORE),
]
ANY = st.none() | st.sampled_from(BADS)


class Watched(AngoGateway):
    """The gateway itself, with the moments right before and right after it writes."""

    def write_stages(self, project_id, stages):
        self.before_write()
        super().write_stages(project_id, stages)
        self.after_write()


class Machine(RuleBasedStateMachine):
    def __init__(self, hub, door):
        super().__init__()
        self.hub, self.door = hub, door
        self.folder = Path(mkdtemp(dir=hub.data))
        self.now = datetime(2026, 9, 1, tzinfo=UTC)
        timeouts = Timeouts(connect=2.0, read=1.0, export=2.0)
        key, limits = Secret(hub.key), Limits(10**6)
        self.gateway = Watched(hub.url, key, limits, timeouts=timeouts, retries=FAST)
        self.watch_nothing()
        self.entries = len(self.record())
        self.saved, self.tried = {}, []

    @initialize()
    def a_project(self):
        made = self.hub.ask("POST", "/v2/project", json={"name": "Any"}).json()
        self.path = f"/v2/project/{made['data']['project']['_id']}"
        self.put(json.dumps(WORKFLOW))
        self.look()

    # ---- the hub, as anybody reaches it -----------------------------------------------------

    def put(self, workflow):
        answer = self.hub.ask("POST", self.path, data=f'{{"stages": {workflow}}}'.encode())
        assert answer.status_code == 200, answer.text
        self.stages = workflow

    def on_hub(self):
        answer = self.hub.ask("GET", self.path).json()
        return json.dumps(answer["data"]["project"]["stages"])

    def record(self):
        with self.door.read() as tx:
            return [(e.action, json.loads(e.after)["outcome"]) for e in audit.in_order(tx)]

    # ---- steps --------------------------------------------------------------------------------

    @rule()
    def look(self):
        """Read the project; what is drafted begins with it."""
        self.project = self.gateway.read_project(self.path.rsplit("/", 1)[1])
        self.draft = self.project.logic_stages[0]
        self.seen = self.stages
        stage = json.loads(self.seen)[LOGIC]
        *targets, self.otherwise = stage["next"]
        conditions = stage["logic"]["conditions"]
        self.rules = [[c, t, True] for c, t in zip(conditions, targets, strict=True)]

    @rule(steps=EDITS)
    def edit(self, steps):
        """Edit the draft; the model does the same to a list."""
        for how, place, chance, leads in steps:
            if how == "add":
                self.draft, _ = edit.add(self.draft, RandomSample(chance), leads)
                self.rules.append([{"type": "RandomSample", "value": chance}, leads, True])
            elif how == "else" or not self.rules:
                self.draft = edit.set_target(self.draft, None, leads)
                self.otherwise = leads
            else:
                self.edit_rule(how, place % len(self.rules), chance, leads)

    def edit_rule(self, how, at, chance, leads):
        its_id, rule_ = self.draft.rules[at].id, self.rules[at]
        if how == "chance":
            self.draft = edit.set_condition(self.draft, its_id, RandomSample(chance))
            rule_[0] = {"type": "RandomSample", "value": chance}
        elif how == "lead":
            self.draft = edit.set_target(self.draft, its_id, leads)
            rule_[1] = leads
        elif how == "switch":
            self.draft = edit.switch(self.draft, its_id)
            rule_[2] = not rule_[2]
        elif how == "move":
            self.draft = edit.move(self.draft, its_id, 0)
            self.rules.insert(0, self.rules.pop(at))
        else:
            self.draft = edit.remove(self.draft, its_id)
            del self.rules[at]

    @rule(how=st.sampled_from(["rule", "target", "people", "key", "canvas", "name", "stage"]))
    def somebody_else(self, how):
        """Changes the workflow on the hub, and says nothing."""
        stages = json.loads(self.stages)
        stage, label = stages[LOGIC], stages[1]
        if how == "rule" and stage["logic"]["conditions"]:
            stage["logic"]["conditions"][0] = {"type": "RandomSample", "value": 0.9, "index": 0}
        elif how == "target":
            stage["next"][-1] = "Complete" if stage["next"][-1] == "Label" else "Label"
        elif how == "people":
            label["assignedTo"] = [] if label["assignedTo"] else ["new@example.com"]
        elif how == "key":
            stage["someServerKey"] = {"count": stage["someServerKey"].get("count", 0) + 1.50}
        elif how == "canvas":
            label["position"]["x"] += 5
        elif how == "name":
            stage["name"] += "!"
        elif stages[-1]["type"] == "Hold":
            stages.pop()
        else:
            stages.append({"id": "H", "type": "Hold", "name": "H", "next": []})
        self.put(json.dumps(stages))

    @rule(steps=EDITS, bad=ANY)
    def publish(self, steps, bad):
        self.edit(steps)
        self.write("publish", self.drafted(), self.publish_now, bad)

    @precondition(lambda self: self.saved)
    @rule(place=PLACES, bad=ANY)
    def restore(self, place, bad):
        kept = list(self.saved)
        name = kept[place % len(kept)]
        saved = backups(self.folder, self.gateway.host, self.project.id)
        (backup,) = (one for one in saved if one.path.name == name)
        self.write("restore", self.saved[name], lambda: self.restore_now(backup), bad)

    @rule(steps=EDITS, when=st.sampled_from(["before", "after", "overwritten", "not allowed"]))
    def trouble(self, steps, when):
        """What no fault of the write itself brings about."""
        self.look()
        self.edit(steps)
        if self.would(self.drafted()) != "written":
            return
        if when == "before":
            self.the_hub_cannot_be_looked_at()
        elif when == "after":
            self.the_hub_is_away_after_the_write()
        elif when == "overwritten":
            self.somebody_writes_right_after()
        else:
            viewer = Actor("somebody", Role.VIEWER, "OpenID Connect")
            with acting_as(viewer), pytest.raises(errors.Forbidden):
                self.publish_now()

    def the_hub_cannot_be_looked_at(self):
        with self.faulty(), pytest.raises(errors.HubFailed):
            self.break_("GET", AWAY)
            self.publish_now()

    def the_hub_is_away_after_the_write(self):
        self.gateway.before_write = lambda: self.break_("GET", AWAY)
        with self.faulty(), pytest.raises(errors.NotVerified, match=UNREAD) as caught:
            self.publish_now()
        self.kept("publish", "in doubt", caught.value.backup)
        self.stages = self.drafted()

    def somebody_writes_right_after(self):
        """What is read back is theirs: that is said, and theirs stays."""
        theirs = json.loads(self.stages)
        theirs[LOGIC]["next"][-1] = "85661c7a8bcd865d0de26ea787b283da"  # where no edit leads
        self.gateway.after_write = lambda: self.put(json.dumps(theirs))
        with self.faulty(), pytest.raises(errors.NotVerified, match="does not mean") as caught:
            self.publish_now()
        assert caught.value.differences
        self.kept("publish", "not verified", caught.value.backup)

    # ---- what a write must do -----------------------------------------------------------------

    def publish_now(self):
        args = self.gateway, self.project, self.draft, self.folder, self.tick, self.door
        return publish(*args)

    def restore_now(self, backup):
        return restore(self.gateway, self.project, backup, self.folder, self.tick, self.door)

    def write(self, action, wanted, go, bad):
        would = self.would(wanted)
        if would == "nothing":
            with pytest.raises(errors.NothingToPublish):
                go()
        elif would == "changed":
            with pytest.raises(errors.WorkflowChanged, match="nothing was written") as caught:
                go()
            assert caught.value.changes
            self.look()
        elif bad is None or bad.error is None:
            with self.faulty(bad):
                done = go()
            self.kept(action, "verified", done.backup.path.name)
            self.stages = wanted
            self.look()
        else:
            with self.faulty(bad), pytest.raises(bad.error) as caught:
                go()
            assert bad.words in str(caught.value) and not bad.applied
            (name,) = {path.name for path in self.folder.glob("*/*.json")} - self.saved.keys()
            outcome = "not verified" if bad.words == BEFORE else "refused by the hub"
            self.kept(action, outcome, name)

    def would(self, wanted):
        if meaning(wanted) == meaning(self.seen):
            return "nothing"
        return "written" if json.loads(self.seen) == json.loads(self.stages) else "changed"

    def kept(self, action, outcome, name):
        assert name not in self.saved
        self.saved[name] = self.seen
        self.tried += [(action, "sent"), (action, outcome)]

    def drafted(self):
        """The workflow as it was seen, with what was edited and no other key."""
        stages = json.loads(self.seen)
        on = [(condition, target) for condition, target, is_on in self.rules if is_on]
        stages[LOGIC]["logic"]["conditions"] = [
            {**condition, "index": place} for place, (condition, _) in enumerate(on)
        ]
        stages[LOGIC]["next"] = [*(target for _, target in on), self.otherwise]
        return json.dumps(stages)

    @contextmanager
    def faulty(self, bad=None):
        if bad is not None:
            self.break_("POST", {**bad.fault, "times": 1})
        try:
            yield
        finally:
            self.watch_nothing()
            self.hub.admin("DELETE", "faults")

    def watch_nothing(self):
        self.gateway.before_write = self.gateway.after_write = lambda: None

    def break_(self, method, fault):
        self.hub.admin("POST", "faults", {"pattern": f"{method} {self.path}", **fault})

    def tick(self):
        self.now += timedelta(seconds=1)
        return self.now

    # ---- what always holds -------------------------------------------------------------------

    @invariant()
    def the_hub_has_what_the_model_says(self):
        if hasattr(self, "stages"):
            assert self.on_hub() == self.stages

    @invariant()
    def every_write_left_what_was_there_and_nothing_else_did(self):
        kept = {path.name: json.loads(path.read_text()) for path in self.folder.glob("*/*.json")}
        assert {name: json.dumps(one["stages"]) for name, one in kept.items()} == self.saved

    @invariant()
    def the_record_has_every_try(self):
        assert self.record()[self.entries :] == self.tried

    def teardown(self):
        shutil.rmtree(self.folder)


def meaning(workflow):
    """What a workflow does: no canvas, no order of stages and keys."""
    return {
        stage["id"]: {key: value for key, value in stage.items() if key != "position"}
        for stage in json.loads(workflow)
    }


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    running = HubProcess(tmp_path_factory.mktemp("hub")).start()
    yield running
    running.end()


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    return open_database(f"sqlite:///{tmp_path_factory.mktemp('door') / 'switchyard.db'}")


def test_publish_and_restore_in_any_order(hub, door):
    run_state_machine_as_test(
        lambda: Machine(hub, door),
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )  # fmt: skip
