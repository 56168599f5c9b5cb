"""Hits in order against the naive evaluator, task by task and draw by draw."""

import io
import json
from itertools import product

import naive
import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ango_json.project import read_project
from core.ango_json.stages import read_logic
from core.errors import InputError
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.routing import edit
from core.routing.engine.evaluate import first_match
from core.routing.explain.hits import both_match, taken_from
from core.tasks import bits
from core.workspace import Workspace

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def cases(draw):
    project = draw(strategies.projects())
    items = draw(strategies.items(project) | strategies.hub_tasks(project))
    stage = draw(strategies.logic_stages(project))
    try:
        table = read_stream(io.BytesIO(json.dumps(items).encode()), "items.json")
    except InputError:
        return None
    work = Workspace(table, read_project(project), Dialect())
    known = [naive.facts(task, project) for task in naive.tasks_of(items)[0]]
    verdicts = [
        [
            naive.chance_of(naive.condition_matches(c, k, project))
            for c in naive.conditions_of(stage)
        ]
        for k in known
    ]
    return work, read_logic(stage), verdicts


def ways(chances):
    """Every outcome of a task's draws: (probability, which rules match)."""
    for outcome in product(*[((1.0, bool(c)),) if c in (0.0, 1.0) else ((c, True), (1 - c, False))
                             for c in chances]):  # fmt: skip
        weight = 1.0
        for chance, _ in outcome:
            weight *= chance
        yield weight, [match for _, match in outcome]


def winner(matches):
    return next((i for i, match in enumerate(matches) if match), len(matches))


@many
@given(cases())
def test_every_number_is_the_sum_over_tasks_and_draws(case):
    if case is None:
        return
    work, stage, verdicts = case
    found = work.hits(stage)
    size = len(stage.active)
    alone, reached, won = ([0.0] * size for _ in range(3))
    lost, both = ([[0.0] * size for _ in range(size)] for _ in range(2))
    left = 0.0
    for chances in verdicts:
        for weight, matches in ways(chances):
            first = winner(matches)
            left += weight * (first == size)
            for i in range(size):
                alone[i] += weight * matches[i]
                reached[i] += weight * (first >= i)
                won[i] += weight * (first == i)
                for j in range(size):
                    lost[i][j] += weight * (matches[i] and first == j)
                    both[i][j] += weight * (matches[i] and matches[j])
    assert found.left.expected == pytest.approx(left)
    for i, hit in enumerate(found.rules):
        assert hit.alone.expected == pytest.approx(alone[i])
        assert hit.reached.expected == pytest.approx(reached[i])
        assert hit.won.expected == pytest.approx(won[i])
        assert [a.expected for a in hit.lost] == pytest.approx(lost[i][:i])
        assert [a.expected for a in found.overlap[i]] == pytest.approx(both[i])
        parts = [hit.won, *hit.lost]
        assert sum(part.expected for part in parts) == pytest.approx(hit.alone.expected)
        for part in (*parts, hit.alone, hit.reached, *found.overlap[i]):
            assert not part.certain or part.expected == int(part.expected)


@many
@given(cases())
def test_won_is_what_the_split_expects(case):
    if case is None:
        return
    work, stage, _ = case
    found, split = work.hits(stage), work.split(stage)
    expected = [output.count.expected for output in split.outputs]
    amounts = [*(hit.won for hit in found.rules), found.left]
    assert [amount.expected for amount in amounts] == pytest.approx(expected)
    for amount, output in zip(amounts, split.outputs, strict=True):
        assert not amount.certain or output.count.certain == amount.expected


@many
@given(cases())
def test_a_swap_moves_what_the_draws_say(case):
    if case is None:
        return
    work, stage, verdicts = case
    targets = [*(rule.target for rule in stage.active), stage.otherwise]
    for swap in work.hits(stage).swaps:
        order = list(range(len(stage.active)))
        order[swap.upper], order[swap.upper + 1] = swap.upper + 1, swap.upper
        moved = rerouted = 0.0
        for chances in verdicts:
            for weight, matches in ways(chances):
                before = winner(matches)
                after = [*order, len(order)][winner([matches[i] for i in order])]
                if before != after:
                    same = targets[before] == targets[after]
                    moved, rerouted = moved + weight * (not same), rerouted + weight * same
        assert swap.moved.expected == pytest.approx(moved)
        assert swap.rerouted.expected == pytest.approx(rerouted)


@many
@given(cases(), st.integers(0, 9))
def test_the_tasks_behind_a_number_are_those_of_the_draw(case, seed):
    if case is None:
        return
    work, stage, _ = case
    drawn = [work.matcher.drawn(rule, seed) for rule in stage.active]
    taken = first_match(drawn, work.everything)
    for i in range(len(stage.active)):
        for j in range(i):
            assert (both_match(work.matcher, stage, (j, i), seed) == (drawn[i] & drawn[j])).all()
            found = taken_from(work.matcher, stage, (j, i), seed)
            assert (found == (taken[j] & drawn[i])).all()
            if all(work.hits(stage).rules[i].lost[k].certain for k in range(i)):
                assert work.hits(stage).rules[i].lost[j].expected == bits.count(found)


def test_hits_look_at_the_selection_and_count_switched_off_rules(sample):
    stage = sample.project.logic_stages[0]
    some = sample.facts.batches[next(iter(sample.facts.batches))]
    found = sample.hits(stage, some)
    assert found.tasks == bits.count(some) < len(sample.table)
    assert found.rules[0].reached.expected == found.tasks
    off = sample.hits(edit.switch(stage, stage.rules[0].id))
    assert [hit.number for hit in off.rules] == list(range(2, len(stage.rules) + 1))
