"""What may be moved in a story: a percentage, a bound, a switch, how many tasks come, prices.

A lever stands at one of few positions, the value that the rules have now always among them, so that
all that it can do is counted once and looked up while it is moved. What the rules cost is moved
by levers that no rule has: prices, and how many tasks are wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from typing import Final, Literal, get_args

import numpy as np

from core.model.dialect import MILLISECONDS, Dialect, in_percent, of_percent
from core.model.figures import about_percent, counted, percent, whole_number
from core.model.names import Names
from core.model.phrases import as_sentence, duration_text
from core.model.rules import Rule
from core.model.stages import Logic
from core.model.text import one_line
from core.routing import edit
from core.routing.sentence import sentence
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.rule_types.registry import chance_of
from core.sampling.cost import MOST_PRICE, USUAL_PRICES
from core.workspace import Workspace

RuleKind = Literal["share", "least", "most", "switch"]
"""A percentage, the lower or upper bound of a duration, a rule on or off."""

CostKind = Literal["review_price", "escape_price", "rework_price", "error_rate"]
"""Prices of a review, of a wrong task that slips through, of mending one; how many are wrong."""

Kind = Literal[RuleKind, "tasks", CostKind]
"""Of rules, how many tasks come, of costs."""

RULE_KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
COST_KINDS: tuple[CostKind, ...] = get_args(CostKind)
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_LEVERS = 4
"""Those of costs do not count; each of them is there once at most."""

PRICES: Final[dict[str, CostKind]] = {
    "review": "review_price",
    "escape": "escape_price",
    "rework": "rework_price",
}
"""Kinds of prices by the names of `ReviewPrices`."""

COST_NAMES: Final[dict[CostKind, str]] = {
    "review_price": "Price of a review",
    "escape_price": "Price of an escaped error",
    "rework_price": "Price of rework",
    "error_rate": "Tasks that are wrong",
}
MOST: Final[dict[Kind, float]] = {
    "share": 100.0,
    "switch": 1.0,
    "error_rate": 100.0,
    **dict.fromkeys(PRICES.values(), MOST_PRICE),
}
"""The greatest position of some kinds; of the others `LONGEST_TIME`."""

NOT_SET = "not set"
_RATES_TO = 50.0
MOST_POSITIONS = 1_001
LONGEST_NAME = 80
LONGEST_TIME = 1e12
"""Milliseconds, some thirty years; no lever goes beyond."""

_STEPS = (100, 500, 1_000, 5_000, 15_000, 30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000)
_FINE = 120
"""Positions that a lever has about, if nobody asks for others."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One value of a scenario that may be moved.

    Args:
        name: In plain words.
        kind: What it moves.
        rule: Id of its rule, "" for how many tasks come.
        low: Least position: percent, milliseconds, 0 for off, tasks, or money.
        high: Greatest position.
        step: From position to position.
        value: Where it stands; None is where the rules have it, or where a lever of costs starts.
        start: Where a lever of costs starts, since no rule says it; None is the usual price, or
            the error rate that reviews showed.
    """

    name: str
    kind: Kind
    rule: str
    low: float
    high: float
    step: float
    value: float | None = None
    start: float | None = None

    @property
    def of_cost(self) -> bool:
        """Whether it moves what things cost and no task."""
        return self.kind in COST_KINDS

    @property
    def id(self) -> str:
        """What it moves, as `--set` and a link say it: `share:RandomSample-0`."""
        return f"{self.kind}:{self.rule}" if self.rule else self.kind


@dataclass(frozen=True, slots=True)
class Placed:
    """A lever over some rules and tasks.

    Args:
        lever: The lever.
        positions: All values that it may have, ascending.
        own: Which of them the rules have, or a lever of costs starts at.
        at: Which of them it stands at.
        unset: Whether its start stands for no value, since nobody knows one.
    """

    lever: Lever
    positions: tuple[float, ...]
    own: int
    at: int
    unset: bool = False

    @property
    def is_set(self) -> bool:
        """Whether it has a value where it stands."""
        return self.moved or not self.unset

    @property
    def labels(self) -> tuple[str, ...]:
        """All positions in words."""
        return tuple(
            NOT_SET if self.unset and place == self.own else value_text(self.lever.kind, value)
            for place, value in enumerate(self.positions)
        )

    @property
    def text(self) -> str:
        """Where it stands, in words."""
        return value_text(self.lever.kind, self.value) if self.is_set else NOT_SET

    @property
    def in_use(self) -> float:
        """Its value as it is counted with: percentages from 0 to 1."""
        return in_use(self.lever.kind, self.value)

    @property
    def value(self) -> float:
        """The value that it stands at."""
        return self.positions[self.at]

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than the rules."""
        return self.at != self.own

    def placed_at(self, value: float) -> Placed:
        """The same lever at the position that is nearest to a value."""
        nearest = min(range(len(self.positions)), key=lambda i: abs(self.positions[i] - value))
        return replace(self, at=nearest)


def in_use(kind: Kind, value: float) -> float:
    """A position as it is counted with: percentages from 0 to 1."""
    return of_percent(value) if kind in ("share", "error_rate") else float(value)


def value_text(kind: Kind, value: float) -> str:
    """A position in words: `35 %`, `10 min`, `on`, `5,012`, `0.5`."""
    if kind == "share":
        return percent(of_percent(value))
    if kind == "switch":
        return "on" if value else "off"
    if kind == "error_rate":
        return about_percent(of_percent(value))
    if kind in COST_KINDS:
        return whole_number(round(value, 6))
    return counted(value) if kind == "tasks" else duration_text(value)


def own_value(kind: Kind, rule: Rule | None, dialect: Dialect, tasks: int) -> float | None:
    """The value that the rules have; None where there is none to move."""
    if kind == "tasks":
        return float(tasks)
    if rule is None or kind in COST_KINDS:
        return None
    if kind == "switch":
        return float(rule.enabled)
    condition = rule.condition
    if kind == "share":
        chance = chance_of(condition, dialect)
        is_sample = isinstance(condition, RandomSample) and chance is not None
        return in_percent(chance) if is_sample and chance is not None else None
    bound = None
    if isinstance(condition, Duration):
        bound = condition.low if kind == "least" else condition.high
    if bound is None or not 0 <= dialect.milliseconds(bound) <= LONGEST_TIME:
        return None
    return dialect.milliseconds(bound)


def place(
    lever: Lever, stage: Logic, dialect: Dialect, tasks: int, error_rate: float | None = None
) -> Placed | None:
    """Put a lever over rules and tasks; None where its rule, or what it moves of it, is gone.

    Args:
        lever: The lever.
        stage: The rules.
        dialect: How they are read.
        tasks: How many there are.
        error_rate: From 0 to 1, as reviews showed it; None where none did.
    """
    if lever.of_cost:
        start = _start(lever, error_rate)
        return _placed(lever, _grid(lever), lever.low if start is None else start, start is None)
    rule = next((rule for rule in stage.rules if rule.id == lever.rule), None)
    own = own_value(lever.kind, rule, dialect, tasks)
    if own is None:
        return None
    grid = _grid(lever)
    if lever.kind in ("least", "most"):  # as they will be read again
        grid = {dialect.milliseconds(value / MILLISECONDS[dialect.unit]) for value in grid}
    return _placed(lever, grid, own)


def _start(lever: Lever, error_rate: float | None) -> float | None:
    """Where a lever of costs starts; None where nobody knows."""
    if lever.start is not None:
        return lever.start
    if lever.kind == "error_rate":
        return None if error_rate is None else in_percent(error_rate)
    return _usual_price(lever.kind)


def _usual_price(kind: Kind) -> float:
    name = next(name for name, one in PRICES.items() if one == kind)
    return float(getattr(USUAL_PRICES, name))


def _grid(lever: Lever) -> set[float]:
    count = min(MOST_POSITIONS, int((lever.high - lever.low) / lever.step + 1e-9) + 1)
    grid = {round(lever.low + lever.step * turn, 6) for turn in range(count)}
    return {*grid, round(lever.high, 6)}


def _placed(lever: Lever, grid: set[float], own: float, unset: bool = False) -> Placed:
    positions = tuple(sorted({*grid, own}))
    placed = Placed(lever, positions, positions.index(own), positions.index(own), unset)
    return placed if lever.value is None else placed.placed_at(lever.value)


def within_limit(levers: Iterable[Lever]) -> tuple[Lever, ...]:
    """The first levers of rules and tasks, as many as may be, and all of costs, in their order."""
    kept: list[Lever] = []
    for lever in levers:
        if lever.of_cost or sum(not one.of_cost for one in kept) < MOST_LEVERS:
            kept.append(lever)
    return tuple(kept)


def starting_at(lever: Lever, start: float) -> Lever:
    """A lever of costs that starts at a value, and stands there; its bounds make room for it."""
    moved = replace(lever, start=start, value=None)
    if lever.low <= start <= lever.high:
        return moved
    low, high, step = _bounds(lever.kind, start, 0.0)
    return replace(moved, low=low, high=high, step=step)


def bounded(lever: Lever, low: float, high: float) -> Lever:
    """A lever between other bounds; prices get steps that fit between them."""
    fits = lever.of_cost and low < high
    return replace(lever, low=low, high=high, step=_fine_step(high - low) if fits else lever.step)


def possible_levers(workspace: Workspace, stage: Logic) -> tuple[Lever, ...]:
    """All that can be made a lever: of each rule, how many tasks come, and what things cost."""
    names, dialect, tasks = workspace.names, workspace.dialect, len(workspace.table)
    known = workspace.facts.duration[~np.isnan(workspace.facts.duration)]
    usual = float(np.quantile(known, 0.95)) if len(known) else 0.0
    levers = []
    for rule in stage.rules:
        for kind in RULE_KINDS:
            own = own_value(kind, rule, dialect, tasks)
            if own is not None:
                name = _name(kind, rule, names, dialect)
                levers.append(Lever(name, kind, rule.id, *_bounds(kind, own, usual)))
    levers.append(Lever("How many tasks come", "tasks", "", *_bounds("tasks", tasks, usual)))
    for cost_kind, name in COST_NAMES.items():
        begin = 0.0 if cost_kind == "error_rate" else _usual_price(cost_kind)
        levers.append(Lever(name, cost_kind, "", *_bounds(cost_kind, begin, usual)))
    return tuple(levers)


def propose(workspace: Workspace, stage: Logic) -> tuple[Lever, ...]:
    """Levers to begin with: those that move most tasks, of several kinds.

    At most two percentages and one duration, switches where there are fewer than three, and how
    many tasks come.
    """
    outputs = workspace.split(stage).outputs
    reaching = {output.rule_id: output.reaching for output in outputs}
    takes = {output.rule_id: output.count.expected for output in outputs}
    possible = possible_levers(workspace, stage)
    everything = next(lever for lever in possible if lever.kind == "tasks")
    levers = [lever for lever in possible if lever.rule in reaching]

    def best(kinds: tuple[Kind, ...], worth: dict[str, float], most: int) -> list[Lever]:
        of_kind = [lever for lever in levers if lever.kind in kinds]
        chosen = sorted(of_kind, key=lambda lever: -worth[lever.rule])[:most]
        return [lever for lever in of_kind if lever in chosen]

    chosen = [*best(("share",), reaching, 2), *best(("least", "most"), reaching, 1)]
    moved = {lever.rule for lever in chosen}
    switches = [one for one in best(("switch",), takes, len(levers)) if one.rule not in moved]
    switches = sorted(switches, key=lambda lever: -takes[lever.rule])[: 3 - len(chosen)]
    return (*chosen, *switches, everything)


def edited(stage: Logic, levers: Iterable[Placed], dialect: Dialect) -> Logic:
    """The rules as the levers have them; tasks that come and prices are not a matter of rules."""
    chances, in_ms = {}, MILLISECONDS[dialect.unit]
    for placed in levers:
        rule, kind = placed.lever.rule, placed.lever.kind
        if not placed.moved:
            continue
        condition = next((r.condition for r in stage.rules if r.id == rule), None)
        if kind == "share":
            chances[rule] = of_percent(placed.value)
        elif kind == "switch":
            stage = edit.switch(stage, rule)
        elif isinstance(condition, Duration):
            side = "low" if kind == "least" else "high"
            changed = replace(condition, **{side: placed.value / in_ms})
            stage = edit.set_condition(stage, rule, changed)
    return edit.set_chances(stage, chances, dialect) if chances else stage


def _name(kind: Kind, rule: Rule, names: Names, dialect: Dialect) -> str:
    target = names.of_stage(rule.target)
    if kind == "share" or (kind == "switch" and isinstance(rule.condition, RandomSample)):
        name = f"Picked at random for {target}"
    elif kind == "least":
        name = f"To {target} when it took at least"
    elif kind == "most":
        name = f"To {target} when it took at most"
    else:
        name = f"To {target}: {sentence(rule.condition, names, dialect)}"
    name = as_sentence(one_line(name))
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _bounds(kind: Kind, own: float, usual: float) -> tuple[float, float, float]:
    """Least, greatest and step; `usual` is how long nearly all tasks took, in milliseconds."""
    if kind == "share":
        return 0.0, 100.0, 1.0
    if kind == "switch":
        return 0.0, 1.0, 1.0
    if kind == "tasks":
        step = max(1.0, _round_step(max(own, 1.0) / 50))
        return 0.0, ceil(2 * max(own, 1.0) / step) * step, step
    if kind == "error_rate":
        high = _RATES_TO if own <= _RATES_TO else 100.0
        return 0.0, high, _fine_step(high)
    if kind in COST_KINDS:
        high = min(MOST_PRICE, _round_step(max(4 * own, 0.001) if own else 1.0))
        return 0.0, high, _fine_step(high)
    most = min(LONGEST_TIME, max(2 * own, usual, float(_STEPS[0])))
    step = next((float(s) for s in _STEPS if most / s <= _FINE), _STEPS[-1] * 1.0)
    if most / step > _FINE:
        step = _round_step(most / step / _FINE) * step
    return 0.0, ceil(most / step) * step, step


def _fine_step(span: float) -> float:
    """A step of which there are at most 100 between the ends of a span."""
    return _round_step(max(span / 100, 1e-6))


def _round_step(least: float) -> float:
    """The least of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … that is not less."""
    scale = 10.0 ** floor(log10(least))
    steps = (round(scale * digit, 9) for digit in (1, 2, 5, 10, 20))
    return next(step for step in steps if step >= round(least, 9))
