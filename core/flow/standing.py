"""Where the tasks of a table are now, by the stages of a workflow."""

from __future__ import annotations

import numpy as np

from core.flow.graph import Graph
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import TaskTable
from core.tasks.transitions import stage_codes


def standing(graph: Graph, table: TaskTable, within: Bits) -> tuple[int, ...]:
    """Tasks at each stage, found by its id, else by its name; at a Consensus those of its parts."""
    inside = table.stage[bits.unpack(within, len(table))]
    counts = np.bincount(inside[inside >= 0], minlength=len(table.stages))
    codes = stage_codes(table, graph.stages)
    return tuple(int(counts[codes.get(stage.id, [])].sum()) for stage in graph.stages)
