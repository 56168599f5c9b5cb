"""The one place where tables are made: text in them is visible and fits into UTF-8."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

from core.model.figures import MINUS, share_labels, share_text, signed, tenths, whole_number
from core.model.text import cut, visible

LONGEST = 1_000
"""Characters of a cell on a page; a CSV has all of them."""

WHOLE = 1e-4
"""How far shares of one whole, cut to their digits in a table, may sum from 1."""

MOST_WRITTEN = 20_000
"""Cells beyond which numbers are left to the browser; the page would wait for their texts."""


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


_EXPECTED = ("Expected", "Expected now", "Expected with the draft", "Expected before")
_TENTHS = dict.fromkeys((*_EXPECTED, "Expected after", "Fewest", "Most", "Decides"), tenths)
_ENDS = ("Low", "High", "Low, independent draws", "High, independent draws")


def _signed_tenths(value: float) -> str:
    return signed(value, 1)


FORMATS: Mapping[str, Callable[[float], str]] = {
    **_TENTHS,
    "Share": share_text,
    "Leaves here": share_text,
    "Chance": share_text,
    "Difference": _signed_tenths,
    "Off by": _signed_tenths,
}
"""How numbers are written below headings of ours."""


def written(table: pd.DataFrame, ours: bool = True) -> pd.DataFrame | Styler:
    """The table as a page shows it: its numbers stay numbers, and are written in our style.

    Args:
        table: What is shown; its CSV keeps the bare numbers.
        ours: Whether the headings are ours, so that some say how to write what is below.
    """
    table = fitting(table)
    known = dict(FORMATS) if ours else {}
    if "Difference" in known and "Difference" in table:
        known |= dict.fromkeys(_ENDS, signed)
    if "Share" in known and "Share" in table and _is_whole(table["Share"]):
        known["Share"] = _shares_together(table["Share"].tolist())
    formats = {
        name: _or_blank(known.get(str(name), _plainly))
        for name, kind in table.dtypes.items()
        if kind.kind in "iuf"
    }
    if not formats or table.size > MOST_WRITTEN:
        return table
    return table.style.format(formats)


def _is_whole(shares: pd.Series[float]) -> bool:
    return bool(abs(shares.sum() - 1) < WHOLE)


def _shares_together(shares: list[float]) -> Callable[[float], str]:
    """Labels of shares of one whole, the same that cards and bars have."""
    labels = dict(zip(shares, share_labels(shares), strict=True))
    return lambda share: labels.get(share, share_text(share))


def _plainly(value: float) -> str:
    return whole_number(round(value, 2)).replace("-", MINUS)


def _or_blank(text: Callable[[float], str]) -> Callable[[float], str]:
    return lambda value: "" if pd.isna(value) else text(value)
