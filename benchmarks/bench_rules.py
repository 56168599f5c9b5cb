"""Rules over 1,000,000 made-up tasks, against pandas, a Python loop and Monte Carlo runs.

What each side is given, and must answer:

- Switchyard has `Facts`: a bit per task and class, person or batch, durations and hashed ids. Its
  `Matcher` remembers nothing unless a line says so.
- pandas has a frame with a boolean column per class, person and batch, durations and hashed ids. It
  builds the six conditions, calls `np.select` and counts.
- The loop has a dict per task with sets and the hashed id, and the rules as Ango JSON. It runs over
  100,000 tasks; its time is multiplied by ten.
- All of them answer which output each task takes, as a number per task, and the tasks per output;
  the answers are compared. The uniforms of the random rule depend on its id and the seed alone, so
  they are measured both ways: mixed from the hashes within the time, and ready beforehand.

Edits are timed to the counts of all outputs, with the other rules remembered; every edit is one
that was not seen before. The lines on `split` add sentences, intervals and counts per stage.

Monte Carlo is given which rule takes each task for certain, with the tasks in groups by that rule;
a run draws a float32 per task and random rule and counts. The exact split remembers the same sets.

Above 400 lines because the three sides of a comparison are read together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial, reduce
from itertools import combinations, cycle
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import at_least, at_most, for_information, heading, in_turn

from core.ango_json.conditions import write_condition
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.rules import Condition, Rule
from core.model.stages import Logic
from core.routing.engine import draw
from core.routing.engine.evaluate import Matcher, first_match
from core.routing.engine.split import Count, split
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.rule_types.registry import chance_of
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts, Honesty

TASKS = 1_000_000
LOOPED = 100_000
RUNS = 1_000
SEED = 7
ROUNDS = 30
LOOP_ROUNDS = 3
MASK = 2**64 - 1
CHANCY = "RandomSample-1"
SIZES = {"class": 16, "person": 20, "batch": 8}

CONDITIONS: tuple[Condition, ...] = (
    Batch(("batch 2", "batch 3")),
    RandomSample(0.2),
    AnnotationType((ClassFilter("class 0"), ClassFilter("class 1", False))),
    Annotator(("person 1", "person 4")),
    AnnotationType((ClassFilter("class 2"), ClassFilter("class 3"))),
    Duration(60_000, 240_000),
)


def rules_of(conditions: Sequence[Condition]) -> tuple[Rule, ...]:
    """Rules with distinct targets."""
    return tuple(
        Rule(f"{condition.kind}-{place}", condition, f"stage {place}")
        for place, condition in enumerate(conditions)
    )


Columns = dict[str, NDArray[Any]]


def make_columns(tasks: int) -> Columns:
    """One boolean column per class, person and batch; durations, some unknown; hashes."""
    random = np.random.default_rng(SEED)
    columns: Columns = {}
    for place in range(SIZES["class"]):
        columns[f"class {place}"] = random.random(tasks) < 0.6 / (1 + place / 4)
    who, where = (random.integers(0, SIZES[kind], tasks) for kind in ("person", "batch"))
    columns |= {f"person {place}": who == place for place in range(SIZES["person"])}
    columns |= {f"batch {place}": where == place for place in range(SIZES["batch"])}
    duration = random.lognormal(11.7, 0.6, tasks).round()
    duration[random.random(tasks) < 0.02] = np.nan
    hashes = random.integers(0, 2**64, tasks, dtype=np.uint64)
    return columns | {"duration": duration, "hash": hashes}


def make_facts(columns: Columns) -> Facts:
    """The same as the engine holds it."""

    def sets(prefix: str) -> dict[str, Bits]:
        return {name: bits.pack(c) for name, c in columns.items() if name.startswith(prefix)}

    return Facts(
        tasks=len(columns["hash"]),
        hashes=columns["hash"],
        classes=sets("class"),
        people=sets("person"),
        batches=sets("batch"),
        duration=columns["duration"],
        answered=None,
        dialect=Dialect(),
        project=None,
        honesty=Honesty(0, 0, 0, 0, 0, 0, 0),
    )


Answer = tuple[NDArray[np.uint8], list[int]]


def counted(matcher: Matcher, rules: Sequence[Rule], within: Bits) -> list[int]:
    """Tasks per output, Else last."""
    taken = first_match([matcher.drawn(rule, SEED) for rule in rules], within)
    return [bits.count(won) for won in taken]


def with_bitmaps(matcher: Matcher, rules: Sequence[Rule], within: Bits) -> Answer:
    """Output per task, and tasks per output."""
    taken = first_match([matcher.drawn(rule, SEED) for rule in rules], within)
    return labels_of(taken, matcher.facts.tasks), [bits.count(won) for won in taken]


def labels_of(taken: Sequence[Bits], tasks: int) -> NDArray[np.uint8]:
    """The number of the one set that has each task, put together from its binary digits."""
    labels = np.zeros(tasks, np.uint8)
    for digit in range((len(taken) - 1).bit_length()):
        members = (won for place, won in enumerate(taken) if place >> digit & 1)
        plane = bits.unpack(reduce(np.bitwise_or, members), tasks).view(np.uint8)
        plane <<= digit
        labels |= plane
    return labels


def with_pandas(frame: pd.DataFrame, uniforms: NDArray[np.float64] | None = None) -> Answer:
    """The same by `np.select`; without ready uniforms they are mixed from the hashes."""
    chances = mixed_in_whole_columns(frame["hash"]) if uniforms is None else uniforms
    conditions = [
        frame["batch 2"] | frame["batch 3"],
        chances < 0.2,
        frame["class 0"] & ~frame["class 1"],
        frame["person 1"] | frame["person 4"],
        frame["class 2"] & frame["class 3"],
        (frame["duration"] >= 60_000) & (frame["duration"] <= 240_000),
    ]
    outputs = [np.uint8(place) for place in range(len(conditions))]
    labels = np.select(conditions, outputs, np.uint8(len(conditions)))
    return labels, np.bincount(labels, minlength=len(conditions) + 1).tolist()


def mixed_in_whole_columns(hashes: pd.Series) -> NDArray[np.float64]:
    """The uniforms of the random rule."""
    z = hashes.to_numpy() ^ np.uint64(draw.hash_text(f"{SEED}:{CHANCY}:0"))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    uniforms: NDArray[np.float64] = ((z ^ (z >> np.uint64(31))) >> np.uint64(11)) / draw.RESOLUTION
    return uniforms


Task = dict[str, Any]


def with_a_loop(
    tasks: Sequence[Task], rules: Sequence[dict[str, Any]], key: int | None = None
) -> Any:
    """The same, one task after the other; without a key the uniforms are ready."""
    labels, counts = [], [0] * (len(rules) + 1)
    for task in tasks:
        output = len(rules)
        for place, rule in enumerate(rules):
            if matches(rule, task, key):
                output = place
                break
        labels.append(output)
        counts[output] += 1
    return labels, counts


def matches(rule: dict[str, Any], task: Task, key: int | None) -> bool:
    """Whether a rule takes a task."""
    kind, value = rule["type"], rule["value"]
    if kind == "AnnotationType":
        return all(
            (tool["schemaId"] in task["classes"]) == (tool["filter"] == ["exists"])
            for tool in value["tools"]
        )
    if kind == "Annotator":
        return any(person in task["people"] for person in value)
    if kind == "Batch":
        return any(batch in task["batches"] for batch in value)
    if kind == "Duration":
        return task["duration"] is not None and value[0] <= task["duration"] <= value[1]
    return bool((task["uniform"] if key is None else uniform(task["hash"] ^ key)) < value)


def uniform(z: int) -> float:
    """The uniform of a task, from its hash and the rule's key."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return ((z ^ (z >> 31)) >> 11) / draw.RESOLUTION


def make_tasks(columns: Columns, uniforms: NDArray[np.float64], count: int) -> list[Task]:
    """The first tasks as dicts."""

    def sets(prefix: str) -> list[set[str]]:
        names = [name for name in columns if name.startswith(prefix)]
        rows = np.column_stack([columns[name][:count] for name in names])
        return [{names[place] for place in np.flatnonzero(row)} for row in rows]

    facts: dict[str, list[Any]] = {
        "classes": sets("class"),
        "people": sets("person"),
        "batches": sets("batch"),
    }
    durations = [None if d != d else d for d in columns["duration"][:count].tolist()]
    facts |= {"duration": durations, "hash": columns["hash"][:count].tolist()}
    facts |= {"uniform": uniforms[:count].tolist()}
    return [dict(zip(facts, task, strict=True)) for task in zip(*facts.values(), strict=True)]


def bench_evaluation(columns: Columns, facts: Facts, rules: tuple[Rule, ...]) -> None:
    """Who takes which task."""
    within, ready = bits.everything(TASKS), Matcher(facts)
    mixed = draw.thresholds(facts.hashes, CHANCY, SEED)
    uniforms = mixed / draw.RESOLUTION
    frame = pd.DataFrame(columns)
    tasks = make_tasks(columns, uniforms, LOOPED)
    written = [write_condition(rule.condition, place) for place, rule in enumerate(rules)]
    key = draw.hash_text(f"{SEED}:{CHANCY}:0")

    def with_ready_draws() -> Answer:
        matcher = Matcher(facts)
        matcher._draws[CHANCY, SEED, 0] = mixed
        return with_bitmaps(matcher, rules, within)

    ways: dict[str, Callable[[], Any]] = {
        "ours": lambda: with_bitmaps(Matcher(facts), rules, within),
        "ours, ready": with_ready_draws,
        "pandas": lambda: with_pandas(frame),
        "pandas, ready": lambda: with_pandas(frame, uniforms),
        "loop": lambda: with_a_loop(tasks, written, key),
        "loop, ready": lambda: with_a_loop(tasks, written),
    }
    _assert_equal({name: way() for name, way in ways.items()})
    loops = {name: ways.pop(name) for name in ("loop", "loop, ready")}
    ways["ours, counts"] = lambda: counted(Matcher(facts), rules, within)
    ways["ours, counts again"] = lambda: counted(ready, rules, within)
    took = in_turn(ways, ROUNDS)
    scaled = {name: t * TASKS / LOOPED for name, t in in_turn(loops, LOOP_ROUNDS).items()}
    print_evaluation({name: t * 1e3 for name, t in (took | scaled).items()})


def print_evaluation(took: dict[str, float]) -> None:
    """Print the table of times in milliseconds."""
    heading(f"Six rules of all five types over {TASKS:,} tasks, uniforms ready on both sides")
    at_least("times faster than np.select", 6, took["pandas, ready"] / took["ours, ready"])
    at_least(
        f"times faster than a Python loop (over {LOOPED:,} tasks, scaled)",
        300,
        took["loop, ready"] / took["ours, ready"],
    )
    for_information("output per task, and counts", took["ours, ready"], "ms")
    heading("The same, uniforms mixed from the hashes on both sides")
    for_information("times faster than np.select", took["pandas"] / took["ours"])
    for_information("times faster than a Python loop", took["loop"] / took["ours"])
    for_information("output per task, and counts", took["ours"], "ms")
    for_information("counts only", took["ours, counts"], "ms")
    for_information("counts only, all sets remembered", took["ours, counts again"], "ms")


def _assert_equal(answers: dict[str, Answer]) -> None:
    labels, counts = answers["ours"]
    first = labels[:LOOPED]
    for name in ("ours, ready", "pandas", "pandas, ready"):
        assert np.array_equal(answers[name][0], labels), name
        assert answers[name][1] == counts, name
    for name in ("loop", "loop, ready"):
        assert answers[name][0] == first.tolist(), name
        assert answers[name][1] == np.bincount(first, minlength=len(counts)).tolist(), name


def edits() -> dict[str, Iterator[tuple[int, Condition]]]:
    """Endless new values for one rule of each type, and which rule that is."""
    names = [[f"{kind} {n}" for n in range(size)] for kind, size in SIZES.items()]
    classes, people, batches = (list(combinations(each, 3)) for each in names)
    return {
        "Batch": ((0, Batch(chosen)) for chosen in batches),
        "RandomSample": ((1, RandomSample(0.2 + n / 1_000)) for n in range(1, 300)),
        "AnnotationType": (
            (2, AnnotationType((ClassFilter(a), ClassFilter(b), ClassFilter(c, False))))
            for a, b, c in classes
        ),
        "Annotator": ((3, Annotator(chosen)) for chosen in people),
        "Duration": ((5, Duration(60_000, 240_000 + n)) for n in range(1, 300)),
    }


def bench_edits(facts: Facts, rules: tuple[Rule, ...]) -> None:
    """One rule edited, two rules changed in order."""
    within, matcher, names = bits.everything(TASKS), Matcher(facts), Names()
    swapped = (*rules[:2], rules[3], rules[2], *rules[4:])
    orders = cycle((swapped, rules))
    stage = Logic(id="routing", name="Routing", rules=rules, otherwise="else")
    split(matcher, stage, within, names, SEED)

    def edited(source: Iterator[tuple[int, Condition]]) -> tuple[Rule, ...]:
        place, condition = next(source)
        return (*rules[:place], replace(rules[place], condition=condition), *rules[place + 1 :])

    sources = edits()
    actions: dict[str, Callable[[], Any]] = {
        kind: partial(lambda source: counted(matcher, edited(source), within), source)
        for kind, source in sources.items()
    }
    actions["order"] = lambda: counted(matcher, next(orders), within)
    actions["split"] = lambda: split(
        matcher, stage.with_rules(edited(sources["Duration"])), within, names, SEED
    )
    actions["split, order"] = lambda: split(
        matcher, stage.with_rules(next(orders)), within, names, SEED
    )
    took = {name: value * 1e3 for name, value in in_turn(actions, ROUNDS).items()}
    heading(f"One edit over {TASKS:,} tasks, to all counts")
    for kind in edits():
        at_most(f"{kind} edited", 2, took[kind], "ms")
    at_most("two rules change places", 1, took["order"], "ms")
    for_information("Duration edited, whole split", took["split"], "ms")
    for_information("two rules change places, whole split", took["split, order"], "ms")


def bench_split(facts: Facts) -> None:
    """The exact distribution of all counts against simulated ones; two rules are random."""
    rules = rules_of((*CONDITIONS[:4], RandomSample(0.3), *CONDITIONS[4:]))
    within, matcher, names = bits.everything(TASKS), Matcher(facts), Names()
    stage = Logic(id="routing", name="Routing", rules=rules, otherwise="else")
    sets = [matcher.matching(rule.condition) for rule in rules]
    fates = [bits.count(won) for won in first_match(sets, within)]
    found = split(matcher, stage, within, names, SEED)
    exact = in_turn({"": lambda: split(matcher, stage, within, names, SEED)}, ROUNDS)[""]
    began = perf_counter()
    runs = simulate(fates, rules)
    simulated = perf_counter() - began
    _assert_alike([output.count for output in found.outputs], runs)
    heading(f"Exact split of {TASKS:,} tasks, two of seven rules random")
    at_least(f"times faster than {RUNS:,} Monte Carlo runs", 100, simulated / exact)
    for_information("exact split", exact * 1e3, "ms")


def simulate(fates: Sequence[int], rules: Sequence[Rule]) -> NDArray[np.int64]:
    """Counts per run and output; `fates` are tasks by the rule that takes them for certain."""
    chances = {
        place: chance
        for place, rule in enumerate(rules)
        if (chance := chance_of(rule.condition, Dialect())) is not None
    }
    random = np.random.default_rng(SEED)
    runs = np.zeros((RUNS, len(fates)), np.int64)
    for run in runs:
        for fate, left in enumerate(fates):
            for place, chance in chances.items():
                if place < fate:
                    passed = int(np.count_nonzero(random.random(left, np.float32) < chance))
                    run[place] += passed
                    left -= passed
            run[fate] += left
    return runs


def _assert_alike(counts: Sequence[Count], runs: NDArray[np.int64]) -> None:
    """Means within five standard errors; about 95 of 100 runs inside the interval."""
    error = 5 * runs.std(axis=0) / np.sqrt(RUNS) + 1e-6
    assert (np.abs(runs.mean(axis=0) - [c.expected for c in counts]) <= error).all()
    for count, drawn in zip(counts, runs.T, strict=True):
        inside = ((count.low <= drawn) & (drawn <= count.high)).mean()
        assert count.exact or 0.92 < inside < 0.98, (count, inside)


def main() -> None:
    """Print all tables."""
    columns = make_columns(TASKS)
    facts, rules = make_facts(columns), rules_of(CONDITIONS)
    bench_evaluation(columns, facts, rules)
    bench_edits(facts, rules)
    bench_split(facts)


if __name__ == "__main__":
    main()
