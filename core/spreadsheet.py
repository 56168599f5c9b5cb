"""The one writer and reader of CSV: what it writes, Excel and LibreOffice open as what it is.

A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a
formula, whoever wrote it; an apostrophe in front of it makes it text (OWASP, CSV injection). A
byte order mark tells Excel that the file is UTF-8. Tests refuse CSV made elsewhere.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from core.errors import InputError

STARTS = "=+-@\t\r\n＝＋－＠"
"""What makes a formula of a cell, the wide forms of East Asian keyboards included."""

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_CANNOT = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def csv_bytes(table: pd.DataFrame) -> bytes:
    r"""A table as CSV: UTF-8 with a byte order mark, without the index.

    Args:
        table: Its texts are kept but for what makes a formula of them, and what UTF-8 or CSV cannot
            hold, which stands as its code (`\u0000`); numbers are written as numbers.
    """
    return csv_of(map(str, table.columns), table.itertuples(index=False, name=None))


def csv_of(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The same from rows."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        shown = _CANNOT.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
        risky = shown.startswith(tuple(STARTS)) and not _NUMBER.fullmatch(shown)
        return f"'{shown}" if risky else shown
    return "" if pd.isna(value) else value


def csv_rows(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV that are not blank, each with the number of its last line.

    Args:
        text: Separated by comma, semicolon or tab, whichever its first line has most of.
        source: Names it in errors.

    Raises:
        InputError: It is no CSV.
    """
    text = text.lstrip("\ufeff")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield rows.line_num, row
    except csv.Error as error:
        raise InputError(source, f"is no CSV: {error}.", where=f"line {rows.line_num}") from error
