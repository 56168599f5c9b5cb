"""Duration: how long the task took, between two bounds that both count."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from math import inf, isfinite
from typing import ClassVar

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import MILLISECONDS, Dialect
from core.model.figures import whole_number
from core.model.names import Names
from core.model.phrases import duration_text
from core.model.project import Project
from core.model.rules import Condition, Malformed, Note
from core.rule_types.asked import NEVER, Asked, Span
from core.rule_types.base import (
    Fact,
    Json,
    NotDefined,
    RuleType,
    number,
    remark,
    written_number,
)
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.task_facts import TaskFacts

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Duration(Condition):
    """Matches tasks whose duration lies in [low, high], both ends included.

    Args:
        low: In the dialect's unit; None is open.
        high: In the dialect's unit; None is open.
    """

    low: float | None = None
    high: float | None = None
    kind: ClassVar[str] = "Duration"


class DurationRule(RuleType[Duration]):
    """Its meaning, spelling and words."""

    of = Duration
    label = "Task duration"
    facts: ClassVar[frozenset[Fact]] = frozenset({"duration"})

    def read(self, value: Json, notes: list[Note]) -> Duration | Malformed:
        """`[low, high]`, either of them null."""
        if not isinstance(value, list) or len(value) > 2:
            raise NotDefined("its value is not a list of two bounds")
        bounds: list[float | None] = []
        for position, item in enumerate((*value, None, None)[:2]):
            bound = None if item is None else number(item, f"value[{position}]", notes)
            if item is not None and bound is None:
                raise NotDefined(f"its bound {item!r} is not a number")
            bounds.append(bound)
        low, high = bounds
        if low is not None and high is not None and low > high:
            shown = f"{whole_number(low)} is more than {whole_number(high)}"
            return Malformed(self.of.kind, f"the interval is reversed: {shown}")
        return Duration(low, high)

    def write(self, condition: Duration, absent: str, before: Json) -> Json:
        """`[low, high]`."""
        return [written_number(condition.low), written_number(condition.high)]

    def sentence(self, condition: Duration, names: Names, dialect: Dialect) -> str:
        """`took 1 min to 5 min`."""
        low, high = condition.low, condition.high
        least = None if low is None else duration_text(dialect.milliseconds(low))
        most = None if high is None else duration_text(dialect.milliseconds(high))
        if least is None:
            return "took any known time" if most is None else f"took at most {most}"
        return f"took at least {least}" if most is None else f"took {least} to {most}"

    def matching(self, condition: Duration, facts: Facts) -> Bits:
        """Of the tasks whose duration is known; NaN fits into no interval."""
        low, high, in_ms = condition.low, condition.high, facts.dialect.milliseconds
        flags = facts.duration >= (0.0 if low is None else in_ms(low))
        if high is not None:
            flags &= facts.duration <= in_ms(high)
        return bits.pack(flags)

    def because(self, condition: Duration, task: TaskFacts, facts: Facts, names: Names) -> str:
        """How long it took, and the bound that it misses."""
        low, high, in_ms = condition.low, condition.high, facts.dialect.milliseconds
        if task.duration_ms is None:
            return "its duration is not known"
        took = duration_text(task.duration_ms)
        if low is not None and task.duration_ms < in_ms(low):
            return f"took {took}, less than {duration_text(in_ms(low))}"
        if high is not None and task.duration_ms > in_ms(high):
            return f"took {took}, more than {duration_text(in_ms(high))}"
        return f"took {took}"

    def asked(self, condition: Duration, dialect: Dialect, project: Project | None) -> Asked:
        """The interval in milliseconds."""
        low, high = condition.low, condition.high
        least = 0.0 if low is None else max(0.0, dialect.milliseconds(low))
        most = inf if high is None else dialect.milliseconds(high)
        return Span(least, most) if least <= most and isfinite(least) else NEVER

    def normal(self, condition: Duration, dialect: Dialect) -> Hashable:
        """Both bounds."""
        return condition.low, condition.high

    def new(self, dialect: Dialect, names: Names) -> Duration:
        """A minute or more."""
        return Duration(MINUTE_MS / MILLISECONDS[dialect.unit], None)

    def remarks(
        self, condition: Duration, names: Names, dialect: Dialect, project: Project | None
    ) -> Iterator[RuleDiagnostic]:
        """Intervals that ask for nothing, or for the impossible."""
        low, high = condition.low, condition.high
        if low is None and high is None:
            yield remark(
                "duration.open",
                "warning",
                "Both ends are open, so every task of known duration matches.",
                "Set at least one bound.",
            )
        elif high is not None and high < 0:
            yield remark(
                "duration.empty",
                "warning",
                "No task takes less than no time, so the rule matches no task.",
                "Raise the upper bound.",
            )
