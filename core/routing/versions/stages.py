"""Each target stage's total before and after: what people ask first of two versions.

Totals are means over all draws, as in `Comparison.arrivals`, and cost no more than two splits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.figures import counted, share_text, signed
from core.model.names import Names
from core.model.phrases import joined
from core.model.stages import Logic
from core.routing.engine.split import Split
from core.routing.versions.compare import SMALLEST


@dataclass(frozen=True, slots=True)
class StageChange:
    """Expected tasks of one target stage.

    Args:
        stage: Its id, None for outputs that are not wired.
        before: Expected tasks in the first version.
        after: In the second.
        share: Part of all tasks that `after` is, from 0 to 1.
    """

    stage: str | None
    before: float
    after: float
    share: float

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def changed(self) -> bool:
        """Whether the totals differ by more than the noise of floats."""
        return abs(self.difference) >= SMALLEST

    @property
    def words(self) -> str:
        """`697 → 852 (+155)`, or the total alone where it stays.

        The difference is that of the whole numbers beside it, so that the sum is seen to be right.
        """
        if not self.changed:
            return counted(self.after)
        whole = round(self.after) - round(self.before)
        return f"{counted(self.before)} → {counted(self.after)} ({signed(whole)})"


def stage_changes(before: Split, after: Split) -> tuple[StageChange, ...]:
    """Per target stage, in the order of the first version, so that none jumps at an edit."""
    old, new = dict(before.stages), dict(after.stages)
    return tuple(
        StageChange(
            target,
            old[target].expected if target in old else 0.0,
            new[target].expected if target in new else 0.0,
            new[target].share if target in new else 0.0,
        )
        for target in dict.fromkeys([*old, *new])
    )


def led_elsewhere(before: Logic, after: Logic, names: Names) -> dict[int, str]:
    """What an output of both versions leads to instead: `→ Review, not Complete`.

    By its position in the second version; outputs that lead where they did are not in it.
    """
    led = {rule.id: rule.target for rule in before.active}
    ends = [
        *((led[rule.id], rule.target) if rule.id in led else None for rule in after.active),
        (before.otherwise, after.otherwise),
    ]
    return {
        place: f"→ {names.of_stage(end[1])}, not {names.of_stage(end[0])}"
        for place, end in enumerate(ends)
        if end is not None and end[0] != end[1]
    }


def unchanged_words(changes: Sequence[StageChange]) -> str:
    """`2 unchanged`, "" for none."""
    many = sum(not change.changed for change in changes)
    return f"{counted(many)} unchanged" if many else ""


MOST_NAMED = 3
"""Stages that a headline names."""


def headline(
    moved: float, tasks: int, changes: Sequence[StageChange], names: Names, baseline: str
) -> str:
    """What a version changes, in one sentence and whole tasks.

    Args:
        moved: Expected tasks that go to another stage.
        tasks: Tasks looked at.
        changes: Per target stage.
        names: Of stages.
        baseline: What it is held against, as a clause says it.
    """
    if moved < SMALLEST:
        return f"No task goes to another stage than with {baseline}."
    largest = sorted((c for c in changes if c.changed), key=lambda c: -abs(c.difference))
    named = [
        f"{names.of_stage(change.stage)} {signed(round(change.after) - round(change.before))}"
        for change in largest[:MOST_NAMED]
    ]
    more = f": {joined(named, 'and')}" if named else ""
    return (
        f"{counted(moved)} of {counted(tasks)} tasks ({share_text(moved / tasks)}) go to another "
        f"stage than with {baseline}{more}."
    )


def headline_alone(tasks: int, changes: Sequence[StageChange], names: Names) -> str:
    """Where most tasks go, for a version that is held against none."""
    if not tasks:
        return "There is no task."
    largest = sorted(changes, key=lambda change: -change.after)[:MOST_NAMED]
    named = [
        f"{counted(change.after)} to {names.of_stage(change.stage)} ({share_text(change.share)})"
        for change in largest
        if change.after >= SMALLEST
    ]
    return f"Of {counted(tasks)} tasks {joined(named, 'and')}."
