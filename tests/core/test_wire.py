"""Ango JSON to values and back: what nobody edited comes out as the same text."""

import json
from dataclasses import replace

import pytest
import strategies
from conftest import DATA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ango_json.conditions import read_condition
from core.ango_json.inputs import read_logic_input
from core.ango_json.project import read_project, write_project
from core.ango_json.stages import read_logic, read_stage, read_stages, write_stage, write_stages
from core.ango_json.text import dumps, loads
from core.errors import InputError, UnknownName
from core.model import stages as model
from core.model.rules import Malformed, Rule, Unknown
from core.rule_types.annotation_type import NEGATIVE_WORDS, AnnotationType, ClassFilter
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample

PROJECT = (DATA / "project.json").read_text(encoding="utf-8")
many = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# ---- unedited -------------------------------------------------------------------------------


class Number:
    """A number as somebody spelled it."""

    def __init__(self, spelling):
        self.spelling = spelling

    def __repr__(self):
        return self.spelling


def text_of(value):
    """JSON text, written independently of `core.ango_json.text`."""
    if isinstance(value, Number):
        return value.spelling
    if isinstance(value, dict):
        pairs = (f"{json.dumps(k, ensure_ascii=False)}: {text_of(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(text_of(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False)


SPELLINGS = ["1.0", "1e3", "1E+3", "-0", "-0.0", "0.100", "0.1e-7", "12345678901234567890", "1e999"]
numbers = st.sampled_from(SPELLINGS).map(Number)
scalars = st.none() | st.booleans() | st.integers() | numbers | st.text(max_size=4)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)
new_keys = st.sampled_from(["zz", "_v", "", "ключ", "a b", "\n", '"', "operator"])


@st.composite
def decorated(draw, value):
    """The same value with keys nobody knows, keys in any order, and numbers in any spelling."""
    if isinstance(value, list):
        return [draw(decorated(entry)) for entry in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        plain = str(float(value))
        spellings = [str(value)] + [f"{plain}00", f"{plain}e0"] * ("e" not in plain)
        return Number(draw(st.sampled_from(spellings)))
    if not isinstance(value, dict):
        return value
    pairs = [(key, draw(decorated(entry))) for key, entry in value.items()]
    if draw(st.integers(0, 3)) == 3:
        pairs.append((draw(new_keys), draw(anything)))
    if draw(st.integers(0, 3)) == 3:
        pairs = draw(st.permutations(pairs))
    return dict(pairs)


@st.composite
def stage_lists(draw):
    stages = draw(strategies.projects())["stages"]
    stages = [stage for stage in stages if draw(st.integers(0, 5))]
    stages += draw(st.lists(anything, max_size=2))
    return draw(decorated(draw(st.permutations(stages))))


@many
@given(stage_lists())
def test_a_list_of_stages_is_written_as_it_was_read(stages):
    text = text_of(stages)
    assert dumps(loads(text)) == text
    assert dumps(write_stages(read_stages(loads(text)))) == text


@many
@given(st.data())
def test_a_project_is_written_as_it_was_read(data):
    project = data.draw(strategies.projects().flatmap(decorated))
    outside = data.draw(
        st.sampled_from([project, {"project": project}, {"data": {"project": project}, "code": 1}])
    )
    text = text_of(outside)
    assert dumps(write_project(read_project(loads(text)))) == text


@many
@given(strategies.projects().flatmap(lambda p: strategies.logic_stages(p, doubtful=True)))
def test_a_lone_logic_stage_is_written_as_it_was_read(stage):
    text = text_of(stage)
    read, around = read_logic_input(text, "stage.json")
    assert around is None
    assert dumps(write_stage(read)) == text


def test_the_sample_project_is_written_as_it_was_read():
    data = loads(PROJECT)
    written = write_project(read_project(data))
    assert dumps(written) == dumps(loads(PROJECT))
    assert dumps(written, indent=1) == PROJECT.strip()


@pytest.mark.parametrize("name", ["logic-certain.json", "logic-odd.json", "logic-six.json"])
def test_a_sample_stage_is_written_as_it_was_read(name):
    text = (DATA / name).read_text(encoding="utf-8")
    stage, _ = read_logic_input(text, name)
    assert dumps(write_stage(stage), indent=1) == text.strip()


def test_number_spellings_survive_an_edit_of_another_rule():
    text = (
        '{"type": "Logic", "id": "L", "position": {"x": 1.0, "y": -0}, "next": ["a", "b", "c"], '
        '"logic": {"conditions": [{"value": 0.100, "type": "RandomSample", "index": 0}, '
        '{"type": "Duration", "value": [1e3, 60000.0], "index": 1}]}}'
    )
    stage = read_logic(loads(text))
    edited = with_condition(stage, 0, RandomSample(0.25))
    assert dumps(write_stage(edited)) == text.replace("0.100", "0.25")


# ---- every stage has a value of its own -----------------------------------------------------


STAGES = {
    "Start": ({"type": "Start", "autoForward": False}, model.Start, {"auto_forward": False}),
    "Start as it is by default": ({"type": "Start"}, model.Start, {"auto_forward": True}),
    "Label": (
        {"type": "Label", "assignedTo": ["ada@example.com", None, 3]},
        model.Label,
        {"assigned_to": ("ada@example.com",), "consensus_id": None},
    ),
    "Label inside Consensus": (
        {"type": "Label", "consensusId": "c1"},
        model.Label,
        {"consensus_id": "c1", "assigned_to": ()},
    ),
    "Review": (
        {"type": "Review", "assignedTo": ["rev@example.com"], "readOnly": True},
        model.Review,
        {"assigned_to": ("rev@example.com",), "read_only": True},
    ),
    "Logic": (
        {"type": "Logic", "logic": {"conditions": [{"type": "Batch", "value": ["b"], "index": 0}]}},
        model.Logic,
        {"otherwise": "there"},
    ),
    "Consensus": (
        {"type": "Consensus", "consensusConfig": {"threshold": {}, "adjudicationMethod": "best"}},
        model.Consensus,
        {"adjudication": "best"},
    ),
    "older Consensus": ({"type": "Consensus"}, model.Consensus, {"adjudication": None}),
    "Plugin": (
        {"type": "Plugin", "pluginId": "p1"},
        model.PluginStage,
        {"plugin_id": "p1", "consensus_id": None},
    ),
    "Plugin inside Consensus": (
        {"type": "Plugin", "pluginId": "p1", "consensusId": "c1"},
        model.PluginStage,
        {"consensus_id": "c1"},
    ),
    "Webhook": ({"type": "Webhook", "url": "https://example.com"}, model.Webhook, {}),
    "Hold": ({"type": "Hold"}, model.Hold, {}),
    "Complete": (
        {"type": "Complete", "preventRequeue": True},
        model.Complete,
        {"prevent_requeue": True},
    ),
    "Archive": ({"type": "Archive"}, model.Archive, {}),
    "a type from the future": ({"type": "Triage"}, model.UnknownStage, {"type": "Triage"}),
    "no type": ({}, model.UnknownStage, {"type": ""}),
    "a type that is no text": ({"type": ["Label"]}, model.UnknownStage, {}),
}


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_reads_into_its_own_value(name):
    extra, kind, fields = STAGES[name]
    data = {"id": "s1", "name": "A stage", "next": ["here", "there"], "position": {}, **extra}
    stage = read_stage(data)
    assert type(stage) is kind
    assert stage.kind == kind.__dataclass_fields__["kind"].default
    assert (stage.id, stage.name, stage.next) == ("s1", "A stage", ("here", "there"))
    assert {field: getattr(stage, field) for field in fields} == fields
    assert dumps(write_stage(stage)) == dumps(data)


def test_a_stage_without_a_name_is_called_by_its_id():
    stage = read_stage({"type": "Hold", "id": "h1"})
    assert (stage.id, stage.name, stage.next) == ("h1", "h1", ())


def test_the_three_spellings_of_an_unwired_output_are_read_alike():
    for following in ([None, ""], ["", None]):
        assert read_stage({"type": "Review", "next": following}).next == (None, None)
    assert read_stage({"type": "Review", "next": None}).next == ()


def test_the_sub_stages_of_a_consensus_are_found_by_its_id():
    stages = read_stages(
        [
            {"id": "c1", "type": "Consensus", "next": ["Complete", "Label"]},
            {"id": "c1-a", "type": "Label", "consensusId": "c1", "next": ["c1"]},
            {"id": "c1-b", "type": "Plugin", "consensusId": "c1", "next": ["c1"]},
            {"id": "c2-a", "type": "Label", "consensusId": "c2", "next": ["c2"]},
            {"id": "Label", "type": "Label", "consensusId": None, "next": ["c1"]},
        ]
    )
    assert [stage.id for stage in model.sub_stages(stages, "c1")] == ["c1-a", "c1-b"]


def test_an_entry_that_is_no_object_is_kept_as_an_unknown_stage():
    stages = read_stages([None, "Label", 3, ["x"], ""])
    assert {type(stage) for stage in stages} == {model.UnknownStage}
    assert write_stages(stages) == [None, "Label", 3, ["x"], ""]


# ---- edited ---------------------------------------------------------------------------------


def logic(*conditions, targets=None, **keys):
    targets = targets if targets is not None else ["x"] * (len(conditions) + 1)
    return {
        "id": "L",
        "type": "Logic",
        "next": targets,
        **keys,
        "logic": {"conditions": list(conditions)},
    }


def with_condition(stage, place, condition):
    rules = list(stage.rules)
    rules[place] = replace(rules[place], condition=condition)
    return stage.with_rules(tuple(rules))


def tools_of(written, place):
    return written["logic"]["conditions"][place]["value"]["tools"]


def tool(schema_id, word="exists"):
    return {"schemaId": schema_id, "filter": [word]}


def asks(*tools):
    return {"type": "AnnotationType", "value": {"tools": list(tools)}}


def test_an_edited_rule_leaves_all_other_keys_alone():
    before = loads(
        '{"zz": {"keep": [1.0, null]}, "logic": {"version": 2, "conditions": ['
        '{"operator": "or", "type": "Batch", "value": ["b"], "index": 0}, '
        '{"index": 1, "value": 20, "type": "RandomSample"}, '
        '{"type": "Later", "value": {"deep": [1e3]}, "index": 2, "note": "ü"}, '
        '{"type": "Duration", "value": [60000.0, null, 3], "index": 3}]}, "type": "Logic", '
        '"next": ["a", "b", "c", "d", "e"], "id": "L", "name": "Routing", "_v": 1}'
    )
    stage = with_condition(read_logic(before), 1, RandomSample(30))
    assert dumps(write_stage(stage)) == dumps(before).replace('"value": 20', '"value": 30')


@many
@given(strategies.projects().flatmap(decorated), st.data())
def test_one_edit_changes_one_rule_and_nothing_else(project, data):
    text = text_of(next(s for s in project["stages"] if s.get("type") == "Logic"))
    stage = read_logic(loads(text))
    if not stage.rules:
        return
    place = data.draw(st.integers(0, len(stage.rules) - 1))
    written = write_stage(with_condition(stage, place, RandomSample(0.123)))
    again = read_logic(loads(dumps(written)))
    assert again.rules[place].condition == RandomSample(0.123)
    wanted = loads(text)
    assert list(written) == list(wanted)
    assert list(written["logic"]) == list(wanted["logic"])
    for position, entry in enumerate(written["logic"]["conditions"]):
        assert entry["index"] == position
        before = wanted["logic"]["conditions"][position]
        if position != place:
            assert list(entry) == list(before | {"index": 0})
            assert dumps(entry | {"index": 0}) == dumps(before | {"index": 0})
    for key in ("next", "logic"):
        del written[key], wanted[key]
    assert dumps(written) == dumps(wanted)


def test_the_index_is_the_position_after_rules_change_places():
    conditions = [asks(tool("a")) | {"index": 0}, asks(tool("b")) | {"index": 0}, asks()]
    stage = read_logic(logic(*conditions, targets=["a", "b", "none", "else"]))
    written = write_stage(stage.with_rules(stage.rules[::-1]))
    assert [entry["index"] for entry in written["logic"]["conditions"]] == [0, 1, 2]
    assert written["next"] == ["none", "b", "a", "else"]
    assert tools_of(written, 1) == [tool("b")] and tools_of(written, 2) == [tool("a")]


def test_a_different_index_stays_until_something_is_edited():
    data = logic({"type": "Batch", "value": ["b"], "index": 7})
    stage = read_logic(data)
    assert write_stage(stage) == data
    assert [note.code for note in stage.rules[0].notes] == ["index.differs"]
    written = write_stage(replace(stage, otherwise="somewhere"))
    assert written["logic"]["conditions"][0]["index"] == 0


def test_switched_off_rules_are_left_out_with_their_outputs():
    conditions = [{"type": "Batch", "value": [name], "index": n} for n, name in enumerate("abc")]
    stage = read_logic(logic(*conditions, targets=["A", "B", "C", "E"], zz=1))
    rules = (stage.rules[0], replace(stage.rules[1], enabled=False), stage.rules[2])
    written = write_stage(stage.with_rules(rules))
    assert written["next"] == ["A", "C", "E"]
    assert [c["value"] for c in written["logic"]["conditions"]] == [["a"], ["c"]]
    assert [c["index"] for c in written["logic"]["conditions"]] == [0, 1]
    assert written["zz"] == 1
    everything_off = stage.with_rules(tuple(replace(rule, enabled=False) for rule in stage.rules))
    assert write_stage(everything_off)["next"] == ["E"]


def test_a_wrong_number_of_outputs_is_kept_until_an_edit_mends_it():
    data = logic(asks(), asks(), targets=["a"])
    stage = read_logic(data)
    assert write_stage(stage) == data
    assert [rule.target for rule in stage.rules] == ["a", None] and stage.otherwise is None
    written = write_stage(replace(stage, otherwise="rest"))
    assert written["next"] == ["a", None, "rest"]


@pytest.mark.parametrize("word", NEGATIVE_WORDS)
def test_a_new_absent_class_is_spelled_as_the_stage_spells_it(word):
    assert read_condition(asks(tool("a", word)))[0] == AnnotationType((ClassFilter("a", False),))
    stage = read_logic(logic(asks(tool("a"), tool("b", word)), asks(tool("a"))))
    new = Rule("AnnotationType-9", AnnotationType((ClassFilter("c", False), ClassFilter("d"))), "x")
    written = write_stage(stage.with_rules((*stage.rules, new)))
    assert tools_of(written, 2) == [tool("c", word), tool("d")]
    edited = with_condition(stage, 1, AnnotationType((ClassFilter("a", False),)))
    assert tools_of(write_stage(edited), 1) == [tool("a", word)]


def test_the_spelling_of_an_absent_class_outlives_the_rule_that_had_it():
    stage = read_logic(logic(asks(tool("b", "not-exists"))))
    new = Rule("AnnotationType-9", AnnotationType((ClassFilter("c", False),)), "x")
    assert tools_of(write_stage(stage.with_rules((new,))), 0) == [tool("c", "not-exists")]


def test_a_stage_without_an_absent_class_takes_the_spelling_of_the_workflow():
    stages = read_stages([logic(asks(tool("a"))), logic(asks(tool("a", "doesNotExist")))])
    new = Rule("AnnotationType-9", AnnotationType((ClassFilter("c", False),)), "x")
    edited = stages[0].with_rules((*stages[0].rules, new))
    assert tools_of(write_stages([edited, stages[1]])[0], 1) == [tool("c", "doesNotExist")]
    assert tools_of(write_stages([edited])[0], 1) == [tool("c", "notExists")]


def test_classes_that_a_rule_already_asked_for_keep_their_spelling():
    tools = [
        tool("a", "not exists"),
        {"exists": False, "schemaId": "b"},
        {"schemaId": "c", "filter": [{"exists": False}]},
        {"schemaId": "d", "filter": ["exists", "exists"]},
    ]
    stage = read_logic(logic(asks(*tools)))
    filters = stage.rules[0].condition.filters
    longer = with_condition(stage, 0, AnnotationType((*filters, ClassFilter("e", False))))
    assert tools_of(write_stage(longer), 0) == [*tools, tool("e", "not exists")]
    shorter = with_condition(stage, 0, AnnotationType(filters[1:3]))
    assert tools_of(write_stage(shorter), 0) == tools[1:3]
    turned = with_condition(stage, 0, AnnotationType((*filters[:2], ClassFilter("c", True))))
    assert tools_of(write_stage(turned), 0) == [*tools[:2], tool("c")]


def test_a_rule_that_could_not_be_simulated_can_be_replaced():
    """A key without known meaning must not turn the new condition into an unknown one again."""
    stage = read_logic(logic({"type": "Batch", "value": ["b"], "operator": "or", "index": 0}))
    assert isinstance(stage.rules[0].condition, Unknown)
    edited = with_condition(stage, 0, Batch(("c",)))
    assert write_stage(edited)["logic"]["conditions"] == [
        {"type": "Batch", "value": ["c"], "index": 0}
    ]


CONDITIONS = [
    AnnotationType((ClassFilter("a"), ClassFilter("b", False))),
    AnnotationType(),
    RandomSample(0.2),
    RandomSample(20),
    Duration(60_000, None),
    Duration(0.5, 1.5),
    Batch(("b", "north")),
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_condition_made_here_reads_back_as_itself(condition):
    stage = read_logic(logic())
    written = write_stage(stage.with_rules((Rule("new", condition, "x"),)))
    assert read_logic(loads(dumps(written))).rules[0].condition == condition
    assert list(written["logic"]["conditions"][0]) == ["type", "value", "index"]


# ---- reading conditions ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(20, 20), ("20", 20), (" 0.5 ", 0.5), ("1e1", 10), (0, 0), (100, 100), ("100", 100)],
)
def test_a_percentage_is_read_also_from_text(value, wanted):
    condition, notes = read_condition({"type": "RandomSample", "value": value})
    assert condition == RandomSample(wanted)
    assert [note.code for note in notes] == ["number.as_text"] * isinstance(value, str)


@pytest.mark.parametrize(
    "value",
    ["", "20 %", "1_0", "nan", "inf", "1e999", None, True, [], {}, -1, 100.5, 10**400, "101"],
    ids=lambda value: str(value)[:8],
)
def test_what_is_no_percentage_is_malformed(value):
    condition, _ = read_condition({"type": "RandomSample", "value": value})
    assert isinstance(condition, Malformed)


# ---- finding the Logic stage ----------------------------------------------------------------


def found(data, wanted=None):
    return read_logic_input(text_of(data), "file.json", wanted)


def test_the_logic_stage_is_found_in_a_stage_a_list_and_a_project():
    data = logic(asks(), name="Routing")
    project = {"stages": [{"type": "Start", "id": "Start"}, data], "batches": []}
    for outside in (
        data,
        [data],
        project,
        {"project": project},
        {"status": "success", "data": {"project": project}},
    ):
        stage, around = found(outside)
        assert (stage.id, stage.name) == ("L", "Routing")
        assert (around is None) == (outside is data)


def test_a_stage_without_type_is_a_logic_stage_only_when_given_alone():
    data = logic(asks())
    del data["type"]
    assert found(data)[0].id == "L"
    assert dumps(write_stage(found(data)[0])) == text_of(data)
    for outside in ([data], {"stages": [data]}):
        with pytest.raises(InputError, match=r"file\.json: has no Logic stage"):
            found(outside)
    with pytest.raises(InputError, match="holds no Logic stage"):
        found({"id": "L", "logic": {}})


def test_a_logic_stage_with_keys_of_a_project_is_still_a_stage():
    stage, around = found(logic(asks(), batches=[], stages=[], data={"stages": []}))
    assert len(stage.rules) == 1 and around is None


def test_of_two_logic_stages_one_must_be_named():
    first, second = logic(name="One"), logic(name="Two") | {"id": "L2"}
    for wanted, stage_id in (("L2", "L2"), ("One", "L")):
        assert found([first, second], wanted)[0].id == stage_id
    with pytest.raises(UnknownName, match=r"file\.json has 2 Logic stages: One \(L\), Two \(L2\)"):
        found([first, second])
    with pytest.raises(UnknownName, match=r"No Logic stage is called Three in file\.json"):
        found([first, second], "Three")
    with pytest.raises(UnknownName, match="Several Logic stages are called One"):
        found([first, second | {"name": "One"}], "One")


@pytest.mark.parametrize("data", [None, 3, "text", [], [3], {}, {"stages": 3}, {"type": "Label"}])
def test_json_without_a_logic_stage_is_refused_by_name(data):
    with pytest.raises(InputError, match=r"^file\.json: (holds|has) no Logic stage"):
        found(data)


@pytest.mark.parametrize("key", ["stages", "batches", "assignedTo", "categorySchema"])
def test_what_a_project_does_not_say_is_not_known(key):
    project = json.loads(PROJECT)["data"]["project"]
    del project[key]
    read = read_project(project)
    field = {"assignedTo": "people", "categorySchema": "schema"}.get(key, key)
    assert getattr(read, field) is None
    kept = {"stages", "batches", "people", "schema"} - {field}
    assert all(getattr(read, other) is not None for other in kept)
