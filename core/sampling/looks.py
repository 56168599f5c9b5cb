"""What reviews said, entry by entry of the histories: a *look* is an entry that tells a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.model.project import Project
from core.model.stages import Review, Stage, UnknownStage
from core.routing.explain.breakdown import groups
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import UNKNOWN_TIME, TaskTable
from core.workspace import Workspace

WRONG, RIGHT = frozenset({"rejected", "fixed"}), frozenset({"accepted"})
"""Review status, whatever its case; others tell nothing."""
BY = ("annotator", "batch", "class", "stage", "week")
NO_WEEK, NO_STAGE = "no date", "stage unknown"

_DAY_MS = 86_400_000
_MONDAY = date(1969, 12, 29)


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Looks in the order of the tasks and, within a task, of its history.

    Args:
        tasks: How many tasks the table has.
        rows: Task of each look.
        wrong: Whether the review rejected or fixed it.
        stage: Code of the stage in `TaskTable.stages`, -1 unknown.
        week: Weeks since the Monday of 1 January 1970's week; -1 without a date.
    """

    tasks: int
    rows: NDArray[np.int64]
    wrong: NDArray[np.bool_]
    stage: NDArray[np.int64]
    week: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def first(self) -> NDArray[np.bool_]:
        """Flags the first look at each task."""
        flags = np.ones(len(self.rows), np.bool_)
        flags[1:] = self.rows[1:] != self.rows[:-1]
        return flags


def looks_of(table: TaskTable, project: Project | None) -> Looks:
    """The looks of all tasks: entries of Review stages, and of stages whose type is not known.

    Args:
        table: Tasks with histories.
        project: Gives the stage types; a stage is found by its id, else by its name.
    """
    parts: list[tuple[NDArray[np.int64], ...]] = []
    for begin, piece in table.pieces():
        history = piece.history
        words = [word.strip().casefold() for word in piece.review_words]
        wrong = np.isin(history.review, [c for c, word in enumerate(words) if word in WRONG])
        right = np.isin(history.review, [c for c, word in enumerate(words) if word in RIGHT])
        at_review = np.array([*_review_codes(piece.stages, project), True])[history.stage]
        telling = np.flatnonzero((wrong | right) & at_review)
        week = weeks_at(history.at[telling])
        rows = history.rows[telling] + begin
        stage = history.stage[telling].astype(np.int64)
        parts.append((rows, wrong[telling].astype(np.int64), stage, week))
    rows, flags, stage, week = (
        np.concatenate([part[place] for part in parts]) if parts else np.zeros(0, np.int64)
        for place in range(4)
    )
    return Looks(len(table), rows, flags.astype(np.bool_), stage, week)


def _review_codes(stages: tuple[tuple[str, str], ...], project: Project | None) -> list[bool]:
    """Whether each stage of the table may be a review."""
    given = (project.stages if project else None) or ()
    by_id: dict[str, Stage] = {stage.id: stage for stage in given}
    by_name: dict[str, Stage] = {stage.name: stage for stage in reversed(given)}
    known = [by_id.get(stage_id) or by_name.get(name) for stage_id, name in stages]
    return [
        isinstance(stage, Review | None) or (isinstance(stage, UnknownStage) and not stage.type)
        for stage in known
    ]


def sets_by(workspace: Workspace, looks: Looks, by: str) -> dict[str, NDArray[np.bool_]]:
    """Flags of the looks of each group, by its name; a look may be in several.

    Args:
        workspace: Tasks, project and readings.
        looks: Those of its table.
        by: One of `BY`.

    Raises:
        InputError: It is none of them.
    """
    check_by(by, BY)
    if by == "week":
        weeks = np.unique(looks.week)
        return {week_name(int(week)): looks.week == week for week in weeks}
    if by == "stage":
        return _by_stage(workspace, looks)
    parts = members_by(workspace, by)
    return {name: bits.unpack(members, looks.tasks)[looks.rows] for name, members in parts.items()}


def check_by(by: str, known: tuple[str, ...]) -> None:
    """Refuse a breakdown that is not known.

    Raises:
        InputError: It is none of these.
    """
    if by not in known:
        raise InputError("--by", f"{by} is no breakdown.", f"Choose from {', '.join(known)}.")


def members_by(workspace: Workspace, by: str) -> Mapping[str, Bits]:
    """Sets of tasks by annotator, batch or class, as everywhere; or by week of their last work."""
    if by == "week":
        return _by_week(workspace)
    return groups(workspace.table, workspace.facts, workspace.names, by.capitalize())


def _by_week(workspace: Workspace) -> dict[str, Bits]:
    table = workspace.table
    week = weeks_at(table.at)
    return {
        week_name(one): bits.of_rows(np.flatnonzero(week == one), len(table))
        for one in np.unique(week).tolist()
    }


def _by_stage(workspace: Workspace, looks: Looks) -> dict[str, NDArray[np.bool_]]:
    sets: dict[str, NDArray[np.bool_]] = {}
    for code in np.unique(looks.stage).tolist():
        stages = workspace.table.stages
        name = workspace.names.of_table_stage(stages[code]) if code >= 0 else ""
        flags = looks.stage == code
        name = name or NO_STAGE
        sets[name] = sets[name] | flags if name in sets else flags
    return sets


def weeks_at(at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The weeks of some times (ms since 1970), as `Looks.week` counts them."""
    weeks: NDArray[np.int64] = np.where(at == UNKNOWN_TIME, -1, (at // _DAY_MS + 3) // 7)
    return weeks


def week_name(week: int) -> str:
    """A week by its Monday, UTC: `2026-09-07`."""
    return str(_MONDAY + timedelta(days=7 * week)) if week >= 0 else NO_WEEK
