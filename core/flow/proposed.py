"""The plan of work that a page begins with, from what the histories tell; all of it can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.flow.graph import Graph
from core.flow.rates import FEW
from core.model.stages import Label, Review
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import Floats, TaskTable
from core.tasks.transitions import stage_codes

MINUTES = 5.0
"""Of a visit where no history tells; a number to be replaced, and said to be one."""
HORIZON_HOURS = 2_000.0
SHIFTS = {"days": [0, 1, 2, 3, 4], "from": "08:00", "to": "16:00"}


def proposed_plan(
    graph: Graph, table: TaskTable, within: Bits, times: Mapping[str, Floats]
) -> dict[str, Any]:
    """A plan for the tasks looked at, at once, as JSON (docs/semantics.md, Forecasts).

    Args:
        graph: The workflow; stages of people that tasks get to have an entry.
        table: Its histories tell how many people worked at each stage.
        within: The tasks looked at.
        times: Minutes of past visits by stage id.
    """
    staff = {}
    for place in sorted(graph.reached):
        stage = graph.stages[place]
        if not isinstance(stage, Label | Review):
            continue
        known = len(times.get(stage.id, ())) >= FEW
        minutes = {"kind": "history"} if known else {"kind": "exponential", "mean": MINUTES}
        people = max(1, people_seen(graph, table, place))
        staff[stage.id] = {"people": people, "minutes": minutes, "calendar": SHIFTS}
    return {
        "horizon_hours": HORIZON_HOURS,
        "replications": 50,
        "seed": 0,
        "arrivals": {"kind": "at_once", "tasks": bits.count(within)},
        "stages": staff,
    }


def people_seen(graph: Graph, table: TaskTable, place: int) -> int:
    """How many people the histories name at a stage."""
    codes = stage_codes(table, graph.stages).get(graph.stages[place].id, [])
    people: set[int] = set()
    for _, piece in table.pieces():
        here = np.isin(piece.history.stage, codes) & (piece.history.person >= 0)
        people.update(np.unique(piece.history.person[here]).tolist())
    return len(people)
