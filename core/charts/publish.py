"""What publishing would move: expected tasks per target stage, before and after."""

from __future__ import annotations

import pandas as pd

from core.charts.tables import text_table
from core.model.names import Names
from core.routing.engine.split import Split


def shift_table(before: Split, after: Split, names: Names) -> pd.DataFrame:
    """One row per target stage: expected tasks now, with the draft, and the difference."""
    old = {target: count.expected for target, count in before.stages}
    new = {target: count.expected for target, count in after.stages}
    targets = list(dict.fromkeys([*old, *new]))
    return text_table(
        {
            "Target stage": [names.of_stage(target) for target in targets],
            "Expected now": [round(old.get(t, 0.0), 1) for t in targets],
            "Expected with the draft": [round(new.get(t, 0.0), 1) for t in targets],
            "Difference": [round(new.get(t, 0.0) - old.get(t, 0.0), 1) for t in targets],
        }
    )
