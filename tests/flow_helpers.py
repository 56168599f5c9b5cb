"""Workflows as JSON, random ones among them, and a walker that knows no mathematics."""

import random

from small_world import batches, chance, has, workspace_of

from core.ango_json.project import read_project
from core.model.dialect import Dialect
from core.workspace import Workspace


def start(to):
    return {"id": "Start", "type": "Start", "name": "Start", "next": [to]}


def label(id_, to, **more):
    return {"id": id_, "type": "Label", "name": id_, "next": [to], **more}


def review(id_, accepted, rejected):
    return {"id": id_, "type": "Review", "name": id_, "next": [accepted, rejected]}


def logic(id_, conditions, targets):
    rules = [one | {"index": place} for place, one in enumerate(conditions)]
    return {
        "id": id_,
        "type": "Logic",
        "name": id_,
        "next": targets,
        "logic": {"conditions": rules},
    }


def consensus(id_, agreement, disagreement, parts=2):
    """A Consensus and its sub-stages, which stand behind it in the list."""
    whole = {"id": id_, "type": "Consensus", "name": id_, "next": [agreement, disagreement]}
    subs = [label(f"{id_}_{n}", id_, consensusId=id_) for n in range(parts)]
    return [whole, *subs]


def plain(kind, id_, to):
    return {"id": id_, "type": kind, "name": id_, "next": [to]}


def end(id_="Complete", kind="Complete"):
    return {"id": id_, "type": kind, "name": id_, "next": []}


def project_of(*stages):
    return read_project({"_id": "p", "name": "P", "stages": list(stages)})


def of(tasks, *stages):
    """A workspace: tasks as `small_world.workspace_of` takes them, in a workflow."""
    return Workspace(workspace_of(tasks).table, project_of(*stages), Dialect())


TASKS = [
    *[{"classes": "A"}] * 40,
    *[{"classes": "AB", "batch": "q"}] * 25,
    *[{"batch": "q"}] * 20,
    *[{"classes": "B"}] * 15,
]
CONDITIONS = [
    has("A"),
    has("A", "-B"),
    has("B"),
    batches("q"),
    chance(0.3),
    chance(50),
    chance(0.7),
]


def random_workflow(seed):
    """Stages and rates: up to three Logic stages, reviews that send back, and a way out."""
    draw = random.Random(seed)
    works = [f"W{n}" for n in range(draw.randint(2, 4))]
    routes = [f"L{n}" for n in range(draw.randint(1, 3))]
    checks = [f"R{n}" for n in range(draw.randint(1, 3))]
    everywhere = [*works, *routes, *checks, "C", "Complete"]
    stages = [start(works[0])]
    stages += [label(one, draw.choice([*routes, *checks, "C"])) for one in works]
    for one in routes:
        conditions = draw.sample(CONDITIONS, draw.randint(1, 3))
        targets = [draw.choice([*everywhere, None]) for _ in conditions]
        stages.append(logic(one, conditions, [*targets, "Complete"]))
    for one in checks:
        accepted = draw.choice(["Complete", "Complete", "Archive", draw.choice(routes)])
        stages.append(review(one, accepted, draw.choice([*works, *routes])))
    stages += consensus("C", draw.choice(["Complete", *routes]), draw.choice([*checks, "Complete"]))
    stages += [end(), end("Archive", "Archive")]
    rates = {one: {"accepted": draw.choice([0.5, 0.8, 0.95])} for one in checks}
    return stages, rates | {"C": {"agreement": draw.choice([0.4, 0.9])}}


def holds(condition, task):
    """Whether a certain condition of `CONDITIONS` holds of a task."""
    if condition["type"] == "Batch":
        return task.get("batch") in condition["value"]
    return all(
        (tool["schemaId"] in task.get("classes", "")) == (tool["filter"] == ["exists"])
        for tool in condition["value"]["tools"]
    )


def walk(stages, rates, task, draw, most=10_000, here="Start"):
    """One task's way: the stages it came to, the exits it took, and how it ended."""
    by_id = {stage["id"]: stage for stage in stages}
    came, took = [], []
    while len(came) < most:
        stage = by_id.get(here)
        if stage is None or "consensusId" in stage:
            return came, took, "trapped"
        came.append(here)
        came += [one["id"] for one in stages if one.get("consensusId") == here]
        if stage["type"] in ("Complete", "Archive"):
            return came, took, {"Complete": "completed", "Archive": "archived"}[stage["type"]]
        output = _output(stage, rates, task, draw)
        took.append((here, output))
        here = stage["next"][output]
    return came, took, "trapped"


def _output(stage, rates, task, draw):
    if stage["type"] in ("Review", "Consensus"):
        return int(draw.random() >= next(iter(rates[stage["id"]].values())))
    if stage["type"] != "Logic":
        return 0
    for place, condition in enumerate(stage["logic"]["conditions"]):
        if condition["type"] == "RandomSample":
            value = condition["value"]
            if draw.random() < (value / 100 if value > 1 else value):
                return place
        elif holds(condition, task):
            return place
    return len(stage["next"]) - 1
