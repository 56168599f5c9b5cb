"""Which assumption decides the answer: each varied by itself, the others as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from core.errors import InputError
from core.model.dialect import CHOICES, DIALECT_WORDS, FINAL, Dialect
from core.model.figures import percent, whole_number
from core.model.names import Names
from core.model.phrases import duration_text
from core.model.rules import Unknown
from core.model.stages import Logic
from core.routing import edit
from core.routing.dialect_text import AT_LABEL, at_words
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import Shape, shape_of
from core.routing.engine.unknowns import unknowns
from core.routing.plan.sweep import Knob, now_at, turned
from core.routing.sentence import rule_title
from core.rule_types.base import Fact
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.rule_types.registry import type_of
from core.tasks.bits import Bits

POINTS = 5.0
"""How far a percentage is varied, in points."""

BOUND = 0.1
"""How far a bound of a duration is varied, as a share of it."""

_CONCERNS: dict[str, Fact] = {
    "annotator": "annotators",
    "duration": "duration",
    "unit": "duration",
    "nested": "classes",
    "random": "draw",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One assumption.

    Args:
        assumption: What is varied, and how far.
        low: Expected tasks at the end that gives fewest.
        low_at: That end in words.
        high: Expected tasks at the end that gives most.
        high_at: That end in words.
    """

    assumption: str
    low: float
    low_at: str
    high: float
    high_at: str

    @property
    def width(self) -> float:
        """How many tasks it decides."""
        return self.high - self.low


Ends = list[tuple[str, float]]


def tornado(
    matcher_of: Callable[[Dialect], Matcher],
    dialect: Dialect,
    stage: Logic,
    within: Bits,
    output: int,
    names: Names,
) -> tuple[float, tuple[Bar, ...]]:
    """Vary every assumption that plays a part for one output.

    Args:
        matcher_of: The facts under a dialect.
        dialect: The readings in force.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        output: Position of the output; the last is Else.
        names: For stages.

    Returns:
        Expected tasks as it is, and the bars, widest first; what changes nothing has width 0.
    """
    matcher = matcher_of(dialect)
    shape = shape_of(matcher, stage, within)
    now = shape.expected(output)
    ends: dict[str, Ends] = {}
    low, high = shape.interval(output)
    ends["Chance (95 % interval)"] = [("low end", float(low)), ("high end", float(high))]
    ends |= dict(_readings(matcher_of, dialect, stage, within, output, names))
    ends |= dict(_percentages(stage, shape, output))
    ends |= dict(_bounds(matcher, stage, within, output))
    ends |= dict(_unknowns(matcher, stage, within, output, names))
    bars = []
    for assumption, reached in ends.items():
        ordered = sorted([("as it is", now), *reached], key=lambda end: end[1])
        bars.append(Bar(assumption, ordered[0][1], ordered[0][0], ordered[-1][1], ordered[-1][0]))
    return now, tuple(sorted(bars, key=lambda bar: -bar.width))


def _readings(
    matcher_of: Callable[[Dialect], Matcher],
    dialect: Dialect,
    stage: Logic,
    within: Bits,
    output: int,
    names: Names,
) -> Iterator[tuple[str, Ends]]:
    """Every setting of the dialect that a rule of the stage depends on."""
    for name, fact in _CONCERNS.items():
        if not any(fact in type_of(rule.condition).facts for rule in stage.active):
            continue
        label, words = DIALECT_WORDS[name]
        ends = []
        for choice in CHOICES[name]:
            if choice != getattr(dialect, name):
                other = matcher_of(replace(dialect, **{name: choice}))  # type: ignore[arg-type]
                ends.append((words[choice], shape_of(other, stage, within).expected(output)))
        yield label, ends
    ends = []
    project = matcher_of(dialect).facts.project
    before = [s.id for s in (project.stages if project else None) or () if stage.id in s.next]
    for at in (FINAL, *before):
        if at == dialect.at:
            continue
        try:
            other = matcher_of(replace(dialect, at=at))
        except InputError:  # no task left that stage
            continue
        expected = shape_of(other, stage, within).expected(output)
        ends.append((at_words(at, names), expected))
    if ends:
        yield AT_LABEL, ends


def _percentages(stage: Logic, shape: Shape, output: int) -> Iterator[tuple[str, Ends]]:
    for position, chance in enumerate(shape.chances):
        if chance is None:
            continue
        number = stage.numbers[position]
        others = (max(0.0, chance - POINTS / 100), min(1.0, chance + POINTS / 100))
        ends = [(percent(p), shape.with_chance(position, p).expected(output)) for p in others]
        yield f"{rule_title(number)}, {percent(chance)} ± {whole_number(POINTS)} points", ends


def _bounds(
    matcher: Matcher, stage: Logic, within: Bits, output: int
) -> Iterator[tuple[str, Ends]]:
    dialect = matcher.facts.dialect
    for position, rule in enumerate(stage.active):
        if not isinstance(rule.condition, Duration):
            continue
        for knob in (Knob(position, "low"), Knob(position, "high")):
            value = now_at(knob, stage, dialect)
            if not value:
                continue
            ends = []
            for other in (value * (1 - BOUND), value * (1 + BOUND)):
                changed = turned(knob, stage, other, dialect)
                expected = shape_of(matcher, changed, within).expected(output)
                ends.append((duration_text(other * 1_000), expected))
            bound = duration_text(value * 1_000)
            yield f"{rule_title(stage.numbers[position])}, {bound} ± {percent(BOUND)}", ends


def _unknowns(
    matcher: Matcher, stage: Logic, within: Bits, output: int, names: Names
) -> Iterator[tuple[str, Ends]]:
    """Facts and rules that are not known, at their extremes."""
    for one in unknowns(matcher, stage, within, output, names):
        yield one.what, [(one.low_at, one.low), (one.high_at, one.high)]
    for position, rule in enumerate(stage.active):
        if isinstance(rule.condition, Unknown):
            changed = _taking_all(stage, rule.id, matcher.facts.dialect)
            expected = shape_of(matcher, changed, within).expected(output)
            words = f"{rule_title(stage.numbers[position])}, which cannot be simulated"
            yield words, [("takes every task", expected)]


def _taking_all(stage: Logic, rule: str, dialect: Dialect) -> Logic:
    return edit.set_condition(stage, rule, RandomSample(1 if dialect.random == "fraction" else 100))
