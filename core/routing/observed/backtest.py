"""Does one week predict the next? A backtest by week, and a test that all weeks are alike.

Only facts are compared, so draws play no part: how many tasks of a week *may* take an output. Each
week is predicted from all before it; and each certain rule is tested, among the tasks that no
certain rule above takes, this week against all before (Fisher's exact test). These tests together
are one of homogeneity of the table of weeks by rules (its partition into independent parts,
Lancaster 1949), corrected by Holm; so a week that differs is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from core.model.figures import counted, decimals, share_text
from core.model.rules import Unknown
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher
from core.routing.engine.exact import LEVEL, fisher, holm
from core.routing.engine.predictive import predictive_interval
from core.routing.engine.shape import by_certain_rule
from core.routing.sentence import rule_text
from core.rule_types.registry import type_of
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import UNKNOWN_TIME, TaskTable

MOST_WEEKS = 26
"""Weeks that are predicted, the latest; those before are only predicted from."""

_DAY_MS = 86_400_000
_THURSDAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class WeekCount:
    """How many tasks of a week may take an output, and what the weeks before would have said.

    Args:
        output: Its position.
        may: Tasks of the week that may take it.
        low: Lower end of the predictive 95 % interval from the weeks before.
        high: Upper end.
    """

    output: int
    may: int
    low: int
    high: int

    @property
    def inside(self) -> bool:
        """Whether the weeks before told it."""
        return self.low <= self.may <= self.high


@dataclass(frozen=True, slots=True)
class Week:
    """A week that is predicted.

    Args:
        first: Its Monday, UTC.
        tasks: Tasks last worked on in it.
        before: Tasks of the weeks before.
        outputs: Those that some tasks may take and some may not, by position.
    """

    first: date
    tasks: int
    before: int
    outputs: tuple[WeekCount, ...]


@dataclass(frozen=True, slots=True)
class Weeks:
    """The backtest.

    Args:
        weeks: In order.
        undated: Tasks without a date, which are in no week.
        p: Chance of weeks at least as different if all are alike, corrected; None where there is
            nothing to compare.
        sentences: What that means.
    """

    weeks: tuple[Week, ...]
    undated: int
    p: float | None
    sentences: tuple[str, ...]

    @property
    def alike(self) -> bool | None:
        """Whether chance explains how the weeks differ; None where it cannot be told."""
        return None if self.p is None else self.p > LEVEL

    @property
    def inside(self) -> int:
        """Counts that the weeks before told."""
        return sum(count.inside for week in self.weeks for count in week.outputs)

    @property
    def counts(self) -> int:
        """Counts that were predicted."""
        return sum(len(week.outputs) for week in self.weeks)


def weeks_of(matcher: Matcher, table: TaskTable, stage: Logic, within: Bits) -> Weeks:
    """Predict each week from those before.

    Args:
        matcher: The facts, with remembered answers.
        table: Says when each task was last worked on.
        stage: The rules; outputs from one that cannot be simulated on are left out.
        within: The tasks looked at.
    """
    rules = stage.active
    random = ["draw" in type_of(rule.condition).facts for rule in rules]
    dated = bits.unpack(within, len(table)) & (table.at != UNKNOWN_TIME)
    weeks = (table.at[dated] // _DAY_MS + 3) // 7
    start = weeks.min() if len(weeks) else 0
    there = np.bincount(weeks - start) > 0
    mondays = np.flatnonzero(there) + start
    place = (np.cumsum(there) - 1)[weeks - start]
    fates = np.zeros((len(mondays), len(rules) + 1), np.int64)
    for fate, won in enumerate(by_certain_rule(matcher, stage, within)):
        its_weeks = place[bits.unpack(won, len(table))[dated]]
        fates[:, fate] = np.bincount(its_weeks, minlength=len(mondays))
    known = next((i for i, r in enumerate(rules) if isinstance(r.condition, Unknown)), None)
    undated = bits.count(within) - int(dated.sum())
    labels = [*(rule_text(number) for number in stage.numbers), "Else"]
    return compared(fates, random, [_date(m) for m in mondays.tolist()], labels, undated, known)


def _date(week: int) -> date:
    return _THURSDAY + timedelta(days=week * 7 - 3)


def compared(
    fates: NDArray[np.int64],
    random: Sequence[bool],
    mondays: Sequence[date],
    labels: Sequence[str],
    undated: int = 0,
    known: int | None = None,
) -> Weeks:
    """Compare weeks of which is known how their tasks fall.

    Args:
        fates: Shape (weeks, outputs): tasks by the certain rule that takes them.
        random: Which rules are random ones.
        mondays: First day of each week.
        labels: What to call each output, Else last.
        undated: Tasks in no week.
        known: Outputs from this one on are left out.
    """
    chancy = np.array([*random, False])
    reaching = np.cumsum(fates[:, ::-1], axis=1)[:, ::-1]
    may = np.where(chancy, reaching, fates)
    tasks = reaching[:, 0]
    total = may.sum(axis=0)
    outputs = [o for o in range(len(labels))[:known] if 0 < total[o] < tasks.sum()]
    comparable = []
    for week in range(max(1, len(mondays) - MOST_WEEKS), len(mondays)):
        before, many = int(tasks[:week].sum()), int(tasks[week])
        sums = may[:week].sum(axis=0)
        counts = tuple(
            WeekCount(o, int(may[week, o]), *predictive_interval(many, int(sums[o]), before, 1.0))
            for o in outputs
        )
        comparable.append(Week(mondays[week], many, before, counts))
    rules = [
        o
        for o in range(len(random))[:known]
        if not chancy[o] and 0 < fates[:, o].sum() < reaching[:, o].sum()
    ]
    tests = [(week, rule) for week in range(1, len(mondays)) for rule in rules]
    tails = [
        fisher(
            int(fates[:week, rule].sum()),
            int(reaching[:week, rule].sum()),
            int(fates[week, rule]),
            int(reaching[week, rule]),
        )
        for week, rule in tests
    ]
    adjusted = holm(tails, [True] * len(tails))
    p = min(adjusted, default=None)
    weeks = Weeks(tuple(comparable), undated, p, ())
    if p is None:
        few = "one week" if len(mondays) == 1 else "no known week"
        what = "no certain rule tells them apart" if len(mondays) > 1 else f"they are of {few}"
        words = [f"Whether one week of these tasks predicts the next cannot be looked at: {what}."]
    else:
        words = [_verdict(weeks, p)]
    if weeks.alike is False:
        worst = [test for test, chance in zip(tests, adjusted, strict=True) if chance == p]
        words.append(_most(worst, fates, reaching, mondays, labels))
    if undated:
        have = "task has no date and is" if undated == 1 else "tasks have no date and are"
        words.append(f"{counted(undated)} {have} in no week.")
    return Weeks(weeks.weeks, undated, p, tuple(words))


def _verdict(weeks: Weeks, p: float) -> str:
    chance = f"p = {decimals(p, 3)}" if p >= 0.001 else "p < 0.001"
    seen = (
        f"of {counted(weeks.counts)} counts of a week, {counted(weeks.inside)} were as the weeks "
        "before told"
    )
    if weeks.alike:
        return f"The weeks are alike as far as can be seen ({chance}); {seen}."
    return (
        f"The weeks differ ({chance}); {seen}, where 95 % should. The intervals hold only for more "
        "of the same: expect more than they say, or look at the latest weeks alone."
    )


def _most(
    tests: Sequence[tuple[int, int]],
    fates: NDArray[np.int64],
    reaching: NDArray[np.int64],
    mondays: Sequence[date],
    labels: Sequence[str],
) -> str:
    """Of some weeks and rules, where the share changed most."""

    def shares(week: int, rule: int) -> tuple[float, float]:
        before = fates[:week, rule].sum() / max(1, reaching[:week, rule].sum())
        return float(fates[week, rule] / max(1, reaching[week, rule])), float(before)

    changes = {test: shares(*test) for test in tests}
    week, rule = max(changes, key=lambda test: abs(changes[test][0] - changes[test][1]))
    now, before = changes[week, rule]
    return (
        f"Most of all {labels[rule]} in the week of {mondays[week]}: it matches {share_text(now)} "
        "of the "
        f"tasks that no certain rule above takes, {share_text(before)} before."
    )
