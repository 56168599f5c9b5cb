"""Which percentages make the wanted shares: the way back from shares to settings.

Rules are tried in order, so 20/30/50 needs 20 %, then 37.5 % of what is left, then Else.

Where shares cannot be had, the nearest are found from the top, each rule getting its share or all
that is left. No other settings send fewer tasks elsewhere than wanted: a rule that takes r of the f
tasks that certain rules leave to it lowers what random rules leave to all below by r / f, and f
only falls, so a task less above frees at most one below. Instead, proportions can be kept: then
every share is scaled alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, fsum, isfinite
from typing import Literal, get_args

from core.errors import InputError
from core.model.dialect import Dialect
from core.model.figures import decimals, percent, percents_together, whole_number
from core.model.phrases import joined
from core.model.rules import Unknown
from core.model.stages import Logic
from core.routing import edit
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import Shape, shape_of
from core.routing.sentence import rule_text, rule_title, rules_text
from core.tasks.bits import Bits

DIGITS = 4
"""A setting is a fraction of so many decimals, hundredths of a percent, where these will do."""

MOST_DIGITS = 10
"""Decimals of the finest setting."""

WHOLE_DIGITS = 2
"""Decimals of whole percents."""

CLOSE = 0.01
"""How far rounding settings may move a share, as a part of it."""

TOLERANCE = 0.1
"""Points that Else may be off and the shares still count as reached."""

Keep = Literal["shares", "proportions"]
KEPT: tuple[Keep, ...] = get_args(Keep)
"""What is kept where the wanted shares cannot be had."""

NEAREST = {
    "shares": "nearest is what sends the fewest tasks elsewhere than wanted",
    "proportions": "every share is scaled alike, so that their proportions are kept",
}
"""By which measure the shares are chosen that can be reached."""

TYPED = 8
"""Characters of a percentage that somebody may have typed; more are of a calculation."""

_ROUNDING = 1e-9
_NOISE = 1e-13

Settings = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings for wanted shares.

    Args:
        settings: (position of the random rule, fraction from 0 to 1), top to bottom.
        reached: Percent of all tasks that they give: per random rule, then Else.
        possible: Whether that is what was wanted.
        message: What to set, or what stands in the way and what is reached instead.
        certain: Percent of all tasks that certain rules take with these settings.
        whole: The settings in whole percents, each chosen for what those above leave to it.
        whole_reached: Percent of all tasks that these give.
        keep: What is kept where the shares cannot be had.
    """

    settings: Settings
    reached: tuple[float, ...]
    possible: bool
    message: str
    certain: float
    whole: Settings
    whole_reached: tuple[float, ...]
    keep: Keep = "shares"


def plan(
    matcher: Matcher, stage: Logic, within: Bits, shares: Sequence[float], keep: Keep = "shares"
) -> Plan:
    """Solve from top to bottom: wanted tasks over expected tasks that get to the rule.

    Args:
        matcher: The facts, with remembered answers.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        shares: Percent of all tasks, one per random rule from the top, then Else; together with
            what certain rules take they make 100.
        keep: Where that cannot be had: the shares, as far as can be, or their proportions.

    Raises:
        InputError: Another number of shares, a negative one, or more than 100 together.
    """
    shape = shape_of(matcher, stage, within)
    random = [i for i, chance in enumerate(shape.chances) if chance is not None]
    _refuse_unusable(shares, stage, shape, random)
    if not shape.tasks:
        zeros = tuple(0.0 for _ in shares)
        nothing = "There is no task, so no share can be reached."
        return Plan((), zeros, False, nothing, 0.0, (), zeros)
    solved = _solve(shape, random, shares)
    missing = _missing(stage, solved, shares)
    goal = shares
    if missing and keep == "proportions":
        goal = _in_proportion(shape, random, shares)
        solved = _solve(shape, random, goal)
    whole = _solve_in(shape, random, goal, WHOLE_DIGITS)
    if missing:
        message = f"{missing} {_instead(solved, keep)}"
    else:
        message = _how(stage, solved.settings) + _finer(solved.settings)
    return Plan(
        solved.settings,
        solved.reached,
        not missing,
        message + _unclear(stage),
        solved.certain,
        whole.settings,
        whole.reached,
        keep,
    )


@dataclass(frozen=True, slots=True)
class _Solved:
    """Settings, what they give, and the first rules that stand in the way.

    Args:
        settings: As in `Plan`.
        reached: As in `Plan`.
        certain: As in `Plan`.
        short: (rule, percent of all tasks that get to it) of a rule that needs more than that.
        coarse: (rule, fraction needed) of a rule whose share needs finer settings.
    """

    settings: Settings
    reached: tuple[float, ...]
    certain: float
    short: tuple[int, float] | None
    coarse: tuple[int, float] | None


def _solve(shape: Shape, random: Sequence[int], shares: Sequence[float]) -> _Solved:
    """Settings of four decimals, or of as many more as it takes to come close to every share."""
    for digits in range(DIGITS, MOST_DIGITS):
        solved = _solve_in(shape, random, shares, digits)
        if solved.coarse is None:
            return solved
    return _solve_in(shape, random, shares, MOST_DIGITS)


def _solve_in(shape: Shape, random: Sequence[int], shares: Sequence[float], digits: int) -> _Solved:
    """Settings from the top; what stands above is taken as rounded."""
    settings: list[tuple[int, float]] = []
    short = coarse = None
    exact = shape  # without rounding, which alone must not make a share impossible
    for rule, share in zip(random, shares, strict=False):
        wanted, reaching = shape.tasks * share / 100, shape.reaching(rule)
        there = exact.reaching(rule)
        if short is None and wanted > there * (1 + _ROUNDING):
            short = (rule, 100 * reaching / shape.tasks)
        needed = min(1.0, wanted / reaching) if reaching else float(wanted > 0)
        if there and wanted >= there * (1 - _ROUNDING):
            needed = 1.0
        settings.append((rule, round(needed, digits)))
        shape = shape.with_chance(rule, round(needed, digits))
        exact = exact.with_chance(rule, min(1.0, wanted / (there or 1.0)))
        if coarse is None and not _close(shape.expected(rule), exact.expected(rule)):
            coarse = (rule, needed)
    otherwise = len(shape.chances)
    noise = _NOISE * shape.tasks  # of what is left of 1
    if (
        coarse is None
        and settings
        and not _close(shape.expected(otherwise), exact.expected(otherwise), noise)
    ):
        coarse = settings[-1]
    outputs = [round(100 * shape.expected(i) / shape.tasks, 9) for i in range(otherwise + 1)]
    return _Solved(
        tuple(settings),
        tuple(outputs[i] for i in (*random, otherwise)),
        sum(outputs[i] for i in range(otherwise) if i not in random),
        short,
        coarse,
    )


def _close(got: float, wanted: float, noise: float = 0.0) -> bool:
    return abs(got - wanted) <= CLOSE * wanted + noise


def _in_proportion(shape: Shape, random: Sequence[int], shares: Sequence[float]) -> list[float]:
    """The shares, all scaled by the one factor that leaves just as much to Else.

    A share that nothing can get to is left out, since it is 0 whatever the factor.
    """
    places = (*random, len(shape.chances))
    tails = [100 * sum(shape.fates[place:]) / shape.tasks for place in places]
    reachable = [share if tail else 0.0 for share, tail in zip(shares, tails, strict=True)]
    used = sum(s / tail for s, tail in zip(reachable, tails, strict=True) if s)
    factor = 1 / used if used else 0.0
    if not tails[-1]:
        factor = min(1.0, factor)  # nothing is left for Else in any case
    return [share * factor for share in reachable]


def _missing(stage: Logic, solved: _Solved, shares: Sequence[float]) -> str:
    """What stands in the way, "" when nothing does."""
    parts = []
    if solved.short is not None:
        rule, reaching = solved.short
        share = dict(zip((rule for rule, _ in solved.settings), shares, strict=False))[rule]
        parts.append(
            f"{rule_title(stage.numbers[rule])} gets {_apart(reaching, share)} % to choose from, "
            f"less than the {_typed(share, reaching)} % that are wanted."
        )
    elif solved.coarse is not None:
        rule, needed = solved.coarse
        parts.append(
            f"{rule_title(stage.numbers[rule])} would need {percent(needed)}, finer than the "
            f"{MOST_DIGITS} decimals that a setting has."
        )
    else:
        otherwise, wanted = solved.reached[-1], shares[-1]
        none = wanted > 0 and otherwise == 0
        if none or abs(otherwise - wanted) > TOLERANCE + _ROUNDING:
            parts.append(
                f"Else gets {_apart(otherwise, wanted)} % instead of {_typed(wanted, otherwise)} %."
            )
    if not parts:
        return ""
    certain = percents_together([solved.certain / 100])[0]
    return f"Certain rules take {certain} % of all tasks. {' '.join(parts)}"


def _apart(value: float, other: float) -> str:
    """A percentage with one decimal, or as many as tell it from another."""
    for digits in range(1, 9):
        if other != round(value, digits) != round(other, digits):
            return decimals(value, digits)
    return whole_number(value)


def _typed(wanted: float, other: float) -> str:
    """A wanted percentage as somebody types it; a calculated one only as far as it is apart."""
    text = whole_number(wanted)
    return text if len(text) <= TYPED else _apart(wanted, other)


def _instead(solved: _Solved, keep: Keep) -> str:
    percents = percents_together([solved.certain / 100, *(share / 100 for share in solved.reached)])
    reached = ", ".join(percents[1:])
    measure = NEAREST[keep]
    if keep == "proportions":
        return (
            f"Instead {measure}: {reached} can be reached, certain rules then take {percents[0]}."
        )
    return f"{measure[0].upper()}{measure[1:]}. The nearest that can be reached is {reached}."


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
            hint = "Give percentages from 0 to 100."
            raise InputError("The shares", f"{whole_number(share)} is not a share.", hint)
    if fsum(shares) > 100 + _ROUNDING:
        first = random[0] if random else len(shape.chances)
        left = 100 * sum(shape.fates[first:]) / (shape.tasks or 1)
        most = whole_number(floor(left * 100) / 100)
        leave = f"{most} %, which the rules above leave" if left < 100 else "100 % together"
        if any(place not in random for place in range(first, len(shape.chances))):
            leave += "; certain rules between take their part of it, too"
        raise InputError(
            "The shares",
            f"together they are {whole_number(float(fsum(shares)))} %, more than all tasks.",
            f"Lower them to at most {leave}.",
        )


def _how(stage: Logic, settings: Sequence[tuple[int, float]]) -> str:
    if not settings:
        return "There is no random rule to set; Else gets what is wanted."
    parts = [f"{rule_text(stage.numbers[rule])} to {percent(chance)}" for rule, chance in settings]
    return f"Set {joined(parts, 'and')}; Else gets the rest."


def _unclear(stage: Logic) -> str:
    numbers = [
        number
        for number, rule in zip(stage.numbers, stage.active, strict=True)
        if isinstance(rule.condition, Unknown)
    ]
    if not numbers:
        return ""
    return f" What {rules_text(numbers)} would take cannot be simulated and is not counted."


def _finer(settings: Settings) -> str:
    if all(round(chance, DIGITS) == chance for _, chance in settings):
        return ""
    return " That is finer than 0.01 %; check that Ango Hub keeps it."


def whole_words(stage: Logic, planned: Plan) -> str:
    """The whole percents to type, and what they reach."""
    parts = [
        f"{rule_text(stage.numbers[rule])} to {percent(chance)}" for rule, chance in planned.whole
    ]
    reached = ", ".join(percents_together([share / 100 for share in planned.whole_reached]))
    return f"In whole percents: {joined(parts, 'and')}; that reaches {reached}."


def with_settings(stage: Logic, settings: Sequence[tuple[int, float]], dialect: Dialect) -> Logic:
    """The stage with the planned percentages, written as `edit.set_chances` says."""
    chances = {stage.active[position].id: chance for position, chance in settings}
    return edit.set_chances(stage, chances, dialect)
