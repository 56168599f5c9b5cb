"""Benchmark tasks with their known answers, and what people answered, as exports have them."""

from review_worlds import entry

ASSETS = 6


def box(schema_id, x=0, size=100):
    corners = {"x": x, "y": 0, "width": size, "height": size}
    return {"schemaId": schema_id, "title": schema_id, "bounding-box": corners}


def question(schema_id, answer):
    return {"schemaId": schema_id, "title": schema_id, "answer": answer}


RIGHT = {"tools": [box("car"), box("bus", 300)], "classifications": [question("day", "yes")]}
MISTAKES = {
    "right": RIGHT,
    "nearly": {**RIGHT, "tools": [box("car", 20), box("bus", 300)]},
    "missed": {**RIGHT, "tools": [box("car")]},
    "made up": {**RIGHT, "tools": [*RIGHT["tools"], box("car", 700)]},
    "misplaced": {**RIGHT, "tools": [box("car", 60), box("bus", 300)]},
    "mixed up": {**RIGHT, "tools": [box("bus"), box("bus", 300)]},
    "answered otherwise": {**RIGHT, "classifications": [question("day", "no")]},
    "nothing": {"tools": [], "classifications": []},
}


def answer(who, n, what="right", at="2026-09-08T10:00:00.000Z", **more):
    """What somebody answered to the asset n."""
    labels = MISTAKES[what] if isinstance(what, str) else what
    steps = [{**entry("W", who=who, at=at), **labels}]
    task = {"taskId": f"{who}-{n}", "stage": "Complete", "stageHistory": steps, **labels, **more}
    return {"asset": f"a{n}", "externalId": f"{n}.jpg", "batches": [f"b{n % 2}"], "task": task}


def known(n, labels=RIGHT, **more):
    """The known answer of the asset n."""
    task = {"taskId": f"known-{n}", "stage": "Complete", "isBenchmark": True, **labels, **more}
    return {"asset": f"a{n}", "externalId": f"{n}.jpg", "task": task}
