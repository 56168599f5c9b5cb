"""What may be moved in a story: a percentage, a bound, a switch, how many tasks come.

A lever stands at one of few positions, the value that the rules have now always among them, so that
all that it can do is counted once and looked up while it is moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, isfinite, log10
from typing import Any, Literal, get_args

import numpy as np

from core.errors import InputError
from core.model.dialect import MILLISECONDS, Dialect, in_percent, of_percent
from core.model.figures import counted, percent
from core.model.names import Names
from core.model.numbers import is_number, read_number
from core.model.phrases import as_sentence, duration_text
from core.model.rules import Rule
from core.model.stages import Logic
from core.model.text import one_line
from core.routing import edit
from core.routing.sentence import sentence
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.rule_types.registry import chance_of
from core.workspace import Workspace

Kind = Literal["share", "least", "most", "switch", "tasks"]
"""A percentage, the lower or upper bound of a duration, a rule on or off, how many tasks come."""

KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_LEVERS = 4
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
        low: Least position: percent, milliseconds, 0 for off, or tasks.
        high: Greatest position.
        step: From position to position.
        value: Where it stands; None is where the rules have it.
    """

    name: str
    kind: Kind
    rule: str
    low: float
    high: float
    step: float
    value: float | None = None

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
        own: Which of them the rules have.
        at: Which of them it stands at.
    """

    lever: Lever
    positions: tuple[float, ...]
    own: int
    at: int

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


def value_text(kind: Kind, value: float) -> str:
    """A position in words: `35 %`, `10 min`, `on`, `5,012`."""
    if kind == "share":
        return percent(of_percent(value))
    if kind == "switch":
        return "on" if value else "off"
    return counted(value) if kind == "tasks" else duration_text(value)


def own_value(kind: Kind, rule: Rule | None, dialect: Dialect, tasks: int) -> float | None:
    """The value that the rules have; None where there is none to move."""
    if kind == "tasks":
        return float(tasks)
    if rule is None:
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


def place(lever: Lever, stage: Logic, dialect: Dialect, tasks: int) -> Placed | None:
    """Put a lever over rules and tasks; None where its rule, or what it moves of it, is gone."""
    rule = next((rule for rule in stage.rules if rule.id == lever.rule), None)
    own = own_value(lever.kind, rule, dialect, tasks)
    if own is None:
        return None
    count = min(MOST_POSITIONS, int((lever.high - lever.low) / lever.step + 1e-9) + 1)
    grid = {round(lever.low + lever.step * turn, 6) for turn in range(count)}
    grid.add(round(lever.high, 6))
    if lever.kind in ("least", "most"):  # as they will be read again
        grid = {dialect.milliseconds(value / MILLISECONDS[dialect.unit]) for value in grid}
    positions = tuple(sorted({*grid, own}))
    placed = Placed(lever, positions, positions.index(own), positions.index(own))
    return placed if lever.value is None else placed.placed_at(lever.value)


def possible_levers(workspace: Workspace, stage: Logic) -> tuple[Lever, ...]:
    """Every value of a stage that can be made a lever, rule by rule, and how many tasks come."""
    names, dialect, tasks = workspace.names, workspace.dialect, len(workspace.table)
    known = workspace.facts.duration[~np.isnan(workspace.facts.duration)]
    usual = float(np.quantile(known, 0.95)) if len(known) else 0.0
    levers = []
    for rule in stage.rules:
        for kind in KINDS[:-1]:
            own = own_value(kind, rule, dialect, tasks)
            if own is not None:
                name = _name(kind, rule, names, dialect)
                levers.append(Lever(name, kind, rule.id, *_bounds(kind, own, usual)))
    return (*levers, Lever("How many tasks come", "tasks", "", *_bounds("tasks", tasks, usual)))


def propose(workspace: Workspace, stage: Logic) -> tuple[Lever, ...]:
    """Levers to begin with: those that move most tasks, of several kinds.

    At most two percentages and one duration, switches where there are fewer than three, and how
    many tasks come.
    """
    outputs = workspace.split(stage).outputs
    reaching = {output.rule_id: output.reaching for output in outputs}
    takes = {output.rule_id: output.count.expected for output in outputs}
    *levers, everything = possible_levers(workspace, stage)
    levers = [lever for lever in levers if lever.rule in reaching]

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
    """The rules as the levers have them; how many tasks come is not a matter of rules."""
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
        step = _round_step(max(own, 1.0) / 50)
        return 0.0, ceil(2 * max(own, 1.0) / step) * step, step
    most = min(LONGEST_TIME, max(2 * own, usual, float(_STEPS[0])))
    step = next((float(s) for s in _STEPS if most / s <= _FINE), _STEPS[-1] * 1.0)
    if most / step > _FINE:
        step = _round_step(most / step / _FINE) * step
    return 0.0, ceil(most / step) * step, step


def _round_step(least: float) -> float:
    """The least of 1, 2, 5, 10, 20 … that is not less."""
    if least <= 1:
        return 1.0
    scale = 10.0 ** int(log10(least))
    return next(scale * digit for digit in (1, 2, 5, 10, 20) if scale * digit >= least)


def read_value(kind: Kind, text: str) -> float:
    """A value as somebody types it: `35 %`, `10 min`, `off`, `8000`.

    Raises:
        ValueError: It is none.
    """
    word = text.strip().lower()
    if kind == "switch":
        if word in ("on", "off"):
            return float(word == "on")
        raise ValueError(f"“{text[:40]}” is neither on nor off")
    units = {"share": {"%": 1.0}, "tasks": {}}.get(
        kind, {"ms": 1.0, "min": 60_000.0, "s": 1_000.0, "h": 3_600_000.0}
    )
    for unit, size in units.items():
        if word.endswith(unit):
            return read_number(word.removesuffix(unit)) * size
    return read_number(word)


def checked(lever: Lever, source: str) -> Lever:
    """The lever, if its bounds can be used.

    Raises:
        InputError: They cannot.
    """
    most = {"share": 100.0, "switch": 1.0}.get(lever.kind, LONGEST_TIME)
    numbers = (lever.low, lever.high, lever.step, lever.value or 0.0)
    if not all(isfinite(number) for number in numbers):
        raise InputError(source, f"the bounds of “{lever.name}” are no numbers.")
    if not 0 <= lever.low < lever.high <= most or lever.step <= 0:
        hint = f"The least must be below the greatest, both from 0 to {counted(most)}."
        raise InputError(source, f"“{lever.name}” cannot move between its bounds.", hint)
    if (lever.high - lever.low) / lever.step > MOST_POSITIONS - 1:
        step = (lever.high - lever.low) / (MOST_POSITIONS - 1)
        return replace(lever, step=step)
    return lever


def lever_value(lever: Lever) -> dict[str, Any]:
    """A lever as a scenario file has it."""
    fields: dict[str, Any] = {"name": lever.name, "kind": lever.kind}
    if lever.rule:
        fields["rule"] = lever.rule
    fields |= {"low": lever.low, "high": lever.high, "step": lever.step}
    return fields if lever.value is None else fields | {"value": lever.value}


def lever_of(value: Any, source: str) -> Lever:
    """A lever that a scenario file or a link says.

    Raises:
        InputError: It says none.
    """
    if not isinstance(value, dict) or value.get("kind") not in KINDS:
        raise InputError(source, f"expected a lever of a kind: {', '.join(KINDS)}.")
    texts = [value.get("name", ""), value.get("rule", "")]
    numbers = [value.get(name) for name in ("low", "high", "step")]
    at = value.get("value")
    if not all(isinstance(text, str) for text in texts) or not all(map(is_number, numbers)):
        raise InputError(source, "a lever needs a name, a rule, and the numbers low, high, step.")
    if at is not None and not is_number(at):
        raise InputError(source, "expected a number.", where="value")
    low, high, step = map(float, numbers)  # type: ignore[arg-type]
    at = None if at is None else float(at)
    return checked(
        Lever(texts[0][:LONGEST_NAME], value["kind"], texts[1], low, high, step, at), source
    )


def link_text(lever: Lever, usual: Sequence[Lever]) -> str:
    """A lever as the address has it: what it moves, where it stands, and what is not usual."""
    same = replace(lever, value=None) in usual
    value = [lever.kind, lever.rule, lever.value]
    if not same:
        value += [lever.name, lever.low, lever.high, lever.step]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def of_link(
    texts: Iterable[str], usual: Sequence[Lever]
) -> tuple[tuple[Lever, ...], tuple[str, ...]]:
    """Levers that an address names, and a sentence for each that cannot be used."""
    levers: dict[str, Lever] = {}
    lost = []
    for text in texts:
        try:
            lever = _of_text(text, usual)
        except (ValueError, InputError):
            lost.append("One lever of this link cannot be read and is left out; the others hold.")
            continue
        if lever is None:
            lost.append(GONE)
        else:
            levers[lever.id] = lever
    return tuple(levers.values())[:MOST_LEVERS], tuple(dict.fromkeys(lost))


GONE = (
    "One lever moved a rule that is no longer there, or no longer has that value; it is left out "
    "and the others stay. Choose another below, under “What may be moved”."
)


def _of_text(text: str, usual: Sequence[Lever]) -> Lever | None:
    value = json.loads(text)
    if not isinstance(value, list) or len(value) not in (3, 7):
        raise ValueError("no lever")
    kind, rule, at = value[:3]
    known = next((one for one in usual if (one.kind, one.rule) == (kind, rule)), None)
    if len(value) == 7:
        name, low, high, step = value[3:]
        fields = {"name": name, "kind": kind, "rule": rule, "low": low, "high": high, "step": step}
        read = lever_of(fields | ({} if at is None else {"value": at}), "link")
        return read if known else None
    if at is not None and not is_number(at):
        raise ValueError("no number")
    return replace(known, value=None if at is None else float(at)) if known else None
