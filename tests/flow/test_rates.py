"""Rates of Review and Consensus: from histories, from a file, assumed."""

import io
import json

import numpy as np
import pytest
from flow_helpers import consensus, end, label, project_of, review, start

from core.errors import InputError
from core.export.reader import read_stream
from core.flow.graph import graph_of
from core.flow.rates import problems_of, rates_by, rates_of, read_rates
from core.model.dialect import Dialect
from core.tasks import bits
from core.workspace import Workspace

STAGES = [
    start("W"),
    label("W", "C"),
    *consensus("C", "R", "W"),
    review("R", "Complete", "W"),
    end(),
]


def entry(stage, status=None):
    return {"stageId": stage, "stage": stage, "completedBy": "p", "reviewStatus": status}


def workspace(*histories, now="Complete"):
    items = [
        {"asset": f"a{n}", "task": {"taskId": f"t{n}", "stage": now, "stageHistory": list(steps)}}
        for n, steps in enumerate(histories)
    ]
    table = read_stream(io.BytesIO(json.dumps(items).encode()), "tasks.json")
    return Workspace(table, project_of(*STAGES), Dialect())


def rates(here, typed=None):
    graph = graph_of(here.project.stages)
    found = rates_of(graph, here.table, here.everything, typed or {})
    return {graph.stages[place].id: rate for place, rate in found.items()}, graph, found


def test_accepted_and_fixed_over_all_that_were_judged():
    steps = [entry("W"), entry("R", "Accepted"), entry("R", "Rejected"), entry("R", "Fixed")]
    by_stage, *_ = rates(workspace(steps, [entry("R", "accepted"), entry("R", "Todo"), entry("R")]))
    assert (by_stage["R"].first, by_stage["R"].of, by_stage["R"].value) == (3, 4, 0.75)
    assert by_stage["R"].origin == "history"
    assert 0 < by_stage["R"].low < 0.75 < by_stage["R"].high < 1


def test_an_entry_is_found_by_the_name_of_its_stage_where_the_id_is_another():
    here = workspace([{"stage": "R", "reviewStatus": "Rejected", "completedBy": "p"}])
    assert rates(here)[0]["R"].of == 1


def test_agreement_is_told_by_where_a_task_was_seen_next():
    agreed = [entry("W"), entry("C_0"), entry("C_1"), entry("R", "Accepted")]
    not_agreed = [entry("W"), entry("C_0"), entry("C_1"), entry("W"), entry("C_0"), entry("C_1")]
    by_stage, *_ = rates(workspace(agreed, not_agreed, now="R"))
    assert (by_stage["C"].first, by_stage["C"].of) == (2, 3)


def test_a_typed_rate_holds_and_what_the_history_says_stays_beside_it():
    here = workspace([entry("R", "Rejected")])
    by_stage, graph, found = rates(here, {graph_of(here.project.stages).find("R"): 0.9})
    assert by_stage["R"].value == 0.9 and by_stage["R"].of == 1
    assert [one.code for one in problems_of(graph, found)] == ["rate.assumed"]  # of the Consensus


def test_ten_passes_are_few_and_none_is_assumed():
    _, graph, found = rates(workspace(*[[entry("R", "Accepted")]] * 10))
    problems = {one.place: one for one in problems_of(graph, found)}
    assert problems["R"].code == "rate.few" and "10 passes" in problems["R"].message
    assert problems["C"].code == "rate.assumed"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([], "is no object"),
        ({"W": {"accepted": 0.5}}, "“W” is no Review or Consensus"),
        ({"nobody": {"accepted": 0.5}}, "It has C and R."),
        ({"R": 0.5}, "“accepted”"),
        ({"R": {"agreement": 0.5}}, "“accepted”"),
        ({"R": {"accepted": 1.5}}, "from 0 to 1"),
        ({"R": {"accepted": -0.1}}, "from 0 to 1"),
        ({"R": {"accepted": "much"}}, "is not a number"),
        ({"R": {"accepted": True}}, "is not a number"),
        ({"C": {"agreement": None}}, "is not a number"),
    ],
)
def test_unusable_rates_are_refused_with_their_place(value, says):
    with pytest.raises(InputError, match=r"rates\.json") as refused:
        read_rates(value, graph_of(project_of(*STAGES).stages), "rates.json")
    assert says in str(refused.value)


def test_rates_are_read_by_id_or_name_and_as_text():
    graph = graph_of(project_of(*STAGES).stages)
    value = {"R": {"accepted": "0.8"}, "C": {"agreement": 1}}
    assert read_rates(value, graph, "x") == {graph.find("R"): 0.8, graph.find("C"): 1.0}


def test_rates_of_parts_have_their_own_counts_and_intervals():
    table = workspace(*[[entry("R", "Accepted")]] * 40, *[[entry("R", "Rejected")]] * 10).table
    graph = graph_of(project_of(*STAGES).stages)
    first, rest = (bits.of_rows(np.arange(*span), 50) for span in ((0, 45), (45, 50)))
    everything = bits.everything(50)
    parts = {"some": first, "others": rest, "none": bits.nothing(50)}
    rates = rates_by(graph, table, parts, everything, graph.find("R"))
    assert [(one.name, one.first, one.of) for one in rates] == [("some", 40, 45), ("others", 0, 5)]
    assert rates[0].low < 40 / 45 < rates[0].high and rates[0].enough and not rates[1].enough
    within = bits.of_rows(np.arange(0, 10), 50)
    assert rates_by(graph, table, parts, within, graph.find("R"))[0].of == 10
