"""Publish and restore over real HTTP: changed meanwhile, not verified, in doubt."""

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from gateway.helpers import PROJECT

from core import errors
from core.access.acting import Actor, acting_as
from core.access.roles import Role
from core.ango_json.text import dumps
from core.model.diagnostics import Diagnostic
from core.model.dialect import Dialect
from core.publish.backup import backups, read_backup
from core.publish.publish import publish, restore
from core.routing.edit import add, set_condition, set_target, switch
from core.routing.versions.golden import Golden, golden_problems
from core.rule_types.random_sample import RandomSample
from core.store import audit
from core.workspace import Workspace

ID = PROJECT["_id"]
PATH = f"/v2/project/{ID}"


class Clock:
    def __init__(self):
        self.now = datetime(2026, 9, 1, 8, tzinfo=UTC)

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def seen(gateway):
    return gateway.read_project(ID)


@pytest.fixture
def draft(seen):
    stage = seen.logic_stages[0]
    stage, _ = add(stage, RandomSample(0.1), "Review")
    stage = set_condition(stage, "RandomSample-0", RandomSample(0.35))
    return set_target(stage, None, "Review")


def routing(hub):
    return next(s for s in hub.projects[ID]["stages"] if s["type"] == "Logic")


def test_a_draft_is_published_verified_and_backed_up(
    hub, gateway, seen, draft, tmp_path, clock, door
):
    before = copy.deepcopy(hub.projects[ID])
    done = publish(gateway, seen, draft, tmp_path, clock, door)
    assert [c.kind for c in done.changes] == ["rule condition", "rule added", "else target"]
    assert [c["value"] for c in routing(hub)["logic"]["conditions"]][1] == 0.35
    assert routing(hub)["next"][-2:] == ["Review", "Review"]
    assert routing(hub)["someServerKey"] == {"keep": ["me", None, 1.0]}
    assert [method for method, path, _ in hub.requests[-3:]] == ["GET", "POST", "GET"]
    data = json.loads(done.backup.path.read_text())
    assert data["stages"] == before["stages"] and data["taken_at"] == "2026-09-01T08:00:01+00:00"
    others = [s for s in hub.projects[ID]["stages"] if s["type"] != "Logic"]
    assert others == [s for s in before["stages"] if s["type"] != "Logic"]
    assert done.project.logic_stages[0].otherwise == "Review"


def test_restore_brings_back_what_was_there_and_can_be_undone(
    hub, gateway, seen, draft, tmp_path, clock, door
):
    before = copy.deepcopy(hub.projects[ID]["stages"])
    done = publish(gateway, seen, draft, tmp_path, clock, door)
    after = copy.deepcopy(hub.projects[ID]["stages"])
    back = restore(gateway, done.project, done.backup, tmp_path, clock, door)
    assert hub.projects[ID]["stages"] == before
    restore(gateway, back.project, back.backup, tmp_path, clock, door)
    assert hub.projects[ID]["stages"] == after
    found = backups(tmp_path, gateway.host, ID)
    assert [b.reason for b in found] == [
        "before restoring 1 Sep 2026, 08:00:02 UTC",
        "before restoring 1 Sep 2026, 08:00:01 UTC",
        "before publishing Routing",
    ]


CHANGES = {
    "a rule": lambda p: p["stages"][2]["logic"]["conditions"][1].update(value=0.9),
    "a target": lambda p: p["stages"][2]["next"].__setitem__(0, "Complete"),
    "another stage": lambda p: p["stages"][1].update(assignedTo=["new@example.com"]),
    "an unknown key": lambda p: p["stages"][2].update(someServerKey=1),
    "the canvas": lambda p: p["stages"][1]["position"].update(x=5),
    "a new stage": lambda p: p["stages"].append({"id": "H", "type": "Hold", "name": "H"}),
    "no stages": lambda p: p.update(stages=[]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_somebody_changed_meanwhile_is_never_overwritten(
    hub, gateway, seen, draft, tmp_path, clock, door, change
):
    CHANGES[change](hub.projects[ID])
    now = copy.deepcopy(hub.projects[ID])
    with pytest.raises(errors.WorkflowChanged) as caught:
        publish(gateway, seen, draft, tmp_path, clock, door)
    assert caught.value.changes and caught.value.hint
    assert hub.projects[ID] == now
    assert not [m for m, *_ in hub.requests if m == "POST"]
    assert backups(tmp_path, gateway.host, ID) == ()


def test_a_hub_that_stores_something_else_is_noticed(
    hub, gateway, seen, draft, tmp_path, clock, door
):
    hub.after_write = lambda p: p["stages"][2]["logic"]["conditions"].pop()
    with pytest.raises(errors.NotVerified) as caught:
        publish(gateway, seen, draft, tmp_path, clock, door)
    assert any("rule 6" in text for text in caught.value.differences)
    (backup,) = backups(tmp_path, gateway.host, ID)
    assert backup.path.name == caught.value.backup
    hub.after_write = lambda p: None
    restore(gateway, gateway.read_project(ID), backup, tmp_path, clock, door)
    assert hub.projects[ID]["stages"] == PROJECT["stages"]


def test_a_hub_that_spells_it_otherwise_is_fine(hub, gateway, seen, draft, tmp_path, clock, door):
    def respell(project):
        stage = project["stages"][2]
        stage["logic"]["conditions"][1]["value"] = 35
        stage["addedByTheHub"] = True
        project["stages"][1]["position"] = {"x": 1, "y": 2}

    hub.after_write = respell
    assert publish(gateway, seen, draft, tmp_path, clock, door).project.id == ID


def test_a_write_in_doubt_is_looked_up(hub, gateway, seen, draft, tmp_path, clock, door):
    """The hub answers the write with an error or not at all, but has done it."""
    hub.after_write = lambda p: (_ for _ in ()).throw(ConnectionError)
    done = publish(gateway, seen, draft, tmp_path, clock, door)
    assert done.project.logic_stages[0].otherwise == "Review"
    assert len([m for m, *_ in hub.requests if m == "POST"]) == 1


AS_BEFORE = "had the workflow as it was before"


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (500, errors.HubFailed, AS_BEFORE),
        ("cut", errors.Unreachable, AS_BEFORE),
        ("html", errors.AnswerNotJson, AS_BEFORE),
        ("nodata", errors.UnexpectedAnswer, AS_BEFORE),
        (403, errors.NotAllowed, "Nothing was written."),
    ],
)
def test_a_write_that_failed_is_told(
    hub, gateway, seen, draft, tmp_path, clock, door, fault, kind, words
):
    hub.faults[PATH] = [None, fault]
    with pytest.raises(kind, match=words) as caught:
        publish(gateway, seen, draft, tmp_path, clock, door)
    assert "may have done it" not in str(caught.value)
    assert hub.projects[ID]["stages"] == PROJECT["stages"]
    assert len([m for m, *_ in hub.requests if m == "POST"]) == 1


def test_a_hub_that_cannot_be_read_afterwards(hub, gateway, seen, draft, tmp_path, clock, door):
    hub.faults[PATH] = [None, None, *[500] * 9]
    with pytest.raises(errors.NotVerified, match="could not be read afterwards") as caught:
        publish(gateway, seen, draft, tmp_path, clock, door)
    assert caught.value.backup


def test_what_is_not_published(hub, gateway, seen, draft, tmp_path, clock, door):
    asked = len(hub.requests)
    with pytest.raises(errors.NothingToPublish):
        publish(gateway, seen, seen.logic_stages[0], tmp_path, clock, door)
    off = add(seen.logic_stages[0], RandomSample(0.1), "Review")[0]
    with pytest.raises(errors.NothingToPublish):
        publish(gateway, seen, switch(off, off.rules[-1].id), tmp_path, clock, door)
    with pytest.raises(errors.PublishError, match="not exactly one stage"):
        publish(gateway, seen, replace(draft, id="gone"), tmp_path, clock, door)
    with pytest.raises(errors.PublishError, match="Else"):
        problem = Diagnostic("output.unknown", "error", None, "", "Else leads nowhere.")
        publish(gateway, seen, draft, tmp_path, clock, door, [problem])
    assert len(hub.requests) == asked and backups(tmp_path, gateway.host, ID) == ()


def test_a_backup_of_another_project_is_not_restored(
    hub, gateway, seen, draft, tmp_path, clock, door
):
    done = publish(gateway, seen, draft, tmp_path, clock, door)
    for other in (replace(done.backup, host="https://x"), replace(done.backup, project_id="p")):
        with pytest.raises(errors.PublishError, match="another hub or project"):
            restore(gateway, done.project, other, tmp_path, clock, door)


def outcomes(door):
    with door.read() as tx:
        return [
            (entry.action, json.loads(entry.after)["outcome"], entry.subject)
            for entry in audit.in_order(tx)
        ]


def test_what_is_sent_to_a_hub_is_recorded_before_and_after(
    hub, gateway, seen, draft, tmp_path, clock, door
):
    done = publish(gateway, seen, draft, tmp_path, clock, door)
    restore(gateway, done.project, done.backup, tmp_path, clock, door)
    about = f"{seen.name} on {gateway.host}"
    assert outcomes(door) == [
        ("publish", "sent", about),
        ("publish", "verified", about),
        ("restore", "sent", about),
        ("restore", "verified", about),
    ]
    hub.after_write = lambda p: p["stages"][2]["logic"]["conditions"].pop()
    with pytest.raises(errors.NotVerified):
        publish(gateway, gateway.read_project(ID), draft, tmp_path, clock, door)
    assert outcomes(door)[-1] == ("publish", "not verified", about)
    with door.read() as tx:
        assert audit.verify(tx) is None


@pytest.mark.parametrize("role", Role)
def test_who_may_not_publish_asks_the_hub_nothing_and_leaves_no_backup(
    hub, gateway, seen, draft, tmp_path, clock, door, role
):
    before = copy.deepcopy(hub.projects[ID]["stages"])
    asked = len(hub.requests)
    with acting_as(Actor("somebody", role, "OpenID Connect")):
        if role.covers(Role.MANAGER):
            done = publish(gateway, seen, draft, tmp_path, clock, door)
            assert restore(gateway, done.project, done.backup, tmp_path, clock, door)
            assert {entry[0] for entry in outcomes(door)} == {"publish", "restore"}
            return
        with pytest.raises(errors.Forbidden, match="may not publish"):
            publish(gateway, seen, draft, tmp_path, clock, door)
        with pytest.raises(errors.Forbidden, match="may not restore a workflow"):
            restore(gateway, seen, None, tmp_path, clock, door)
    assert len(hub.requests) == asked and hub.projects[ID]["stages"] == before
    assert backups(tmp_path, gateway.host, ID) == () and outcomes(door) == []


def test_damaged_backups_are_left_out(gateway, seen, draft, tmp_path, clock, door):
    done = publish(gateway, seen, draft, tmp_path, clock, door)
    for name, text in (("a.json", "{"), ("b.json", "[]"), ("c.json", dumps({"version": 9}))):
        path = done.backup.path.with_name(name)
        path.write_text(text)
        with pytest.raises(errors.InputError):
            read_backup(path)
    assert len(backups(tmp_path, gateway.host, ID)) == 1


def test_backups_of_the_local_hub_are_listed_and_restored_whatever_its_port_was(
    hub, gateway, seen, draft, tmp_path, clock, door
):
    publish(gateway, seen, draft, tmp_path, clock, door)
    (path,) = (one.path for one in backups(tmp_path, gateway.host, ID))
    text = json.loads(path.read_text())
    moved = tmp_path / "as-it-was" / path.name
    moved.parent.mkdir()
    moved.write_text(json.dumps(text | {"host": "http://127.0.0.1:1"}))
    path.unlink()
    (old,) = backups(tmp_path, gateway.host, ID)
    assert old.host == "http://127.0.0.1:1"
    restore(gateway, gateway.read_project(ID), old, tmp_path, clock, door)
    assert len(backups(tmp_path, gateway.host, ID)) == 2
    assert backups(tmp_path, gateway.host, "another") == ()
    assert backups(tmp_path, "https://imeritapi.ango.ai", ID) == ()


def test_two_backups_of_one_moment_are_both_kept(gateway, seen, draft, tmp_path, door):
    at = datetime(2026, 9, 1, tzinfo=UTC)
    done = publish(gateway, seen, draft, tmp_path, lambda: at, door)
    restore(gateway, done.project, done.backup, tmp_path, lambda: at, door)
    assert len(backups(tmp_path, gateway.host, ID)) == 2


def test_a_failing_golden_task_blocks_until_it_is_waived(
    hub, gateway, seen, draft, tmp_path, clock, door, sample_table
):
    work = Workspace(sample_table, seen, Dialect())
    task = sample_table.ids[0].as_py()
    elsewhere = Golden(task, "no such stage")
    problems = golden_problems(work.golden(draft, [elsewhere]))
    before = copy.deepcopy(hub.projects[ID])
    with pytest.raises(errors.SwitchyardError) as caught:
        publish(gateway, seen, draft, tmp_path, clock, door, problems)
    assert "no such stage" in str(caught.value)
    assert hub.projects[ID] == before and backups(tmp_path, gateway.host, ID) == ()
    waived = golden_problems(work.golden(draft, [replace(elsewhere, waived="moved on purpose")]))
    assert publish(gateway, seen, draft, tmp_path, clock, door, waived).changes
