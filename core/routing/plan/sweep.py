"""One or two values of the rules varied, and what an output gets at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.model.dialect import MILLISECONDS, Dialect, in_percent, of_percent
from core.model.figures import whole_number
from core.model.phrases import duration_text
from core.model.stages import Logic
from core.routing import edit
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import Shape, shape_of
from core.routing.sentence import rule_title
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.tasks import bits
from core.tasks.bits import Bits

Field = Literal["percent", "low", "high"]
MS_PER_SECOND = 1_000.0


@dataclass(frozen=True, slots=True)
class Knob:
    """A value of a rule that can be turned.

    Args:
        rule: Position among the rules that take part.
        field: The percentage, or a bound of the duration in seconds.
    """

    rule: int
    field: Field


@dataclass(frozen=True, slots=True)
class Point:
    """An output's tasks at one value.

    Args:
        value: Percent or seconds.
        expected: Mean of the count.
        low: Lower end of the exact central 95 % interval.
        high: Upper end.
    """

    value: float
    expected: float
    low: int
    high: int


def knobs_of(stage: Logic) -> tuple[Knob, ...]:
    """All values of a stage that can be turned."""
    knobs = []
    for position, rule in enumerate(stage.active):
        if isinstance(rule.condition, RandomSample):
            knobs.append(Knob(position, "percent"))
        elif isinstance(rule.condition, Duration):
            knobs += [Knob(position, "low"), Knob(position, "high")]
    return tuple(knobs)


def knob_words(knob: Knob, stage: Logic) -> str:
    """`Rule 2: percent`, `Rule 5: at least, in seconds`."""
    words = {"percent": "percent", "low": "at least, in seconds", "high": "at most, in seconds"}
    return f"{rule_title(stage.numbers[knob.rule])}: {words[knob.field]}"


def value_words(knob: Knob, value: float) -> str:
    """A value with its unit."""
    if knob.field == "percent":
        return f"{whole_number(value)} %"
    return duration_text(value * MS_PER_SECOND)


def now_at(knob: Knob, stage: Logic, dialect: Dialect) -> float | None:
    """The value as it is; None for an open bound."""
    condition = stage.active[knob.rule].condition
    if isinstance(condition, RandomSample):
        return in_percent(dialect.chance(condition.value))
    if not isinstance(condition, Duration):
        return None
    bound = condition.low if knob.field == "low" else condition.high
    return None if bound is None else round(bound * MILLISECONDS[dialect.unit] / MS_PER_SECOND, 6)


def turned(knob: Knob, stage: Logic, value: float, dialect: Dialect) -> Logic:
    """The stage with another value; an interval that it turns round matches no task."""
    rule = stage.active[knob.rule]
    condition = rule.condition
    if isinstance(condition, RandomSample):
        return edit.set_chances(stage, {rule.id: of_percent(value)}, dialect)
    if not isinstance(condition, Duration):
        return stage
    bound = value * MS_PER_SECOND / MILLISECONDS[dialect.unit]
    changed = Duration(bound, condition.high)
    if knob.field == "high":
        changed = Duration(condition.low, bound)
    return edit.set_condition(stage, rule.id, changed)


def values_of(knob: Knob, matcher: Matcher, within: Bits, steps: int = 21) -> list[float]:
    """Values to try: 0 to 100 %, or seconds from 0 to the 98th percentile of the durations."""
    if knob.field == "percent":
        return [round(float(v), 4) for v in np.linspace(0, 100, steps)]
    spent = matcher.facts.duration[bits.unpack(within, matcher.facts.tasks)]
    spent = spent[~np.isnan(spent)]
    most = float(np.quantile(spent, 0.98)) / MS_PER_SECOND if len(spent) else 60.0
    step = max(1.0, float(np.ceil(most / (steps - 1))))
    return [step * place for place in range(steps)]


def sweep(
    matcher: Matcher, stage: Logic, within: Bits, knob: Knob, values: Sequence[float], output: int
) -> tuple[Point, ...]:
    """What an output gets at each value, with its 95 % band."""
    points = []
    for value, shape in zip(values, _shapes(matcher, stage, within, knob, values), strict=True):
        low, high = shape.interval(output)
        points.append(Point(value, shape.expected(output), low, high))
    return tuple(points)


def _shapes(
    matcher: Matcher, stage: Logic, within: Bits, knob: Knob, values: Sequence[float]
) -> list[Shape]:
    if knob.field == "percent":
        shape = shape_of(matcher, stage, within)
        return [shape.with_chance(knob.rule, value / 100) for value in values]
    turns = (turned(knob, stage, value, matcher.facts.dialect) for value in values)
    return [shape_of(matcher, changed, within) for changed in turns]


def heat(
    matcher: Matcher,
    stage: Logic,
    within: Bits,
    knobs: tuple[Knob, Knob],
    values: tuple[Sequence[float], Sequence[float]],
    output: int,
) -> NDArray[np.float64]:
    """Expected tasks of an output over two values.

    Returns:
        Shape (values of the second knob, values of the first).
    """
    first, second = knobs
    if second.field == "percent" and first.field != "percent":
        return heat(matcher, stage, within, (second, first), (values[1], values[0]), output).T
    rows = []
    for value in values[1]:
        changed = turned(second, stage, value, matcher.facts.dialect)
        shapes = _shapes(matcher, changed, within, first, values[0])
        rows.append([shape.expected(output) for shape in shapes])
    return np.array(rows)
