"""What falls into Else, and what a rule made of it takes."""

from collections import Counter

import pytest
from small_world import batches, chance, has, stage_of, took, workspace_of

from core.routing import edit
from core.routing.explain.else_groups import _signatures
from core.tasks import bits

TASKS = [
    {
        "batch": "qst"[n % 3] if n % 5 else None,
        "classes": ["A", "AB", "", "C", "ABC"][n % 5],
        "who": ["ada", "bob", None][n % 3],
        "took": 7_000 * n if n % 11 else None,
    }
    for n in range(200)
]


@pytest.mark.parametrize("conditions", [(), (batches("q"),), (has("C"), chance(0.25))])
def test_a_rule_made_of_a_group_takes_what_is_predicted(conditions):
    work, stage = workspace_of(TASKS), stage_of(*conditions)
    groups = work.else_groups(stage)
    before = work.split(stage).outputs[-1].count.expected
    assert [g.tasks for g in groups] == sorted((g.tasks for g in groups), reverse=True)
    made = 0
    for group in groups:
        if group.condition is None:
            assert group.takes == 0
            continue
        made += 1
        with_rule, _ = edit.add(stage, group.condition, None)
        after = work.split(with_rule).outputs
        assert after[-2].count.expected == pytest.approx(group.takes), group
        assert before - after[-1].count.expected == pytest.approx(group.takes)
        assert group.expected <= group.takes + 1e-9
    assert made > 10


def test_groups_are_counted_as_one_would():
    work, stage = workspace_of(TASKS), stage_of(batches("q"))
    rest = [task for task in TASKS if task["batch"] != "q"]
    found = {(g.fact, g.label): g.tasks for g in work.else_groups(stage)}
    sets = Counter(" and ".join(task["classes"]).replace(" and ", ", ", len(task["classes"]) - 2)
                   or "no class" for task in rest)  # fmt: skip
    assert {label: n for (fact, label), n in found.items() if fact == "Classes"} == dict(sets)
    in_batch = Counter(task["batch"] or "no batch" for task in rest)
    assert {label: n for (fact, label), n in found.items() if fact == "Batch"} == dict(in_batch)
    who = Counter(task["who"] or "nobody known" for task in rest)
    assert {label: n for (fact, label), n in found.items() if fact == "Annotator"} == dict(who)
    unknown = sum(task["took"] is None for task in rest)
    assert found["Duration", "duration unknown"] == unknown
    short = sum(task["took"] is not None and task["took"] <= 30_000 for task in rest)
    assert found["Duration", "at most 30 s"] == short


def test_with_nothing_left_there_is_no_group():
    work = workspace_of(TASKS)
    assert work.else_groups(stage_of(has())) == ()
    assert work.else_groups(stage_of(), work.everything & ~work.everything) == ()
    assert {g.fact for g in work.else_groups(stage_of(took(0, 1)))} == {
        "Classes", "Batch", "Annotator", "Duration",
    }  # fmt: skip


def test_more_classes_than_fit_a_table_are_counted_all_the_same():
    size, many = 500, 47
    flags = [[(n * (c + 3)) % 7 < 2 or (n % 50 == c) for c in range(many)] for n in range(size)]
    sets = [bits.of_rows(bits.rows_of(bits.everything(size), size)[[f[c] for f in flags]], size)
            for c in range(many)]  # fmt: skip
    codes, counts = _signatures(sets, bits.rows_of(bits.everything(size), size), size)
    wanted = Counter(sum(1 << c for c in range(many) if f[c]) for f in flags)
    assert dict(zip(codes, counts.tolist(), strict=True)) == dict(wanted)
