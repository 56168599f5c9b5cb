"""Is the hub behaving: the test's own error rates over many seeds, and the words."""

import json

import numpy as np
import pytest
from scipy.stats import binom, binomtest
from small_world import batches, chance, has, stage_of, took, workspace_of

from core import demo
from core.errors import InputError
from core.logic.behaving import LEVEL, behaviour, read_counts
from core.logic.evaluate import first_match
from core.logic.shape import Shape, shape_of
from core.model.dialect import Dialect
from core.model.stages import Complete, Label, Review
from core.tasks import bits
from core.tasks.passed import passed
from core.tasks.read import read_path, read_stream
from core.wire.project import read_project
from core.wire.stages import read_logic
from core.wire.text import loads
from core.workspace import Workspace

HUNDRED = Shape((0, 100), (0.2,))
SEEDS = range(1_500)
TASKS = [
    {"batch": "q" if n % 3 else None, "classes": "AB"[: n % 3], "took": 1_000 * n}
    for n in range(300)
]
STAGE = stage_of(batches("q"), chance(0.2), has("A"), chance(0.3), took(0, 100_000))
OUTPUTS = [[i] for i in range(6)]
LABELS = ["Rule 1", "Rule 2", "Rule 3", "Rule 4", "Rule 5", "Else"]


def judged(observed, shape=HUNDRED, labels=("Rule 1", "Else"), **more):
    return behaviour(shape, [[i] for i in range(len(labels))], labels, observed, **more)


def drawn(work, stage, seed):
    """Tasks per output in the draw of a seed: a hub that behaves."""
    sets = [work.matcher.drawn(rule, seed) for rule in stage.active]
    return [bits.count(won) for won in first_match(sets, work.everything)]


def test_31_of_100_is_outside_12_to_28():
    found = judged([31, 69])
    assert not found.behaving
    assert found.sentences[0] == (
        "Rule 1: 31 of 100 is outside 12 to 28: check the rule's order, the batch, or the setting."
    )
    assert (found.counts[0].low, found.counts[0].high) == (12, 28)
    assert judged([28, 72]).behaving and judged([12, 88]).behaving
    assert not judged([29, 71]).behaving and not judged([11, 89]).behaving


@pytest.mark.parametrize("count", [5, 11, 12, 20, 28, 29, 31])
def test_one_random_rule_is_the_exact_binomial_test(count):
    found = judged([count, 100 - count])
    tails = min(binom.cdf(count, 100, 0.2), binom.sf(count - 1, 100, 0.2))
    assert found.counts[0].p == pytest.approx(min(1, 2 * tails))
    assert found.counts[0].adjusted == found.counts[0].p
    assert found.counts[1].p == pytest.approx(found.counts[0].p)
    if count in (5, 31):
        assert binomtest(count, 100, 0.2).pvalue < LEVEL


def test_outside_the_interval_and_off_are_the_same_for_one_rule():
    for size, p in ((40, 0.1), (100, 0.2), (333, 0.375), (1_000, 0.5)):
        shape = Shape((0, size), (p,))
        for count in range(size + 1):
            seen = judged([count, size - count], shape).counts[0]
            assert seen.off == (not seen.low <= count <= seen.high), (size, count)


def test_a_hub_that_behaves_is_called_off_at_most_one_time_in_twenty():
    work = workspace_of(TASKS)
    shape = shape_of(work.matcher, STAGE, work.everything)
    off = inside = counted = 0
    for seed in SEEDS:
        found = behaviour(shape, OUTPUTS, LABELS, drawn(work, STAGE, seed))
        assert found.basis == "these tasks"
        off += not found.behaving
        for seen in found.counts:
            if seen.low < seen.high:
                counted += 1
                inside += seen.low <= seen.observed <= seen.high
    assert off / len(SEEDS) <= LEVEL + 3 * (LEVEL * (1 - LEVEL) / len(SEEDS)) ** 0.5
    assert off > 5  # it is not deaf either
    assert 0.945 <= inside / counted <= 0.99


def test_other_tasks_like_these_are_judged_at_the_same_rate():
    work, dice = workspace_of(TASKS), np.random.default_rng(4)
    shape = shape_of(work.matcher, STAGE, work.everything)
    shares = [shape.expected(i) / shape.tasks for i in range(6)]
    off = 0
    for counts in dice.multinomial(120, shares, len(SEEDS)).tolist():
        found = behaviour(shape, OUTPUTS, LABELS, counts)
        assert found.basis == "tasks like these"
        off += not found.behaving
    assert off / len(SEEDS) <= LEVEL + 3 * (LEVEL * (1 - LEVEL) / len(SEEDS)) ** 0.5


def test_a_hub_with_another_setting_is_noticed_and_the_rule_named():
    work = workspace_of(TASKS)
    shape = shape_of(work.matcher, STAGE, work.everything)
    other = stage_of(batches("q"), chance(0.6), has("A"), chance(0.3), took(0, 100_000))
    noticed = named = 0
    for seed in range(300):
        found = behaviour(shape, OUTPUTS, LABELS, drawn(work, other, seed))
        noticed += not found.behaving
        named += any(line.startswith("Rule 2: ") for line in found.sentences)
    assert noticed > 285 and named > 285


def test_what_chance_plays_no_part_in_must_be_exact():
    shape = Shape((70, 0, 30), (None, 0.5))
    labels = ("Rule 1", "Rule 2", "Else")
    found = judged([71, 14, 15], shape, labels)
    assert not found.behaving and found.counts[0].p == 0
    assert found.sentences[0].startswith("Rule 1: 71 of 100 is not 70: check the rule's order")
    assert judged([70, 14, 16], shape, labels).behaving
    assert judged([71, 14, 15], shape, labels, basis="tasks like these").behaving
    assert judged([7, 2, 1], shape, labels).basis == "tasks like these"


def test_outputs_to_one_stage_are_judged_together():
    shape = Shape((10, 0, 0, 60, 30), (None, 0.2, 0.5, None))
    found = behaviour(shape, [[0, 1], [2, 3, 4]], ["A", "B"], [30, 70])
    assert found.counts[0].expected == pytest.approx(10 + 18)
    assert (found.counts[0].low, found.counts[0].high) == (
        10 + binom.ppf(0.025, 90, 0.2),
        10 + binom.ppf(0.975, 90, 0.2),
    )


def test_one_count_out_of_many_may_be_outside_by_chance():
    chances = (0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.25, 0.33, 0.5)
    shape = Shape((0,) * 9 + (1_000,), chances)
    labels = [str(i) for i in range(9)] + ["Else"]
    observed = [round(shape.expected(i)) for i in range(10)]
    high = shape.interval(0)[1]
    observed[9] -= high + 1 - observed[0] + sum(observed) - 1_000
    observed[0] = high + 1
    found = behaviour(shape, [[i] for i in range(10)], labels, observed)
    assert found.behaving and "0 and Else are outside" in found.sentences[1]


@pytest.mark.parametrize(
    ("observed", "says"),
    [([1, 2, 3], "2 are needed, 3 were given"), ([-1, 5], "-1 is negative"), ([0, 0], "no task")],
)
def test_unusable_counts_are_refused(observed, says):
    with pytest.raises(InputError) as caught:
        judged(observed)
    assert says in str(caught.value)
    with pytest.raises(InputError, match="no task is looked at"):
        judged([1, 2], Shape((0, 0), (0.2,)))


@pytest.mark.parametrize(
    "text",
    ["31, 69", "31 69", "31\n69", "Rule 1\t31\nElse\t69", "Review 2: 31\nElse: 69",
     "Expert review   31\nSecond 4   69\n", "31;69"],
)  # fmt: skip
def test_counts_are_read_from_pasted_text(text):
    assert read_counts(text, ["Rule 1", "Else"]) == (31, 69)


def test_thousands_are_read_and_too_few_numbers_refused():
    assert read_counts("A\t1,204\nB\t31", ["A", "B"]) == (1_204, 31)
    with pytest.raises(InputError, match="1 numbers were found, 2 are needed"):
        read_counts("31", ["A", "B"])


# ---- from task history ----------------------------------------------------------------------


def entry(stage, review=None):
    return {"stageId": stage, "stage": stage, "completedBy": "a@example.com",
            **({"reviewStatus": review} if review else {})}  # fmt: skip


def test_first_passes_are_followed_to_the_stage_behind(tmp_path):
    logic = read_logic(
        {"id": "L", "type": "Logic", "next": ["Expert", "Label", "Done"],
         "logic": {"conditions": [chance(0.2), chance(0.5)]}}
    )  # fmt: skip
    label = Label(id="Label", name="Label", next=("Check",))
    check = Review(id="Check", name="Check", next=("L", "Label"))
    around = [
        label,
        check,
        logic,
        Review(id="Expert", name="Expert"),
        Complete(id="Done", name="Done"),
    ]
    ways = {
        "t1": ("Done", [entry("Label"), entry("Check", "Accepted")]),
        "t2": (
            "Check",
            [entry("Check", "Accepted"), entry("Expert"), entry("Check"), entry("Done")],
        ),
        "t3": ("Label", [entry("Check", "Rejected")]),
        "t4": ("Check", [entry("Label")]),
        "t5": ("Expert", [entry("Check", "Accepted")]),
        "t6": ("Elsewhere", [entry("Check", "Accepted")]),
    }
    items = [
        {"task": {"taskId": key, "stage": now, "stageId": now, "stageHistory": history}}
        for key, (now, history) in ways.items()
    ]
    file = tmp_path / "x.json"
    file.write_text(json.dumps(items))
    with file.open("rb") as stream:
        table = read_stream(stream, "x.json")
    found = passed(table, logic, around, bits.everything(len(table)))
    assert found.by_target == {"Expert": 2, "Label": 0, "Done": 1}
    assert [table.ids[i].as_py() for i in bits.rows_of(found.tasks, len(table))] == [
        "t1",
        "t2",
        "t5",
    ]
    assert found.lost == 2
    some = bits.of_rows(np.array([0]), len(table))
    assert passed(table, logic, around, some).by_target["Done"] == 1


def test_the_demo_behaves_by_the_facts_that_its_rules_saw():
    project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    table, stage = read_path(demo.EXPORT), project.logic_stages[0]

    def found(at):
        work = Workspace(table, project, Dialect(at=at))
        went = passed(table, stage, project.stages, work.everything)
        targets = [*(rule.target for rule in stage.active), stage.otherwise]
        names = list(went.by_target)
        members = [[i for i, target in enumerate(targets) if target == name] for name in names]
        shape = shape_of(work.matcher, stage, went.tasks)
        assert sum(went.by_target.values()) == bits.count(went.tasks) > 4_000
        return behaviour(shape, members, names, list(went.by_target.values()))

    assert not found("final").behaving and found("Label").behaving
