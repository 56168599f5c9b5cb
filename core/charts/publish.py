"""What publishing would move: expected tasks per target stage, before and after."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.charts.tables import text_table
from core.model.names import Names
from core.routing.versions.stages import StageChange


def shift_table(changes: Sequence[StageChange], names: Names) -> pd.DataFrame:
    """One row per target stage that changes: expected tasks before, after, and the difference."""
    shown = [change for change in changes if change.changed]
    return text_table(
        {
            "Target stage": [names.of_stage(change.stage) for change in shown],
            "Expected before": [round(change.before, 1) for change in shown],
            "Expected after": [round(change.after, 1) for change in shown],
            "Difference": [round(change.difference, 1) for change in shown],
        }
    )
