"""Laws of the transition table, whatever happens in whatever order."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plugin_runs.model import FINAL, IN_FLIGHT, STATES, Run, RunRequest, State
from core.plugin_runs.state import KINDS, TABLE, Event, advance

quiet = settings(deadline=None)
START = Run("s", RunRequest("p", "q"))
EVENTS = st.lists(
    st.builds(
        Event,
        st.sampled_from(KINDS),
        st.floats(1, 1e9),
        message=st.sampled_from([None, "done"]),
        reason=st.sampled_from(["", "because"]),
    ),
    max_size=12,
)


def walk(events, run=START):
    seen = [run]
    for event in events:
        seen.append(advance(seen[-1], event))
    return seen


@quiet
@given(EVENTS)
def test_what_has_ended_stays(events):
    seen = walk(events)
    ends = [run for run in seen if run.is_final]
    assert all(run is ends[0] for run in ends)
    assert seen[-1].is_final == (seen[-1].finished_at is not None)


@quiet
@given(EVENTS)
def test_a_cancelled_run_is_never_anything_else(events):
    for before, after in zip(walk(events), walk(events)[1:], strict=False):
        if before.state in ("cancelling", "cancelled"):
            assert after.state in ("cancelling", "cancelled")
        if after.cancelled_at is not None:
            assert after.state in ("cancelling", "cancelled")


@quiet
@given(EVENTS)
def test_nothing_is_sent_twice_and_nothing_runs_unsent(events):
    seen = walk(events)
    times = {run.sent_at for run in seen} - {None}
    assert len(times) <= 1
    for run in seen:
        if run.state in IN_FLIGHT or run.state in ("succeeded", "failed", "no_answer"):
            assert run.sent_at is not None
        if run.state == "queued":
            assert run.sent_at is None and run is START


@quiet
@given(EVENTS)
def test_only_an_answer_leaves_a_message_and_a_restart_ends_what_flies(events):
    last = walk(events)[-1]
    assert last.message is None or last.state in ("succeeded", "cancelled")
    after = advance(last, Event("restarted", 1.0))
    assert after.state not in IN_FLIGHT
    assert last.state != "queued" or after.state == "queued"


def test_the_table_is_whole():
    assert set(TABLE) == set(STATES) == set(get_args(State))
    assert {kind for row in TABLE.values() for kind in row} == set(KINDS)
    assert {state for row in TABLE.values() for state in row.values()} | {"queued"} == set(STATES)
    assert all(not TABLE[state] for state in FINAL)
    assert all({"restarted", "late", "gone"} <= set(TABLE[state]) for state in IN_FLIGHT)


CELLS = """
state       sent      heard    answered   acknowledged  failed     cancel      late       gone         restarted    unheeded
queued      starting  -        -          -             -          cancelled   -          -            -            -
starting    -         running  succeeded  succeeded     failed     cancelling  no_answer  interrupted  interrupted  -
running     -         -        succeeded  succeeded     failed     cancelling  no_answer  interrupted  interrupted  -
cancelling  -         -        cancelled  cancelled     cancelled  -           cancelled  cancelled    cancelled    cancelled
succeeded   -         -        -          -             -          -           -          -            -            -
failed      -         -        -          -             -          -           -          -            -            -
cancelled   -         -        -          -             -          -           -          -            -            -
no_answer   -         -        -          -             -          -           -          -            -            -
interrupted -         -        -          -             -          -           -          -            -            -
"""  # noqa: E501
HEAD, *ROWS = (line.split() for line in CELLS.strip().splitlines())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_cell_leads_where_the_documentation_says(row):
    """Written out by hand from docs/semantics.md, Runs; `-` changes nothing."""
    assert set(HEAD[1:]) == set(KINDS)
    run = replace(START, state=row[0])
    for kind, state in zip(HEAD[1:], row[1:], strict=True):
        after = advance(run, Event(kind, 1.0))
        assert after is run if state == "-" else after.state == state, kind


def test_none_labelled_has_a_reason():
    sent = advance(START, Event("sent", 1.0))
    run = advance(replace(sent, requested=7), Event("answered", 2.0, message="0 / 7"))
    assert run.state == "succeeded" and "0 of 7" in run.reason and run.message == "0 / 7"
    run = advance(replace(sent, requested=7, labelled=1), Event("answered", 2.0, message="1 / 7"))
    assert run.reason == ""
