"""A kept forecast: who tells it, the interval for as many as came, and how often it held."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom, binom
from small_world import LATER, chance, has, people, stage_of, workspace_of

from core.ango_json.stages import read_stages
from core.charts.ledger import held_chart, held_table, publishes_table
from core.charts.palette import LIGHT
from core.errors import InputError
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.model.names import names_of
from core.model.project import Project
from core.routing.observed.forecast import NextLaw
from core.routing.observed.held import (
    HeldShare,
    ScoredForecast,
    held_share,
    ledger_document,
    scored,
)
from core.routing.observed.held import Ledger as Kept
from core.routing.observed.kept_forecast import (
    FEW,
    UNKNOWN,
    KeptForecast,
    KeptOutput,
    forecast_to_keep,
    kept_document,
    nothing,
    read_kept,
)
from core.tasks.transitions import first_comings

LAWS = (NextLaw(0.2, None, 500), NextLaw(1.0, 300, 500), NextLaw(0.0, 0, 500))
FORECAST = KeptForecast(
    tuple(KeptOutput(f"Rule {n}", "Review", law) for n, law in enumerate(LAWS, 1)), 500, "came"
)


def ends(law, many):
    """The smallest counts whose sums of chances reach 0.025 and 0.975, by scipy."""
    below = law.cdf(np.arange(many + 1))
    return tuple(int(np.argmax(below >= level)) for level in (0.025, 0.975))


@pytest.mark.parametrize("many", [1, 7, 160, 1_200])
def test_the_interval_is_that_of_as_many_tasks_as_came(many):
    outputs = scored(FORECAST, many, [0, 0, 0], {})
    drawn, of_kind, never = ((one.low, one.high) for one in outputs)
    assert drawn == ends(binom(many, 0.2), many)
    assert of_kind == ends(betabinom(many, 300.5, 200.5), many)
    assert never == (0, 0)
    assert outputs[0].expected == pytest.approx(0.2 * many)
    assert outputs[1].expected == pytest.approx(many * 300.5 / 501)


def test_what_could_not_be_otherwise_does_not_count_unless_it_was():
    low, high = ends(binom(200, 0.2), 200)
    at_ends = [scored(FORECAST, 200, [n, 120, 0], {})[0] for n in (low - 1, low, high, high + 1)]
    assert [one.inside for one in at_ends] == [False, True, True, False]
    as_it_should = scored(FORECAST, 200, [40, 120, 0], {})
    assert [one.counts for one in as_it_should] == [True, True, False]
    assert held_share(as_it_should) == HeldShare(2, 2, pytest.approx(0.1581138), 1.0)
    wrong = scored(FORECAST, 200, [40, 120, 3], {})
    assert [one.counts for one in wrong] == [True, True, True]
    assert (held_share(wrong).held, held_share(wrong).of) == (2, 3)


def test_nothing_is_said_of_what_is_untold_or_has_not_come():
    first, second, _ = scored(FORECAST, 90, [20, 50, 0], {0: "it is not wired"})
    assert (first.seen, first.inside, first.why) == (None, None, "it is not wired")
    assert first.share == 0.2 and second.inside
    assert [one.inside for one in scored(FORECAST, 0, [], {})] == [None] * 3
    assert held_share([first]) == HeldShare(0, 0, 0.0, 1.0)
    assert "Nothing has come yet" in held_share([]).sentence


def test_a_ledger_says_when_too_few_held():
    assert held_share(scored(FORECAST, 200, [40, 120, 0], {}) * 10).sentence == (
        "The 95 % intervals held 20 of 20 outputs: 95 % or more should; the share that this shows "
        "is between 83.2 % and 100.0 %."
    )
    often_wrong = held_share(scored(FORECAST, 200, [80, 120, 0], {}) * 10)
    assert (often_wrong.held, often_wrong.of) == (10, 20)
    assert "fewer than forecasts that are right would have" in often_wrong.sentence


def test_a_forecast_comes_back_as_it_was_kept():
    for forecast in (FORECAST, nothing("why ever")):
        assert read_kept(kept_document(forecast)) == forecast
    newer = json.dumps({**json.loads(kept_document(FORECAST)), "version": 2})
    with pytest.raises(InputError, match="newer Switchyard"):
        read_kept(newer)


STAGES = [
    {"id": "Label", "type": "Label", "name": "Label", "next": ["L"]},
    {"id": "L", "type": "Logic", "name": "L", "next": ["Expert", "Check", "Check", "Done"],
     "logic": {"conditions": [has("A") | {"index": 0}, chance(0.5) | {"index": 1},
                              has("B") | {"index": 2}]}},
    {"id": "Expert", "type": "Review", "name": "Expert", "next": ["Done", "Label"]},
    {"id": "Check", "type": "Review", "name": "Check", "next": ["Done", "Hold"]},
    {"id": "Hold", "type": "Hold", "name": "Hold", "next": ["Done"]},
    {"id": "Done", "type": "Complete", "name": "Done", "next": []},
]  # fmt: skip


def history(*entries, at="Done"):
    """A task by its entries: stage, and the class that it had then."""
    told = [
        {"stage": stage, "stageId": stage, "tools": [{"schemaId": one} for one in classes],
         "completedAt": f"2026-11-0{day}T10:00:00.000Z"}
        for day, (stage, classes) in enumerate(entries, 1)
    ]  # fmt: skip
    tools = told[-1]["tools"] if told else []
    return {"stage": at, "stageId": at, "stageHistory": told, "tools": tools}


TASKS = [
    history(("Label", "A"), ("Expert", "A")),
    history(("Label", "A"), ("Expert", "A"), ("Label", ""), ("Check", "")),  # its first had an A
    history(("Label", ""), at="Check"),
    history(("Label", "B"), ("Check", "B"), at="Hold"),
    history(("Label", "")),
    history(at="Label"),
    history(("Label", "A"), at="Expert"),
]


def read_tasks(tasks):
    named = [{"task": {"taskId": f"t{n}", **task}} for n, task in enumerate(tasks)]
    project = Project(id="p", name="P", stages=read_stages(STAGES))
    return read_stream(io.BytesIO(json.dumps(named).encode()), "x.json"), project


def test_the_first_coming_of_each_task_is_the_one_its_history_shows():
    table, project = read_tasks(TASKS)
    first = first_comings(table, project.logic_stages[0], project.stages, 4)
    assert first.entry.tolist() == [0, 2, 6, 7, 9, -1, 10]
    assert [cell.target for cell in first.cells] == ["Expert", "Check", "Done"]
    assert first.cells[1].outputs == (1, 2)
    assert first.cell.tolist() == [0, 0, 1, 1, 2, -1, 0] and first.untold == {}


def test_tasks_that_came_tell_it_with_the_facts_they_came_with():
    table, project = read_tasks(TASKS * 10)
    forecast = forecast_to_keep(table, project, Dialect(), project.logic_stages[0])
    assert (forecast.source, forecast.tasks, forecast.why) == ("came", 60, "")
    by_rule, drawn, with_b, rest = (one.law for one in forecast.outputs)
    assert by_rule == NextLaw(1.0, 30, 60)  # t1 is without an A only at its second coming
    assert (drawn.chance, drawn.may) == (0.5, 30) and (with_b.chance, with_b.may) == (0.5, 10)
    assert rest == NextLaw(0.5, 20, 60)


def small(rules, size=40):
    return workspace_of([{"classes": "A" * (n % 4 > 0)} for n in range(size)]), stage_of(*rules)


def test_without_histories_the_table_as_it_stands_tells_it():
    workspace, stage = small([has("A"), chance(0.5)])
    project = Project(id="p", name="P", stages=(stage,))
    forecast = forecast_to_keep(workspace.table, project, Dialect(), stage)
    assert (forecast.source, forecast.tasks) == ("table", 40)
    assert forecast.outputs[0].law == NextLaw(1.0, 30, 40)
    assert forecast.outputs[1].law == NextLaw(0.5, 10, 40)
    assert [one.label for one in forecast.outputs] == ["Rule 1", "Rule 2", "Else"]
    assert FEW <= 40


def test_a_rule_that_cannot_be_simulated_is_not_forecast_nor_what_stands_below():
    workspace, stage = small([has("A"), LATER, chance(0.5)])
    project = Project(id="p", name="P", stages=(stage,))
    outputs = forecast_to_keep(workspace.table, project, Dialect(), stage).outputs
    assert [one.law is None for one in outputs] == [False, True, True, True]
    assert all("cannot be simulated" in one.why for one in outputs[1:])
    assert [one.inside for one in scored(KeptForecast(outputs, 40, "table"), 10, [9, 1, 0, 0], {})][
        1:
    ] == [None] * 3


def test_facts_that_nobody_knows_forecast_nothing():
    workspace, stage = small([people("p")])
    project = Project(id="p", name="P", stages=(stage,))
    dialect = Dialect(annotator="assignee")
    assert forecast_to_keep(workspace.table, project, dialect, stage) == nothing(UNKNOWN)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.02, 0.98), st.integers(20, 400), st.integers(20, 400))
def test_where_the_work_stays_of_a_kind_the_intervals_hold(seed, share, before, after):
    """Over many worlds at least 95 % hold; of one world only that what is far out is outside."""
    dice = np.random.default_rng(seed)
    kept, came = dice.binomial(before, share), dice.binomial(after, share, 400)
    law = NextLaw(1.0, int(kept), before).of_next(after)
    inside = ((came >= law.low) & (came <= law.high)).mean()
    off = abs(kept / before - share) / (share * (1 - share) / before) ** 0.5
    assert inside > 0.5 or off > 1.5


def test_charts_and_tables_show_what_the_document_says():
    outputs = scored(FORECAST, 200, [40, 190, 0], {2: "it is not wired"})
    entry = ScoredForecast(
        "2026-11-26T14:03:00.000Z", "https://hub.example.com", False, "p", "s", "Routing",
        FORECAST, 200, outputs,
    )  # fmt: skip
    chart = held_chart(entry, LIGHT)
    intervals, right, wrong = chart.data
    assert list(right.x) == [20] and list(wrong.x) == [95] and list(wrong.y) == ["Rule 2"]
    assert intervals.base[0] == outputs[0].low / 2
    table = held_table(entry, names_of(None))
    assert table["As forecast"].tolist() == ["yes", "no", "not told"]
    assert table["Came"].tolist()[:2] == [40, 190]
    ledger = Kept((entry,), held_share(outputs))
    row = publishes_table(ledger.entries).iloc[0]
    assert (row["As forecast"], row["Of outputs"]) == (1, 2)
    document = ledger_document(ledger)
    assert (document["held"], document["of"]) == (1, 2)
    told = document["entries"][0]["outputs"]
    assert [one["inside"] for one in told] == [True, False, None]
    assert told[0]["next"] == list(ends(binom(100, 0.2), 100))
    assert replace(entry, came=0).came == 0
