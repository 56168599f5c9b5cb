"""Benchmark tasks of the demo: pictures with a known answer, and what its people answered to them.

Each answer is the known one, a pixel off here and there as hands are, and with one mistake a
little more often than the person's work is rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import timedelta
from random import Random
from typing import Any, Final

from core.demo.harbour import FIRST_DAY, LABELERS, TOOLS, HarbourPerson, made_id, stage_id

BENCHMARKS: Final = 40
"""Pictures with a known answer."""
ANSWERED: Final = 30
"""So many of them somebody has answered who takes a usual share of the work."""
SEED: Final = 2027
_SEEN_BY_REVIEWS: Final = 0.6
"""Part of the mistakes for which a review rejects; known answers tell all."""


def benchmark_items(items: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Known answers and those of people, as an export of the task type benchmark might have them.

    Args:
        items: Of the demo's export.
    """
    rng = Random(SEED)
    done = [one for one in items if _is_complete(one["task"])]
    chosen = rng.sample(done, BENCHMARKS)
    for item in chosen:
        labels = {name: item["task"][name] for name in ("tools", "classifications")}
        body: dict[str, Any] = {
            "taskId": made_id(f"known {item['externalId']}"),
            "stage": "Complete",
        }
        body |= {"stageId": "Complete", "isBenchmark": True}
        yield _about(item) | {"task": body | labels | {"relations": [], "stageHistory": []}}
    for who in LABELERS:
        many = min(BENCHMARKS, round(ANSWERED * min(1.0, who.share)))
        for item in rng.sample(chosen, many):
            yield _about(item) | {"task": _answer(rng, who, item)}


def _is_complete(task: dict[str, Any]) -> bool:
    return task["stage"] == "Complete" and len(task["tools"]) > 1 and bool(task["classifications"])


def _about(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("asset", "externalId", "batches")}


def _answer(rng: Random, who: HarbourPerson, item: dict[str, Any]) -> dict[str, Any]:
    task_id = made_id(f"{who.name} {item['externalId']}")
    tools = [_by_hand(rng, tool) for tool in item["task"]["tools"]]
    answers = deepcopy(item["task"]["classifications"])
    if rng.random() < who.rejects / _SEEN_BY_REVIEWS:
        _mistake(rng, tools, answers)
    day = rng.randrange(max(who.first, 3), min(who.last, 48))
    at = FIRST_DAY + timedelta(days=day, hours=2 + 7 * rng.random())
    spent = round(1_000 * (40 + 30 * len(tools)) * who.pace * rng.lognormvariate(0, 0.4))
    labels = {"tools": tools, "classifications": answers, "relations": []}
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry = {"stage": "Label", "stageId": stage_id("Label"), "duration": spent}
    entry |= {"completedAt": stamp, "completedBy": who.address} | labels
    body = {"taskId": task_id, "type": "benchmark", "stage": "Complete", "stageId": "Complete"}
    return body | {"totalDuration": spent} | labels | {"stageHistory": [entry]}


def _by_hand(rng: Random, tool: dict[str, Any]) -> dict[str, Any]:
    """The object, a pixel off."""
    return _moved(tool, rng.randrange(-1, 2), rng.randrange(-1, 2))


def _moved(tool: dict[str, Any], x: int, y: int) -> dict[str, Any]:
    moved = deepcopy(tool)
    kind = next(name for name in TOOLS if name in moved)
    shape = moved[kind]
    if isinstance(shape, dict) and "x" in shape:
        moved[kind] = shape | {"x": shape["x"] + x, "y": shape["y"] + y}
    elif isinstance(shape, dict):
        for zone in shape["zones"]:
            zone["region"] = _all_moved(zone["region"], x, y)
    elif kind == "point":
        moved[kind] = [shape[0] + x, shape[1] + y]
    else:
        moved[kind] = _all_moved(shape, x, y)
    return moved


def _all_moved(points: list[list[int]], x: int, y: int) -> list[list[int]]:
    return [[point[0] + x, point[1] + y] for point in points]


def _mistake(rng: Random, tools: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    """One mistake of a believable kind."""
    kind = rng.choices(("missed", "misplaced", "mixed up", "answered"), (5, 2, 2, 3))[0]
    place = rng.randrange(len(tools))
    if kind == "missed":
        del tools[place]
    elif kind == "misplaced":
        tools[place] = _moved(tools[place], 60 * rng.choice((-1, 1)), 40)
    elif kind == "mixed up":
        tool = tools[place]
        alike = next(titles for name, titles in TOOLS.items() if name in tool)
        other = rng.choice([title for title in alike if title != tool["title"]] or [tool["title"]])
        tools[place] = tool | {"title": other, "schemaId": made_id(other)}
    else:
        del answers[rng.randrange(len(answers))]
