"""What keeps an operation from being carried out, or leaves it in doubt: on a real hub."""

import json
import random

import pytest
from bulk.world import ID, PATIENT, PEOPLE, PROJECT, STAGES, BulkWorld
from gateway.helpers import gateway_to, hub_task
from gateway.small_hub import SmallHub

from core import errors
from core.access.acting import Actor, acting_as
from core.access.roles import Role
from core.bulk.carry_out import carry_out
from core.bulk.operation import Assigning, BulkFilter, Operation, Prioritising
from core.bulk.preview import preview
from core.bulk.situation import look, needs_of
from core.gateway.protocol import Requeueing
from core.model.names import names_of
from core.store import audit

IN_REVIEW = BulkFilter(stages=("Review",))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    running = BulkWorld(tmp_path_factory.mktemp("careful"), random.Random(8))
    yield running
    running.hub.end()


@pytest.fixture(autouse=True)
def no_faults_left(world):
    yield
    world.hub.admin("DELETE", "faults")
    world.say_stages(STAGES)


def looked(world, operation):
    project = world.gateway.read_project(ID)
    seen = look(world.gateway, project, needs_of(operation, project))
    return seen, preview(operation, seen)


def fill_review(world):
    """Some tasks in Review, whatever a test before did."""
    tasks = sorted(task for task, row in world.rows().items() if row["parent"] is None)[:12]
    world.gateway.requeue(ID, Requeueing("Review"), tasks, [stage["id"] for stage in STAGES])
    return tasks


def rename(stages):
    stages[0]["name"] = "Begin"


def reroute(stages):
    stages[1]["next"] = ["Hold"]


STALE = {
    "submitted": lambda w, task: w.submit(task, 1).raise_for_status(),
    "saved": lambda w, task: w.hub.ask(
        "POST", f"/v2/annotate/{task}", json={"answer": {"tools": []}}
    ).raise_for_status(),
    "assigned": lambda w, task: w.gateway.assign(ID, PEOPLE[2], [task], "Review"),
    "prioritised": lambda w, task: w.gateway.set_priority(ID, 999, [task], ["Review"]),
    "one more came": lambda w, _: w.gateway.requeue(
        ID, Requeueing("Review"), [sorted(w.rows())[-1]], [s["id"] for s in STAGES]
    ),
    "a stage has another name": lambda w, _: w.say_stages(_edited(rename)),
    "an output leads elsewhere": lambda w, _: w.say_stages(_edited(reroute)),
}


def _edited(change):
    stages = json.loads(json.dumps(STAGES))
    change(stages)
    return stages


@pytest.mark.parametrize("what", STALE)
def test_what_changed_after_the_preview_is_refused_and_nothing_is_written(world, door, what):
    tasks = fill_review(world)
    outside = sorted(world.rows())[-1]
    world.gateway.requeue(ID, Requeueing("Hold"), [outside], [s["id"] for s in STAGES])
    seen, shows = looked(world, Operation(Requeueing("Hold", remove_annotations=True), IN_REVIEW))
    STALE[what](world, tasks[0])
    before = world.rows()
    with pytest.raises(errors.TasksChanged) as caught:
        carry_out(world.gateway, seen, shows, door)
    assert caught.value.changes and caught.value.message.endswith("nothing was written.")
    assert caught.value.hint and world.rows() == before
    with door.read() as tx:
        assert list(audit.entries(tx)) == []


def test_what_changes_outside_of_the_filter_does_not_matter(world, door):
    tasks = fill_review(world)
    away = next(t for t, row in world.rows().items() if row["stage"] not in ("Review", "sealed"))
    seen, shows = looked(world, Operation(Prioritising(12), IN_REVIEW))
    world.gateway.assign(ID, PEOPLE[1], [away], world.rows()[away]["stage"])
    assert carry_out(world.gateway, seen, shows, door).whole
    assert {world.rows()[task]["priority"] for task in tasks} == {12}
    with door.read() as tx:
        last, first = list(audit.entries(tx))
    assert '"sent"' in first.after and '"verified"' in last.after and first.action == "bulk"


def test_a_task_that_moves_between_last_look_and_write_stays(world, door):
    tasks = fill_review(world)
    seen, shows = looked(world, Operation(Requeueing("Hold"), IN_REVIEW))

    class Late:
        """Somebody is quicker: right before the write one task goes on."""

        def __getattr__(self, name):
            return getattr(world.gateway, name)

        def requeue(self, *about):
            world.submit(tasks[0], 1).raise_for_status()
            world.gateway.requeue(*about)

    carried = carry_out(Late(), seen, shows, door)
    assert carried.done == carried.wanted - 1 and not carried.whole
    assert "11 of 12" in carried.sentence or carried.wanted != 12
    assert world.rows()[tasks[0]]["stage"] == "Complete"


@pytest.mark.parametrize("kind", [{"kind": "cut"}, {"kind": "status", "status": 500}])
def test_a_write_whose_answer_is_lost_is_made_once_and_looked_up(world, door, kind):
    tasks = fill_review(world)
    path = f"POST /v2/project/{ID}/requeueTasks"
    seen, shows = looked(world, Operation(Requeueing("Hold"), IN_REVIEW))
    world.hub.admin("POST", "faults", {"pattern": path, "times": 1, "apply": True, **kind})
    assert carry_out(world.gateway, seen, shows, door).whole
    assert {world.rows()[task]["stage"] for task in tasks} == {"Hold"}
    fill_review(world)
    seen, shows = looked(world, Operation(Requeueing("Hold"), IN_REVIEW))
    world.hub.admin("POST", "faults", {"pattern": path, "times": 1, **kind})
    with pytest.raises((errors.Unreachable, errors.HubFailed)):
        carry_out(world.gateway, seen, shows, door)
    assert world.hub.admin("GET", "faults")["faults"] == [], "it was sent once"
    assert {world.rows()[task]["stage"] for task in tasks} == {"Review"}


def test_what_a_hub_refuses_is_its_error_and_a_lost_look_afterwards_is_said(world, door):
    tasks = fill_review(world)
    seen, shows = looked(world, Operation(Prioritising(-7), IN_REVIEW))
    path = f"POST /v2/project/{ID}/updatePriority"
    world.hub.admin("POST", "faults", {"pattern": path, "kind": "status", "status": 403})
    with pytest.raises(errors.NotAllowed):
        carry_out(world.gateway, seen, shows, door)
    world.hub.admin("DELETE", "faults")
    hub = world.hub

    class Blind:
        """After the write nothing can be read."""

        def __getattr__(self, name):
            return getattr(world.gateway, name)

        def set_priority(self, *about):
            world.gateway.set_priority(*about)
            pattern = f"GET /v2/project/{ID}/tasks"
            hub.admin("POST", "faults", {"pattern": pattern, "kind": "status", "status": 403})

    with pytest.raises(errors.BulkInDoubt, match="could not be read"):
        carry_out(Blind(), seen, shows, door)
    assert {world.rows()[task]["priority"] for task in tasks} == {-7}


def test_a_task_that_goes_on_to_another_stage_of_the_filter_stays_too(world, door):
    tasks = fill_review(world)
    world.gateway.requeue(ID, Requeueing("Hold"), tasks[:1], ["Review"])
    both = BulkFilter(tasks=tuple(tasks))
    seen, shows = looked(world, Operation(Requeueing("Label"), both))

    class Late:
        """Right before the write a task goes on from one stage of the filter to another."""

        def __getattr__(self, name):
            return getattr(world.gateway, name)

        def requeue(self, *about):
            world.gateway.requeue(ID, Requeueing("Review"), tasks[:1], ["Hold"])
            world.gateway.requeue(*about)

    carried = carry_out(Late(), seen, shows, door)
    assert carried.done == len(tasks) - 1 and carried.others
    assert world.rows()[tasks[0]]["stage"] == "Review"


def test_a_long_list_of_ids_is_recorded_by_its_digest(world, door):
    tasks = tuple(t for t, row in world.rows().items() if row["parent"] is None)
    seen, shows = looked(world, Operation(Prioritising(-9), BulkFilter(tasks=tasks)))
    carry_out(world.gateway, seen, shows, door)
    with door.read() as tx:
        entry = next(audit.entries(tx))
    assert "sha256" in entry.after and tasks[5] not in entry.after


def test_parts_are_sent_one_by_one_and_what_stops_them_is_told(world, door, monkeypatch):
    monkeypatch.setattr("core.bulk.carry_out.AT_ONCE", 5)
    fill_review(world)
    seen, shows = looked(world, Operation(Prioritising(31), IN_REVIEW))
    assert carry_out(world.gateway, seen, shows, door).whole
    seen, shows = looked(world, Operation(Prioritising(32), IN_REVIEW))

    class Tired:
        """Takes one part and refuses the next."""

        sent = 0

        def __getattr__(self, name):
            return getattr(world.gateway, name)

        def set_priority(self, *about):
            self.sent += 1
            if self.sent > 1:
                raise errors.NotAllowed("Setting the priority: no.")
            world.gateway.set_priority(*about)

    carried = carry_out(Tired(), seen, shows, door)
    assert carried.done == 5 and not carried.whole and "no." in carried.sentence


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_a_role_below_manager_is_refused_before_the_hub_is_asked(world, door, role):
    fill_review(world)
    seen, shows = looked(world, Operation(Prioritising(3), IN_REVIEW))
    before = world.rows()
    with acting_as(Actor("ada", role, "password")), pytest.raises(errors.Forbidden, match="many"):
        carry_out(None, seen, shows, door)
    assert world.rows() == before


BAD = {
    "stage": (Requeueing("nowhere"), BulkFilter(), "the workflow has no stage nowhere"),
    "part": (Requeueing("judge1"), BulkFilter(), "is part of a Consensus"),
    "from": (Prioritising(1), BulkFilter(stages=("x",)), "the workflow has no stage x"),
    "batch": (Prioritising(1), BulkFilter(batches=("x",)), "the project has no batch x"),
    "no ids": (Prioritising(1), BulkFilter(tasks=()), "task id: is empty"),
    "blank ids": (Prioritising(1), BulkFilter(assets=(" ",)), "asset id: is empty"),
    "fraction": (Prioritising(1.5), BulkFilter(), "not a whole number"),
    "yes": (Prioritising(True), BulkFilter(), "not a whole number"),
    "high": (Prioritising(1001), BulkFilter(), "1,001 is not from"),
    "low": (Prioritising(-1001), BulkFilter(), "is not from"),
    "person": (Assigning("eve@example.com"), BulkFilter(), "is nobody of this project"),
    "nobody": (Assigning(" "), BulkFilter(), "person: is empty"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_done_is_one_sentence(world, what):
    change, chosen, sentence = BAD[what]
    project = world.gateway.read_project(ID)
    seen = look(world.gateway, project, needs_of(Operation(change, chosen), project))
    with pytest.raises(errors.InputError, match=sentence) as caught:
        preview(Operation(change, chosen), seen)
    assert caught.value.hint and "\n" not in str(caught.value)


def test_no_filter_says_every_task_with_its_number(world):
    seen, shows = looked(world, Operation(Requeueing("Complete"), BulkFilter()))
    every = sum(row["parent"] is None for row in world.rows().values())
    loud = f"this is every task of the project, {every} tasks."
    assert shows.notes[0].severity == "warning" and loud in shows.notes[0].sentence
    assert f"every task of the project, {every} tasks" in shows.sentence(names_of(seen.project))


def test_what_follows_is_said(world):
    def notes(change):
        _, shows = looked(world, Operation(change, BulkFilter()))
        return " ".join(one.sentence for one in shows.notes)

    assert "its plugin does not run by a requeue" in notes(Requeueing("model"))
    assert "may meet Routing and Fork again" in notes(Requeueing("Label"))
    assert "may meet" not in notes(Requeueing("Complete"))
    assert "cannot be requeued from there" in notes(Requeueing("sealed"))
    assert "leaves no entry" in notes(Requeueing("Hold"))
    assert "keeps it" in notes(Requeueing("Hold"))
    assert "keeps it" not in notes(Requeueing("Hold", remove_assignee=True))
    assert "decide at once" in notes(Requeueing("route"))
    assert "posts each task again" in notes(Requeueing("hook"))
    assert "new copy" in notes(Requeueing("both"))


def test_without_an_export_what_is_not_known_is_said(world):
    world.hub.admin("POST", "faults", {"pattern": "GET /v2/export", "kind": "status",
                                       "status": 403})  # fmt: skip
    change = Requeueing("route", remove_history=True)
    _, shows = looked(world, Operation(change, BulkFilter()))
    assert shows.losses.history is None
    assert any("how many entries is not known" in one.sentence for one in shows.notes)
    some = next(one for one in shows.touched if not one.task.part)
    assert set(some.stages) == {"Review", "both", "Hold", "Label"}, "any output may take it"


def test_a_hub_that_takes_a_hundred_tasks_a_page_is_read_so():
    with SmallHub() as hub:
        hub.projects[ID] = PROJECT
        hub.tasks[ID] = [hub_task(number) for number in range(1, 251)]
        gateway = gateway_to(hub.url, timeouts=PATIENT)
        project = gateway.read_project(ID)
        assert len(gateway.read_hub_tasks(project, answers=True)) == 250
        assert hub.count(f"/v2/project/{ID}/tasks") == 1
        hub.faults[f"/v2/project/{ID}/tasks"] = [400]
        tasks = gateway.read_hub_tasks(project, answers=True)
        assert len(tasks) == 250 and hub.count(f"/v2/project/{ID}/tasks") == 1 + 1 + 3
        assert tasks[0].annotations == 1 and tasks[0].assignee == "ada@example.com"
        assert tasks[0].priority is None and tasks[0].external_id == "1.jpg"


def test_nothing_is_sent_without_tasks_named_one_by_one(world):
    before = world.rows()
    for act in (
        lambda: world.gateway.requeue(ID, Requeueing("Hold"), [], ["Label"]),
        lambda: world.gateway.requeue(ID, Requeueing("Hold"), ["a"], []),
        lambda: world.gateway.set_priority(ID, 1, [""], ["Label"]),
        lambda: world.gateway.assign(ID, PEOPLE[0], [], "Label"),
    ):
        with pytest.raises(errors.InputError, match="one by one"):
            act()
    assert world.rows() == before
