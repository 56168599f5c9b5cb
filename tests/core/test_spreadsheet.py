"""CSV that spreadsheets open as text and numbers, never as formulas."""

import csv
import io
import json

import numpy as np
import pandas as pd
from conftest import DATA
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from core.model.text import visible
from core.report.html import Paragraph, Table, page
from core.spreadsheet import csv_bytes, csv_of

NAMES = json.loads((DATA / "cases" / "names.json").read_text(encoding="utf-8"))
HOSTILE = [*NAMES["text that must stay text"], *NAMES["log lines"][:-1]]
ANY = st.text(st.characters(), max_size=30) | st.sampled_from(HOSTILE)


def opened(data):
    """What a reader of CSV finds: rows of cells."""
    assert data.startswith(b"\xef\xbb\xbf")  # so that Excel reads UTF-8
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


@given(st.lists(ANY, min_size=1, max_size=5), ANY)
@example(["=HYPERLINK(1)", "@SUM(A1)", "-2+3", "+1 555", "\t=1", "\r=1"], "=A")
@example(["-2", "+3.5", "−2", "１", "-1e5", "-1e5+A1"], "x")
def test_no_text_is_a_formula_and_every_text_is_there(texts, heading):
    rows = opened(csv_of([heading], [[text] for text in texts]))
    assert len(rows) == len(texts) + 1 and all(len(row) == 1 for row in rows if row)
    for [cell], text in zip(rows, [heading, *texts], strict=True):
        assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) or is_number(cell)
        printed = all(c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff" for c in text)
        if printed:
            assert cell in (text, f"'{text}") and cell.removeprefix("'") == text.removeprefix("'")


def test_numbers_stay_numbers():
    found = pd.DataFrame(
        {
            "Output": ["1", "Else"],
            "Tasks": np.array([-3, 4]),
            "Share": [-0.25, float("nan")],
            "When": pd.to_datetime(["2026-11-26T02:00:00Z", None]),
            "None": [None, "x"],
        },
        index=["a", "b"],
    )
    assert opened(csv_bytes(found)) == [
        ["Output", "Tasks", "Share", "When", "None"],
        ["1", "-3", "-0.25", "2026-11-26 02:00:00+00:00", ""],
        ["Else", "4", "", "", "x"],
    ]


def test_a_table_without_rows_has_its_heading():
    assert opened(csv_bytes(pd.DataFrame({"=A": []}))) == [["'=A"]]


@given(ANY)
@example("\u202egnp.exe")
def test_a_report_shows_text_as_text(text):
    body = [Paragraph(text), Table([text], [[text]])]
    shown = page(text, body)
    shown.encode()
    assert "\u202e" not in shown and "\x1b" not in shown
    if text:
        assert escape(visible(text)) in shown
        assert shown.count("<") == page("", [Paragraph("x"), Table(["x"], [["x"]])]).count("<")
