"""Each target stage's total before and after: what people ask first of two versions.

Totals are means over all draws, as in `Comparison.arrivals`, and cost no more than two splits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.figures import counted, signed
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
    """Per target stage: those of the second version in its order, then those that are gone."""
    old, new = dict(before.stages), dict(after.stages)
    return tuple(
        StageChange(
            target,
            old[target].expected if target in old else 0.0,
            new[target].expected if target in new else 0.0,
            new[target].share if target in new else 0.0,
        )
        for target in dict.fromkeys([*new, *old])
    )


def unchanged_words(changes: Sequence[StageChange]) -> str:
    """`2 unchanged`, "" for none."""
    many = sum(not change.changed for change in changes)
    return f"{counted(many)} unchanged" if many else ""
