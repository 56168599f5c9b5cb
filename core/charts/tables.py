"""The one place where tables are made: text in them is visible and fits into UTF-8."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from core.model.text import cut, visible

LONGEST = 1_000
"""Characters of a cell on a page; a CSV has all of them."""


Columns = Mapping[str, Any] | Iterable[tuple[str, Any]]
"""Values by heading, or pairs of both where others named the headings, which may be equal."""


def text_table(columns: Columns, index: pd.Index | None = None) -> pd.DataFrame:
    """A table with every text made visible, headings included; see `core.model.text`.

    Args:
        columns: Columns of one length; of equal headings the later ones get blanks behind.
        index: Labels of the rows, or None for their numbers.
    """
    cells: dict[str, Any] = {}
    for name, values in columns.items() if isinstance(columns, Mapping) else columns:
        heading = visible(name)
        while heading in cells:
            heading += " "
        cells[heading] = _visible(values)
    return pd.DataFrame(cells, index=index)


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
