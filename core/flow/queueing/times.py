"""How long visits to a stage took, as the histories of a task table tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.model.stages import Stage
from core.tasks.table import Floats, TaskTable

MS_PER_MINUTE = 60_000.0


def past_minutes(table: TaskTable, stages: Sequence[Stage]) -> Mapping[str, Floats]:
    """Minutes of every history entry with a known duration, ascending, by id of the stage.

    An entry belongs to the stage of its id, else, where the workflow has no such id, to those of
    its name.
    """
    ids = {stage.id for stage in stages}
    minutes: dict[str, list[Floats]] = {stage.id: [] for stage in stages}
    for _, piece in table.pieces():
        known = ~np.isnan(piece.history.duration)
        for stage in stages:
            codes = [
                code
                for code, (stage_id, name) in enumerate(piece.stages)
                if stage_id == stage.id or (stage_id not in ids and name == stage.name)
            ]
            if codes:
                chosen = known & np.isin(piece.history.stage, codes)
                minutes[stage.id].append(piece.history.duration[chosen] / MS_PER_MINUTE)
    return {
        stage_id: np.sort(np.concatenate([np.zeros(0), *parts]))
        for stage_id, parts in minutes.items()
    }
