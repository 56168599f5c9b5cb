"""What is not known: between which ends it leaves an output, and where it is said."""

import io
import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import batches, chance, has, people, stage_of, took, workspace_of

from core.cli.main import main
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.routing.dialect_text import missing
from core.routing.engine.unknowns import unknowns
from core.routing.plan.sensitivity import tornado
from core.workspace import Workspace

CLASSES = ["", "A", "B", "AB"]
TIMES = [0, 4, 5, 6, 7, 10, 11, 30]  # one in every stretch that the bounds of POOL leave
PEOPLE = ["p", "r", "z"]
FACTS = {"classes": CLASSES, "took": TIMES, "who": PEOPLE}
TITLES = {
    "classes": "Annotations not loaded",
    "took": "Unknown durations",
    "who": "Unknown annotators",
}
POOL = [has("A"), has("-A"), has("A", "-B"), has("B"), has(), took(0, 5), took(5, 10), took(7)]
POOL += [took(), people("p"), people("p", "r"), people("r"), batches("q"), chance(0.5), chance(20)]


def opened(tasks, dialect=None):
    """Like `workspace_of`, with classes None for annotations that were not loaded."""
    items = [
        {"_id": f"t{n}", "assignee": task.get("who"), "totalDuration": task.get("took"),
         "batches": [task["batch"]] if task.get("batch") else []}
        | ({} if task["classes"] is None
           else {"answer": {"tools": [{"schemaId": c} for c in task["classes"]]}})
        for n, task in enumerate(tasks)
    ]  # fmt: skip
    table = read_stream(io.BytesIO(json.dumps(items).encode()), "tasks.json")
    return Workspace(table, None, dialect or Dialect())


def gets(stage, task, output):
    return opened([task]).split(stage).outputs[output].count.expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_ends_are_those_of_every_fact_that_each_task_may_have(data):
    stage = stage_of(*data.draw(st.lists(st.sampled_from(POOL), min_size=1, max_size=5)))
    output = data.draw(st.integers(0, len(stage.rules)))
    tasks = [
        {
            "classes": data.draw(st.sampled_from([*CLASSES, None])),
            "took": data.draw(st.sampled_from([*TIMES, None])),
            "who": data.draw(st.sampled_from([*PEOPLE, None])),
            "batch": data.draw(st.sampled_from(["q", None])),
        }
        for _ in range(data.draw(st.integers(1, 6)))
    ]
    work = opened(tasks)
    found = {
        one.what.split(" of ")[0]: one
        for one in unknowns(work.matcher, stage, work.everything, output, work.names)
    }
    for fact, values in FACTS.items():
        blank = [task for task in tasks if task[fact] is None]
        asked = any(rule.type == {"classes": "AnnotationType", "took": "Duration",
                                  "who": "Annotator"}[fact] for rule in stage.rules)  # fmt: skip
        assert (TITLES[fact] in found) == (bool(blank) and asked)
        if not (blank and asked):
            continue
        low = high = 0.0
        for task in tasks:
            may = [gets(stage, task | {fact: value}, output)
                   for value in (values if task[fact] is None else [task[fact]])]  # fmt: skip
            low, high = low + min(may), high + max(may)
        one = found[TITLES[fact]]
        assert (one.low, one.high) == (pytest.approx(low), pytest.approx(high))


def bars(work, stage, output):
    def matcher_of(dialect):
        return Workspace(work.table, None, dialect).matcher

    _, found = tornado(matcher_of, work.dialect, stage, work.everything, output, work.names)
    return {bar.assumption: bar for bar in found}


def test_unknown_annotations_and_annotators_have_a_bar():
    """Of 80 tasks 20 have the class, 60 were not loaded: 20 to 80 of them go there."""
    some = [{"classes": "A", "who": "p"}] * 20
    work = opened(some + [{"classes": None, "who": "p"}] * 60)
    bar = bars(work, stage_of(has("A")), 0)["Annotations not loaded of 60 tasks"]
    assert (bar.low, bar.high, bar.high_at) == (20, 80, "all have A")
    work = opened(some + [{"classes": "", "who": None}] * 60)
    bar = bars(work, stage_of(people("p")), 0)["Unknown annotators of 60 tasks"]
    assert (bar.low, bar.high, bar.high_at) == (20, 80, "all by p")
    # each task by itself: what gives one rule most differs below another rule
    work = opened([{"classes": "", "took": None, "batch": b} for b in "qs" for _ in range(5)])
    stage = stage_of(took(0, 5), batches("q"), took(0, 10))
    assert bars(work, stage, 2)["Unknown durations of 10 tasks"].high == 5


def test_split_says_what_is_not_known_where_a_rule_asks_for_it(capsys, tmp_path):
    items = [
        {"_id": f"t{n}", **({"answer": {"tools": []}} if n < 40 else {}),
         **({"totalDuration": 5} if n % 2 else {}), **({"assignee": "p"} if n < 70 else {})}
        for n in range(100)
    ]  # fmt: skip
    tasks = tmp_path / "tasks.json"
    tasks.write_text(json.dumps(items))
    lines = {
        "AnnotationType": "60 tasks without annotations: no rule about classes matches them",
        "Duration": "50 tasks of unknown duration: no rule about durations matches them",
        "Annotator": "30 tasks of unknown annotator: no rule about who annotated matches them",
        "history": "100 tasks without history: their annotator is the assignee, if any",
    }
    for rules in ([chance(20)], [has("A")], [took(0, 5)], [people("p")], [took(5), has("A")]):
        kinds = {rule["type"] for rule in rules}
        kinds |= {"history"} if "Annotator" in kinds else set()
        logic = tmp_path / "logic.json"
        outputs = [f"s{n}" for n in range(len(rules) + 1)]
        logic.write_text(
            json.dumps({"type": "Logic", "next": outputs, "logic": {"conditions": rules}})
        )
        assert main(["split", "--tasks", str(tasks), "--logic", str(logic)]) == 0
        said = capsys.readouterr().out.splitlines()
        for kind, line in lines.items():
            assert (line in said) == (kind in kinds), (rules, kind)
        assert main(["split", "--tasks", str(tasks), "--logic", str(logic), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["honesty"]["unknown_annotator"] == 30


@given(
    st.fixed_dictionaries(
        {
            "annotator": st.sampled_from(["any", "last", "assignee"]),
            "duration": st.sampled_from(["total", "labelling", "last"]),
        }
    )
)
def test_history_is_asked_for_by_the_readings_that_use_it(settings_):
    dialect = Dialect(**settings_)
    work = workspace_of([{"classes": "A"}])
    for conditions in product([[], [has("A")]], [[], [people("p")]], [[], [took(0, 5)]]):
        stage = stage_of(*[c for each in conditions for c in each])
        said = " ".join(w for _, w in missing(work.facts.honesty, "then", stage, dialect))
        uses = bool(conditions[1]) and dialect.annotator != "assignee"
        uses |= bool(conditions[2]) and dialect.duration != "total"
        assert ("without history" in said) == uses
