"""One task's way through a Logic stage, rule by rule, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.errors import UnknownName
from core.model.names import Names
from core.model.rules import Condition, Rule
from core.model.stages import Logic
from core.routing.engine.chances import left_above
from core.routing.engine.evaluate import Matcher
from core.routing.sentence import ELSE, sentence
from core.rule_types.registry import chance_of, is_certain, type_of
from core.tasks import bits
from core.tasks.facts import Facts
from core.tasks.table import TaskTable
from core.tasks.task_facts import TaskFacts, task_facts

Verdict = Literal["matched", "not matched", "not reached", "chance"]


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
    rules, size = stage.active, len(stage.active)
    chances = [_chance(matcher, rule, row) for rule in rules]
    end = chances.index(1.0) if 1.0 in chances else size  # nothing gets below
    output = next(
        (i for i, r in enumerate(rules[: end + 1]) if _passes(matcher, r, row, seed)), size
    )
    steps = [
        _step(rule, chance, place > end, facts, matcher.facts, names)
        for place, (rule, chance) in enumerate(zip(rules, chances, strict=True))
    ]
    taken: Verdict = "not reached" if end < size else "matched"
    why = "an earlier rule takes every task like this" if end < size else "takes what is left"
    steps.append(Step(ELSE, taken, why, None if end < size else 1.0))
    left = left_above(chances, 1.0)
    ways = (share * chance for share, chance in zip(left, (*chances, 1.0), strict=True))
    return Trace(facts, tuple(steps), output, tuple(ways))


def _chance(matcher: Matcher, rule: Rule, row: int) -> float:
    chance = chance_of(rule.condition, matcher.facts.dialect)
    return float(bits.has(matcher.matching(rule.condition), row)) if chance is None else chance


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
    return type_of(condition).because(condition, task, facts, names)
