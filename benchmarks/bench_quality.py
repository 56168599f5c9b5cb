"""A run's labels held against those of people: 10,000 assets with 20 boxes a side, ten classes.

Ours is timed from JSON values to the first result with its intervals, in a process of its own, and
then from one threshold to another. COCO's own tool (pycocotools) gets the same boxes, classes and
scores and answers less: precision at one overlap, neither mix-ups nor intervals; counted are its
index of both sides, its matching and its precision. How many labels it finds right is compared
with ours, which goes by overlap and not by score: they may differ by one in a hundred.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import at_least, at_most, for_information, fresh_process, heading, memory_mb

ASSETS, LABELS, CLASSES, SEED = 10_000, 20, 10, 7
WIDTH, HEIGHT = 4_000, 3_000
ROUNDS, MOVES = 3, 15

Label = dict[str, Any]
World = list[tuple[list[Label], list[Label]]]


def made_up(assets: int) -> World:
    """Labels of a run and of people by asset: most alike, some mixed up, misplaced or made up."""
    chance = random.Random(SEED)
    return [_sides(chance) for _ in range(assets)]


def _sides(chance: random.Random) -> tuple[list[Label], list[Label]]:
    people = [_box(chance, chance.randrange(CLASSES)) for _ in range(LABELS)]
    run = [_believable(chance, one) for one in people]
    chance.shuffle(run)
    return run, people


def _box(chance: random.Random, of: int) -> Label:
    wide, high = chance.randint(30, 400), chance.randint(30, 400)
    x, y = chance.randrange(WIDTH - wide), chance.randrange(HEIGHT - high)
    box = {"x": x, "y": y, "width": wide, "height": high}
    return {"schemaId": f"class {of}", "tool": "bounding-box", "bounding-box": box}


def _believable(chance: random.Random, label: Label) -> Label:
    box, how = label["bounding-box"], chance.random()
    if how < 0.1:
        label = _box(chance, chance.randrange(CLASSES))
    else:
        away = 0.6 if how < 0.2 else 0.1
        moved = {
            "x": box["x"] + chance.uniform(-away, away) * box["width"],
            "y": box["y"] + chance.uniform(-away, away) * box["height"],
            "width": box["width"] * chance.uniform(0.9, 1.1),
            "height": box["height"] * chance.uniform(0.9, 1.1),
        }
        label = {**label, "bounding-box": moved}
        if chance.random() < 0.08:
            label["schemaId"] = f"class {chance.randrange(CLASSES)}"
    return {**label, "score": round(chance.random(), 3)}


def ours() -> dict[str, Any]:
    """Seconds of each step, and memory."""
    from core.quality.check import Judge, compared
    from core.quality.columns import Gathering

    def gathered(world: World) -> Gathering:
        gathering = Gathering()
        for place, (run, people) in enumerate(world):
            gathering.add(gathering.people, place, {"tools": people})
            gathering.add(gathering.run, place, {"tools": run})
        return gathering

    few = made_up(50)
    Judge.of(
        compared(gathered(few), [str(n) for n in range(50)])
    ).quality()  # compiled code is read
    world, steps = made_up(ASSETS), Steps()
    ids = [f"asset {place}" for place in range(ASSETS)]
    before = memory_mb("VmRSS")
    gathering = steps.time("gathered", lambda: gathered(world))
    both = steps.time("paired", lambda: compared(gathering, ids))
    judge = steps.time("judged", lambda: Judge.of(both))
    result = steps.time("judged", judge.quality)
    above, own = memory_mb() - before, process_time()
    moved = [one for n in range(MOVES) for one in ((0.3 + n / 50, None), (0.5, n / 50))]
    times = []
    for iou, least in moved:
        began = perf_counter()
        judge.quality(iou, least)
        times.append(perf_counter() - began)
    own = (process_time() - own) / len(times)
    return {
        **steps.took, "above": above, "own": own, "right": result.total.right,
        "iou moved": median(times[::2]), "score moved": median(times[1::2]),
    }  # fmt: skip


class Steps:
    """How long each step took."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    def time(self, name: str, action: Callable[[], Any]) -> Any:
        """Do a step."""
        began = perf_counter()
        value = action()
        self.took[name] = self.took.get(name, 0.0) + perf_counter() - began
        return value


def cocos() -> dict[str, Any]:
    """Seconds of COCO's own tool, and how many labels it has right."""
    import numpy as np
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    world = made_up(ASSETS)
    images = [{"id": n, "width": WIDTH, "height": HEIGHT} for n in range(1, ASSETS + 1)]
    names = [f"class {n}" for n in range(CLASSES)]
    categories = [{"id": n, "name": name} for n, name in enumerate(names, 1)]
    numbers = {name: n for n, name in enumerate(names, 1)}
    sides: list[list[Label]] = [[], []]
    for image, pair in enumerate(world, 1):
        for side, labels in zip(sides, pair, strict=True):
            for one in labels:
                box = list(one["bounding-box"].values())
                side.append({
                    "id": len(side) + 1, "image_id": image, "category_id": numbers[one["schemaId"]],
                    "bbox": box, "area": box[2] * box[3], "iscrowd": 0, "score": one.get("score"),
                })  # fmt: skip
    began = perf_counter()
    with redirect_stdout(StringIO()):
        apis = []
        for side in sides:
            api = COCO()
            api.dataset = {"images": images, "annotations": side, "categories": categories}
            api.createIndex()
            apis.append(api)
        evaluation = COCOeval(apis[1], apis[0], "bbox")
        evaluation.params.iouThrs = np.array([0.5])
        evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
        evaluation.params.maxDets = [LABELS]
        evaluation.evaluate()
        evaluation.accumulate()
    took = perf_counter() - began
    right = sum(int((one["dtMatches"][0] > 0).sum()) for one in evaluation.evalImgs if one)
    return {"took": took, "right": right}


def main() -> None:
    """Print the table."""
    if len(sys.argv) > 1:
        print(json.dumps(ours() if sys.argv[1] == "ours" else cocos()))
        return
    rounds = [(fresh_process(__file__, "ours"), fresh_process(__file__, "coco"))
              for _ in range(ROUNDS)]  # fmt: skip
    for mine, theirs in rounds:
        assert abs(mine["right"] - theirs["right"]) <= 0.01 * mine["right"], (mine, theirs)
    best = {name: min(mine[name] for mine, _ in rounds) for name in rounds[0][0]}
    whole = [sum(mine[step] for step in ("gathered", "paired", "judged")) for mine, _ in rounds]
    took = min(theirs["took"] for _, theirs in rounds)
    heading(f"{ASSETS:,} assets with {LABELS} boxes a side, held against each other "
            f"(best of {ROUNDS}, load {os.getloadavg()[0]:.1f})")  # fmt: skip
    for name in ("gathered", "paired", "judged"):
        for_information(name, best[name], "s")
    at_most("from JSON values to the first result", 3, min(whole), "s")
    at_least("times as fast as pycocotools, at one overlap", 1, took / min(whole))
    at_most("the overlap of a match moved", 50, best["iou moved"] * 1e3, "ms")
    at_most("the least score moved", 50, best["score moved"] * 1e3, "ms")
    for_information("the same without what other work takes", best["own"] * 1e3, "ms")
    at_most("memory above the process before", 300, max(mine["above"] for mine, _ in rounds), "MB")


if __name__ == "__main__":
    main()
