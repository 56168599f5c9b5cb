"""Pickers, selectors and settings of the pages, each against numbers of core."""

import json

import pytest
from conftest import DATA
from made_up_type import Quick, QuickRule
from page_helpers import (
    charts,
    counts_of,
    database,
    field,
    look_at,
    outputs_shown,
    tasks_shown,
)

from core.ango_json.drafts import read_draft
from core.ango_json.project import read_project
from core.ango_json.text import dumps, loads
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.rule_types.registry import TYPES
from core.store.drafts import Drafts
from core.store.workspaces import OpenedFiles
from core.tasks import bits
from core.tasks.select import Selection, batch_choices, select
from core.workspace import Workspace


def drafted(app, data):
    return read_draft(Drafts(database(data)).get(app.query_params["draft"][0]).document)


def shown(app):
    return charts(app)[0]["data"][0]["x"]


def added(app, kind, data):
    app.selectbox(key="rules.add").set_value(kind).run()
    return drafted(app, data).rules[-1].id


@pytest.mark.parametrize("kind", ["AnnotationType", "Annotator", "Batch", "Duration"])
def test_each_rule_type_is_picked_by_name_and_counted(visit, data, demo_workspace, kind):
    project = demo_workspace.project
    classes = [c.schema_id for c in project.schema.top_level[:2]]
    people = [person.email for person in project.people[:2]]
    batches = [batch.id for batch in project.batches[:2]]
    app = visit("logic/rules.py")
    rule = added(app, kind, data)

    def pick(widget, name, value):
        widget(key=f"rules.{name}/{rule}").set_value(value).run()
        assert not app.exception

    if kind == "AnnotationType":
        pick(app.multiselect, "has", [classes[0]])
        pick(app.multiselect, "lacks", [classes[1]])
        wanted = AnnotationType((ClassFilter(classes[0]), ClassFilter(classes[1], False)))
    elif kind == "Annotator":
        pick(app.multiselect, "people", people)
        wanted = Annotator(tuple(people))
    elif kind == "Batch":
        pick(app.multiselect, "batches", batches)
        wanted = Batch(tuple(batches))
    else:
        pick(app.text_input, "low", "1")
        pick(app.text_input, "high", "120,5 s")
        wanted = Duration(60_000.0, 120_500.0)
    stage = drafted(app, data)
    assert stage.rules[-1].condition == wanted
    assert outputs_shown(app) == counts_of(demo_workspace.split(stage))


def test_bounds_may_be_reversed_while_they_are_typed(visit, data):
    app = visit("logic/rules.py")
    rule = added(app, "Duration", data)
    low, high = f"rules.low/{rule}", f"rules.high/{rule}"
    field(app.text_input, low).set_value("1").run()
    field(app.text_input, high).set_value("4").run()
    field(app.text_input, low).set_value("5").run()
    assert any("above the upper" in error.value for error in app.error)
    condition = drafted(app, data).rules[-1].condition
    assert (condition.low, condition.high) == (60_000, 240_000)
    field(app.text_input, high).set_value("10").run()
    assert not app.error
    condition = drafted(app, data).rules[-1].condition
    assert (condition.low, condition.high) == (300_000, 600_000)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-5", "-5 is not a number from 0 to 100. The rule stays at 20 %."),
        ("", "Type a number from 0 to 100. The rule stays at 20 %."),
        ("1.000,5", "can be read in two ways"),
        ("1,000", "can be read in two ways"),
        ("viel", "“viel” is not a number."),
    ],
)
def test_what_is_no_percentage_stays_in_its_box_with_a_sentence(visit, data, text, says):
    app = visit("logic/rules.py")
    name = f"rules.percent/{added(app, 'RandomSample', data)}"
    for each in ("-5", text):  # an old value does not come back over a box that was cleared
        field(app.text_input, name).set_value(each).run()
        app.run()
    (error,) = app.error
    assert says in error.value.replace("\\", "") and field(app.text_input, name).value == text
    assert drafted(app, data).rules[-1].condition == RandomSample(0.2)
    app.button(key="rules.step/undo").click().run()
    assert not app.exception


def test_a_decimal_comma_is_one_and_units_are_those_of_the_card(visit, data):
    app = visit("logic/rules.py")
    rule = added(app, "RandomSample", data)
    field(app.text_input, f"rules.percent/{rule}").set_value("1,5").run()
    assert drafted(app, data).rules[-1].condition == RandomSample(0.015)
    rule = added(app, "Duration", data)
    low, high = f"rules.low/{rule}", f"rules.high/{rule}"
    assert field(app.text_input, low).label == "At least, min"
    field(app.text_input, low).set_value("1,5 h").run()
    assert drafted(app, data).rules[-1].condition == Duration(5_400_000, None)
    assert field(app.text_input, low).value == "1,5 h"  # as it was typed
    field(app.text_input, high).set_value("90.5 min").run()
    assert field(app.text_input, high).label == "At most, s"  # 1 h 30 min 30 s on the card
    field(app.text_input, high).set_value("").run()
    assert drafted(app, data).rules[-1].condition == Duration(5_400_000, None)


def test_a_percentage_above_100_stays_in_its_box_and_changes_nothing(visit, data):
    app = visit("logic/rules.py")
    rule = added(app, "RandomSample", data)
    field(app.text_input, f"rules.percent/{rule}").set_value("150").run()
    assert any("0 to 100" in error.value for error in app.error)
    assert drafted(app, data).rules[-1].condition == RandomSample(0.2)
    field(app.text_input, f"rules.percent/{rule}").set_value("35").run()
    assert not app.error
    assert drafted(app, data).rules[-1].condition == RandomSample(0.35)


def test_no_output_is_offered_start(visit, demo_workspace):
    app = visit("logic/rules.py")
    names = demo_workspace.names
    first = demo_workspace.project.logic_stages[0].rules[0].id
    offered = app.selectbox(key=f"rules.target/{first}").options
    assert names.of_stage("Complete") in offered and "Start" not in offered
    assert names.of_stage("Start") == "Start"  # so it would be seen
    app.switch_page("pages/logic/explain.py").run()
    assert not any("Start" in box.options for box in app.selectbox)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("annotator", "last"),
        ("duration", "labelling"),
        ("unit", "s"),
        ("nested", "on"),
        ("random", "percent"),
    ],
)
def test_a_dialect_changes_every_page_the_same_way(visit, demo_workspace, name, value):
    app = visit("logic/rules.py")
    field(app.selectbox, f"frame.dialect/{name}").set_value(value).run()
    assert not app.exception
    work = Workspace(demo_workspace.table, demo_workspace.project, Dialect(**{name: value}))
    stage = work.project.logic_stages[0]
    assert outputs_shown(app) == counts_of(work.split(stage))
    app.switch_page("pages/logic/split.py").run()
    assert shown(app) == pytest.approx([o.count.expected for o in work.split(stage).outputs])
    assert app.query_params[name] == [value]


def test_the_selection_counts_on_every_page(visit, demo_workspace):
    app = visit("logic/split.py")
    name, raw = next(iter(batch_choices(demo_workspace.table, demo_workspace.names).items()))
    field(app.multiselect, "frame.batches").set_value([name]).run()
    within = select(demo_workspace.table, Selection(batches=tuple(sorted(raw))))
    assert tasks_shown(app) == f"{bits.count(within):,} of {len(demo_workspace.table):,}"
    stage = demo_workspace.project.logic_stages[0]
    result = demo_workspace.split(stage, 0, within)
    assert sum(shown(app)) == pytest.approx(bits.count(within))
    assert shown(app) == pytest.approx([o.count.expected for o in result.outputs])
    app.button(key="frame.all").click().run()
    assert tasks_shown(app) == f"{len(demo_workspace.table):,}"


def two_stages(text):
    document = loads(text)
    project = document["data"]["project"] if "data" in document else document
    logic = next(stage for stage in project["stages"] if stage["type"] == "Logic")
    second = json.loads(dumps(logic)) | {"id": "second-logic", "name": "Second logic"}
    second["logic"]["conditions"] = second["logic"]["conditions"][:1]
    second["next"] = [second["next"][0], second["next"][-1]]
    project["stages"].append(second)
    return dumps(document)


def test_a_project_with_two_logic_stages_lets_one_choose(visit, data):
    text = two_stages((DATA / "project.json").read_text(encoding="utf-8"))
    table = read_path(DATA / "export.zip")
    file = OpenedFiles(database(data), data / "tables").add("export.zip", table, text)
    app = visit("logic/rules.py", workspace=file.id)
    work = Workspace(table, read_project(loads(text)), Dialect())
    first, second = work.project.logic_stages
    assert len(outputs_shown(app)) == len(first.rules) + 1
    app.selectbox(key="rules.stage").set_value(second.id).run()
    assert not app.exception
    assert outputs_shown(app) == counts_of(work.split(second))


def test_fifty_rules_are_shown_and_edited(visit, data, demo_workspace):
    stage = demo_workspace.project.logic_stages[0]
    rules = [
        {"type": "RandomSample", "value": 0.5 + place / 100, "index": place} for place in range(50)
    ]
    text = json.dumps(
        {
            "id": stage.id,
            "type": "Logic",
            "name": stage.name,
            "logic": {"conditions": rules},
            "next": [stage.otherwise] * 51,
        }
    )
    app = visit("logic/rules.py")
    look_at(app, "JSON").text_area(key="rules.json.paste").set_value(text)
    look_at(app, "JSON").button(key="rules.json.take").click()
    look_at(app, "JSON")
    assert not app.exception
    edited = drafted(app, data)
    assert len(edited.rules) == 50
    assert outputs_shown(look_at(app, "Split")) == counts_of(demo_workspace.split(edited))


def pasted(app, stage, *written):
    rules = [{"type": "RandomSample", "value": v, "index": i} for i, v in enumerate(written)]
    text = json.dumps(
        {
            "id": stage.id,
            "type": "Logic",
            "name": stage.name,
            "logic": {"conditions": rules},
            "next": [stage.otherwise] * (len(rules) + 1),
        }
    )
    look_at(app, "JSON").text_area(key="rules.json.paste").set_value(text)
    look_at(app, "JSON").button(key="rules.json.take").click()
    look_at(app, "JSON")
    assert not app.exception


def test_a_mixed_scale_is_said_at_the_rule_and_a_reading_settles_it(visit, demo_workspace, data):
    app, tasks = visit("logic/rules.py"), len(demo_workspace.table)
    pasted(app, demo_workspace.project.logic_stages[0], 20, 0.5)

    def mixed():
        said = [m.value for m in app.markdown if "one scale" in m.value]
        return [number for number in (1, 2, 3) if any(f"**Rule {number}**" in m for m in said)]

    def shares():
        table = next(f.value for f in look_at(app, "Table").dataframe if "Expected" in f.value)
        return [expected / tasks for expected in table["Expected"]]

    assert mixed() == [1, 2]
    assert shares() == pytest.approx([0.2, 0.4, 0.4], abs=0.1 / tasks)
    field(app.selectbox, "frame.dialect/random").set_value("percent").run()
    assert mixed() == []
    assert shares() == pytest.approx([0.2, 0.8 * 0.005, 0.8 * 0.995], abs=0.1 / tasks)
    rule = drafted(app, data).rules[0].id
    field(app.text_input, f"rules.percent/{rule}").set_value("0.25").run()
    assert [r.condition.value for r in drafted(app, data).rules] == [0.25, 0.5]
    assert shares()[0] == pytest.approx(0.0025, abs=0.1 / tasks)
    field(app.selectbox, "frame.dialect/random").set_value("fraction").run()
    assert not app.exception and shares() == pytest.approx([0.25, 0.375, 0.375], abs=0.1 / tasks)


def test_a_percentage_that_others_would_hide_is_written_with_them(visit, demo_workspace, data):
    app = visit("logic/rules.py")
    pasted(app, demo_workspace.project.logic_stages[0], 20, 30)
    rule = drafted(app, data).rules[0].id
    field(app.text_input, f"rules.percent/{rule}").set_value("0.5").run()
    assert [r.condition.value for r in drafted(app, data).rules] == [0.005, 0.3]
    assert any("Rule 2 is now written in the same scale" in toast.value for toast in app.toast)
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    assert [r.condition.value for r in drafted(app, data).rules] == [0.005, 0.3, 0.2]


def test_a_made_up_rule_type_is_added_and_edited_as_json(visit, data, monkeypatch):
    monkeypatch.setitem(TYPES, "Quick", QuickRule())
    app = visit("logic/rules.py")
    rule = added(app, "Quick", data)
    assert rule == "Quick-0"
    assert any("Quick task" in text.value for text in app.markdown)
    (editor,) = [area for area in app.text_area if area.label == "Rule as JSON"]
    editor.set_value('{"type": "Quick", "value": 90000}').run()
    assert not app.exception
    assert drafted(app, data).rules[-1].condition == Quick(90_000)
