"""What the people of the demo see in its pictures: shapes, classes and answers, by chance."""

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from core.demo.harbour import (
    NESTED,
    NOTES,
    QUESTIONS,
    TOOLS,
    HarbourBatch,
    HarbourPerson,
    made_id,
)


def one(rng: Random, people: Sequence[HarbourPerson]) -> HarbourPerson:
    """One of several people, by their share of the work."""
    return rng.choices(people, [person.share for person in people])[0]


def _poisson(rng: Random, mean: float) -> int:
    count, product, limit = 0, rng.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count


def geometry(rng: Random, tool: str) -> dict[str, Any]:
    """A made-up shape of a tool, as the key and value that an object has."""
    # Coarse numbers keep the packaged file small.
    x, y, w, h = (10 * rng.randrange(a, b) for a, b in ((0, 170), (0, 96), (2, 20), (2, 12)))
    corners = [[x, y], [x + w, y], [x, y + h]]
    box = {"x": x, "y": y, "width": w, "height": h}
    shapes: dict[str, Any] = {
        "bounding-box": box,
        "rotated-bounding-box": box | {"rotation": h - 60},
        "point": [x, y],
        "polyline": corners[1:],
        "polygon": corners,
        "segmentation": {"zones": [{"region": corners, "holes": []}]},
    }
    return {tool: shapes[tool]}


def _answer(tool: str, title: str, answer: str | list[str], below: Any = ()) -> dict[str, Any]:
    head = {"schemaId": made_id(title), "tool": tool, "title": title, "columnField": False}
    return head | {"answer": answer, "classifications": list(below)}


def nested(rng: Random, parent: str) -> list[dict[str, Any]]:
    """The nested answer that a class or option asks for, mostly given."""
    if parent not in NESTED or rng.random() < 0.1:
        return []
    tool, title, options = NESTED[parent]
    return [_answer(tool, title, options[int(len(options) * rng.random() ** 1.6)])]


def titles_seen(rng: Random, batch: HarbourBatch, who: HarbourPerson) -> list[str]:
    """The classes of the objects that a person finds in a picture of a batch."""
    busy, more = who.sees * rng.lognormvariate(-0.1, 0.45), dict(batch.more)
    seen: list[str] = []
    for title, mean in (pair for titles in TOOLS.values() for pair in titles.items()):
        hulls = who.hulls if title in ("Vessel", "Small boat", "Ferry", "Tug") else 1
        seen += [title] * _poisson(rng, mean * busy * hulls * more.get(title, 1))
    return seen


def answers_given(rng: Random, night: bool) -> list[dict[str, Any]]:
    """Answers to the questions about a picture."""
    odds = {  # by question: share answered, then the weights of the options
        "Visibility": (0.97, (45, 10, 38, 7) if night else (68, 14, 7, 11)),
        "Time of day": (0.94, (2, 16, 82) if night else (86, 13, 1)),
        "Sea state": (0.78, (50, 35, 15)),
        "Image faults": (0.65 if night else 0.2, (30, 60, 15, 10) if night else (45, 8, 25, 22)),
    }
    given = []
    for title, (answered, weights) in odds.items():
        tool, options = QUESTIONS[title]
        if rng.random() < answered:
            picks = rng.choices(options, weights, k=1 + (rng.random() < 0.2))
            many = [option for option in options if option in picks]
            below = nested(rng, picks[0]) if title == "Visibility" else []
            given.append(_answer(tool, title, many if tool == "checkbox" else picks[0], below))
    if rng.random() < 0.05:
        given.append(_answer("text", "Notes", rng.choice(NOTES)))
    return given
