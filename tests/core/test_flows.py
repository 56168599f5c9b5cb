"""Flows: names beside the nodes that never meet, nothing drawn that has no width."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import has, stage_of, workspace_of

from core.charts.compare import migration_sankey, stage_sankey, too_few
from core.charts.flows import LETTER, PAD, SMALLEST, Link, Node, flows
from core.charts.palette import LIGHT
from core.charts.split import not_drawn, split_sankey
from core.routing import edit
from core.tasks import bits


@given(
    st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 7), st.floats(0, 1e5)), min_size=1, max_size=40
    )
)
def test_names_stand_a_line_apart_and_links_without_width_are_left_out(triples):
    nodes = [Node(f"node {place}", "#0072B2") for place in range(12)]
    links = [Link(*triple, "#0072B2") for triple in triples]
    figure = flows(nodes, nodes, links, LIGHT)
    wide = [link.tasks for link in links if link.tasks >= SMALLEST]
    assert list(figure.data[0].link.value) == wide
    inner = figure.layout.height - 24
    for names in figure.data[1:]:
        places = [place * inner for place in names.y]
        assert all(0 <= place <= inner for place in places)
        assert all(low - high >= PAD - 0.5 for high, low in pairwise(places))


def test_a_flow_that_is_not_drawn_is_listed(sample):
    rules = sample.project.logic_stages[0]
    split = sample.split(rules, within=bits.nothing(len(sample.table)))
    assert not split_sankey(split, sample.names, {}, LIGHT).data[0].link.value
    outputs = len(rules.active)
    words = ", ".join(str(n) for n in range(1, outputs + 1))
    assert not_drawn(split) == f"Not drawn, as no task is expected there: output {words} and Else."
    drawn = sample.split(rules)
    empty = [o for o in drawn.outputs if o.count.expected < SMALLEST]
    assert bool(not_drawn(drawn)) == bool(empty)


def test_twelve_outputs_have_their_names_and_those_without_a_task_are_listed():
    """Every second rule asks for a class that no task has; the names of the others are in full."""
    tasks = [{"classes": [f"class {n % 6}"], "who": "", "batch": ""} for n in range(120)]
    here = workspace_of(tasks)
    rules = [has(f"class {n // 2}" if n % 2 == 0 else f"nothing {n}") for n in range(12)]
    split = here.split(stage_of(*rules, targets=[f"stage {n}" for n in range(12)]))
    figure = split_sankey(split, here.names, {}, LIGHT)
    left, right = (list(names.text) for names in figure.data[1:])
    assert [text.split()[0] for text in left] == ["1", "3", "5", "7", "9", "11"]
    assert len(right) == 6 and all("20" in text for text in right)
    assert {names.textfont.color for names in figure.data[1:]} == {LIGHT.text}
    rooms = (figure.layout.margin.l, figure.layout.margin.r)
    for names, room in zip(figure.data[1:], rooms, strict=True):
        assert max(len(text.strip()) for text in names.text) * LETTER <= room
    assert "output 2, 4, 6, 8, 10, 12 and Else" in not_drawn(split)


def test_a_rule_that_leads_elsewhere_is_not_shown_as_itself_twice(sample):
    rules = sample.project.logic_stages[0]
    rule = rules.active[0]
    other = next(t for t in ("Review", "Complete") if t != rule.target)
    edited = edit.set_target(rules, rule.id, other)
    result, sides = sample.compare(rules, edited), sample.sides(rules, edited)
    figure = migration_sankey(result, *sides, sample.names, {}, LIGHT)
    left, right = (list(names.text) for names in figure.data[1:])
    assert not {text.strip() for text in left} & {text.strip() for text in right}
    now, then = sample.names.of_stage(other), sample.names.of_stage(rule.target)
    assert any(f"1 → {now}" in text for text in right) and then
    stages = stage_sankey(result, sample.names, LIGHT).data[0].link
    assert sum(stages.value) == pytest.approx(result.moved.expected)
    assert too_few(result, sample.names) == []
