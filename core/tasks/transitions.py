"""Where tasks went behind a Logic stage, read from their histories.

A Logic stage leaves no entry of its own, and neither does a Webhook. So a pass is an entry of a
stage that leads to it, perhaps through others of them, followed by a stage behind one of its
outputs. It tells something only where no other way leads from the one to the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.model.stages import Consensus, Label, Logic, PluginStage, Stage, Webhook
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import TaskTable


@dataclass(frozen=True, slots=True)
class Cell:
    """A stage behind the Logic stage at which passes can be followed.

    Args:
        target: Stage id.
        outputs: All outputs that lead there, by position.
    """

    target: str
    outputs: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """Each task's first pass that could be followed.

    Args:
        cells: In order of their first output.
        untold: Why no pass through an output can be followed, by its position.
        follows: Shape (stages before, cells): whether a pass from the one to the other tells.
        entry: Per task the history entry that it left with; -1 where no pass could be followed.
        cell: Per task where it went, a position in `cells`; -1 likewise.
        before: Per task where it came from, a row of `follows`; -1 likewise.
        lost: Tasks that came to the stage, and whose next stages tell nothing.
    """

    cells: tuple[Cell, ...]
    untold: dict[int, str]
    follows: NDArray[np.bool_]
    entry: NDArray[np.int64]
    cell: NDArray[np.int64]
    before: NDArray[np.int64]
    lost: int


def passed(
    table: TaskTable, stage: Logic, around: Sequence[Stage], within: Bits, outputs: int
) -> Passed:
    """Follow each task's first pass through a Logic stage that can be followed.

    The last entry of a history is followed by where the task is now.

    Args:
        table: Tasks with histories.
        stage: The Logic stage.
        around: The workflow.
        within: The tasks looked at.
        outputs: How many outputs, from the top, are asked about.
    """
    seen = _Seen(table, stage, around, within, outputs)
    tasks, first = np.unique(seen.rows[seen.followed], return_index=True)
    entries = np.flatnonzero(seen.followed)[first]
    left, target, came_from = (np.full(len(table), -1, np.int64) for _ in range(3))
    left[tasks], target[tasks], came_from[tasks] = entries, seen.went[entries], seen.home[entries]
    lost = len(np.setdiff1d(np.unique(seen.rows[seen.came]), tasks, assume_unique=True))
    return Passed(seen.cells, seen.untold, seen.follows, left, target, came_from, lost)


@dataclass(frozen=True, slots=True, eq=False)
class FirstComing:
    """Each task's first coming to a Logic stage, whether it can be followed further or not.

    Args:
        cells: In order of their first output.
        untold: Why some passes through an output cannot be followed, by its position.
        entry: Per task the history entry that it came with; -1 where it did not come.
        cell: Per task where it went, a position in `cells`; -1 where that is not told.
    """

    cells: tuple[Cell, ...]
    untold: dict[int, str]
    entry: NDArray[np.int64]
    cell: NDArray[np.int64]


def first_comings(
    table: TaskTable, stage: Logic, around: Sequence[Stage], outputs: int
) -> FirstComing:
    """When each task came to a Logic stage first, and where it went from there.

    An output is untold here as soon as one way to the stage does not tell it. Arguments as of
    `passed`.
    """
    seen = _Seen(table, stage, around, bits.everything(len(table)), outputs)
    untold = dict(seen.untold)
    for place, cell in enumerate(seen.cells):
        if not seen.follows[:, place].all():
            reason = f"{seen.ways.name(cell.target)} is reached by another way, too"
            untold |= dict.fromkeys(cell.outputs, reason)
    tasks, first = np.unique(seen.rows[seen.came], return_index=True)
    entries = np.flatnonzero(seen.came)[first]
    came, target = (np.full(len(table), -1, np.int64) for _ in range(2))
    came[tasks] = entries
    target[tasks] = np.where(seen.followed[entries], seen.went[entries], -1)
    return FirstComing(seen.cells, untold, came, target)


class _Seen:
    """What the entries of histories tell of a Logic stage; one row per entry."""

    def __init__(
        self, table: TaskTable, stage: Logic, around: Sequence[Stage], within: Bits, outputs: int
    ) -> None:
        ways = self.ways = _Ways(stage, around)
        self.cells, self.untold = _cells(ways, outputs)
        homes = ways.before()
        follows = np.array([[ways.tells(h, c) for c in self.cells] for h in homes], np.bool_)
        self.follows = follows.reshape(len(homes), len(self.cells))
        for place, cell in enumerate(self.cells):
            if not self.follows[:, place].any():
                reason = f"{ways.name(cell.target)} is reached by another way, too"
                self.untold |= dict.fromkeys(cell.outputs, reason)
        codes = stage_codes(table, around)
        history, size = table.history, len(table)
        rows = self.rows = history.rows
        is_last = np.ones(len(rows), np.bool_)
        is_last[:-1] = rows[1:] != rows[:-1]
        following = np.where(is_last, table.stage[rows], np.append(history.stage[1:], -1))
        self.home = _lookup(codes, homes, len(table.stages))[history.stage]
        targets = [cell.target for cell in self.cells]
        self.went = _lookup(codes, targets, len(table.stages))[following]
        inside = bits.unpack(within, size)[rows] & (self.home >= 0)
        self.followed = inside & (self.went >= 0)
        self.followed[self.followed] = self.follows[
            self.home[self.followed], self.went[self.followed]
        ]
        elsewhere = np.zeros((len(homes) + 1, len(table.stages) + 1), np.bool_)
        for place, one in enumerate(homes):
            for other in ways.around_it(one):
                elsewhere[place, codes.get(other, [])] = True
        self.came = inside & ~elsewhere[self.home, following]


class _Ways:
    """Where tasks can be seen next, by stage id; some stages pass them on without an entry."""

    def __init__(self, stage: Logic, around: Sequence[Stage]) -> None:
        self.stage = stage
        self.stages: Mapping[str, Stage] = {one.id: one for one in around} | {stage.id: stage}
        self.targets = stage.targets

    def name(self, stage_id: str) -> str:
        return self.stages[stage_id].name if stage_id in self.stages else stage_id

    def passes_on(self, stage_id: str) -> bool:
        return isinstance(self.stages.get(stage_id), (Logic, Webhook))

    def seen_next(self, start: str | None, home: str, closed: Collection[str] = ()) -> set[str]:
        """Stages where a task may be seen after it was sent somewhere.

        Args:
            start: Where it was sent; None is an output that is not wired, where it may stay.
            home: The last stage that left an entry.
            closed: Stages that are not gone through; they count as seen.
        """
        stages: set[str] = set()
        waiting = [start]
        while waiting:
            one = waiting.pop()
            if one is None:
                stages |= {home, self.stage.id}
            elif one not in stages:
                stages.add(one)
                if self.passes_on(one) and one not in closed:
                    waiting += self._outputs(one) or [None]
        return stages

    def _outputs(self, stage_id: str) -> list[str | None]:
        stage = self.stages[stage_id]
        if stage_id == self.stage.id:
            return list(self.targets)
        return (
            [*(r.target for r in stage.active), stage.otherwise]
            if isinstance(stage, Logic)
            else list(stage.next[:1])
        )

    def around_it(self, home: str) -> set[str]:
        """Stages that only another way than through this one leads to, from one with an entry."""
        through = set().union(*(self.seen_next(t, home) for t in self.targets))
        return self._directly(home) - through

    def _directly(self, home: str) -> set[str]:
        stage = self.stages[home]
        stages = set().union(*(self.seen_next(t, home, {self.stage.id}) for t in stage.next))
        if isinstance(stage, Consensus):  # its judgments are entries of the same stage
            stages.add(home)
        return stages - {self.stage.id}

    def before(self) -> list[str]:
        """Stages with entries from which tasks come here."""
        return [
            one.id
            for one in self.stages.values()
            if not self.passes_on(one.id)
            and any(self.stage.id in self.seen_next(t, "", {self.stage.id}) for t in one.next if t)
        ]

    def tells(self, home: str, cell: Cell) -> bool:
        """Whether a task that was at home and then in this stage surely took these outputs."""
        others = [t for place, t in enumerate(self.targets) if place not in cell.outputs]
        reached = self._directly(home).union(*(self.seen_next(t, home) for t in others))
        return cell.target not in reached


def _cells(ways: _Ways, outputs: int) -> tuple[tuple[Cell, ...], dict[int, str]]:
    """Outputs by the stage behind, and why some cannot be followed."""
    outputs_of: dict[str, list[int]] = {}
    untold = {}
    for place, target in enumerate(ways.targets):
        if place >= outputs:
            untold[place] = "a rule that cannot be simulated stands before"
        elif target is None:
            untold[place] = "it is not wired"
        elif target not in ways.stages:
            untold[place] = f"the workflow has no stage {target}"
        elif ways.passes_on(target):
            kind = ways.stages[target].kind
            untold[place] = f"{ways.name(target)}, a {kind} stage, leaves no history entry"
        else:
            outputs_of.setdefault(target, []).append(place)
    return tuple(Cell(target, tuple(some)) for target, some in outputs_of.items()), untold


def stage_codes(table: TaskTable, around: Sequence[Stage]) -> dict[str, list[int]]:
    """Codes of each stage in the table: found by id, else by name; a Consensus has its parts'."""
    ids = {stage.id for stage in around}
    whole = {s.id: s.consensus_id for s in around if isinstance(s, (Label, PluginStage))}
    by_name = {stage.name: stage.id for stage in reversed(around)}
    codes: dict[str, list[int]] = {}
    for code, (stage_id, name) in enumerate(table.stages):
        known = stage_id if stage_id in ids else by_name.get(name)
        if known is not None:
            codes.setdefault(known, []).append(code)
            part_of = whole.get(known)
            if part_of is not None:
                codes.setdefault(part_of, []).append(code)
    return codes


def _lookup(codes: dict[str, list[int]], targets: Sequence[str], size: int) -> NDArray[np.int64]:
    """Place of each code among the targets; -1 for others, and for no stage."""
    place = np.full(size + 1, -1, np.int64)
    for number, target in enumerate(targets):
        place[codes.get(target, [])] = number
    return place
