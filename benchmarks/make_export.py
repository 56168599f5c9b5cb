"""Writes a made-up export of any size, about 3 KB per task, and the project that it belongs to.

Texts of tools, classifications and history entries are rendered once and joined per task, because
rendering every task as JSON would take longer than what is measured with it. Shapes and the project
are those of `tests/data`.

    python benchmarks/make_export.py --tasks 100000 export.json
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "tests" / "data" / "project.json"
SEED = 7
POOL = 512
REVIEWERS = ("rev1@example.com", "rev2@example.com", "rev3@example.com")
START = '{"stage": "Start", "stageId": "Start", "duration": 0, "completedAt": "%s", %s}'
LABEL = (
    '{"stage": "Label", "stageId": "Label", "duration": %d, "completedAt": "%s", '
    '"completedBy": "%s", %s}'
)
REVIEW = (
    '{"stage": "Review", "stageId": "Review", "duration": %d, "completedAt": "%s", '
    '"completedBy": "%s", "reviewStatus": "%s", %s}'
)
NOTHING = '"tools": [], "classifications": [], "relations": []'
ASSET = (
    '{"asset": "https://assets.example.com/%07d.jpg", "externalId": "img-%07d.jpg", '
    '"contextData": {}, "metadata": {"frameTotal": 0}, "batches": %s, "task": {"taskId": "%s", '
    '"stage": "%s", "stageId": "%s", "totalDuration": %d, %s, "stageHistory": [%s]}}'
)


def six_rules(project: dict[str, Any]) -> list[dict[str, Any]]:
    """Six conditions of all five types, as a Logic stage writes them."""
    schema, batches, people = project["categorySchema"], project["batches"], project["assignedTo"]
    vehicle, person = (tool["schemaId"] for tool in schema["tools"][:2])
    wanted = [
        {"schemaId": vehicle, "filter": ["exists"]},
        {"schemaId": person, "filter": ["notExists"]},
    ]
    values = [
        ("Batch", [batches[2]["_id"], batches[3]["name"]]),
        ("RandomSample", 0.2),
        ("AnnotationType", {"tools": wanted}),
        ("Annotator", [people[1]["assignee"], people[4]["assignee"]]),
        ("RandomSample", 30),
        ("Duration", [60_000, 240_000]),
    ]
    return [
        {"type": kind, "value": value, "index": place} for place, (kind, value) in enumerate(values)
    ]


def project_text(rules: list[dict[str, Any]] | None = None) -> str:
    """A `get_project` response whose Logic stage has these rules, else six of all types."""
    response = json.loads(PROJECT.read_text(encoding="utf-8"))
    project = response["data"]["project"]
    stage = next(stage for stage in project["stages"] if stage["type"] == "Logic")
    conditions = rules or six_rules(project)
    targets = [s["id"] for s in project["stages"] if s["type"] in ("Review", "Label", "Complete")]
    stage["next"] = [targets[place % len(targets)] for place in range(len(conditions) + 1)]
    stage["logic"] = {"conditions": conditions}
    return json.dumps(response, ensure_ascii=False)


@dataclass(frozen=True)
class _Pools:
    """Rendered texts to draw from, and the names that tasks choose among."""

    annotations: list[str]
    times: list[str]
    batches: list[str]
    people: list[str]


def _pools(random: Random) -> _Pools:
    project = json.loads(PROJECT.read_text(encoding="utf-8"))["data"]["project"]
    names = [batch["name"] for batch in project["batches"]]
    lists = [*([name] for name in names), *pairwise(names), None, []]
    return _Pools(
        annotations=[_annotations(random, project["categorySchema"]) for _ in range(POOL)],
        times=[_time(random) for _ in range(POOL)],
        batches=[json.dumps(chosen, ensure_ascii=False) for chosen in lists],
        people=[person["assignee"] for person in project["assignedTo"]],
    )


def _time(random: Random) -> str:
    month, day = random.randint(8, 10), random.randint(1, 30)
    hour, minute, second = random.randint(6, 19), random.randint(0, 59), random.randint(0, 59)
    thousandth = random.randint(0, 999)
    return f"2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{thousandth:03}Z"


def _annotations(random: Random, schema: dict[str, Any]) -> str:
    """The tools and classifications of a task, as they stand in it and again in its history."""
    kinds = random.sample(schema["tools"], min(2, len(schema["tools"])))
    tools = [_tool(random, random.choice(kinds)) for _ in range(random.choice((0, 2, 2, 3, 3, 4)))]
    answers = [_answer(random, asked) for asked in schema["classifications"][:3]]
    answers = [answer for answer in answers if random.random() < 0.7]
    parts = {"tools": tools, "classifications": answers, "relations": []}
    return json.dumps(parts)[1:-1]


def _tool(random: Random, kind: dict[str, Any]) -> dict[str, Any]:
    box = {name: random.randint(10, 900) for name in ("x", "y", "width", "height")}
    nested = [
        {k: asked[k] for k in ("schemaId", "tool", "title")} | {"answer": "No"}
        for asked in kind["classifications"]
        if random.random() < 0.4
    ]
    return {
        kind["tool"]: box,
        "objectId": f"{random.getrandbits(128):032x}",
        "schemaId": kind["schemaId"],
        "title": kind["title"],
        "classifications": nested,
        "metadata": {
            "createdAt": "2026-09-01T08:21:00.000Z",
            "createdBy": "chen@example.com",
            "createdIn": "Label",
        },
    }


def _answer(random: Random, asked: dict[str, Any]) -> dict[str, Any]:
    options = [option["value"] for option in asked["options"]] or ["Yes"]
    answer: Any = random.choice(options) if random.random() < 0.9 else None
    if asked["tool"] == "checkbox":
        answer = [answer] if answer else []
    kept = {key: asked[key] for key in ("schemaId", "tool", "title", "columnField")}
    return kept | {"answer": answer, "classifications": []}


def _history(random: Random, pools: _Pools, annotations: str) -> tuple[str, int]:
    """Entries as text and what they took together; some passes are reviewed, some sent back."""
    entries, total, passes = [START % (random.choice(pools.times), NOTHING)], 0, 1
    while passes:
        passes -= 1
        took = int(random.lognormvariate(11.7, 0.6))
        person = random.choice(pools.people)
        entries.append(LABEL % (took, random.choice(pools.times), person, annotations))
        total += took
        if random.random() < 0.3:
            took, sent_back = random.randint(9_000, 90_000), random.random() < 0.2
            word, who = ("Rejected" if sent_back else "Accepted"), random.choice(REVIEWERS)
            entries.append(REVIEW % (took, random.choice(pools.times), who, word, NOTHING))
            total += took
            passes += sent_back
    return ", ".join(entries), total


def items(tasks: int, seed: int = SEED) -> Iterator[str]:
    """Each item of an export as JSON text."""
    random = Random(seed)
    pools = _pools(random)
    for number in range(tasks):
        annotations = random.choice(pools.annotations)
        history, total = _history(random, pools, annotations)
        stage = "Complete" if random.random() < 0.8 else "Label"
        task_id = md5(b"%d" % number, usedforsecurity=False).hexdigest()[:24]
        batches = random.choice(pools.batches)
        yield ASSET % (
            *(number, number, batches, task_id),
            *(stage, stage, total, annotations, history),
        )


def write_export(path: Path, tasks: int, seed: int = SEED) -> int:
    """Write an export, as lines where the name ends in `.ndjson`, else as one array.

    Returns:
        Size of the file in bytes.
    """
    start, between, end = ("", "\n", "\n") if path.suffix == ".ndjson" else ("[", ", ", "]")
    with path.open("w", encoding="utf-8") as file:
        lead = start
        for item in items(tasks, seed):
            file.write(lead)
            file.write(item)
            lead = between
        file.write(end)
    return path.stat().st_size


def main() -> None:
    """Write one export from the command line."""
    parser = argparse.ArgumentParser(description="Write a made-up export.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--tasks", type=int, default=100_000)
    args = parser.parse_args()
    size = write_export(args.path, args.tasks)
    print(f"{args.path}: {args.tasks:,} tasks, {size / 1e6:,.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
