"""Reading an export of 100,000 tasks to its first counts, against `json.load` and a loop.

Both sides begin at a file in the page cache and end with how many tasks leave through each output
of a six-rule stage of all five types, expected and drawn; the answers are compared. The loop reads
only what the rules need and keeps no facts, which is in its favour: Switchyard also reads ids,
dates, stages and nested answers, keeps them all in columns, and computes exact intervals. Starting
Python and importing are left out on both sides.

Every measurement has a process of its own; pandas is imported in all of them, because Arrow would
import it at the first column and the dashboard has it anyway. Memory is the peak of the process
less what it held before it opened the file.

`json.load` of the whole array suffers from the garbage collector, which looks at all its objects
again and again; the loop without collector, and `json.loads` line by line, show how much.
"""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import md5
from math import isclose
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import pandas  # noqa: F401  (see above)

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from make_export import project_text, write_export
from measure import at_least, at_most, for_information, fresh_process, heading, memory_mb

from core.ango_json.project import read_project
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.tasks.parquet import write_parquet
from core.workspace import Workspace

TASKS = 100_000
ROUNDS = 3
SEED = 7
MASK = 2**64 - 1

Item = dict[str, Any]


def with_switchyard(path: Path) -> dict[str, list[float]]:
    """Expected and drawn tasks per output, as the dashboard finds them."""
    project = read_project(json.loads(project_text()))
    outputs = (
        Workspace(read_path(path), project, Dialect()).split(project.logic_stages[0], SEED).outputs
    )
    return {
        "expected": [output.count.expected for output in outputs],
        "drawn": [output.count.drawn for output in outputs],
    }


def with_a_loop(path: Path) -> dict[str, list[float]]:
    """The same from objects: the whole array, or line by line."""
    project = json.loads(project_text())["data"]["project"]
    rules = _rules(project)
    labels = {stage["id"] for stage in project["stages"] if stage["type"] == "Label"}
    expected, drawn = [0.0] * (len(rules) + 1), Counter[int]()
    for item in _items(path):
        _route(_facts(item, labels), rules, expected, drawn)
    return {"expected": expected, "drawn": [drawn[place] for place in range(len(rules) + 1)]}


def _items(path: Path) -> Iterator[Item]:
    with path.open("rb") as file:
        yield from map(json.loads, file) if path.suffix == ".ndjson" else json.load(file)


def _facts(item: Item, labels: set[str]) -> Item:
    task = item["task"]
    classes = {tool["schemaId"] for tool in task["tools"]}
    for asked in task["classifications"]:
        if asked["answer"] not in (None, "", []):
            classes.add(asked["schemaId"])
    people = {
        entry["completedBy"].strip().casefold()
        for entry in task["stageHistory"]
        if entry["stageId"] in labels and entry.get("completedBy")
    }
    if not people and task.get("assignee"):
        people = {task["assignee"].strip().casefold()}
    return {
        "hash": int.from_bytes(md5(task["taskId"].encode()).digest()[:8], "big"),
        "classes": classes,
        "people": people,
        "batches": set(item["batches"] or ()),
        "duration": task["totalDuration"],
    }


Chance = tuple[float, int]
Rule = Callable[[Item], bool] | Chance


def _rules(project: Item) -> list[Rule]:
    """Each rule as a function of the facts, or as its chance and the key of its draws."""
    stage = next(stage for stage in project["stages"] if stage["type"] == "Logic")
    rules: list[Rule] = []
    draws = 0
    for condition in stage["logic"]["conditions"]:
        if condition["type"] == "RandomSample":
            key = md5(f"{SEED}:RandomSample-{draws}:0".encode()).digest()[:8]
            value = condition["value"]
            chance = value if value <= 1 else value / 100
            rules.append((chance, int.from_bytes(key, "big")))
            draws += 1
        else:
            rules.append(_certain(condition["type"], condition["value"], project))
    return rules


def _certain(kind: str, value: Any, project: Item) -> Callable[[Item], bool]:
    if kind == "Batch":
        both = [{b["_id"], b["name"]} for b in project["batches"]]
        wanted = set().union(*(names for names in both if names & set(value)))
        return lambda facts: not wanted.isdisjoint(facts["batches"])
    if kind == "Annotator":
        chosen = {person.strip().casefold() for person in value}
        return lambda facts: not chosen.isdisjoint(facts["people"])
    if kind == "Duration":
        low, high = value
        return lambda facts: low <= facts["duration"] <= high
    has = {tool["schemaId"] for tool in value["tools"] if tool["filter"] == ["exists"]}
    lacks = {tool["schemaId"] for tool in value["tools"]} - has
    return lambda facts: has <= facts["classes"] and lacks.isdisjoint(facts["classes"])


def _route(facts: Item, rules: list[Rule], expected: list[float], drawn: Counter[int]) -> None:
    left, taken = 1.0, -1
    for place, rule in enumerate(rules):
        if isinstance(rule, tuple):
            chance, key = rule
            expected[place] += left * chance
            left *= 1 - chance
            if taken < 0 and _uniform(facts["hash"] ^ key) < chance:
                taken = place
        elif rule(facts):
            expected[place] += left
            left = 0.0
            taken = place if taken < 0 else taken
            break
    expected[-1] += left
    drawn[taken if taken >= 0 else len(rules)] += 1


def _uniform(z: int) -> float:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return ((z ^ (z >> 31)) >> 11) / 2**53


def _without_collector(path: Path) -> dict[str, list[float]]:
    gc.disable()
    return with_a_loop(path)


WAYS = {"switchyard": with_switchyard, "loop": with_a_loop, "loop, no gc": _without_collector}


def measure(way: str, path: Path) -> None:
    """Run one way here and print what it took as JSON."""
    before, began = memory_mb("VmRSS"), perf_counter()
    answer = WAYS[way](path)
    took = perf_counter() - began
    print(json.dumps({"seconds": took, "mb": memory_mb() - before, "answer": answer}))


def _assert_equal(answers: list[dict[str, list[float]]]) -> None:
    first, *others = answers
    for other in others:
        assert other["drawn"] == first["drawn"], (first, other)
        pairs = zip(other["expected"], first["expected"], strict=True)
        assert all(isclose(a, b, rel_tol=1e-9, abs_tol=1e-6) for a, b in pairs), (first, other)


def main() -> None:
    """Measure all ways in turn and print the table."""
    with TemporaryDirectory() as folder:
        array, lines, saved = (Path(folder) / f"export.{e}" for e in ("json", "ndjson", "parquet"))
        size = write_export(array, TASKS) / 1e6
        write_export(lines, TASKS)
        write_parquet(read_path(array), saved)
        runs = [
            *(("switchyard", path) for path in (array, lines, saved)),
            *(("loop", path) for path in (array, lines)),
            ("loop, no gc", array),
        ]
        found: dict[tuple[str, Path], list[dict[str, Any]]] = {run: [] for run in runs}
        for _ in range(ROUNDS):
            for way, path in runs:
                found[way, path].append(fresh_process(__file__, way, str(path)))
        _assert_equal([one["answer"] for all_of_them in found.values() for one in all_of_them])
        _print({run: _medians(each) for run, each in found.items()}, array, lines, saved, size)


def _medians(found: list[dict[str, Any]]) -> tuple[float, float]:
    return median(one["seconds"] for one in found), median(one["mb"] for one in found)


def _print(
    found: dict[tuple[str, Path], tuple[float, float]],
    array: Path,
    lines: Path,
    saved: Path,
    size: float,
) -> None:
    ours = {path: found["switchyard", path] for path in (array, lines, saved)}
    loop = {path: found["loop", path] for path in (array, lines)}
    heading(f"Reading {TASKS:,} tasks ({size:,.0f} MB) to the first counts of six rules")
    at_least("array: times faster than json.load and a loop", 5, loop[array][0] / ours[array][0])
    no_gc = found["loop, no gc", array][0]
    for_information("array: the same, the loop without garbage collector", no_gc / ours[array][0])
    at_least("ndjson: times faster than json.load of the array", 5, loop[array][0] / ours[lines][0])
    for_information(
        "ndjson: times faster than json.loads per line", loop[lines][0] / ours[lines][0]
    )
    for_information("array: seconds", ours[array][0], "s")
    for_information("ndjson: seconds", ours[lines][0], "s")
    at_most("array: peak memory over the size of the file", 1, ours[array][1] / size)
    for_information("array: peak memory (aim: half the file)", ours[array][1], "MB")
    for_information("array: peak memory of json.load and a loop", loop[array][1], "MB")
    at_most("ndjson: peak memory", 50, ours[lines][1], "MB")
    for_information("Parquet: times faster than the array", ours[array][0] / ours[saved][0])
    for_information("Parquet: peak memory", ours[saved][1], "MB")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
