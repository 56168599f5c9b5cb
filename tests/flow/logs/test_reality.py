"""Distances by hand, the forecast of the rest, its command, and logs that say too little."""

import json
import math
from datetime import UTC, datetime

import numpy as np
import pytest
from conftest import DATA
from log_helpers import MONDAY, csv_of, labelled_and_reviewed, log_of, steady_plan, written_log

from core.cli.main import main
from core.errors import InputError
from core.flow.logs.calibrate import calibrate
from core.flow.logs.distances import (
    cycle_hours,
    earth_mover,
    ngram_distance,
    ngrams,
    remaining_hours,
    under_way,
)
from core.flow.logs.reality import (
    Band,
    against_reality,
    date_of,
    holds_whole_cases,
    minute_of,
    moment_of,
)
from core.flow.logs.simulate import Replications, begins_after, twin_of


def steady(seed=0, hours=120.0):
    return written_log(labelled_and_reviewed(), steady_plan(hours, seed=seed))


def test_distances_are_those_of_a_hand():
    one = log_of([("a", "A", "x", 0, 1), ("a", "B", "x", 3, 4), ("b", "A", "x", 2, 4)])
    other = log_of([("a", "A", "x", 0, 1), ("a", "B", "x", 5, 6), ("b", "B", "x", 5, 7)])
    assert cycle_hours(one).tolist() == [4, 2] and cycle_hours(other).tolist() == [6, 2]
    assert earth_mover(cycle_hours(one), cycle_hours(other)) == 1  # one of two moves two hours
    assert remaining_hours(one).tolist() == [4, 1, 2]
    assert ngrams(one, 2) == {(-1, 0): 2 / 5, (0, 1): 1 / 5, (1, -1): 1 / 5, (0, -1): 1 / 5}
    # other: -A, AB, B-, -B, B-
    assert ngram_distance(one, other, 2) == pytest.approx((1 / 5 + 1 / 5 + 1 / 5 + 1 / 5) / 2)
    assert ngram_distance(one, one, 3) == 0
    assert len(ngrams(one, 3)) == 6 and sum(ngrams(one, 3).values()) == pytest.approx(1)
    at = MONDAY + 60 * np.array([-1.0, 1, 3, 5])
    assert under_way(one, at).tolist() == [0, 1, 2, 0]
    assert earth_mover(np.zeros(0), np.ones(1)) is None


def test_a_band_says_how_often_it_held():
    band = Band(np.arange(4.0), np.array([1.0, 2, 3, 4]), np.ones(4), np.ones(4), np.full(4, 3.0))
    assert band.held == 0.75


def test_begins_are_drawn_from_the_gaps_that_were_seen():
    coming = calibrate(steady(), MONDAY + 60 * 100).coming
    until, end = MONDAY + 6_000, MONDAY + 12_000
    drawn = [begins_after(coming, until, end, 0, number) for number in range(200)]
    many = np.array([len(one) for one in drawn])
    assert all((np.diff(one) >= 0).all() and one[0] >= until and one[-1] < end for one in drawn)
    assert many.mean() == pytest.approx(100 * coming.per_hour, rel=0.03)
    assert (begins_after(coming, until, end, 0, 3) == drawn[3]).all()
    assert begins_after(coming, until, end, 1, 3)[0] != drawn[3][0]


def test_replications_go_the_ways_of_the_log_with_its_people_and_hours():
    log = steady(hours=300.0)
    twin = twin_of(calibrate(log, moment_of(log, 0.7)))
    simulated = Replications(twin, float(log.begins[-1])).log(0)
    assert simulated.begins[0] >= twin.calibration.until
    assert ngram_distance(simulated, log, 3) < 0.03
    for code, people in ((0, 3), (1, 2)):
        name = ("Label", "Review")[code]
        chosen = simulated.activity == simulated.activities.index(name)
        assert len(np.unique(simulated.resource[chosen])) == people
    again = Replications(twin, float(log.begins[-1])).log(0)
    assert (again.start == simulated.start).all()


def test_what_begins_before_the_date_keeps_people_busy_after_it():
    """All 200 cases come just before the date: the one behind it waits for them."""
    rows = [(f"{n:03}", "A", "x", n, n + 1) for n in range(50)]
    late = [(f"l{n:03}", "A", "x", 50 + n, 51 + n) for n in range(50)]
    log = log_of(rows + late)
    twin = twin_of(calibrate(log, MONDAY + 60 * 50))
    simulated = Replications(twin, MONDAY + 60 * 51.5).log(0)
    assert twin.calibration.work[0].people == 1
    assert (simulated.begins >= MONDAY + 60 * 50).all()
    assert np.diff(np.sort(simulated.start)).min(initial=60) >= 60


def test_whole_cases_are_told_from_logs_that_stop_in_the_middle():
    rows = [(f"{n}", "AB"[place], "x", n + place, n + place + 1)
            for n in range(20) for place in (0, 1)]  # fmt: skip
    assert holds_whole_cases(log_of(rows))
    stopped = log_of(rows).until(MONDAY + 60 * 10.5)
    assert stopped.unfinished.sum() == 1 and not holds_whole_cases(stopped)
    assert not holds_whole_cases(log_of([*rows, ("98", "A", "x", 40, 41), ("99", "C", "x", 9, 9),
                                         ("97", "A", "x", 1, 2)]))  # fmt: skip


def test_the_same_seed_gives_the_same_comparison_and_progress_is_told():
    steps = []
    log = steady()
    one = against_reality(log, replications=4, progress=lambda done, of: steps.append((done, of)))
    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    other = against_reality(log, replications=4)
    assert one.distances == other.distances
    assert against_reality(log, replications=4, seed=1).distances != one.distances
    assert len(one.under_way.at) == 60 and len(one.begins.at) == 10 and len(one.cycle.at) == 9
    assert one.begins.real.sum() == len(one.rest)


def printed(capsys, *words):
    assert main(["twin", *map(str, words)]) == 0
    return capsys.readouterr().out


def finite(value):
    if isinstance(value, float):
        assert math.isfinite(value)
    if isinstance(value, dict):
        value = list(value.values())
    for child in value if isinstance(value, list) else ():
        finite(child)


def test_the_command_prints_the_document(capsys):
    words = ("--log", DATA / "Production.csv", "--replications", 3, "--split", "2012-03-01")
    got = json.loads(printed(capsys, *words, "--json"))
    finite(got)
    assert list(got) == [
        "split", "cases", "arrivals", "activities", "distances", "held", "under_way", "begins",
        "cycle", "replications", "problems",
    ]  # fmt: skip
    assert got["split"].startswith("2012-03-01T00:00") and got["replications"] == 3
    assert list(got["distances"]) == [
        "cycle_hours", "remaining_hours", "begins_hours", "ngram_2", "ngram_3",
    ]  # fmt: skip
    packing = next(one for one in got["activities"] if one["name"] == "Packing")
    assert packing["people"] >= 5 and packing["minutes"] > 0
    text = printed(capsys, *words)
    assert "Cycle times of the forecast are" in text and "Two activities in a row" in text


def test_the_command_reads_an_export_with_its_project(capsys):
    got = json.loads(
        printed(capsys, "--tasks", DATA / "export.zip", "--project", DATA / "project.json",
                "--replications", 3, "--split", "0.5", "--json")
    )  # fmt: skip
    assert got["cases"]["all"] > 100 and got["cases"]["rest"] > 50
    assert "Label" in {one["name"] for one in got["activities"]}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ((), "one of them"),
        (("--log", "no.csv"), "no.csv: no such file"),
        (("--split", "soon"), "“soon” is neither a date nor a share"),
        (("--split", "1.5"), "“1.5” is neither a date nor a share"),
        (("--split", "1999-01-01"), "no case ends before it"),
        (("--split", "2100-01-01"), "no case begins after it"),
        (("--replications", "1"), "is below 2"),
        (("--columns", "case"), "is no part and its column"),
        (("--columns", "case=Nothing"), "has no column “Nothing”"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_in_a_line(words, text, capsys):
    if words and words[0] != "--log":
        words = ("--log", str(DATA / "Production.csv"), *words)
    assert main(["twin", *words]) == 2
    error = capsys.readouterr().err
    assert text in error and "Traceback" not in error and error.count("\n") == 1


def test_one_case_and_one_time_cannot_be_parted():
    with pytest.raises(InputError, match="has 1 case: the first part and the rest need one each"):
        against_reality(log_of([("a", "A", "x", 0, 1)]))
    with pytest.raises(InputError, match="all its cases begin at the same time"):
        against_reality(log_of([("a", "A", "x", 0, 1), ("b", "A", "y", 0, 2)]))


def test_ten_cases_are_forecast_and_said_to_be_few():
    rows = [(f"{n}", "A", "x", 10 * n, 10 * n + 1) for n in range(10)]
    result = against_reality(log_of(rows), replications=5)
    by_code = {one.code: one.message for one in result.problems}
    assert by_code["cases.few"] == "Only 7 cases end before the date: what is learnt is a guess."
    assert by_code["rest.few"] == (
        "Only 3 cases begin after the date: bands and distances say little."
    )
    assert {"events.few", "hours.unknown"} <= set(by_code)


def test_a_log_without_end_times_is_waiting_alone(tmp_path, capsys):
    text = csv_of(steady(hours=60.0))
    rows = [line.rpartition(",")[0] for line in text.splitlines()]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(rows))
    got = json.loads(printed(capsys, "--log", path, "--replications", 3, "--json"))
    codes = {one["code"] for one in got["problems"]}
    assert {"log.no_end", "log.no_time"} <= codes
    assert all(one["minutes"] == 0 for one in got["activities"])
    assert got["distances"]["cycle_hours"]["mean"] >= 0


def test_a_date_is_its_minute_and_back():
    at = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    assert date_of(minute_of(at)) == at and minute_of(at.replace(tzinfo=None)) == minute_of(at)
    assert date_of(0).weekday() == 0


WEEK = 7 * 1_440


def log_in_minutes(rows):
    return log_of([(*row[:3], row[3] / 60, row[4] / 60) for row in rows])


def weekly(weeks=12, rest=0):
    """Cases that come in uploads, Monday mornings, a hundred at a time and within seconds."""
    rows = []
    for week in range(weeks):
        for n in range(100):
            begin = week * WEEK + n // 50 / 60
            rows.append((f"c{week:02}-{n:03}", "A", "x", begin, begin + 5 + n))
    rows += [(f"l{n}", "A", "x", (weeks + rest) * WEEK, (weeks + rest) * WEEK + 5)
             for n in range(3)]  # fmt: skip
    return log_in_minutes(rows)


def test_cases_that_come_in_uploads_are_forecast_in_uploads():
    log = weekly()
    coming = calibrate(log, MONDAY + 8.5 * WEEK).coming
    assert coming.sizes.tolist() == [100] * 9 and len(coming.gaps) == 8
    assert coming.per_hour == pytest.approx(100 / (7 * 24), rel=0.01)
    drawn = [
        begins_after(coming, MONDAY + 8.5 * WEEK, MONDAY + 12.5 * WEEK, 0, n) for n in range(50)
    ]
    assert {len(one) for one in drawn} <= {300, 400, 500}


def test_a_pause_after_uploads_is_no_flood():
    """By gaps case by case most are nought; drawn anew, they once made 200,000 cases of 5,000."""
    log = weekly(rest=6)
    until = moment_of(log, 0.7)
    coming, end = calibrate(log, until).coming, float(log.begins[-1])
    many = {len(begins_after(coming, until, end, 0, number)) for number in range(50)}
    assert many <= {900, 1_000, 1_100}, many  # a hundred a week for ten weeks
    assert against_reality(log, until, replications=5).distances


@pytest.mark.parametrize(
    ("begins", "uploads"),
    [([0, 0.5, 90, 90.5], 2), ([0, 0.5, 30, 90], 4), ([0, 10, 20], 3), ([0, 0.2, 0.4], 1)],
)
def test_uploads_are_told_by_what_lies_between_them(begins, uploads):
    rows = [(f"c{n}", "A", "x", at, at + 1) for n, at in enumerate(begins)]
    assert len(calibrate(log_in_minutes(rows), MONDAY + 10_000.0).coming.sizes) == uploads


def test_a_dense_stream_is_no_upload():
    rows = [(f"c{n}", "A", "x", n / 4, n / 4 + 1) for n in range(600)]
    assert len(calibrate(log_in_minutes(rows), MONDAY + 10_000.0).coming.sizes) == 600
