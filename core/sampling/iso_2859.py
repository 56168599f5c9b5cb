"""Single sampling plans of ISO 2859-1:1999: code letters, master tables, and how to read them.

The master tables are diagonal: what stands at a letter and an AQL depends only on the sum of their
places, and so they are kept as one ladder for each severity. An arrow leads to the next plan in
its direction; where none is left there, the other way.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Literal, get_args

from core.errors import InputError
from core.model.figures import counted, whole_number

Severity = Literal["normal", "tightened", "reduced"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

LETTERS = "ABCDEFGHJKLMNPQRS"
"""S is there for tightened inspection at an AQL of 0.025 alone."""
SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150)
REDUCED_SIZES = (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800)
AQLS = (0.01, 0.015, 0.025, 0.04, 0.065, 0.1, 0.15, 0.25, 0.4, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0)
"""Percent nonconforming, as the tables have them."""

LOT_ENDS = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)
"""The largest lot of each row of table 1 but the last, which has no end."""
LEVELS = {
    "I": "AABCCDEFGHJKLMN",
    "II": "ABCDEFGHJKLMNPQ",
    "III": "BCDEFGHJKLMNPQR",
    "S-1": "AAAABBBBCCCCDDD",
    "S-2": "AAABBBCCCDDDEEE",
    "S-3": "AABBCCDDEEFFGGH",
    "S-4": "AABCCDEEFGGHJJK",
}
"""Code letters of table 1, row by row."""

_UP, _DOWN = -1, -2
_LADDERS: dict[Severity, tuple[int, tuple[int, ...]]] = {
    "normal": (14, (0, _UP, _DOWN, 1, 2, 3, 5, 7, 10, 14, 21)),
    "tightened": (15, (0, _DOWN, _DOWN, 1, 2, 3, 5, 8, 12, 18)),
    "reduced": (14, (0, _UP, _DOWN, _DOWN, 1, 2, 3, 5, 6, 8, 10)),
}
"""Sum of the places of the first plan, and acceptance numbers and arrows from it on."""
_S_ALONE = AQLS.index(0.025)


@dataclass(frozen=True, slots=True)
class SinglePlan:
    """Review n tasks; accept the lot when at most so many of them are wrong.

    Args:
        n: Tasks reviewed.
        accept: Acceptance number.

    Raises:
        InputError: There is no such plan.
    """

    n: int
    accept: int

    def __post_init__(self) -> None:
        """Refuse what is no plan."""
        if self.n < 1 or not 0 <= self.accept < self.n:
            message = f"{self.n},{self.accept} is no plan."
            hint = "Give tasks to review, and a smaller number of wrong ones to accept: 80,2."
            raise InputError("plan", message, hint)

    @property
    def reject(self) -> int:
        """Rejection number."""
        return self.accept + 1


@dataclass(frozen=True, slots=True)
class AqlPlan:
    """A plan of the tables.

    Args:
        lot: Tasks of the lot.
        aql: Of the table, in percent.
        level: Of inspection.
        severity: Which of the tables.
        code: Letter of the lot.
        row: Letter of the row that the plan stands in; another where an arrow led on.
        plan: How many to review and to accept.
        notes: What is to be known of it, as sentences.
    """

    lot: int
    aql: float
    level: str
    severity: Severity
    code: str
    row: str
    plan: SinglePlan
    notes: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every task of the lot is reviewed."""
        return self.plan.n >= self.lot


def code_letter(lot: int, level: str = "II") -> str:
    """The letter of table 1; a lot of one counts as the smallest lots.

    Raises:
        InputError: The lot is empty, or there is no such level.
    """
    if lot < 1:
        raise InputError("lot", "is empty.", "Give a number of tasks, 1 or more.")
    if level not in LEVELS:
        message = f"{level} is no inspection level."
        raise InputError("level", message, f"Choose from {', '.join(LEVELS)}.")
    return LEVELS[level][bisect_left(LOT_ENDS, lot)]


def aql_plan(lot: int, aql: float, level: str = "II", severity: Severity = "normal") -> AqlPlan:
    """The single plan for a lot.

    Args:
        lot: Tasks, one at least.
        aql: Percent from 0.010 to 10; between two values of the table the stricter holds.
        level: I, II, III, or S-1 to S-4.
        severity: Which of the master tables.

    Raises:
        InputError: One of them is outside of the tables.
    """
    if severity not in SEVERITIES:
        message = f"{severity} is no severity."
        raise InputError("severity", message, f"Choose from {', '.join(SEVERITIES)}.")
    code = code_letter(lot, level)
    if not AQLS[0] <= aql <= AQLS[-1]:
        message = f"{whole_number(aql)} % is not in the tables."
        raise InputError("aql", message, "Choose from 0.010 to 10, in percent.")
    column = bisect_right(AQLS, aql) - 1
    row, accept = _plan_at(LETTERS.index(code), column, severity)
    sizes = REDUCED_SIZES if severity == "reduced" else SIZES
    plan = SinglePlan(sizes[row], accept)
    notes = []
    if AQLS[column] != aql:
        table, asked = whole_number(AQLS[column]), whole_number(aql)
        notes.append(f"The tables have no AQL of {asked} %; the next stricter, {table} %, holds.")
    if LETTERS[row] != code:
        notes.append(
            f"The tables have no plan at letter {code}; an arrow leads to that of {LETTERS[row]}."
        )
    if plan.n >= lot:
        tasks = "task" if lot == 1 else "tasks"
        notes.append(
            f"The plan asks for {counted(plan.n)} of {counted(lot)} {tasks}: review them all."
        )
    return AqlPlan(lot, AQLS[column], level, severity, code, LETTERS[row], plan, tuple(notes))


def _plan_at(row: int, column: int, severity: Severity) -> tuple[int, int]:
    """Row and acceptance number of the plan that a cell has or leads to."""
    cell = _cell(row, column, severity)
    step = -1 if cell == _UP else 1
    for way in (step, -step):
        place = row
        while cell is not None and cell < 0:
            place += way
            cell = _cell(place, column, severity)
        if cell is not None:
            return place, cell
        cell = _UP  # nothing is left that way
    raise AssertionError("each column of a table has a plan")


def _cell(row: int, column: int, severity: Severity) -> int | None:
    """Acceptance number or arrow of a cell; None outside of the table."""
    last = len(LETTERS) - 1
    if row < 0 or row > last or (row == last and (severity != "tightened" or column != _S_ALONE)):
        return None
    first, ladder = _LADDERS[severity]
    rung = row + column - first
    if rung < 0:
        return _DOWN
    return ladder[rung] if rung < len(ladder) else _UP
