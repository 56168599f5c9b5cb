"""Which percentages make the wanted shares: the way back from shares to settings.

Rules are tried in order, so 20/30/50 needs 20 %, then 37.5 % of what is left, then Else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from core.errors import InputError
from core.logic import edit
from core.logic.evaluate import Matcher
from core.logic.sentence import joined
from core.logic.shape import Shape, shape_of
from core.model.figures import percent
from core.model.rules import RandomSample, Unknown
from core.model.stages import Logic
from core.tasks.bits import Bits

DIGITS = 4
"""A setting is a fraction of so many decimals: Ango Hub's hundredths of a percent."""

TOLERANCE = 0.1
"""Points that Else may be off and the shares still count as reached."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings for wanted shares.

    Args:
        settings: (position of the random rule, fraction from 0 to 1), top to bottom.
        reached: Percent of all tasks that they give: per random rule, then Else.
        possible: Whether that is what was wanted.
        message: What to set, or what stands in the way and what is reached instead.
        certain: Percent of all tasks that certain rules take with these settings.
    """

    settings: tuple[tuple[int, float], ...]
    reached: tuple[float, ...]
    possible: bool
    message: str
    certain: float


def plan(matcher: Matcher, stage: Logic, within: Bits, shares: Sequence[float]) -> Plan:
    """Solve from top to bottom: wanted tasks over expected tasks that get to the rule.

    Args:
        matcher: The facts, with remembered answers.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        shares: Percent of all tasks, one per random rule from the top, then Else; together with
            what certain rules take they make 100.

    Raises:
        InputError: Another number of shares, a negative one, or more than 100 together.
    """
    shape = shape_of(matcher, stage, within)
    random = [i for i, chance in enumerate(shape.chances) if chance is not None]
    _refuse_unusable(shares, stage, shape, random)
    if not shape.tasks:
        zeros = tuple(0.0 for _ in shares)
        return Plan((), zeros, False, "There is no task, so no share can be reached.", 0.0)
    settings: list[tuple[int, float]] = []
    short: tuple[int, float, float] | None = None
    exact = shape  # without rounding, which alone must not make a share impossible
    for rule, share in zip(random, shares, strict=False):
        wanted, reaching = shape.tasks * share / 100, shape.reaching(rule)
        if short is None and wanted > exact.reaching(rule) * (1 + _ROUNDING):
            short = (rule, share, reaching)
        needed = wanted / reaching if reaching else float(wanted > 0)
        chance = min(1.0, round(needed, DIGITS))
        settings.append((rule, chance))
        shape = shape.with_chance(rule, chance)
        exact = exact.with_chance(rule, min(1.0, wanted / (exact.reaching(rule) or 1.0)))
    outputs = [round(100 * shape.expected(i) / shape.tasks, 6) for i in range(len(shape.fates))]
    reached = tuple(outputs[i] for i in (*random, len(shape.chances)))
    certain = sum(outputs[i] for i in range(len(shape.chances)) if i not in random)
    off = abs(reached[-1] - shares[-1]) > TOLERANCE + _ROUNDING
    possible = short is None and not off
    if possible:
        message = _how(stage, settings)
    else:
        message = _why_not(stage, shape, short, shares, reached, certain)
    return Plan(tuple(settings), reached, possible, message + _unclear(stage), certain)


def _refuse_unusable(
    shares: Sequence[float], stage: Logic, shape: Shape, random: Sequence[int]
) -> None:
    if len(shares) != len(random) + 1:
        rules = joined([str(stage.numbers[i]) for i in random], "and") if random else ""
        for_whom = f"one for each random rule ({rules}) and one for Else" if random else "for Else"
        raise InputError(
            "The shares",
            f"{len(random) + 1} {'are' if random else 'is'} needed, {for_whom}; "
            f"{len(shares)} {'was' if len(shares) == 1 else 'were'} given.",
            "Give percentages of all tasks, such as 20,30,50.",
        )
    for share in shares:
        if not isfinite(share) or share < 0:
            raise InputError(
                "The shares", f"{share:g} is not a share.", "Give percentages from 0 to 100."
            )
    if sum(shares) > 100 + _ROUNDING:
        first = random[0] if random else len(shape.chances)
        left = 100 * sum(shape.fates[first:]) / (shape.tasks or 1)
        leave = f"{left:.3g} %, which the rules above leave" if left < 100 else "100 % together"
        if any(place not in random for place in range(first, len(shape.chances))):
            leave += "; certain rules between take their part of it, too"
        raise InputError(
            "The shares",
            f"together they are {sum(shares):g} %, more than all tasks.",
            f"Lower them to at most {leave}.",
        )


def _how(stage: Logic, settings: Sequence[tuple[int, float]]) -> str:
    if not settings:
        return "There is no random rule to set; Else gets what is wanted."
    parts = [f"rule {stage.numbers[rule]} to {percent(chance)}" for rule, chance in settings]
    return f"Set {joined(parts, 'and')}; Else gets the rest."


def _unclear(stage: Logic) -> str:
    numbers = [
        str(number)
        for number, rule in zip(stage.numbers, stage.active, strict=True)
        if isinstance(rule.condition, Unknown)
    ]
    if not numbers:
        return ""
    rules = f"rule{'s' if len(numbers) > 1 else ''} {joined(numbers, 'and')}"
    return f" What {rules} would take cannot be simulated and is not counted."


def _why_not(
    stage: Logic,
    shape: Shape,
    short: tuple[int, float, float] | None,
    shares: Sequence[float],
    reached: Sequence[float],
    certain: float,
) -> str:
    parts = [f"Certain rules take {certain:.1f} % of all tasks."]
    if short is not None:
        rule, share, reaching = short
        parts.append(
            f"Rule {stage.numbers[rule]} gets {100 * reaching / shape.tasks:.1f} % to choose from, "
            f"less than the {share:g} % that are wanted."
        )
    elif abs(reached[-1] - shares[-1]) > TOLERANCE:
        parts.append(f"Else gets {reached[-1]:.1f} % instead of {shares[-1]:g} %.")
    nearest = ", ".join(f"{share:.1f}" for share in reached)
    return f"{' '.join(parts)} The nearest that can be reached is {nearest}."


def in_whole_percents(
    matcher: Matcher, stage: Logic, within: Bits, settings: Sequence[tuple[int, float]]
) -> tuple[float, ...]:
    """Percent of all tasks, per random rule and Else, with the settings rounded to whole percents.

    Where a hub takes no finer ones, this is what can be had.
    """
    shape = shape_of(matcher, stage, within)
    for rule, chance in settings:
        shape = shape.with_chance(rule, round(chance, 2))
    outputs = (*(rule for rule, _ in settings), len(shape.chances))
    tasks = shape.tasks or 1
    return tuple(round(100 * shape.expected(output) / tasks, 6) for output in outputs)


def with_settings(stage: Logic, settings: Sequence[tuple[int, float]]) -> Logic:
    """The stage with the planned percentages, each in the scale in which it was written."""
    edited = stage
    for position, chance in settings:
        rule = stage.active[position]
        like = rule.condition.value if isinstance(rule.condition, RandomSample) else 0.0
        value = edit.sample_value(round(chance * 100, DIGITS - 2), like)
        edited = edit.set_condition(edited, rule.id, replace(RandomSample(), value=value))
    return edited
