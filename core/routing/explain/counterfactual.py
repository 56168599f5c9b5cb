"""What would have to be different for a task to go elsewhere; each answer is evaluated again.

Looked at are one change of a fact, or of the order of rules, and two changes of facts for outputs
that no single one reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import inf, nextafter

import numpy as np

from core.errors import UnknownName
from core.model.names import Names
from core.model.phrases import duration_text
from core.model.stages import Logic
from core.routing import edit
from core.routing.engine.chances import probabilities
from core.routing.engine.evaluate import Matcher
from core.routing.engine.hypothetical import Supposed, fates
from core.routing.engine.possible import asked, one_annotator
from core.routing.sentence import rule_text
from core.rule_types.asked import Span
from core.rule_types.base import Fact
from core.rule_types.batch import spellings
from core.rule_types.registry import type_of
from core.tasks.facts import Facts
from core.tasks.table import TaskTable, person_key
from core.tasks.task_facts import task_facts

MOST_PAIRED = 48
"""Single changes that are also tried two by two."""


@dataclass(frozen=True, slots=True)
class OtherWay:
    """Something that would send the task elsewhere.

    Args:
        words: What would be different: `with Vehicle`, `at 2 min or more`.
        output: Position of the output that it would then leave through; the last is Else.
        chance: That it does, from 0 to 1; random rules above may take it first.
        facts: How many facts differ; 0 when the rules do.
        task: The task as it would be.
    """

    words: str
    output: int
    chance: float
    facts: int
    task: Supposed


@dataclass(frozen=True, slots=True)
class Why:
    """Where a task goes when no random rule takes it first, and what would change that.

    Args:
        output: Position of the output; the last is Else.
        chance: That it leaves there, from 0 to 1.
        changes: Nearest first: one fact, the rules, two facts.
    """

    output: int
    chance: float
    changes: tuple[OtherWay, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """One fact changed.

    Args:
        words: The change.
        fact: Which fact; two changes of one duration or of one annotator exclude each other.
        to: The task with it.
    """

    words: str
    fact: str
    to: Callable[[Supposed], Supposed]


def why(table: TaskTable, matcher: Matcher, stage: Logic, task_id: str, names: Names) -> Why:
    """Look for the nearest changes that send a task elsewhere.

    Raises:
        UnknownName: No task has this id.
    """
    row = table.row_of(task_id)
    if row is None:
        raise UnknownName(f"No task has the id {task_id}.", "Look it up on the Tasks page.")
    task = supposed(table, matcher.facts, row, names)
    facts, ways = matcher.facts, probabilities(stage.active, matcher.facts.dialect)
    now = fates([task], stage.active, facts.dialect, facts.project)[0]
    steps = [
        *_other_classes(task, stage, names),
        *_other_batches(task, stage, facts, names),
        *_other_people(task, stage, facts, names),
    ]
    alone = [*_other_durations(task, stage, facts, whole=True), *steps]
    single = _leading_elsewhere([(step,) for step in alone], task, stage, facts, now)
    reached = {change.output for change in single}
    steps = [*_other_durations(task, stage, facts, whole=False), *steps][:MOST_PAIRED]
    pairs = [pair for pair in combinations(steps, 2) if pair[0].fact != pair[1].fact]
    double = [
        change
        for change in _leading_elsewhere(pairs, task, stage, facts, now)
        if change.output not in reached
    ]
    changes = (*single, *_other_rules(task, stage, facts, now), *_one_per_output(double))
    return Why(now, float(ways[now, now]), changes)


def supposed(table: TaskTable, facts: Facts, row: int, names: Names) -> Supposed:
    """A task of the table as one that can be changed."""
    known, task = task_facts(table, facts, row, names), table.take(np.array([row]))
    return Supposed(
        classes=None if known.classes is None else frozenset(known.schema_ids),
        people=frozenset(person_key(person) for person in known.annotators),
        batches=frozenset(task.batch_names[code] for code in task.batches.of(0)),
        duration_ms=known.duration_ms,
    )


def _leading_elsewhere(
    tried: Sequence[tuple[_Step, ...]], task: Supposed, stage: Logic, facts: Facts, now: int
) -> list[OtherWay]:
    """The changes of facts, in the order tried, after which another rule takes the task."""
    changed = []
    for steps in tried:
        each = task
        for step in steps:
            each = step.to(each)
        changed.append(each)
    if not changed:
        return []
    ways = probabilities(stage.active, facts.dialect)
    outputs = fates(changed, stage.active, facts.dialect, facts.project)
    return [
        OtherWay(
            " and ".join(step.words for step in steps),
            fate,
            float(ways[fate, fate]),
            len(steps),
            each,
        )
        for steps, fate, each in zip(tried, outputs, changed, strict=True)
        if fate != now
    ]


def _one_per_output(changes: Sequence[OtherWay]) -> list[OtherWay]:
    first: dict[int, OtherWay] = {}
    for change in changes:
        first.setdefault(change.output, change)
    return list(first.values())


# ---- facts ----------------------------------------------------------------------------------


def _other_durations(task: Supposed, stage: Logic, facts: Facts, whole: bool) -> list[_Step]:
    """Stretches of durations that the task is not in.

    Args:
        task: The task.
        stage: Its Duration rules give the stretches.
        facts: For the dialect.
        whole: One per output, the nearest, with its neighbours of the same output; else all.
    """
    spans = [
        span
        for rule in stage.active
        if isinstance(span := asked(rule.condition, facts.dialect, facts.project), Span)
    ]
    if not spans:
        return []
    edges = {nextafter(span.high, inf): span.high for span in spans}
    starts = sorted({0.0, *(span.low for span in spans), *edges} - {inf})
    tasks = [replace(task, duration_ms=start) for start in starts]
    outputs = fates(tasks, stage.active, facts.dialect, facts.project)
    first = [i for i in range(len(starts)) if not whole or i == 0 or outputs[i] != outputs[i - 1]]
    ends = [*(starts[i] for i in first[1:]), inf]
    spent = task.duration_ms
    near: dict[int, tuple[float, float, float]] = {}
    for i, end in zip(first, ends, strict=True):
        start = starts[i]
        far = start if spent is None else max(start - spent, spent - end, 0.0)
        key = outputs[i] if whole else i
        if (spent is None or not start <= spent < end) and far < near.get(key, (inf,))[0]:
            near[key] = (far, start, end)
    has = "its time is not known" if spent is None else f"it took {duration_text(spent)}"

    def to(start: float) -> Callable[[Supposed], Supposed]:
        return lambda other: replace(other, duration_ms=start)

    return [
        _Step(f"{_stretch(start, end, edges)} ({has})", "duration", to(start))
        for _, start, end in sorted(near.values())
    ]


def _stretch(start: float, end: float, edges: dict[float, float]) -> str:
    """Durations from `start` to just before `end`; `edges` gives bounds that are included."""
    least = duration_text(edges.get(start, start))
    low = f"more than {least}" if start in edges else f"{least} or more"
    if end == inf:
        return f"at {low}" if start else "at any known time"
    most = duration_text(edges.get(end, end))
    high = f"{most} or less" if end in edges else f"less than {most}"
    if start == edges.get(end):
        return f"at exactly {least}"
    if start and start not in edges and end in edges:
        return f"at {least} to {most}"
    return f"at {low} and {high}" if start else f"at {high}"


def _named(stage: Logic, fact: Fact, repeated: bool = False) -> list[str]:
    """What the rules name of a fact, in order; of repeated names the first, or all."""
    conditions = (r.condition for r in stage.active if fact in type_of(r.condition).facts)
    names = [name for c in conditions for name in type_of(c).named(c) or ()]
    return names if repeated else list(dict.fromkeys(names))


def _other_classes(task: Supposed, stage: Logic, names: Names) -> list[_Step]:
    if task.classes is None:
        return []
    other_ways = []
    for schema_id in _named(stage, "classes"):
        word = "without" if schema_id in task.classes else "with"

        def to(other: Supposed, schema_id: str = schema_id) -> Supposed:
            return replace(other, classes=(other.classes or frozenset()) ^ {schema_id})

        other_ways.append(_Step(f"{word} {names.of_class(schema_id)}", f"class {schema_id}", to))
    return other_ways


def _other_batches(task: Supposed, stage: Logic, facts: Facts, names: Names) -> list[_Step]:
    other_ways: dict[str, _Step] = {}
    for wanted in _named(stage, "batches"):
        texts = frozenset(spellings(facts.project, wanted))
        if not texts:
            continue
        inside = bool(texts & task.batches)

        def to(other: Supposed, texts: frozenset[str] = texts, inside: bool = inside) -> Supposed:
            rest = other.batches - texts
            return replace(other, batches=rest if inside else rest | {min(texts)})

        words = f"{'not ' if inside else ''}in batch {names.of_batch(wanted)}"
        other_ways.setdefault(words, _Step(words, f"batch {sorted(texts)}", to))
    return list(other_ways.values())


def _other_people(task: Supposed, stage: Logic, facts: Facts, names: Names) -> list[_Step]:
    alone = one_annotator(facts.dialect)
    spelled = {person_key(p): p.strip() for p in _named(stage, "annotators", repeated=True)}
    other_ways = []
    for person, spelling in spelled.items():
        if not person:
            continue
        gone = person in task.people

        def to(other: Supposed, person: str = person, gone: bool = gone) -> Supposed:
            if gone:
                return replace(other, people=other.people - {person})
            return replace(
                other, people=frozenset({person}) | (frozenset() if alone else other.people)
            )

        more = "instead" if alone else "too"
        words = f"{'not ' if gone else ''}annotated by {names.of_person(spelling)}"
        words += f" {more}" if task.people and not gone else ""
        other_ways.append(_Step(words, "annotator" if alone else f"annotator {person}", to))
    return other_ways


# ---- rules ----------------------------------------------------------------------------------


def _other_rules(task: Supposed, stage: Logic, facts: Facts, now: int) -> list[OtherWay]:
    """The rule that takes the task switched off, or one below it put above it."""
    rules = stage.active
    if now == len(rules):
        return []
    taker, number, numbers = rules[now], stage.numbers[now], stage.numbers
    tried = [(f"if {rule_text(number)} were switched off", edit.switch(stage, taker.id))]
    place = edit.position_of(stage, taker.id) or 0
    tried += [
        (
            f"if {rule_text(numbers[i])} stood above {rule_text(number)}",
            edit.move(stage, rules[i].id, place),
        )
        for i in range(now + 1, len(rules))
    ]
    other_ways = []
    for words, other in tried:
        fate = fates([task], other.active, facts.dialect, facts.project)[0]
        ids = [rule.id for rule in rules]
        to = ids.index(other.active[fate].id) if fate < len(other.active) else len(rules)
        if to != now:
            chance = float(probabilities(other.active, facts.dialect)[fate, fate])
            other_ways.append(OtherWay(words, to, chance, 0, task))
    return other_ways
