"""Random worlds of labels, and what comes out of them by plain Python, one asset at a time."""

import random
from collections import Counter

from core.quality.check import compared
from core.quality.columns import Gathering

CLASSES = ("vessel", "boat", "truck")


def box(schema_id, x, y, width, height, **more):
    return {
        "schemaId": schema_id,
        "bounding-box": {"x": x, "y": y, "width": width, "height": height},
        **more,
    }


def world(seed, assets=None, most=8, classes=CLASSES, size=60, scores=False):
    """Labels of a run and of people per asset: some alike, some moved, touching, empty, equal."""
    chance = random.Random(seed)
    many = chance.choice((1, 2, 5, 12)) if assets is None else assets
    pairs = []
    for _ in range(many):
        people = [_box(chance, classes, size) for _ in range(chance.randint(0, most))]
        run = [_moved(chance, one, classes) for one in people if chance.random() < 0.85]
        run += [_box(chance, classes, size) for _ in range(chance.randint(0, 3))]
        chance.shuffle(run)
        if scores:
            run = [{**one, "score": round(chance.random(), 2)} for one in run]
        pairs.append((run, people))
    return pairs


def _box(chance, classes, size):
    x, y = chance.randrange(size), chance.randrange(size)
    width, height = (chance.choice((0, 1, 8, 15, 30)) for _ in "xy")
    return box(chance.choice(classes), x, y, width, height)


def _moved(chance, label, classes):
    x, y, width, height = label["bounding-box"].values()
    how = chance.random()
    if how < 0.3:
        x, y = x + chance.randint(-6, 6), y + chance.randint(-6, 6)
    elif how < 0.4:
        x += width  # it touches, and has nothing in common
    name = label["schemaId"] if chance.random() < 0.8 else chance.choice(classes)
    return box(name, x, y, width, height)


def both_sides(pairs):
    """The world as it is compared."""
    gathering = Gathering()
    for place, (run, people) in enumerate(pairs):
        gathering.add(gathering.people, place, {"tools": people})
        gathering.add(gathering.run, place, {"tools": run})
    return compared(gathering, [f"asset {place}" for place in range(len(pairs))])


def overlap(one, other):
    a, b = one["bounding-box"], other["bounding-box"]
    wide = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    high = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    if wide <= 0 or high <= 0:
        return 0.0
    inside = wide * high
    return inside / (a["width"] * a["height"] + b["width"] * b["height"] - inside)


def by_hand(pairs, iou=0.5, least_score=None):
    """Counts by (person's class, run's class), None for nothing there; misplaced by class."""
    confusion, misplaced = Counter(), Counter()
    for run, people in pairs:
        usable = [one for one in run if least_score is None or one["score"] >= least_score]
        for person, label in _matches(usable, people, iou):
            confusion[person and person["schemaId"], label and label["schemaId"]] += 1
        matched = [pair for pair in _matches(usable, people, iou) if None not in pair]
        free_run = [one for one in usable if not any(one is label for _, label in matched)]
        free_people = [one for one in people if not any(one is person for person, _ in matched)]
        for person, label in _matches(free_run, free_people, 0.1, same_only=True):
            if person and label:
                misplaced[person["schemaId"]] += 1
    return confusion, misplaced


def _matches(run, people, least, same_only=False):
    candidates = [
        (one["schemaId"] != other["schemaId"], -overlap(one, other), place, number)
        for number, one in enumerate(run)
        for place, other in enumerate(people)
        if overlap(one, other) >= least and not (same_only and one["schemaId"] != other["schemaId"])
    ]
    taken_run, taken_people = {}, {}
    for _, _, place, number in sorted(candidates):
        if number not in taken_run and place not in taken_people:
            taken_run[number], taken_people[place] = place, number
    for place, other in enumerate(people):
        yield other, run[taken_people[place]] if place in taken_people else None
    for number, one in enumerate(run):
        if number not in taken_run:
            yield None, one
