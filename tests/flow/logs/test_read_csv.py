"""Event logs as CSV: columns, dates, what is left out, and what cannot be read at all."""

from datetime import UTC, datetime

import numpy as np
import pytest
from conftest import DATA

from core.errors import InputError
from core.flow.logs.read_csv import columns_of, read_log
from core.flow.logs.reality import date_of

HEAD = "case,activity,resource,start,end\n"


def read(text, columns=None):
    return read_log(text, "log.csv", columns)


def dates(cell):
    log = read(f"{HEAD}1,A,x,{cell},\n1,A,x,{cell},{cell}\n".replace(",\n1", f",{cell}\n1"))
    return date_of(float(log.start[0]))


def codes(log):
    return [one.code for one in log.problems]


def test_the_real_log_is_read_whole():
    log = read_log((DATA / "Production.csv").read_text(encoding="utf-8"), "Production.csv")
    assert (len(log), len(log.start), len(log.resources), log.problems) == (225, 4_953, 48, ())
    assert date_of(float(log.begins[0])) == datetime(2012, 1, 2, 7, tzinfo=UTC)
    first = log.cases.index("Case1")
    events = slice(*log.offsets[first : first + 2])
    names = [log.activities[code] for code in log.activity[events]]
    assert names[:3] == ["Start", "Turning & Milling", "Turning & Milling"]
    assert date_of(float(log.end[events][1])) == datetime(2012, 1, 30, 12, 43, tzinfo=UTC)
    assert (np.diff(log.begins) >= 0).all() and (log.end >= log.start).all()


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-14 15:09:00",
        "2026-03-14T15:09",
        "2026-03-14T15:09:00.000Z",
        "2026-03-14T17:09:00+02:00",
        "2026-03-14 10:09:00 -0500",
        "2026/03/14 15:09:00.000",
        "14.03.2026 15:09",
        "14/03/2026 15:09:00",
        "03/14/2026 3:09 PM",
        "1773500940",
        "1773500940000",
    ],
)
def test_dates_in_the_usual_spellings_are_one_moment(cell):
    assert dates(cell) == datetime(2026, 3, 14, 15, 9, tzinfo=UTC)


def test_a_column_of_dates_tells_whether_days_come_first():
    rows = "1,A,x,02/03/2026 10:00,02/03/2026 11:00\n2,A,x,{0},{0}\n"
    day_first = read(HEAD + rows.format("25/03/2026 10:00"))
    assert date_of(float(day_first.begins[0])).month == 3 and not day_first.problems
    month_first = read(HEAD + rows.format("03/25/2026 10:00"))
    assert date_of(float(month_first.begins[0])).month == 2 and not month_first.problems
    unclear = read(HEAD + rows.format("05/03/2026 10:00"))
    assert date_of(float(unclear.begins[0])).month == 2 and codes(unclear) == ["log.day_or_month"]


@pytest.mark.parametrize(
    "head",
    [
        "Case ID;Activity;Resource;Start Timestamp;Complete Timestamp",
        "case:concept:name\tconcept:name\torg:resource\tstart_timestamp\ttime:timestamp",
        "END,START,person,STEP,Trace_ID",
    ],
)
def test_columns_are_known_by_any_usual_name_and_place(head):
    cells = {"end": "2026-01-01 11:00", "start": "2026-01-01 10:00", "person": "x", "step": "A",
             "traceid": "7"}  # fmt: skip
    separator = max(";\t,", key=head.count)
    order = list(cells) if head.startswith("END") else list(cells)[::-1]
    log = read(f"\ufeff{head}\r\n{separator.join(cells[one] for one in order)}\r\n")
    if not head.startswith("END"):
        assert head.count(separator) == 4
    assert (log.cases, log.activities, log.resources) == (("7",), ("A",), ("x",))
    assert float(log.end[0] - log.start[0]) == 60


def test_columns_of_other_names_are_told():
    text = "Order,What,From,To\n7,A,2026-01-01,2026-01-02\n"
    with pytest.raises(InputError, match="no column is known as “case”"):
        read(text)
    log = read(text, columns_of(["case=Order", "activity=What", "start=From", "end=To"]))
    assert log.cases == ("7",) and float(log.end[0] - log.start[0]) == 1_440
    with pytest.raises(InputError, match=r"has no column “Nr”.*Its columns are Order, What"):
        read(text, {"case": "Nr"})
    with pytest.raises(InputError, match="“colour” is no part of an event"):
        read(text, {"colour": "What"})
    with pytest.raises(InputError, match="“case” is no part and its column"):
        columns_of(["case"])


def test_bad_rows_are_counted_and_said_with_their_line():
    good = "1,A,x,2026-01-01 10:00,2026-01-01 11:00\n"
    log = read(
        HEAD + good + ",A,x,2026-01-01,2026-01-01\n" + good + "2,A,x,soon,2026-01-01\n"
        "\n" + "3,A,x,2026-01-02,2026-01-01\n" + "4,A,x,2026-01-02,\n" + "5,,x,2026-01-02,\n"
        "6,A,x,2026-13-02,2026-01-01\n"
    )
    assert len(log) == 1 and len(log.start) == 2
    (problem,) = log.problems
    assert problem.code == "log.rows"
    assert problem.message == (
        "6 of 8 rows are left out: line 3: it has no case; line 5: “soon” is no date; "
        "line 7: it ends before it begins; and 3 more."
    )


def test_one_time_per_event_takes_no_time_and_is_said():
    starts = read("case,activity,start\n1,A,2026-01-01\n1,B,2026-01-02\n")
    assert codes(starts) == ["log.no_end"] and (starts.end == starts.start).all()
    ends = read("case,activity,timestamp\n1,A,2026-01-01\n")
    assert codes(ends) == ["log.no_start"] and (ends.resource == -1).all()
    empty = read(HEAD + "1,A,x,2026-01-01,\n")
    assert codes(empty) == ["log.no_end"] and len(empty) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "log.csv: is empty"),
        ("\n", "log.csv: is empty"),
        (HEAD, "has no event that can be used"),
        (HEAD + "1,A,x,never,never\n", "1 of 1 rows are left out: line 2: “never” is no date"),
        ("case,activity\n1,A\n", "no column is known as “start” or “end”"),
        (HEAD + '1,"A,x,2026', "is no CSV|no event that can be used"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(text, words):
    with pytest.raises(InputError, match=words):
        read(text)
