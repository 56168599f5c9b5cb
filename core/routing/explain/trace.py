"""One task's way through a Logic stage, rule by rule, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from core.errors import UnknownName
from core.model.dialect import Dialect
from core.model.figures import percent
from core.model.names import Names
from core.model.rules import (
    AnnotationType,
    Annotator,
    Batch,
    Condition,
    Duration,
    Malformed,
    RandomSample,
    Rule,
    Unknown,
)
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher, batch_names, is_certain
from core.routing.sentence import ELSE, duration_text, no_fraction, sentence
from core.tasks import bits
from core.tasks.facts import Facts
from core.tasks.table import UNKNOWN_TIME, TaskTable, person_key

Verdict = Literal["matched", "not matched", "not reached", "chance"]


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is known of one task, in names.

    Args:
        task: Task id.
        external_id: Asset's external id, "" when it has none.
        stage: Name of the stage where it is, "" unknown.
        classes: Titles of the classes present; None when its annotations were not loaded.
        schema_ids: Those of the classes; empty when its annotations were not loaded.
        annotators: Addresses under the dialect in force.
        duration_ms: Under the dialect in force; None unknown.
        batches: Names.
        last_at: Time of its last activity (UTC), None unknown.
        passes: Its stage history: stage, person, milliseconds or None, review status.
    """

    task: str
    external_id: str
    stage: str
    classes: tuple[str, ...] | None
    schema_ids: tuple[str, ...]
    annotators: tuple[str, ...]
    duration_ms: float | None
    batches: tuple[str, ...]
    last_at: datetime | None
    passes: tuple[tuple[str, str, float | None, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One rule's answer for one task.

    Args:
        rule: The rule in words.
        verdict: What became of the task here.
        because: The compared values, in words.
        p: Chance that the rule takes the task when it gets here; None when it cannot get here.
    """

    rule: str
    verdict: Verdict
    because: str
    p: float | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A task's way.

    Args:
        facts: What is known of the task.
        steps: One per rule that takes part, then Else.
        output: Where the draw of the seed sends it; the last position is Else.
        probabilities: Chance of each output, summing to 1.
    """

    facts: TaskFacts
    steps: tuple[Step, ...]
    output: int
    probabilities: tuple[float, ...]


def trace(
    table: TaskTable, matcher: Matcher, stage: Logic, task_id: str, names: Names, seed: int = 0
) -> Trace:
    """Follow one task.

    Raises:
        UnknownName: No task has this id.
    """
    row = table.row_of(task_id)
    if row is None:
        raise UnknownName(f"No task has the id {task_id}.", "Look it up on the Tasks page.")
    facts = task_facts(table, matcher.facts, row, names)
    left, ended, output = 1.0, False, len(stage.active)
    steps, chances = [], []
    for position, rule in enumerate(stage.active):
        chance = _chance(matcher, rule, row)
        if output == len(stage.active) and not ended and _passes(matcher, rule, row, seed):
            output = position
        steps.append(_step(rule, chance, ended, facts, matcher.facts, names))
        chances.append(0.0 if ended else left * chance)
        if not ended:
            left *= 1 - chance
            ended = chance == 1.0
    taken: Verdict = "not reached" if ended else "matched"
    why = "an earlier rule takes every task like this" if ended else "takes what is left"
    steps.append(Step(ELSE, taken, why, None if ended else 1.0))
    return Trace(facts, tuple(steps), output, (*chances, 0.0 if ended else left))


def _chance(matcher: Matcher, rule: Rule, row: int) -> float:
    condition = rule.condition
    if isinstance(condition, RandomSample):
        return matcher.facts.dialect.chance(condition.value)
    return float(bits.has(matcher.matching(condition), row))


def _passes(matcher: Matcher, rule: Rule, row: int, seed: int) -> bool:
    return bits.has(matcher.drawn(rule, seed), row)


def _step(
    rule: Rule, chance: float, ended: bool, task: TaskFacts, facts: Facts, names: Names
) -> Step:
    words = sentence(rule.condition, names, facts.dialect)
    if ended:
        return Step(words, "not reached", "an earlier rule takes every task like this", None)
    because = compared_values(rule.condition, task, facts, names)
    if not is_certain(rule.condition, facts.dialect):
        return Step(words, "chance", because, chance)
    return Step(words, "matched" if chance else "not matched", because, chance)


def compared_values(condition: Condition, task: TaskFacts, facts: Facts, names: Names) -> str:
    """Why a condition matches a task or not: the values that are compared, as a clause."""
    match condition:
        case AnnotationType(filters):
            if task.classes is None:
                return "its annotations were not loaded"
            found = [
                f"{'has' if f.schema_id in task.schema_ids else 'has no'} "
                f"{names.of_class(f.schema_id)}"
                for f in filters
            ]
            return ", ".join(dict.fromkeys(found)) or "no class is asked for"
        case Annotator(people):
            asked = {person_key(person) for person in people}
            hits = [person for person in task.annotators if person_key(person) in asked]
            who = ", ".join(hits or task.annotators)
            return f"annotated by {who}" if who else "nobody is known to have annotated it"
        case Batch(batches):
            known = {name for batch in batches for name in batch_names(facts, batch)}
            shown = {names.of_batch(name) for name in known}
            hits = [name for name in task.batches if name in shown]
            return f"is in {', '.join(hits or task.batches)}" if task.batches else "is in no batch"
        case Duration(low, high):
            return _because_duration(low, high, task, facts.dialect)
        case RandomSample(value):
            if not facts.dialect.is_chance(value):
                return no_fraction(value)
            return f"each task passes with {percent(facts.dialect.chance(value))}"
        case Malformed(_, reason) | Unknown(_, reason):
            return reason


def _because_duration(
    low: float | None, high: float | None, task: TaskFacts, dialect: Dialect
) -> str:
    if task.duration_ms is None:
        return "its duration is not known"
    took = duration_text(task.duration_ms)
    if low is not None and task.duration_ms < dialect.milliseconds(low):
        return f"took {took}, less than {duration_text(dialect.milliseconds(low))}"
    if high is not None and task.duration_ms > dialect.milliseconds(high):
        return f"took {took}, more than {duration_text(dialect.milliseconds(high))}"
    return f"took {took}"


def task_facts(table: TaskTable, facts: Facts, row: int, names: Names) -> TaskFacts:
    """The facts of one task in names."""
    history, at = table.history, int(table.at[row])
    passes = tuple(
        (
            _stage_name(table, names, int(history.stage[entry])),
            table.people[history.person[entry]] if history.person[entry] >= 0 else "",
            _known(history.duration[entry]),
            table.review_words[history.review[entry]],
        )
        for entry in range(int(history.offsets[row]), int(history.offsets[row + 1]))
    )
    present = [
        s for s in table.schema_ids if s in facts.classes and bits.has(facts.classes[s], row)
    ]
    loaded = facts.answered is None or bits.has(facts.answered, row)
    return TaskFacts(
        task=table.ids[row].as_py(),
        external_id=table.external_ids[row].as_py() or "",
        stage=_stage_name(table, names, int(table.stage[row])),
        classes=tuple(names.of_class(s) for s in present) if loaded else None,
        schema_ids=tuple(present) if loaded else (),
        annotators=tuple(p for p in table.people if bits.has(facts.people[person_key(p)], row)),
        duration_ms=_known(facts.duration[row]),
        batches=tuple(names.of_batch(table.batch_names[c]) for c in table.batches.of(row)),
        last_at=None if at == UNKNOWN_TIME else datetime.fromtimestamp(at / 1_000, UTC),
        passes=passes,
    )


def _stage_name(table: TaskTable, names: Names, code: int) -> str:
    return names.of_table_stage(table.stages[code]) if code >= 0 else ""


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
