"""A wanted share of one stage, to which several outputs may lead: the one rule that gives it.

One rule is changed and the others stay as they are typed, so Else and the other shares balance
themselves. A stage's mean is a straight line of each percentage, so that setting is exact; of the
percentages that can give the share it is the one whose change sends the fewest tasks another way.
Where none can, the bounds and batches of the rules that lead to the stage are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.model.dialect import Dialect
from core.model.figures import counted, percent, share_text, whole_number
from core.model.names import Names
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import Shape, shape_of
from core.routing.plan.goal_seek import ways_to
from core.routing.plan.shares import DIGITS, MOST_DIGITS, with_settings
from core.routing.sentence import rule_text, rules_text
from core.tasks.bits import Bits

POINTS = 0.0005
"""How far from the wanted share, as a fraction of all tasks, counts as reached."""

CORRECTIONS = 4
"""Times that a bound is sought anew, as what it takes from other outputs of the stage shows."""


@dataclass(frozen=True, slots=True)
class StagePlan:
    """The one rule to change for a wanted share of a stage.

    Args:
        target: Id of the stage.
        wanted: Its wanted share of all tasks, from 0 to 1.
        now: Its share as the rules are.
        rule: Position of the rule that changes; None where nothing need or can be changed.
        change: The change in words: `rule 5 from 20 % to 33.97 %`; "" for none.
        reached: The stage's share then.
        possible: Whether that is the wanted one.
        message: What to set, or what stands in the way.
        edited: The rules with the change.
    """

    target: str
    wanted: float
    now: float
    rule: int | None
    change: str
    reached: float
    possible: bool
    message: str
    edited: Logic


@dataclass(frozen=True, slots=True)
class _Try:
    """One rule changed.

    Args:
        rule: Its position.
        change: In words.
        reached: Share of the stage.
        moved: Tasks that go another way, about.
        edited: The rules then.
    """

    rule: int
    change: str
    reached: float
    moved: float
    edited: Logic


def plan_stage(
    matcher: Matcher, stage: Logic, within: Bits, target: str, wanted: float, names: Names
) -> StagePlan:
    """Find the rule whose change gives a stage its wanted share.

    Args:
        matcher: The facts, with remembered answers.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        target: Id of the stage.
        wanted: Share of all tasks, from 0 to 1.
        names: For the sentences.

    Raises:
        InputError: No output leads to the stage, or the share is not between 0 and 1.
    """
    shape, targets = shape_of(matcher, stage, within), stage.targets
    name = names.of_stage(target)
    if target not in targets:
        hint = f"Outputs lead to {', '.join(names.of_stage(t) for t in dict.fromkeys(targets))}."
        raise InputError("The wanted stage", f"no output leads to {name}.", hint)
    if not 0 <= wanted <= 1:
        text = f"{whole_number(100 * wanted)} % is not between 0 % and 100 %."
        raise InputError("The wanted share", text, "Give a share of all tasks, such as 30 %.")
    leading = [place for place, other in enumerate(targets) if other == target]
    now = _share(shape, leading)
    near = max(POINTS, 0.5 / shape.tasks) if shape.tasks else 0.0

    def off(one: _Try) -> float:
        return abs(one.reached - wanted)

    tries = list(_percentages(shape, stage, leading, wanted, matcher.facts.dialect))
    if shape.tasks and not any(off(one) <= near for one in tries):
        tries += _others(matcher, stage, within, leading, wanted, names)
    reaching = [one for one in tries if off(one) <= near]
    best = (
        min(reaching, key=lambda one: one.moved) if reaching else min(tries, key=off, default=None)
    )
    if shape.tasks and abs(now - wanted) <= POINTS:
        message = f"Nothing to change: {name} gets {share_text(now)} of all tasks."
        return StagePlan(target, wanted, now, None, "", now, True, message, stage)
    if best is None or off(best) >= abs(now - wanted):
        message = "There is no task, so no share can be reached."
        if shape.tasks:
            message = (
                f"No single rule brings {name} nearer to {percent(wanted)}; it gets "
                f"{share_text(now)} of all tasks. Add a random sample that leads there."
            )
        return StagePlan(target, wanted, now, None, "", now, False, message, stage)
    after = shape_of(matcher, best.edited, within)
    words = _words(best, bool(reaching), stage, after, leading, name, wanted, now)
    return StagePlan(
        target,
        wanted,
        now,
        best.rule,
        best.change,
        best.reached,
        bool(reaching),
        words,
        best.edited,
    )


def _share(shape: Shape, outputs: Sequence[int]) -> float:
    return sum(shape.expected(output) for output in outputs) / (shape.tasks or 1)


def _percentages(
    shape: Shape, stage: Logic, leading: Sequence[int], wanted: float, dialect: Dialect
) -> Iterator[_Try]:
    """Each random rule by itself, at the setting that comes nearest."""
    for rule, chance in enumerate(shape.chances):
        if chance is None:
            continue
        none, every = (_share(shape.with_chance(rule, end), leading) for end in (0.0, 1.0))
        if abs(every - none) * shape.tasks < 1e-9:
            continue
        exact = min(1.0, max(0.0, (wanted - none) / (every - none)))
        setting = next(
            (
                setting
                for setting in (round(exact, digits) for digits in range(DIGITS, MOST_DIGITS))
                if abs((setting - exact) * (every - none)) <= POINTS / 10
            ),
            round(exact, MOST_DIGITS),
        )
        yield _Try(
            rule,
            f"{rule_text(stage.numbers[rule])} from {percent(chance)} to {percent(setting)}",
            none + setting * (every - none),
            abs(setting - chance) * shape.reaching(rule),
            with_settings(stage, [(rule, setting)], dialect),
        )


def _others(
    matcher: Matcher,
    stage: Logic,
    within: Bits,
    leading: Sequence[int],
    wanted: float,
    names: Names,
) -> Iterator[_Try]:
    """Bounds and batches of the certain rules that lead to the stage."""
    shape = shape_of(matcher, stage, within)
    for rule in leading:
        if rule >= len(shape.chances) or shape.chances[rule] is not None:
            continue
        goal = shape.expected(rule) + (wanted - _share(shape, leading)) * shape.tasks
        for _ in range(CORRECTIONS):
            goal = min(float(shape.tasks), max(0.0, goal))
            ways = ways_to(matcher, stage, within, rule, goal, names)
            way = next((way for way in ways if way.rule == rule), None)
            if way is None:
                break
            reached = _share(shape_of(matcher, way.stage, within), leading)
            moved = abs(way.expected - shape.expected(rule))
            yield _Try(rule, way.words, reached, moved, way.stage)
            if abs(wanted - reached) * shape.tasks < 1:
                break
            goal += (wanted - reached) * shape.tasks


def _words(
    best: _Try,
    possible: bool,
    stage: Logic,
    after: Shape,
    leading: Sequence[int],
    name: str,
    wanted: float,
    now: float,
) -> str:
    last = len(after.chances)
    balance = "the other rules stay as they are"
    if last not in leading:
        balance += f", and Else balances to {share_text(_share(after, [last]))}"
    numbers = [stage.numbers[place] for place in leading if place < last]
    way = f" Outputs that lead there: {rules_text(numbers)}." if len(numbers) > 1 else ""
    if possible:
        gets = f"{name} then gets {share_text(best.reached)} of all tasks, {share_text(now)} now"
        return f"Set {best.change}: {gets}; {balance}.{way}"
    nearest = f"{share_text(best.reached)} ({counted(best.reached * after.tasks)} tasks)"
    return (
        f"No single rule gives {name} {percent(wanted)}. Nearest is {nearest}: set {best.change}; "
        f"{balance}.{way}"
    )
