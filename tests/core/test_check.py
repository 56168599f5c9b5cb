"""What `check` says: one test per code, with severity, rule, place and the next step."""

import io
import json
from dataclasses import replace

import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ango_json.project import read_project
from core.ango_json.stages import read_logic, read_stages
from core.errors import InputError
from core.export.reader import read_stream
from core.model.dialect import Dialect
from core.model.names import names_of
from core.routing.edit import possible_targets
from core.routing.lint.check import check, has_errors
from core.workspace import Workspace

ERRORS = {
    "next.length",
    "output.unknown",
    "value.malformed",
    "schema.unknown",
    "batch.unknown",
    "person.unknown",
}
PROJECT = {
    "batches": [{"_id": "b1", "name": "north"}, {"_id": "b2", "name": "south"}],
    "assignedTo": [{"assignee": "Ada@example.com", "role": "Labeler"}],
    "categorySchema": {
        "tools": [
            {
                "tool": "bounding-box",
                "title": "Vehicle",
                "schemaId": "vehicle",
                "classifications": [{"tool": "radio", "title": "Side", "schemaId": "side"}],
            },
            {"tool": "bounding-box", "title": "Person", "schemaId": "person"},
        ],
        "classifications": [{"tool": "radio", "title": "Weather", "schemaId": "weather"}],
    },
    "stages": [{"id": name, "type": "Hold", "name": name} for name in ("A", "B", "C", "D")],
}
TASKS = [
    {
        "asset": "1.jpg",
        "batches": ["north"],
        "task": {
            "taskId": "t1",
            "totalDuration": 5_000,
            "assignee": "ada@example.com",
            "tools": [{"schemaId": "vehicle"}],
        },
    },
    {"asset": "2.jpg", "task": {"taskId": "t2", "totalDuration": 9_000, "tools": []}},
]


def stage_of(*conditions, targets=None):
    rules = [{"index": n} | condition for n, condition in enumerate(conditions)]
    targets = ["A"] * (len(rules) + 1) if targets is None else targets
    return read_logic({"type": "Logic", "next": targets, "logic": {"conditions": rules}})


def found(*conditions, targets=None, project=None, tasks=None):
    """All problems of a stage of these conditions; their outputs lead to stage A."""
    stage = stage_of(*conditions, targets=targets)
    model = read_project(project) if project else None
    if tasks is None:
        return check(stage, names_of(model), Dialect(), model)
    table = read_stream(io.BytesIO(json.dumps(tasks).encode()), "tasks.json")
    return Workspace(table, model, Dialect()).check(stage)


def the(code, problems):
    """The one problem of this code."""
    (problem,) = [one for one in problems if one.code == code]
    assert problem.message.endswith(".") and problem.hint.endswith(".")
    assert (problem.severity == "error") == (code in ERRORS)
    return problem


def codes(problems):
    return [problem.code for problem in problems]


def place(problem):
    return problem.severity, problem.subject, problem.place


def asks(*pairs):
    tools = [{"schemaId": schema_id, "filter": [word]} for schema_id, word in pairs]
    return {"type": "AnnotationType", "value": {"tools": tools}}


def people(*names):
    return {"type": "Annotator", "value": list(names)}


def chance(value):
    return {"type": "RandomSample", "value": value}


def took(*bounds):
    return {"type": "Duration", "value": list(bounds)}


def batches(*names):
    return {"type": "Batch", "value": list(names)}


FINE = batches("north")

# ---- the stage as a whole -------------------------------------------------------------------


def test_a_clean_stage_has_no_problem():
    conditions = [
        asks(("vehicle", "exists"), ("person", "notExists")),
        people(" ADA@example.com "),
        chance(0.2),
        chance(0.3),
        chance(0.5),
        took(0, 6_000),
        took(None, 9_000),
        batches("b1", "north"),
        asks(("weather", "exists")),
    ]
    data = [*TASKS, {"task": {"taskId": "t3", "classifications": []}}]
    data[-1]["task"]["classifications"] = [{"schemaId": "weather", "answer": "x"}]
    assert found(*conditions, project=PROJECT, tasks=data) == ()
    assert found(*conditions, project=PROJECT) == ()
    assert found() == ()
    assert not has_errors(found(*conditions, project=PROJECT))


def test_every_problem_of_a_stage_is_told_from_the_top_down():
    problems = found(chance(0), batches(), targets=[None, None])
    assert {(problem.code, problem.subject) for problem in problems} == {
        ("next.length", None),
        ("output.unwired", None),
        ("random.zero", 0),
        ("output.unwired", 0),
        ("rule.empty", 1),
        ("output.unwired", 1),
    }
    rules = [-1 if problem.subject is None else problem.subject for problem in problems]
    assert rules == sorted(rules)


@pytest.mark.parametrize("targets", [[], ["A"], ["A", "A"], ["A"] * 4])
def test_a_wrong_number_of_outputs_is_an_error(targets):
    problems = found(FINE, chance(0.2), targets=targets)
    problem = the("next.length", problems)
    assert place(problem) == ("error", None, "next")
    assert f"{len(targets)} outputs for 2 rules" in problem.message and "3" in problem.message
    assert has_errors(problems)


def test_with_a_wrong_number_of_outputs_else_is_not_wired():
    problems = found(FINE, targets=["A", "A", "A"])
    assert place(the("output.unwired", problems)) == ("warning", None, "next")


def test_a_stage_without_a_list_of_rules_is_malformed():
    for data in ({"type": "Logic", "next": ["A"]}, {"type": "Logic", "logic": {"conditions": {}}}):
        problems = check(read_logic(data), names_of(None), Dialect())
        assert place(the("value.malformed", problems)) == ("error", None, "logic.conditions")


# ---- outputs --------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_output_that_is_not_wired_is_a_warning(nothing):
    problem = the("output.unwired", found(FINE, chance(0.2), targets=["A", nothing, "A"]))
    assert place(problem) == ("warning", 1, "next[1]")
    assert problem.message.startswith("Rule 2 ")
    problem = the("output.unwired", found(FINE, targets=["A", nothing]))
    assert place(problem) == ("warning", None, "next")
    assert problem.message.startswith("Else ")


def test_an_output_to_a_stage_that_is_not_there_is_an_error():
    problems = found(FINE, targets=["gone", "A"], project=PROJECT)
    problem = the("output.unknown", problems)
    assert place(problem) == ("error", 0, "next[0]") and "gone" in problem.message
    problem = the("output.unknown", found(FINE, targets=["A", "gone"], project=PROJECT))
    assert place(problem) == ("error", None, "next")


CLOSED = [
    {"id": "Start", "type": "Start", "name": "Start", "next": ["K"]},
    {"id": "K", "type": "Consensus", "name": "K", "next": ["A", "B"]},
    {"id": "S", "type": "Label", "name": "Second label", "consensusId": "K", "next": []},
]


def test_an_output_to_where_no_output_can_lead_is_doubtful():
    project = PROJECT | {"stages": [*PROJECT["stages"], *CLOSED]}
    problems = found(FINE, targets=["Start", "S"], project=project)
    otherwise, rule = (p for p in problems if p.code == "output.no_way_in")
    assert place(rule) == ("warning", 0, "next[0]") and "where tasks begin" in rule.message
    assert place(otherwise) == ("warning", None, "next") and "Second label" in otherwise.message
    assert "output.no_way_in" not in codes(found(FINE, targets=["A", "K"], project=project))


def test_only_what_tasks_can_be_sent_to_is_offered_as_a_target():
    stage = stage_of(FINE)
    project = read_project(PROJECT | {"stages": [*PROJECT["stages"], *CLOSED]})
    names = names_of(project)
    offered = possible_targets(stage, project.stages, names)
    assert offered == ("A", "B", "C", "D", "K")
    assert possible_targets(stage, project.stages, names, "Start")[-1] == "Start"  # as it is read
    assert "Start" not in possible_targets(stage, None, names)


def test_without_a_workflow_no_output_is_unknown():
    assert "output.unknown" not in codes(found(FINE, targets=["gone", "A"]))
    unstated = {key: value for key, value in PROJECT.items() if key != "stages"}
    assert "output.unknown" not in codes(found(FINE, targets=["gone", "A"], project=unstated))


def test_a_workflow_without_stages_knows_no_output():
    problems = found(targets=["A"], project=PROJECT | {"stages": []})
    assert place(the("output.unknown", problems)) == ("error", None, "next")


def test_a_bare_list_of_stages_is_enough_to_know_the_outputs():
    stages = read_stages([*PROJECT["stages"], {"type": "Logic", "id": "L", "next": ["gone"]}])
    project = replace(read_project(PROJECT), stages=stages)
    problems = check(stages[-1], names_of(project), Dialect(), project)
    assert "output.unknown" in codes(problems)


# ---- ids that the project does not have -----------------------------------------------------


def test_an_unknown_class_is_an_error():
    problems = found(FINE, asks(("vehicle", "exists"), ("boat", "notExists")), project=PROJECT)
    problem = the("schema.unknown", problems)
    assert place(problem) == ("error", 1, "value") and "boat" in problem.message


def test_a_nested_class_is_noted():
    problem = the("schema.nested", found(asks(("side", "exists")), project=PROJECT))
    assert place(problem) == ("note", 0, "value") and "Side" in problem.message


def test_an_unknown_batch_is_an_error():
    problem = the("batch.unknown", found(FINE, batches("b1", "west"), project=PROJECT))
    assert place(problem) == ("error", 1, "value") and "west" in problem.message


def test_an_unknown_person_is_an_error():
    rule = people("ada@EXAMPLE.com", "nobody@example.com")
    problem = the("person.unknown", found(FINE, rule, project=PROJECT))
    assert place(problem) == ("error", 1, "value") and "nobody@example.com" in problem.message
    assert "blank" in the("person.unknown", found(people("  "), project=PROJECT)).message


def test_without_a_project_ids_are_not_looked_up():
    problems = found(asks(("boat", "exists")), people("nobody@example.com"), batches("west"))
    assert place(the("batch.unresolved", problems)) == ("note", 2, "value")
    assert codes(problems) == ["batch.unresolved"]


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("categorySchema", asks(("boat", "exists"))),
        ("assignedTo", people("nobody@example.com")),
        ("batches", batches("west")),
    ],
)
def test_what_a_project_does_not_list_is_not_looked_up(key, rule):
    project = {name: value for name, value in PROJECT.items() if name != key}
    assert not has_errors(found(rule, project=project))


# ---- single rules ---------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [asks(), people(), batches()], ids=lambda rule: rule["type"])
def test_a_rule_that_asks_for_nothing_is_a_warning(rule):
    for project in (None, PROJECT):
        problem = the("rule.empty", found(chance(0.2), rule, project=project))
        assert place(problem) == ("warning", 1, "value")
        says = "every task matches" if rule["type"] == "AnnotationType" else "no task matches"
        assert says in problem.message


def test_having_and_not_having_a_class_is_a_contradiction():
    rule = asks(("vehicle", "exists"), ("person", "exists"), ("vehicle", "not exists"))
    problem = the("rule.contradiction", found(FINE, rule, project=PROJECT))
    assert place(problem) == ("warning", 1, "value") and "Vehicle" in problem.message
    two_words = {"schemaId": "vehicle", "filter": ["exists", "doesNotExist"]}
    rule = {"type": "AnnotationType", "value": {"tools": [two_words]}}
    the("rule.contradiction", found(rule, project=PROJECT))
    other = asks(("vehicle", "exists"), ("person", "not exists"))
    assert found(other, project=PROJECT) == ()


@pytest.mark.parametrize("bounds", [[9_000, 5_000], ["9000", 5_000], [1, 0.5]])
def test_a_reversed_duration_is_malformed(bounds):
    problem = the("value.malformed", found(FINE, took(*bounds), project=PROJECT))
    assert place(problem) == ("error", 1, "value") and "reversed" in problem.message


def test_a_duration_that_no_task_can_have_is_a_warning():
    for bounds in ([None, -1], [-5, -1]):
        problem = the("duration.empty", found(chance(0.2), took(*bounds)))
        assert place(problem) == ("warning", 1, "value")
    assert found(took(5_000, 5_000)) == found(took(0, 0)) == ()


@pytest.mark.parametrize("bounds", [[None, None], [None], []])
def test_a_duration_with_both_ends_open_is_a_warning(bounds):
    problem = the("duration.open", found(chance(0.2), took(*bounds)))
    assert place(problem) == ("warning", 1, "value")


@pytest.mark.parametrize("value", [-1, 100.5, "101", "a fifth", None, True, [20]])
def test_a_percentage_that_is_none_is_malformed(value):
    problem = the("value.malformed", found(FINE, chance(value), project=PROJECT))
    assert place(problem) == ("error", 1, "value") and "percentage" in problem.message


@pytest.mark.parametrize("value", [0, 0.0, "0"])
def test_zero_percent_is_a_warning(value):
    problem = the("random.zero", found(FINE, chance(value), project=PROJECT))
    assert place(problem) == ("warning", 1, "value")


@pytest.mark.parametrize("value", [1, 1.0, "1"])
def test_the_value_1_is_doubtful(value):
    problems = found(FINE, chance(value), project=PROJECT)
    assert place(the("random.doubtful", problems)) == ("warning", 1, "value")
    assert "rule.always" in codes(problems)


def test_a_hundred_percent_takes_everything_but_is_not_doubtful():
    problems = found(FINE, chance(100), project=PROJECT)
    assert place(the("rule.always", problems)) == ("warning", 1, "value")
    assert codes(problems) == ["rule.always"]
    for value in (0.999, 1.5, 2, 99.9):
        assert found(chance(value)) == ()


def test_a_number_written_as_text_is_noted():
    problem = the("number.as_text", found(FINE, chance("20"), project=PROJECT))
    assert place(problem) == ("note", 1, "value")
    problems = found(FINE, took("0", "6000"), project=PROJECT)
    assert codes(problems) == ["number.as_text"] * 2
    assert [place(p) for p in problems] == [("note", 1, "value[0]"), ("note", 1, "value[1]")]


@pytest.mark.parametrize("index", [0, 7, -1, None, "1", True, 1.5, [1]])
def test_an_index_that_is_not_the_position_is_a_warning(index):
    problem = the("index.differs", found(FINE, chance(0.2) | {"index": index}, project=PROJECT))
    assert place(problem) == ("warning", 1, "index")


def test_a_missing_index_is_no_problem():
    data = {"type": "Logic", "next": ["A", "A"], "logic": {"conditions": [chance(0.2)]}}
    assert check(read_logic(data), names_of(None), Dialect()) == ()


UNKNOWN = {
    "another type": {"type": "Later", "value": 3},
    "no type": {"value": ["b1"]},
    "a new key": batches("b1") | {"operator": "or"},
    "a new key of the value": {"type": "AnnotationType", "value": {"tools": [], "relations": []}},
    "a new key of a tool": {
        "type": "AnnotationType",
        "value": {"tools": [{"schemaId": "vehicle", "filter": ["exists"], "count": 2}]},
    },
    "a new filter": asks(("vehicle", "count > 2")),
    "no filter": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "vehicle"}]}},
    "text for a list": {"type": "Annotator", "value": "ada@example.com"},
    "three bounds": took(0, 1, 2),
    "bounds that are no numbers": took("soon", None),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_rule_that_cannot_be_simulated_is_a_warning(name):
    problems = found(FINE, UNKNOWN[name], project=PROJECT, tasks=TASKS)
    problem = the("simulate.unknown", problems)
    assert place(problem) == ("warning", 1, "value")
    assert "uncertain" in problem.message
    assert codes(problems) == ["simulate.unknown"]


def test_outputs_from_an_unknown_rule_down_are_uncertain():
    table = read_stream(io.BytesIO(json.dumps(TASKS).encode()), "tasks.json")
    workspace = Workspace(table, read_project(PROJECT), Dialect())

    def uncertain(*conditions):
        return [output.count.uncertain for output in workspace.split(stage_of(*conditions)).outputs]

    later = {"type": "Later"}
    assert uncertain(FINE, later, chance(0.2)) == [False, True, True, True]
    assert uncertain(later) == [True, True]
    assert uncertain(FINE, chance(0.2), chance("x"), batches()) == [False] * 5
    off = stage_of(FINE, later)
    rules = (off.rules[0], replace(off.rules[1], enabled=False))
    assert not any(
        output.count.uncertain for output in workspace.split(off.with_rules(rules)).outputs
    )


# ---- rules among each other -----------------------------------------------------------------


PAIRS = {
    "classes in another order": (
        asks(("vehicle", "exists"), ("person", "notExists")),
        asks(("person", "not-exists"), ("vehicle", "exists"), ("vehicle", "exists")),
    ),
    "people in other spelling": (
        people("ada@example.com", "bela@example.com"),
        people(" BELA@example.com", "Ada@example.com"),
    ),
    "batches in another order": (batches("b1", "b2"), batches("b2", "b1", "b1")),
    "bounds as text": (took(5_000, None), took("5000.0")),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_rule_that_asks_the_same_as_one_above_is_a_duplicate(name):
    first, second = PAIRS[name]
    problem = the("rule.duplicate", found(first, chance(0.2), second))
    assert place(problem) == ("warning", 2, "value")
    assert "Rule 1 " in problem.message
    the("rule.duplicate", found(second, first))


def test_rules_that_differ_are_no_duplicates():
    pairs = [
        (asks(("vehicle", "exists")), asks(("vehicle", "notExists"))),
        (asks(("vehicle", "exists")), asks(("vehicle", "exists"), ("person", "exists"))),
        (batches("b1"), batches("b1", "b2")),
        (took(0, 1), took(0, 2)),
        ({"type": "Later", "value": 1}, {"type": "Later", "value": 1}),
        (chance("x"), chance("x")),
    ]
    for first, second in pairs:
        assert "rule.duplicate" not in codes(found(first, second))


def test_two_equal_random_rules_are_no_duplicates():
    assert found(chance(0.2), chance(0.2)) == ()


@pytest.mark.parametrize("above", [asks(), chance(100), chance(1)], ids=str)
def test_rules_below_one_that_always_matches_get_no_task(above):
    problems = found(FINE, above, chance(0.2), FINE, project=PROJECT)
    unreachable = [problem for problem in problems if problem.code == "rule.unreachable"]
    assert [problem.subject for problem in unreachable] == [2, 3]
    for problem in unreachable:
        assert problem.severity == "warning"
        assert "Rule 2 " in problem.message and "rule 2" in problem.hint
    assert "rule.duplicate" not in codes(problems)


def test_a_switched_off_rule_takes_part_in_nothing():
    stage = stage_of(chance(100), FINE, FINE, chance(0))
    rules = [replace(rule, enabled=place in (1, 3)) for place, rule in enumerate(stage.rules)]
    problems = check(stage.with_rules(tuple(rules)), names_of(None), Dialect())
    assert [(p.code, p.subject) for p in problems] == [("batch.unresolved", 0), ("random.zero", 1)]


# ---- rules and data -------------------------------------------------------------------------


NEVER = {
    "class": asks(("person", "exists")),
    "nested class": asks(("side", "exists")),
    "batch": batches("south"),
    "duration": took(100_000, None),
}


@pytest.mark.parametrize("name", NEVER)
def test_a_rule_that_matches_no_task_of_the_data_is_noted(name):
    problems = found(chance(0.2), NEVER[name], project=PROJECT, tasks=TASKS)
    problem = the("rule.never_in_data", problems)
    assert place(problem) == ("note", 1, "value")
    assert "rule.never_in_data" not in codes(found(NEVER[name], project=PROJECT))
    assert "rule.never_in_data" not in codes(found(NEVER[name], project=PROJECT, tasks=[]))


def test_a_tolerated_spelling_does_not_hide_that_no_task_matches():
    for rule in (took("100000", None), took(100_000, None) | {"index": 3}):
        assert "rule.never_in_data" in codes(found(rule, tasks=TASKS))
    assert "rule.never_in_data" in codes(found(batches("west"), tasks=TASKS))


def test_a_rule_whose_fault_is_known_is_not_blamed_on_the_data():
    contradiction = asks(("vehicle", "exists"), ("vehicle", "notExists"))
    faulty = [contradiction, people(), batches("west"), chance(0), chance("x"), {"type": "Later"}]
    problems = found(*faulty, project=PROJECT, tasks=TASKS)
    assert "rule.never_in_data" not in codes(problems)


# ---- all there is ---------------------------------------------------------------------------


@st.composite
def cases(draw):
    project = draw(strategies.projects())
    stage = draw(strategies.logic_stages(project, doubtful=True))
    items = draw(st.none() | strategies.items(project) | strategies.hub_tasks(project))
    given_project = draw(st.sampled_from([project, None]))
    return stage, given_project, items, draw(strategies.dialects())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_check_answers_for_every_stage(case):
    data, project, items, dialect = case
    stage = read_logic(data)
    model = read_project(project) if project else None
    problems = check(stage, names_of(model), Dialect(**dialect), model)
    if items is not None:
        try:
            table = read_stream(io.BytesIO(json.dumps(items).encode()), "items.json")
        except InputError:
            return
        problems = Workspace(table, model, Dialect(**dialect)).check(stage)
    for problem in problems:
        assert problem.severity in ("error", "warning", "note")
        assert (problem.severity == "error") == (problem.code in ERRORS)
        assert problem.subject is None or 0 <= problem.subject < len(stage.rules)
        assert problem.message.endswith(".") and problem.hint.endswith(".")
    positions = [-1 if problem.subject is None else problem.subject for problem in problems]
    assert positions == sorted(positions)
    length = "next.length" in codes(problems)
    assert length == (len(stage.next) != len(stage.rules) + 1)
