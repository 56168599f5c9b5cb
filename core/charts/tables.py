"""The one place where tables are made: text in them is visible and fits into UTF-8."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.model.text import cut, visible

LONGEST = 1_000
"""Characters of a cell on a page; a CSV has all of them."""


def text_table(columns: Mapping[str, Any], index: pd.Index | None = None) -> pd.DataFrame:
    """A table with every text made visible, headings included; see `core.model.text`.

    Args:
        columns: Values by heading, columns of one length.
        index: Labels of the rows, or None for their numbers.
    """
    shown = {visible(name): _visible(values) for name, values in columns.items()}
    return pd.DataFrame(shown, index=index)


def _visible(values: Any) -> Any:
    if isinstance(values, (list, tuple)):
        return [visible(one) if isinstance(one, str) else one for one in values]
    return values


def fitting(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its longest texts cut, each of which says how much is missing."""
    long = {
        name: [cut(one, LONGEST) if isinstance(one, str) else one for one in values]
        for name, values in table.items()
        if any(isinstance(one, str) and len(one) > LONGEST for one in values)
    }
    return table.assign(**long) if long else table
