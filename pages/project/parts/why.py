"""What would send one task elsewhere, below its way through the rules."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.charts.explain import changes_table
from core.charts.tables import written
from core.model.names import Names
from core.model.stages import Logic
from core.routing.explain.counterfactual import Why


def why_view(why: Why, stage: Logic, names: Names) -> None:
    """The nearest changes as a table, or that there is none."""
    st.markdown("**What would send it elsewhere**")
    if not why.changes:
        st.caption("No change of one or two facts, and no other order of the rules, does.")
        return
    table: pd.DataFrame = changes_table(why, stage, names)
    st.dataframe(
        written(table),
        hide_index=True,
        column_config={
            "Chance": st.column_config.NumberColumn(
                width=80, help="Random rules above may take it first"
            ),
            "By": st.column_config.TextColumn(width=80),
        },
        key="tasks.why",
    )
