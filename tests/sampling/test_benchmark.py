"""Answers to benchmark tasks: judged one by one, and their error rates by group."""

import io
import json

import pytest
from benchmark_world import ASSETS, MISTAKES, RIGHT, answer, box, known
from hypothesis import given
from hypothesis import strategies as st
from review_worlds import entry, project

from core.ango_json.project import read_project
from core.cli.main import main
from core.errors import InputError
from core.export.benchmark import (
    NO_KNOWN,
    OTHERS,
    SEVERAL,
    TWICE,
    BenchmarkAnswers,
    of_hub,
    read_benchmark,
)
from core.export.reader import read_stream
from core.export.whole_items import task_file
from core.model.dialect import Dialect
from core.sampling.benchmark import BY, NOT_COMPARED, benchmark_rates, compare_answers, judge
from core.sampling.budget import budget_of
from core.workspace import Workspace

KNOWN = [known(n) for n in range(ASSETS)]


@pytest.fixture
def kept(tmp_path):
    """Keeps items as a file."""

    def keep(items, name="benchmark.json"):
        path = tmp_path / name
        path.write_text(json.dumps(items))
        return path

    return keep


def read(path, *others):
    return read_benchmark(task_file(path), [task_file(other) for other in others])


def judged(path, *others, iou=0.5):
    return judge(compare_answers(read(path, *others)), iou)


def rates_of(found, by):
    workspace = Workspace(found.table, read_project(project()), Dialect())
    return benchmark_rates(workspace, found, by)


@pytest.mark.parametrize("what", MISTAKES)
def test_an_answer_is_wrong_where_a_label_has_not_its_like(kept, what):
    found = judged(kept([*KNOWN, answer("a@x", 0, what)]))
    assert found.wrong.tolist() == [what not in ("right", "nearly")]
    assert found.assets == 1 and not found.left_out


def test_the_least_overlap_decides(kept):
    path = kept([*KNOWN, answer("a@x", 0, "nearly")])  # 80 of 120 pixels in common
    assert judged(path, iou=0.66).wrong.tolist() == [False]
    assert judged(path, iou=0.67).wrong.tolist() == [True]


def test_nothing_where_nothing_is_right(kept):
    empty = MISTAKES["nothing"]
    found = judged(kept([known(0, empty), answer("a@x", 0, "nothing"), answer("b@x", 0)]))
    assert found.wrong.tolist() == [False, True]


@pytest.mark.parametrize("by", BY)
def test_answers_without_a_label_anywhere_are_right(kept, by):
    path = kept([known(0, MISTAKES["nothing"]), answer("a@x", 0, "nothing")])
    rates = rates_of(judged(path), by)
    assert (rates.wrong, rates.reviewed) == (0, 1)
    assert len(rates.groups) == (by != "class")


def test_known_answers_may_stand_in_another_file(kept):
    answers = kept([answer("a@x", n, "missed" if n else "right") for n in range(3)])
    others = kept([known(n, isBenchmark=False) for n in range(5)], "export.json")
    found = judged(answers, others)
    assert found.wrong.tolist() == [False, True, True] and found.assets == 3


def test_a_marked_task_counts_before_another_of_its_asset(kept):
    answers = kept([answer("a@x", 0)])
    other = known(0, MISTAKES["missed"], isBenchmark=False, taskId="other")
    assert judged(answers, kept([other, known(0)], "export.json")).wrong.tolist() == [False]
    both = kept([other, known(0, isBenchmark=False)], "export.json")
    with pytest.raises(InputError, match=SEVERAL):
        read(answers, both)


def test_assets_are_known_by_their_external_id_where_addresses_differ(kept):
    moved = {**answer("a@x", 0, "missed"), "asset": "https://signed.example/0.jpg?until=now"}
    assert judged(kept([*KNOWN, moved])).wrong.tolist() == [True]
    twice = {**known(1), "externalId": "0.jpg"}
    with pytest.raises(InputError, match=SEVERAL):
        read(kept([known(0), twice, moved]))


def test_the_annotator_is_judged_and_not_the_reviewer(kept):
    mended = answer("a@x", 0, "missed")
    mended["task"] |= RIGHT  # as the review left it
    mended["task"]["stageHistory"].append(entry("R", "Fixed") | RIGHT)
    assert judged(kept([*KNOWN, mended])).wrong.tolist() == [True]


def test_tasks_of_the_hub_are_read_as_well(kept):
    tasks = [
        {"_id": "k", "asset": {"_id": "a0"}, "isBenchmark": True, "answer": RIGHT},
        {"_id": "t", "asset": {"_id": "a0"}, "isBenchmark": True, "type": "benchmark",
         "assignee": "a@x", "answer": MISTAKES["made up"]},
    ]  # fmt: skip
    found = judged(kept({"status": "success", "data": {"tasks": tasks, "total": 2}}))
    assert found.wrong.tolist() == [True]
    assert [one.name for one in rates_of(found, "annotator").groups] == ["a@x"]


def test_what_cannot_be_judged_is_counted(kept):
    line = {"tools": [{"schemaId": "lane", "polyline": [[0, 0], [1, 1]]}], "classifications": []}
    again = answer("a@x", 0, "missed")
    some = [*KNOWN, known(7, line), answer("a@x", 0), again, answer("a@x", 7, line),
            answer("a@x", 9)]  # fmt: skip
    found = judged(kept(some))
    assert found.wrong.tolist() == [False]
    assert found.left_out == {NO_KNOWN: 1, NOT_COMPARED: 1, TWICE: 1}
    assert found.labels_left_out == {"polyline": 2}
    text = " ".join(found.sentences)
    assert "1 without a known answer of its asset" in text and "2 polyline" in text


def test_by_group_as_everywhere(kept):
    some = [answer("a@x", n, "missed" if n < 5 else "right") for n in range(ASSETS)]
    some += [answer("b@x", n, at="2026-09-15T10:00:00.000Z") for n in range(ASSETS)]
    found = judged(kept([*KNOWN, *some]))
    people = rates_of(found, "annotator")
    assert [(one.name, one.wrong, one.reviewed) for one in people.groups] == [
        ("a@x", 5, 6), ("b@x", 0, 6),
    ]  # fmt: skip
    assert people.groups[0].worse and people.groups[0].weighted is None
    assert "5 of 12 answers were wrong" in people.sentences[0]
    weeks = rates_of(found, "week")
    assert [(one.name, one.wrong) for one in weeks.groups] == [("2026-09-07", 5), ("2026-09-14", 0)]
    assert {one.name: one.reviewed for one in rates_of(found, "batch").groups} == {"b0": 6, "b1": 6}
    classes = {one.name: (one.wrong, one.reviewed) for one in rates_of(found, "class").groups}
    assert classes == {"car": (0, 12), "bus": (5, 12), "day": (0, 12)}
    with pytest.raises(InputError, match="stage is no breakdown"):
        rates_of(found, "stage")


def test_a_class_is_blamed_for_its_own_labels(kept):
    mixed, made_up = answer("a@x", 0, "mixed up"), answer("b@x", 0, "made up")
    found = judged(kept([*KNOWN, mixed, made_up, answer("c@x", 1)]))
    rates = rates_of(found, "class")
    classes = {one.name: (one.wrong, one.reviewed) for one in rates.groups}
    assert classes == {"car": (2, 3), "bus": (1, 3), "day": (0, 3)}
    assert rates.common == 3 / 9  # of classes, as theirs
    assert (rates.wrong, rates.reviewed) == (2, 3) and "2 of 3 answers" in rates.sentences[0]
    assert sum(week.reviewed for week in rates.drift.weeks) == 3
    lone = judged(kept([known(0, {"tools": [box("car")]}), answer("a@x", 0, "nothing")]))
    assert [(one.name, one.wrong) for one in rates_of(lone, "class").groups] == [("car", 1)]


def test_what_is_no_benchmark_task_answers_none(kept):
    usual = [answer("c@x", n, "missed") for n in range(3)]
    typed = [answer("a@x", n, type="benchmark") for n in range(2)]
    found = judged(kept([*KNOWN, *usual, *typed]))
    assert found.wrong.tolist() == [False, False] and found.left_out == {OTHERS: 3}


def test_an_answer_is_never_known_to_be_right(kept):
    of_ada = answer("ada@x", 0, "missed", type="benchmark")
    answers, more = kept([answer("ben@x", 0)]), kept([of_ada, answer("ben@x", 0)], "more.json")
    with pytest.raises(InputError, match=NO_KNOWN):
        read(answers, more)


def test_a_known_task_that_comes_twice_counts_once(kept):
    path = kept([*KNOWN, *KNOWN, answer("a@x", 0, "missed")])
    assert judged(path).wrong.tolist() == [True]
    answers, more = kept([answer("a@x", 0)]), kept([known(0, isBenchmark=False)], "more.json")
    assert judged(answers, more, more).wrong.tolist() == [False]


@pytest.mark.parametrize("items", [KNOWN, [{"asset": "a0"}, *KNOWN]])
def test_known_answers_alone_are_a_sentence(kept, items):
    with pytest.raises(InputError, match="has no answer that can be judged"):
        read(kept(items))
    with pytest.raises(InputError):
        read_benchmark(of_hub("hub", []), [])


def test_the_first_person_is_the_first_by_date(kept):
    mended = answer("a@x", 0, "missed")
    later = {**entry("R", "Fixed", at="2026-09-09T10:00:00.000Z"), **RIGHT}
    before = {**entry("S", at="2026-09-07T10:00:00.000Z"), **RIGHT, "completedBy": None}
    mended["task"] |= RIGHT
    mended["task"]["stageHistory"] = [later, *mended["task"]["stageHistory"], before]
    assert judged(kept([*KNOWN, mended])).wrong.tolist() == [True]


def test_people_are_one_however_they_are_spelled(kept):
    found = judged(kept([*KNOWN, *(answer("ADA@X", n, "missed") for n in range(4)),
                         *(answer("b@x", n) for n in range(4))]))  # fmt: skip
    tasks = judged(kept([*KNOWN, answer("ada@x", 0), answer("b@x", 0), answer("c@x", 0)])).table
    workspace = Workspace(tasks, read_project(project()), Dialect())
    budget = budget_of(workspace, "annotator", 1, 0.0, rates_of(found, "annotator"))
    assert budget.groups[0].name == "ada@x" and budget.groups[0].rate > 0.5
    assert any("Nothing is known of c@x" in note for note in budget.notes)
    strangers = rates_of(judged(kept([*KNOWN, answer("z@x", 0), answer("y@x", 1)])), "annotator")
    with pytest.raises(InputError, match="nothing is known of any annotator"):
        budget_of(workspace, "annotator", 1, 0.0, strangers)


def test_a_budget_goes_by_what_known_answers_showed(kept):
    some = [answer(who, n, "missed" if who == "a@x" and n else "right")
            for who in ("a@x", "b@x") for n in range(ASSETS)]  # fmt: skip
    found = judged(kept([*KNOWN, *some]))
    rates = rates_of(found, "annotator")
    workspace = Workspace(found.table, read_project(project()), Dialect())
    budget = budget_of(workspace, "annotator", 6, 0.0, rates)
    assert [(group.name, share) for group, share in zip(budget.groups, budget.shares, strict=True)
            if group.tasks] == [("a@x", 1.0), ("b@x", 0.0)]  # fmt: skip


ONE = read_stream(io.BytesIO(json.dumps([answer("a@x", 0)]).encode()), "one.json")
boxes = st.lists(
    st.tuples(st.sampled_from(["car", "bus"]), st.integers(0, 400), st.integers(1, 200)), max_size=4
)


@given(boxes, boxes, st.floats(0.1, 1.0))
def test_labels_are_right_against_themselves_and_alike_both_ways(one, other, iou):
    def found(mine, theirs):
        sides = [{"tools": [box(*each) for each in side]} for side in (mine, theirs)]
        answers = BenchmarkAnswers(ONE, (sides[0],), (sides[1],), ("a0",), {})
        return judge(compare_answers(answers), iou)

    assert not found(one, one).wrong.any()
    assert found(one, other).wrong.tolist() == found(other, one).wrong.tolist()


@pytest.fixture
def asked(kept):
    some = [answer("a@x", n, "missed" if n % 2 else "right") for n in range(ASSETS)]
    tasks = kept([{**known(n, isBenchmark=False), "externalId": None} for n in range(ASSETS)],
                 "tasks.json")  # fmt: skip
    words = ["--tasks", str(tasks), "--project", str(kept(project(), "p.json"))]
    return [*words, "--benchmark", str(kept(some)), "--by", "annotator"]


def test_the_command_prints_the_same(asked, capsys):
    assert main(["quality", *asked, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (group,) = document["groups"]
    assert (group["name"], group["reviewed"], group["wrong"]) == ("a@x", 6, 3)
    assert group["rate"] == 0.5 and group["low"] < 0.5 < group["high"]
    assert document["benchmark"]["assets"] == 6 and document["benchmark"]["iou"] == 0.5
    assert main(["quality", *asked]) == 0
    text = capsys.readouterr().out
    assert "answers" in text and "Answers judged: 6, about 6 assets" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--by", "stage"], "stage is no breakdown"),
        (["--iou", "0.05"], "--iou: is below 0.1"),
        (["--known", "nowhere.json"], "does not exist"),
        (["--tasks", "nowhere.json"], "does not exist"),
    ],
)
def test_what_cannot_be_used_is_one_line(asked, words, says, capsys):
    assert main(["quality", *asked, *words]) == 2
    told = capsys.readouterr()
    assert says in told.err and len(told.err.splitlines()) == 1 and not told.out


def test_pseudonyms_hide_the_rules_of_a_budget(kept, capsys):
    tasks = kept([*KNOWN, *(answer(who, n) for who in ("a@x", "b@x") for n in range(3))])
    files = ["--tasks", str(tasks), "--benchmark", str(tasks), "--project",
             str(kept(project(), "p.json"))]  # fmt: skip
    for names in ((), ("--pseudonyms",)):
        words = ["budget", *files, "--by", "annotator", "--reviews", "3", "--json", *names]
        assert main(words) == 0
        text = capsys.readouterr().out
        document = json.loads(text)
        assert ("a@x" in text) == (document["stages"] is not None) == (not names)


def test_answers_without_their_known_ones_are_one_line(asked, kept, capsys):
    assert main(["quality", *asked, "--known", str(kept([known(99)], "other.json"))]) == 2
    assert "has no answer that can be judged (6 without a known answer" in capsys.readouterr().err


def test_known_answers_are_of_no_use_without_a_benchmark(asked, capsys):
    words = asked[: asked.index("--benchmark")]
    assert main(["quality", *words, "--by", "annotator", "--iou", "0.5"]) == 2
    assert "--benchmark: is missing" in capsys.readouterr().err
