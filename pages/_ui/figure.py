"""A chart with its table and CSV; no chart stands without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.charts.palette import DARK, LIGHT, Ink
from core.charts.tables import written
from core.model.glossary import DRAW, INTERVAL
from core.spreadsheet import csv_bytes
from pages._ui.keys import Key, part

COLUMNS = {
    "Expected": st.column_config.NumberColumn(help="Mean of the count"),
    "Drawn": st.column_config.NumberColumn(help=DRAW),
    "Rule": st.column_config.TextColumn(width="large"),
    "Matched": st.column_config.NumberColumn(help="Tasks it matches by itself"),
    "Reached": st.column_config.NumberColumn(help="Tasks that get to it"),
    "Taken": st.column_config.NumberColumn(help="Tasks that it takes"),
    "Get there": st.column_config.NumberColumn(help="Tasks that get there past what stands above"),
    "Decides": st.column_config.NumberColumn(help="Tasks between the ends"),
    "Lost above": st.column_config.NumberColumn(help="Tasks it matches that rules above take"),
    "Low": st.column_config.NumberColumn(help=f"Lower end. {INTERVAL}"),
    "High": st.column_config.NumberColumn(help=f"Upper end. {INTERVAL}"),
}


def ink() -> Ink:
    """Colours that Plotly does not take from the theme in force."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def figure(chart: go.Figure, table: pd.DataFrame, key: Key) -> None:
    """Show a chart, and its table behind a small button with CSV download."""
    config = {"displayModeBar": False}
    st.plotly_chart(chart, width="stretch", key=part(key, "chart"), config=config)
    with st.popover("Table", icon=":material/table:", type="tertiary"):
        data_table(table, key)


def data_table(table: pd.DataFrame, key: Key, columns: Mapping[str, Any] = COLUMNS) -> None:
    """Show a table with its CSV download; give no `columns` where others named the headings."""
    shown = written(table, ours=bool(columns))
    st.dataframe(
        shown,
        hide_index=True,
        column_config=columns,
        column_order=numbers_first(table) if columns else None,
        key=part(key, "table"),
    )
    csv_button(table, key)


def numbers_first(table: pd.DataFrame) -> list[str] | None:
    """What a row is about, its numbers, and behind them the words of its rule; None as it is.

    The words would push the numbers out of a narrow view.
    """
    if "Rule" not in table.columns[1:]:
        return None
    first, *others = table.columns
    words = [name for name in others if table[name].dtype.kind not in "iuf"]
    return [first, *(name for name in others if name not in words), *words]


def csv_button(table: pd.DataFrame, key: Key) -> None:
    """The download of a table that stands above; Streamlit's own is hidden."""
    st.download_button(
        "CSV",
        csv_bytes(table),
        file_name=f"{key.replace('.', '-')}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=part(key, "csv"),
        on_click="ignore",
    )
