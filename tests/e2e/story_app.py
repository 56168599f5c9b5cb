"""A page with only the screen of a story, over made-up tasks.

`?n=1000000` sets how many; `?fixed=1` draws the same page with figures that need no arithmetic: one
row of tasks, which no rule takes. `?prices=1` adds the levers of costs, over made-up looks.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from bench_rules import CONDITIONS, make_columns, make_facts, rules_of  # noqa: E402

from core.model.stages import Logic  # noqa: E402
from core.routing.engine.evaluate import Matcher  # noqa: E402
from core.rule_types.duration import Duration  # noqa: E402
from core.rule_types.random_sample import RandomSample  # noqa: E402
from core.scenario.cost import Costing, LookCount  # noqa: E402
from core.scenario.lever_table import lever_table  # noqa: E402
from core.scenario.levers import Lever, place  # noqa: E402
from core.scenario.story import Board, StageNumber  # noqa: E402
from core.tasks import bits  # noqa: E402
from pages.share.parts.story_view import story_view, take_action  # noqa: E402


@st.cache_resource
def made_up(tasks: int, priced: bool) -> Board:
    """A story of four levers, and of those of costs."""
    matcher = Matcher(make_facts(make_columns(tasks)))
    conditions = (*CONDITIONS, RandomSample(0.3), Duration(60_000, None))
    rules = rules_of(conditions)
    stage = Logic(id="routing", name="Routing", rules=rules, otherwise="Else")
    rule = {kind.__name__: next(r.id for r in rules[::-1] if isinstance(r.condition, kind))
            for kind in (RandomSample, Duration)}  # fmt: skip
    levers = [
        Lever("Picked", "share", rule["RandomSample"], 0, 100, 1),
        Lever("At least", "least", rule["Duration"], 0, 600_000, 5_000),
        Lever("First rule", "switch", rules[0].id, 0, 1, 1),
        Lever("Tasks", "tasks", "", 0, 2 * tasks, tasks / 50),
    ]
    if priced:
        levers += [
            Lever("Review", "review_price", "", 0, 5, 0.05),
            Lever("Escape", "escape_price", "", 0, 100, 1),
            Lever("Rework", "rework_price", "", 0, 50, 0.5, start=3.7),
            Lever("Wrong", "error_rate", "", 0, 50, 0.5),
        ]
    looks = LookCount(977, 118)
    placed = tuple(place(one, stage, matcher.facts.dialect, tasks, looks.rate) for one in levers)
    table = lever_table(matcher, stage, bits.everything(tasks), placed)
    usual = table.expected(placed)
    numbers = tuple(
        StageNumber(target, str(target), before, before, turn >= len(usual) - 4)
        for turn, (target, before) in enumerate(zip(table.targets, usual, strict=True))
    )
    places = {one.lever.kind: turn for turn, one in enumerate(placed) if one.lever.of_cost}
    reviews = tuple(turn % 2 == 0 for turn in range(len(usual)))
    reviewed = sum(usual[::2])
    cost = Costing(reviews, (reviewed, tasks - reviewed), places, looks) if priced else None
    return Board(tasks, stage, placed, table, numbers, ("As they are.",), cost=cost)


board = made_up(int(st.query_params.get("n", "20000")), "prices" in st.query_params)
if "fixed" in st.query_params:
    table = board.table
    one = np.zeros(1, np.int64)
    table = replace(
        table,
        counts=one + table.tasks,
        stops=one + len(table.steps),
        matched=one,
        bins=dict.fromkeys(table.bins, one),
    )
    board = replace(board, table=table)
action = take_action("story", board.levers)
if action is not None:
    st.session_state["at"] = action.at
at = st.session_state.get("at", [one.at for one in board.levers])
levers = tuple(replace(one, at=place) for one, place in zip(board.levers, at, strict=True))
board = replace(board, levers=levers)
story_view(board, "Made up", "Against itself.", "Smile.", key="story")
st.text("at: " + json.dumps(list(at)))
st.text(f"rows: {len(board.table.counts)}")
if board.cost is not None:
    now, before = board.costs
    st.text("cost: " + json.dumps([now.money, before.money, now.escaped, before.escaped]))
    st.text("words: " + board.cost.words(levers))
sums = dict(zip(map(str, board.table.targets), board.table.expected(levers), strict=True))
st.text("expected: " + json.dumps(sums))
