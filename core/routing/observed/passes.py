"""Is the hub behaving, told by a hub that writes down each pass: nothing is typed or followed.

The output of every task is known, and its history says which facts it came with. So the counts are
of these very tasks, each with the facts that the rules saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.errors import InputError
from core.model.dialect import Dialect
from core.model.figures import counted
from core.model.passes import Pass
from core.model.project import Project
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher
from core.routing.observed.conformance import Behaviour, of_counts
from core.tasks import bits
from core.tasks.facts import facts_as_they_stand
from core.tasks.snapshot import at_leaving
from core.tasks.table import TaskTable


def of_passes(
    table: TaskTable, project: Project | None, stage: Logic, went: Sequence[Pass]
) -> Behaviour:
    """Judge what a hub did with tasks, each by the facts that it came with.

    Args:
        table: The tasks with their histories, read after they passed.
        project: What is known around them.
        stage: The rules that sent them.
        went: At most one pass of each task; which tasks they are must not depend on where they
            went.

    Raises:
        InputError: None of them is in the table.
    """
    import pyarrow as pa  # what needs no passes starts faster without it
    import pyarrow.compute as pc

    places = pc.index_in(pa.array([one.task for one in went], pa.string()), table.ids)
    rows = np.asarray(places.fill_null(-1), np.int64)
    entry = np.full(len(table), -1, np.int64)
    counts = [0] * (len(stage.active) + 1)
    late = 0
    offsets = table.history.offsets
    for row, one in zip(rows.tolist(), went, strict=True):
        known = row >= 0 and one.output < len(counts)
        if not known or not 0 < one.entries <= offsets[row + 1] - offsets[row]:
            late += 1
            continue
        entry[row] = offsets[row] + one.entries - 1
        counts[one.output] += 1
    if not sum(counts):
        hint = "Let some tasks through, or read the project again."
        raise InputError("The hub", f"sent no task through {stage.name} by these rules.", hint)
    then, _ = at_leaving(table, entry)
    facts = facts_as_they_stand(then, project, Dialect())
    behaviour = of_counts(Matcher(facts), stage, bits.pack(entry >= 0), counts, "same")
    if not late:
        return behaviour
    many = "1 task" if late == 1 else f"{counted(late)} tasks"
    note = f"{many} passed after the tasks were read, or without a history; they do not count."
    return replace(behaviour, sentences=(*behaviour.sentences, note))
