"""A backtest by week: a kind of work that stays is rarely said to change, one that changes is."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from scipy.stats import fisher_exact
from small_world import chance, has, stage_of

from core import demo
from core.cli.main import main
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.routing.engine.exact import LEVEL
from core.routing.engine.predictive import predictive_interval
from core.routing.observed.backtest import MOST_WEEKS, compared
from core.workspace import Workspace

RANDOM = (True, False, False, True, False)
LABELS = [*(f"rule {n}" for n in range(1, 6)), "Else"]
SHARES = np.array([0, 0.3, 0.02, 0, 0.18, 0.5])
MONDAYS = [date(2026, 9, 7) + timedelta(weeks=n) for n in range(60)]


def worlds(runs, tasks, shares=SHARES):
    """Per run how many tasks of each week fall to each certain rule."""
    dice = np.random.default_rng(7)
    for _ in range(runs):
        yield np.array([dice.multinomial(n, shares) for n in tasks])


def test_alike_weeks_are_said_to_differ_at_most_one_time_in_twenty():
    runs, differ, inside, counts = 300, 0, 0, 0
    for fates in worlds(runs, (30, 200, 5, 120, 80)):
        found = compared(fates, RANDOM, MONDAYS[:5], LABELS)
        differ += not found.alike
        inside, counts = inside + found.inside, counts + found.counts
    assert differ / runs <= LEVEL + 4 * (LEVEL * (1 - LEVEL) / runs) ** 0.5
    assert inside / counts >= 0.95 - 4 * (0.95 * 0.05 / runs) ** 0.5
    assert counts > 4 * runs


def test_a_week_that_differs_is_found_and_named():
    other = SHARES + np.array([0, 0, 0.25, 0, 0, -0.25])
    for fates, odd in zip(worlds(40, (150,) * 5), worlds(40, (150,) * 5, other), strict=True):
        fates[3] = odd[3]
        found = compared(fates, RANDOM, MONDAYS[:5], LABELS)
        assert not found.alike
        assert "Most of all rule 3 in the week of 2026-09-28: it matches" in found.sentences[1]


def test_two_weeks_and_one_rule_are_fishers_test():
    found = compared(np.array([[12, 88], [25, 75]]), [False], MONDAYS[:2], ["rule 1", "Else"])
    table = [[25, 75], [12, 88]]
    tails = [fisher_exact(table, side).pvalue for side in ("less", "greater")]
    assert found.p == pytest.approx(2 * min(tails))
    (week,) = found.weeks
    assert (week.first, week.tasks, week.before) == (MONDAYS[1], 100, 100)
    assert [(c.low, c.high) for c in week.outputs] == [
        predictive_interval(100, 12, 100, 1.0),
        predictive_interval(100, 88, 100, 1.0),
    ]


def test_a_random_rule_may_take_what_no_certain_rule_above_takes():
    fates = np.array([[0, 10, 5, 0, 5, 20], [0, 1, 2, 0, 3, 4]])
    (week,) = compared(fates, RANDOM, MONDAYS[:2], LABELS).weeks
    assert {c.output: c.may for c in week.outputs} == {1: 1, 2: 2, 3: 7, 4: 3, 5: 4}


def test_of_many_weeks_the_latest_are_predicted():
    (fates,) = worlds(1, (50,) * 60)
    found = compared(fates, RANDOM, MONDAYS, LABELS)
    assert [week.first for week in found.weeks] == MONDAYS[-MOST_WEEKS:]
    assert found.weeks[0].before == 50 * (60 - MOST_WEEKS)


@pytest.mark.parametrize(
    ("fates", "days", "says"),
    [
        (np.array([[3, 4]]), 1, "they are of one week"),
        (np.zeros((0, 2), np.int64), 0, "they are of no known week"),
        (np.array([[0, 4], [0, 6]]), 2, "no certain rule tells them apart"),
    ],
)
def test_what_cannot_be_looked_at_is_said(fates, days, says):
    found = compared(fates, [False], MONDAYS[:days], ["rule 1", "Else"])
    assert found.p is None and found.alike is None and says in found.sentences[0]
    one = compared(fates, [False], MONDAYS[:days], ["rule 1", "Else"], undated=1)
    assert one.sentences[-1] == "1 task has no date and is in no week."


def test_weeks_begin_on_monday_utc_and_tasks_without_a_date_are_counted():
    days = [datetime(2026, 9, 13, 23, 59, 59, tzinfo=UTC), datetime(2026, 9, 14, tzinfo=UTC), None]
    items = [
        {
            "_id": f"t{n}",
            "answer": {"tools": [{"schemaId": "A"}] if n % 2 else []},
            **({"updatedAt": day.isoformat()} if (day := days[n % 3]) else {}),
        }
        for n in range(30)
    ]
    table = read_stream(io.BytesIO(json.dumps(items).encode()), "x.json")
    work = Workspace(table, None, Dialect())
    found = work.coming(stage_of(has("A"), chance(0.5)), 9).weeks
    assert found.undated == 10 and "10 tasks have no date" in found.sentences[-1]
    (week,) = found.weeks
    assert (week.first, week.tasks, week.before) == (date(2026, 9, 14), 10, 10)


def test_september_does_not_predict_october_on_the_demo(capsys):
    words = ("split", "--tasks", demo.EXPORT, "--logic", demo.PROJECT, "--next", 1_000)
    assert main([*map(str, words), "--json"]) == 0
    coming = json.loads(capsys.readouterr().out)["next"]
    assert coming["tasks"] == 1_000
    assert all(set(one) == {"expected", "low", "high"} for one in coming["outputs"])
    backtest = coming["backtest"]
    assert backtest["alike"] is False and backtest["p"] < 0.001
    assert backtest["inside"] < 0.5 * backtest["counts"]
    assert [week["first"] for week in backtest["weeks"]] == [
        f"2026-{day}" for day in ("09-14", "09-21", "09-28", "10-05", "10-12", "10-19")
    ]
    assert main(list(map(str, words))) == 0
    text = capsys.readouterr().out
    assert coming["sentences"][0] in text and "week of 2026-10-19: 759 tasks" in text
