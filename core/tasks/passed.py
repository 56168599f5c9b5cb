"""Where tasks went behind a stage, read from their histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.model.stages import Label, Logic, Plugin, Stage
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import TaskTable


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """First passes that could be followed.

    Args:
        by_target: Tasks by the stage id that they went to.
        tasks: All of them together.
        lost: Tasks that came to the stage, and whose next stage tells nothing.
    """

    by_target: dict[str, int]
    tasks: Bits
    lost: int


def passed(table: TaskTable, stage: Logic, around: Sequence[Stage], within: Bits) -> Passed:
    """Follow each task's first pass through a Logic stage.

    A Logic stage leaves no entry of its own: a pass is an entry of a stage that leads to it,
    followed by a stage behind one of its outputs; the last entry is followed by where the task is
    now. A stage that the former leads to directly as well tells nothing.

    Args:
        table: Tasks with histories.
        stage: The Logic stage.
        around: The workflow.
        within: The tasks looked at.
    """
    targets = [t for t in dict.fromkeys((*(r.target for r in stage.active), stage.otherwise)) if t]
    codes = _codes(table, around)
    before = {other.id: other for other in around if stage.id in other.next and other != stage}
    history = table.history
    rows = history.rows
    place = _lookup(codes, targets, len(table.stages))
    is_last = np.ones(len(rows), np.bool_)
    is_last[:-1] = rows[1:] != rows[:-1]
    following = np.where(is_last, table.stage[rows], np.append(history.stage[1:], -1))
    went = place[following]
    from_before = np.zeros(len(rows), np.bool_)
    for other in before.values():
        here = np.isin(history.stage, codes.get(other.id, []))
        direct = [targets.index(t) for t in other.next if t in targets]
        from_before |= here
        went = np.where(here & np.isin(went, direct), -1, went)
    inside = bits.unpack(within, len(table))[rows]
    came, told = from_before & inside, from_before & inside & (went >= 0)
    tasks, first = np.unique(rows[told], return_index=True)
    counts = np.bincount(went[told][first], minlength=len(targets))
    lost = len(np.unique(rows[came])) - len(tasks)
    return Passed(
        dict(zip(targets, counts.tolist(), strict=True)), bits.of_rows(tasks, len(table)), lost
    )


def _codes(table: TaskTable, around: Sequence[Stage]) -> dict[str, list[int]]:
    """Codes of each stage in the table: found by id, else by name; a Consensus has its parts'."""
    ids = {stage.id for stage in around}
    whole = {s.id: s.consensus_id for s in around if isinstance(s, (Label, Plugin))}
    by_name = {stage.name: stage.id for stage in reversed(around)}
    found: dict[str, list[int]] = {}
    for code, (stage_id, name) in enumerate(table.stages):
        known = stage_id if stage_id in ids else by_name.get(name)
        if known is not None:
            found.setdefault(known, []).append(code)
            part_of = whole.get(known)
            if part_of is not None:
                found.setdefault(part_of, []).append(code)
    return found


def _lookup(codes: dict[str, list[int]], targets: Sequence[str], size: int) -> np.ndarray:
    """Place of each code among the targets; -1 for others, and for no stage."""
    place = np.full(size + 1, -1)
    for number, target in enumerate(targets):
        place[codes.get(target, [])] = number
    return place
