"""Tables for people: the one place where text of others becomes a pandas frame.

A frame takes no half of a surrogate pair, and a column of ours must not give way to one that
somebody named alike; so texts are made fit to be seen, and headings distinct, before they get in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from core.model.text import visible

Columns = dict[str, Any] | Iterable[tuple[str, Any]]
"""Values by heading, or pairs of both where headings may be equal."""


def sheet(columns: Columns, index: Sequence[str] | None = None, name: str = "") -> pd.DataFrame:
    """A frame of columns of equal length.

    Args:
        columns: Lists, arrays or series; of equal headings the later ones get blanks behind.
        index: Labels of the rows, None to count them; they need not be distinct.
        name: Of the index.
    """
    found: dict[str, Any] = {}
    for heading, values in columns.items() if isinstance(columns, dict) else columns:
        shown = visible(heading)
        while shown in found:
            shown += " "
        found[shown] = [_fit(v) for v in values] if isinstance(values, list) else values
    labels = None if index is None else pd.Index([visible(text) for text in index], name=name)
    return pd.DataFrame(found, index=labels)


def _fit(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value
