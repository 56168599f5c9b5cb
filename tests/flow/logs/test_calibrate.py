"""What is learnt from a log: by hand on small ones, and as it was put into generated ones."""

import numpy as np
import pytest
from conftest import DATA
from log_helpers import MONDAY, csv_of, labelled_and_reviewed, log_of, office_plan, written_log

from core.errors import InputError
from core.export.reader import read_path
from core.flow.logs.calibrate import calibrate, covered, merged, most_at_once
from core.flow.logs.event_log import log_of_table
from core.flow.logs.hours import ALWAYS, Hours, arrival_hours, working_hours
from core.flow.logs.read_csv import read_log
from core.flow.logs.reality import moment_of
from core.flow.logs.ways import END, START
from core.tasks.table import UNKNOWN_TIME

OFFICE = Hours(np.array(([0] * 8 + [1] * 8 + [0] * 8) * 5 + [0] * 48, float))


def test_time_is_counted_in_working_hours_alone_and_back():
    at = MONDAY + 60 * np.array([0, 8, 9.5, 16, 20, 32, 24 * 5 + 12, 168 + 9])
    counted = OFFICE.counted_until(at) - OFFICE.counted_until(np.array([MONDAY]))
    assert counted.tolist() == [0, 0, 90, 480, 480, 480, 2_400, 2_460]
    inside = MONDAY + 60 * np.array([8.25, 15.75, 24 * 4 + 10, 168 + 9])
    assert OFFICE.time_of(OFFICE.counted_until(inside)) == pytest.approx(inside)
    assert OFFICE.shifts().tolist() == [[480 + 1_440 * day, 960 + 1_440 * day] for day in range(5)]
    assert ALWAYS.shifts() is None and ALWAYS.counted_until(at) is at


def test_hours_without_points_are_closed_and_few_points_say_nothing():
    draw = np.random.default_rng(1)
    days, minutes = draw.integers(0, 5, 4_000), draw.uniform(480, 960, 4_000)
    weeks = draw.integers(0, 9, 4_000)
    points = MONDAY + weeks * 10_080 + days * 1_440 + minutes
    assert (working_hours(points).weights == OFFICE.weights).all()
    assert (working_hours(points[:600]).weights == OFFICE.weights).all()
    assert working_hours(points[:400]) is None


def test_arrivals_by_hour_are_taken_only_where_they_tell_something():
    draw = np.random.default_rng(2)
    even = np.sort(MONDAY + draw.uniform(0, 4 * 10_080, 500))
    assert arrival_hours(even, MONDAY, MONDAY + 4 * 10_080) is ALWAYS
    busy = even[(OFFICE.counted_until(even + 1e-6) - OFFICE.counted_until(even)) > 0]
    hours = arrival_hours(busy, MONDAY, MONDAY + 4 * 10_080)
    assert hours.weights[12] > 2 and hours.weights[3] == 0
    assert hours.weights.mean() == pytest.approx(1)
    assert arrival_hours(busy, MONDAY, MONDAY + 10_080) is ALWAYS  # a week shows no week


def test_spans_are_merged_and_what_they_cover_is_measured():
    begins, ends = merged(np.array([5.0, 0.0, 1.0, 9.0]), np.array([7.0, 4.0, 2.0, 10.0]))
    assert begins.tolist() == [0, 5, 9] and ends.tolist() == [4, 7, 10]
    spans = (begins, ends)
    start, end = np.array([3.0, 4.0, -2.0, 20.0]), np.array([6.0, 5.0, 30.0, 21.0])
    assert covered(spans, start, end, ALWAYS).tolist() == [2, 0, 7, 0]
    assert most_at_once(np.array([0.0, 1, 2, 2]), np.array([2.0, 3, 4, 2])) == 2


def test_a_delay_is_waiting_while_the_one_who_did_it_was_free():
    rows = [
        ("a", "A", "x", 0, 1), ("a", "B", "y", 4, 5),  # y was free from 1 to 2, busy 2 to 4
        ("b", "A", "x", 1, 2), ("b", "B", "y", 2, 4),
        ("c", "A", "x", 2, 3), ("c", "B", "y", 5, 6),  # y was busy all the time
    ]  # fmt: skip
    result = calibrate(log_of(rows), MONDAY + 60 * 100)
    first, second = result.work
    assert second.delays.tolist() == [0, 0, 60] and first.delays.tolist() == []
    assert (first.people, second.people) == (1, 1)
    assert second.minutes.tolist() == [60, 60, 120]
    nobody = calibrate(log_of([(*row[:2], "", *row[3:]) for row in rows]), MONDAY + 6_000)
    assert nobody.work[1].delays.tolist() == [0, 0, 60]
    assert "people.unknown" in {one.code for one in nobody.problems}


def test_only_what_is_known_at_the_date_is_learnt_from():
    rows = [("a", "A", "x", 0, 1), ("a", "B", "x", 1, 2), ("b", "A", "x", 3, 4),
            ("b", "B", "x", 30, 40), ("c", "A", "y", 50, 60)]  # fmt: skip
    result = calibrate(log_of(rows), MONDAY + 60 * 20)
    assert result.cases == 1 and result.coming.begins.tolist() == [MONDAY, MONDAY + 180]
    assert result.ways.steps[START, 0] == {1: 1}  # that B follows A in b is not known yet
    assert result.ways.steps[START, 1] == {END: 1}
    assert result.work[0].minutes.tolist() == [60, 60] and result.work[1].minutes.tolist() == [60]
    with pytest.raises(InputError, match="no case ends before it"):
        calibrate(log_of(rows), MONDAY + 30)


def test_two_activities_are_remembered_where_they_are_seen_often_enough():
    rows = []
    for number in range(30):  # A B A C: what follows A depends on whether B was before
        at = 10 * number
        rows += [(f"{number}", name, "x", at + place, at + place + 1)
                 for place, name in enumerate("ABAC")]  # fmt: skip
    ways = calibrate(log_of(rows), MONDAY + 60 * 1_000).ways
    assert ways.chances((START, 0)) == {1: 0.5, 2: 0.5}
    assert ways.chances((1, 0)) == {2: 1.0}
    assert ways.behind((0, 1), 0) == (1, 0) and ways.behind((START, 2), 0) == (START, 0)


def test_a_loop_that_was_never_left_gets_a_way_out():
    rows = [("a", "A", "x", 0, 1), ("b", "B", "x", 1, 2), ("b", "C", "x", 2, 3),
            ("b", "B", "x", 3, 4), ("b", "C", "x", 50, 51)]  # fmt: skip
    result = calibrate(log_of(rows), MONDAY + 60 * 20)
    assert "ways.no_end" in {one.code for one in result.problems}
    assert all(sum(result.ways.chances(one).values()) == pytest.approx(1)
               for one in result.ways.states)  # fmt: skip


def test_a_generated_log_as_csv_gives_its_parameters_back():
    log = written_log(labelled_and_reviewed(), office_plan())
    again = read_log(csv_of(log), "log.csv")
    assert len(again) == len(log) and not again.problems
    label, review = calibrate(again, moment_of(again, 0.7)).work
    assert (label.people, review.people) == (3, 2)
    assert (label.hours.weights == OFFICE.weights).all()
    assert label.minutes.mean() == pytest.approx(20, rel=0.03)
    assert label.minutes.std() == pytest.approx(12, rel=0.06)
    assert review.minutes.mean() == pytest.approx(10, rel=0.05)
    assert review.delays.mean() < 0.05  # whole seconds


def test_an_export_is_a_log_whose_entries_end_at_their_date():
    table = read_path(DATA / "export.zip")
    log = log_of_table(table)
    known = (table.history.at != UNKNOWN_TIME) & (table.history.stage >= 0)
    assert len(log.start) == int(known.sum()) > 300
    minutes = np.nan_to_num(table.history.duration[known]).sum() / 60_000
    assert (log.end - log.start).sum() == pytest.approx(minutes, rel=1e-6)
    assert set(log.activities) <= {name or one for one, name in table.stages}
    ended = sum(table.stages[code][0] == "Complete" for code in table.stage if code >= 0)
    assert 0 < (~log.unfinished).sum() <= ended
