"""The demo's batch "pixels by hand": further images that its people have labelled and reviewed.

What they draw is what is there, as people draw it: a pixel or two off, and somebody overlooks those
who are far away. Every step is a call of the hub that a person's tool would make.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from core.demo.harbour import LABELERS, TEAMS, HarbourPerson
from core.demo.pixels import IMAGES, SIZE, Ask, Box, asking, draw, name_of, upload

BATCH: Final = "pixels by hand"
NUMBERS: Final = range(IMAGES, IMAGES + 24)
"""Of the images, as `draw` numbers them."""
TITLES: Final = {
    "vessel": ("Vessel", "bounding-box"),
    "small_boat": ("Small boat", "bounding-box"),
    "person": ("Person", "bounding-box"),
    "lorry": ("Truck", "bounding-box"),
    "buoy": ("Buoy", "point"),
    "ferry": ("Ferry", "rotated-bounding-box"),
}
"""Title and tool of the project's class for each shape; a kite has none."""
FAR: Final = 40
"""Pixels of a person who is far away."""
DRAW: Final[tuple[HarbourPerson, ...]] = tuple(LABELERS[:4])
HASTY: Final = DRAW[1]
"""Overlooks half of the people who are far away."""
MOST_ROUNDS: Final = 20


def labeler(number: int) -> HarbourPerson:
    """Who labels an image."""
    return Random(f"who draws {number}").choice(DRAW)


def objects(number: int, schema_ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The labels of an image, as its person draws them.

    Args:
        number: Of the image.
        schema_ids: Schema ID by title of the class.
    """
    chance, who = Random(f"by hand {number}"), labeler(number)
    made = []
    for shape in draw(number)[1]:
        overlooked = chance.random() < 0.5
        box = _off(shape.box, chance)
        if shape.name not in TITLES:
            continue
        if who is HASTY and shape.name == "person" and shape.area < FAR and overlooked:
            continue
        title, tool = TITLES[shape.name]
        metadata = {"createdBy": who.address, "createdIn": "Label"}
        geometry = _geometry(tool, box)
        made.append({"schemaId": schema_ids[title], tool: geometry, "metadata": metadata})
    return made


def _off(box: Box, chance: Random) -> Box:
    """A box by hand; a small one is drawn with more care."""
    most = 2 if min(box[2:]) > 20 else 1 if min(box[2:]) > 8 else 0
    left, top = (max(0, at + chance.randint(-most, most)) for at in box[:2])
    right = min(SIZE[0], box[0] + box[2] + chance.randint(-most, most))
    bottom = min(SIZE[1], box[1] + box[3] + chance.randint(-most, most))
    return left, top, right - left, bottom - top


def _geometry(tool: str, box: Box) -> Any:
    x, y, width, height = box
    if tool == "point":
        return [x + width // 2, y + height // 2]
    sides = {"x": x, "y": y, "width": width, "height": height}
    return sides if tool == "bounding-box" else {**sides, "rotation": 0}


def add_by_hand(url: str, key: str, project: str) -> int:
    """Upload the images, label and review them until all are in Complete.

    What was done before, also by half, is gone on with.

    Args:
        url: Of the hub.
        key: API key.
        project: Id of the project; its batch "pixels by hand" is made.

    Returns:
        How many images were added.

    Raises:
        requests.RequestException: The hub does not answer as it should.
    """
    with asking(url, key) as ask:
        added = upload(ask, project, BATCH, NUMBERS)
        about = ask("GET", f"/v2/project/{project}")["project"]
        tools = about["categorySchema"]["tools"]
        schema_ids = {one["title"]: one["schemaId"] for one in reversed(tools)}
        kinds = {stage["id"]: stage for stage in about["stages"]}
        for _ in range(MOST_ROUNDS):
            waiting = [task for task in _tasks(ask, project, about) if task["status"] == "TODO"]
            if not sum(_work(ask, project, task, kinds, schema_ids) for task in waiting):
                break
        return added


def _tasks(ask: Ask, project: str, about: dict[str, Any]) -> list[dict[str, Any]]:
    batch = next(one["_id"] for one in about["batches"] if one["name"] == BATCH)
    wanted = {"filters": json.dumps({"batches": [batch]}), "limit": "1000"}
    answer = ask("GET", f"/v2/project/{project}/tasks", params=wanted)
    listed: list[dict[str, Any]] = answer["tasks"]
    return listed


def _work(
    ask: Ask,
    project: str,
    task: dict[str, Any],
    stages: Mapping[str, Any],
    schema_ids: Mapping[str, str],
) -> bool:
    """Somebody takes a task one stage on; whether there was anything to do."""
    stage = stages[task["stage"]]
    number = next((n for n in NUMBERS if name_of(n) == task["externalId"]), None)
    if number is None or stage["type"] not in ("Label", "Review"):
        return False
    chance = Random(f"{stage['name']} {number}")
    team = TEAMS.get(stage["name"])
    who = chance.choice(team) if team else labeler(number)
    one = {"project": project, "tasks": [task["_id"]], "user": who.address}
    ask("POST", "/v2/task/assign", json=one)
    if stage["type"] == "Review":
        ask("POST", f"/v2/review/{task['_id']}", json={"reviewStatus": "Accepted"})
        return True
    drawn = objects(number, schema_ids)
    spent = round(1_000 * (15 + 6 * len(drawn)) * chance.uniform(0.7, 1.5))
    body = {"answer": {"objects": drawn}, "duration": spent}
    if team:  # they look at what is there
        answer = ask("GET", f"/v2/task/{task['_id']}")["task"]["answer"]
        body = {"answer": {**answer, "objects": answer["tools"]}, "duration": spent}
    ask("POST", f"/v2/annotate/{task['_id']}?nextStage=true", json=body)
    return True
