"""What the next tasks do when they are of the kind of these: a count per output, with its interval.

Two things are not known of the next tasks: which of them may take an output, of which these tasks
are a sample, and the draws, whose chances are known. How far one week has told the next is looked
at in the tasks themselves (`core.routing.observed.backtest`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.rules import Condition
from core.model.stages import Logic
from core.routing.engine.binomial import interval
from core.routing.engine.evaluate import Matcher
from core.routing.engine.predictive import predictive_interval, predictive_mean
from core.routing.engine.shape import Shape, shape_of
from core.routing.observed.backtest import Weeks, weeks_of
from core.rule_types.registry import type_of
from core.tasks.bits import Bits
from core.tasks.table import TaskTable

NOTHING = "No task is looked at, so nothing can be said of the next ones."


@dataclass(frozen=True, slots=True)
class NextCount:
    """How many of the next tasks leave through an output; None where nothing can be said.

    Args:
        expected: Mean of the count.
        low: Lower end of the central 95 % interval of its predictive distribution.
        high: Upper end.
    """

    expected: float | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Coming:
    """The next tasks.

    Args:
        tasks: How many come.
        outputs: Top to bottom, Else last.
        weeks: What each week would have told of the next.
        sentences: How far to trust it.
    """

    tasks: int
    outputs: tuple[NextCount, ...]
    weeks: Weeks
    sentences: tuple[str, ...]


def coming(matcher: Matcher, table: TaskTable, stage: Logic, within: Bits, many: int) -> Coming:
    """Predict the next tasks.

    Args:
        matcher: The facts, with remembered answers.
        table: The tasks, for their dates.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        many: How many come next.
    """
    conditions = [rule.condition for rule in stage.active]
    shape = shape_of(matcher, stage, within)
    outputs = of_next(shape, conditions, many)
    weeks = weeks_of(matcher, table, stage, within)
    sentences = weeks.sentences if shape.tasks else (NOTHING,)
    return Coming(many, outputs, weeks, sentences)


@dataclass(frozen=True, slots=True)
class NextLaw:
    """The law of how many of the next tasks leave through an output.

    Args:
        chance: Of a task that may take it, to take it.
        may: Tasks looked at that may take it; None where all that come may, whatever their facts.
        tasks: Tasks looked at.
    """

    chance: float
    may: int | None
    tasks: int

    def of_next(self, many: int) -> NextCount:
        """The count among so many of the next tasks."""
        if self.may is None:
            return NextCount(many * self.chance, *interval([(many, self.chance)]))
        law = (many, self.may, self.tasks, self.chance)
        return NextCount(predictive_mean(*law), *predictive_interval(*law))


def of_next(shape: Shape, conditions: Sequence[Condition], many: int) -> tuple[NextCount, ...]:
    """What the next tasks do, from how these fall to the certain rules.

    Args:
        shape: These tasks.
        conditions: Of the rules that take part.
        many: How many come next.

    Returns:
        One count per output.
    """
    if not shape.tasks:
        return tuple(NextCount(None, None, None) for _ in shape.fates)
    return tuple(law.of_next(many) for law in laws_of_next(shape, conditions))


def laws_of_next(shape: Shape, conditions: Sequence[Condition]) -> tuple[NextLaw, ...]:
    """The law of each output among the next tasks; arguments as of `of_next`, with a task at least.

    All tasks that may take one output have the same chance to, so each count is one mixture
    (`core.routing.engine.predictive`). An output that all tasks or none may take whatever their
    facts, such as a random rule at the top, is a binomial.
    """
    laws = []
    anybody = True
    for place in range(len(shape.fates)):
        condition = conditions[place] if place < len(conditions) else None
        ((may, chance),) = shape.groups(place)
        kind = None if condition is None else type_of(condition)
        nobody = kind is not None and kind.matches_none(condition)
        by_draw = kind is not None and "draw" in kind.facts
        if nobody:
            chance = 0.0
        known = anybody and (kind is None or by_draw)
        laws.append(NextLaw(chance, None if known else may, shape.tasks))
        if kind is not None:
            anybody &= by_draw or nobody
    return tuple(laws)
