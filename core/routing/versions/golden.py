"""Golden tasks: "this task must go to Expert review", checked like a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import floor, nextafter
from typing import Any

import numpy as np

from core.model.diagnostics import Diagnostic, RuleDiagnostic
from core.model.figures import about_percent, exact, percent
from core.model.names import Names
from core.model.rules import Condition
from core.model.stages import Logic
from core.routing.engine.chances import left_above
from core.routing.engine.evaluate import Matcher
from core.rule_types.registry import chance_of
from core.tasks import bits
from core.tasks.table import TaskTable

_PINNED_DIGITS = 6
_NEARLY = Fraction(9_999, 10_000)


@dataclass(frozen=True, slots=True)
class Golden:
    """A task that must go to a stage.

    Args:
        task: Task id.
        stage: Id of the stage.
        chance: Least chance to go there; 1 is whatever the draws.
        waived: Reason why a failing one blocks nothing, "" for none.
    """

    task: str
    stage: str
    chance: float = 1.0
    waived: str = ""


@dataclass(frozen=True, slots=True)
class GoldenVerdict:
    """What became of a golden task.

    Args:
        golden: What must be.
        got: The stage where it goes: the wanted one when `ok`, else the most probable; None when
            that output is not wired or the task is not there.
        chance: Chance that it goes to the wanted stage.
        ok: Whether that is enough.
        sentence: The verdict in words.
    """

    golden: Golden
    got: str | None
    chance: float
    ok: bool
    sentence: str

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of publishing."""
        return not self.ok and not self.golden.waived


def judge(
    table: TaskTable, matcher: Matcher, stage: Logic, golden: Sequence[Golden], names: Names
) -> tuple[GoldenVerdict, ...]:
    """Where each golden task goes."""
    return tuple(_judge(table, matcher, stage, one, names) for one in golden)


def stage_chances(matcher: Matcher, stage: Logic, row: int) -> dict[str | None, Fraction]:
    """Exact chance of each stage that one task may get to; 1 where no other is possible.

    Fractions of what was written: a chance that differs from 1 by less than a float can tell is
    still no certainty.
    """
    chances = [_exact_chance(matcher, rule.condition, row) for rule in stage.active]
    targets = stage.targets
    stages: dict[str | None, Fraction] = {}
    left = left_above(chances, Fraction(1))
    for target, share, chance in zip(targets, left, (*chances, Fraction(1)), strict=True):
        stages[target] = stages.get(target, Fraction(0)) + share * chance
    return {target: chance for target, chance in stages.items() if chance}


def _exact_chance(matcher: Matcher, condition: Condition, row: int) -> Fraction:
    chance = chance_of(condition, matcher.facts.dialect)
    if chance is None:
        return Fraction(bits.has(matcher.matching(condition), row))
    return exact(chance)


def least_of(chance: Fraction | float) -> float:
    """The chance to ask of a golden task that now has this one: not more than it, 6 decimals.

    What a task never does is asked for as certain, so that the rules are changed for it.
    """
    if chance == 0 or chance == 1:
        return 1.0
    least = floor(chance * 10**_PINNED_DIGITS) / 10**_PINNED_DIGITS
    return least or nextafter(float(chance), 0.0)


def _judge(
    table: TaskTable, matcher: Matcher, stage: Logic, golden: Golden, names: Names
) -> GoldenVerdict:
    row = table.row_of(golden.task)
    wanted = names.of_stage(golden.stage)
    if row is None:
        message = f"Task {golden.task} is not among these tasks."
        return GoldenVerdict(golden, None, 0.0, False, message)
    name = table.take(np.array([row])).external_ids[0].as_py() or golden.task
    chances = stage_chances(matcher, stage, row)
    chance = chances.get(golden.stage, Fraction(0))
    ok = chance == 1 if golden.chance == 1 else float(chance) >= golden.chance
    likely = max(chances, key=lambda target: chances[target])
    got = golden.stage if ok else likely
    goes = f"goes to {wanted}" if ok else f"must go to {wanted}"
    if not ok:
        least = percent(golden.chance)
        goes += " for certain" if golden.chance == 1 else f" with at least {least}"
    if not ok:
        goes += f", but goes to {names.of_stage(got)}" if got != golden.stage else ", but does so"
    probability = chances.get(got, Fraction(0))
    odds = "" if probability == 1 else f" with {_chance_words(probability)}"
    return GoldenVerdict(golden, got, _below_one(chance), ok, f"{name} {goes}{odds}.")


def _chance_words(chance: Fraction) -> str:
    """`12.5 %`; where that takes more than 4 decimals, all that are left for the other stages."""
    if chance > _NEARLY:
        return f"all but {percent(float(1 - chance))}"
    return about_percent(float(chance))


def _below_one(chance: Fraction) -> float:
    """As a float, which is 1 only where the chance is."""
    return float(chance) if chance == 1 else min(float(chance), nextafter(1.0, 0.0))


def golden_problems(verdicts: Sequence[GoldenVerdict]) -> tuple[RuleDiagnostic, ...]:
    """Those that stand in the way of publishing, as errors."""
    hint = "Change the rules, or waive it with a reason."
    return tuple(
        Diagnostic("golden.failed", "error", None, "golden", verdict.sentence, hint)
        for verdict in verdicts
        if verdict.blocks
    )


def golden_document(verdicts: Sequence[GoldenVerdict]) -> list[dict[str, Any]]:
    """What `check --json` prints of them."""
    return [
        {
            "task": verdict.golden.task,
            "expected": verdict.golden.stage,
            "got": verdict.got,
            "ok": verdict.ok,
            "chance": verdict.chance,
            "needed": verdict.golden.chance,
            **({"waived": verdict.golden.waived} if verdict.golden.waived else {}),
            "message": verdict.sentence,
        }
        for verdict in verdicts
    ]


def golden_value(golden: Golden) -> dict[str, Any]:
    """A golden task as it stands in a scenario file."""
    return asdict(golden)
