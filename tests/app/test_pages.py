"""Every page shows numbers that equal core's."""

import json

import numpy as np
import pytest
import sqlalchemy as sa
from conftest import DATA
from page_helpers import (
    charts,
    counts_of,
    database,
    field,
    look_at,
    menus,
    metric,
    outputs_shown,
    tasks_shown,
)

from core.ango_json.drafts import read_draft, write_draft
from core.export.reader import read_path
from core.routing import edit
from core.rule_types.random_sample import RandomSample
from core.store.drafts import Drafts
from core.store.scenarios import Scenarios
from core.store.workspaces import OpenedFiles
from core.tasks import bits, summary
from core.tasks.select import Selection, days, select
from pages._ui import link

PAGES = (
    *("project/overview.py", "project/tasks.py", "logic/rules.py", "logic/split.py"),
    *("logic/compare.py", "share/report.py"),
)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_opens_on_the_demo_and_says_how_many_tasks_are_looked_at(
    visit, page, demo_workspace
):
    app = visit(page)
    assert tasks_shown(app) == f"{len(demo_workspace.table):,}"
    assert app.header


@pytest.mark.parametrize("page", PAGES)
def test_a_data_folder_that_cannot_be_used_is_told_in_a_sentence(visit, data, page):
    store = database(data)
    with store.work() as tx:
        tx.execute(sa.text("INSERT INTO migrations VALUES ('0099-moons')"))
    store.close()
    app = visit(page)
    (said,) = app.error
    assert "was changed by a newer Switchyard" in said.value
    assert not app.exception and not app.header


def test_overview_counts_what_core_counts(visit, demo_workspace):
    app = visit("project/overview.py")
    work = demo_workspace
    stages = summary.per_stage(work.table, work.names, work.everything)
    first = charts(app)[0]["data"][0]
    assert first["x"] == [count for _, count in stages]
    unknown = summary.durations(work.facts, work.everything).unknown
    assert metric(app, "Unknown duration") == str(unknown)


def test_tasks_lists_and_traces_what_core_traces(visit, demo_workspace):
    app = visit("project/tasks.py")
    work = demo_workspace
    shown = app.dataframe[0].value
    assert len(shown) == 200
    task = work.table.ids[0].as_py()
    way = work.trace(work.project.logic_stages[0], task)
    steps = next(f.value for f in app.dataframe if "Verdict" in f.value)
    assert list(steps["Verdict"]) == [step.verdict for step in way.steps]
    assert list(steps["Leaves here"]) == pytest.approx(way.probabilities)


def test_tasks_finds_a_task_by_part_of_its_name(visit, demo_workspace):
    app = visit("project/tasks.py")
    app.text_input(key="tasks.text").set_value("PILOT-0003").run()
    assert list(app.dataframe[0].value["Asset"]) == ["2026-09-07-pilot-0003.jpg"]
    app.text_input(key="tasks.text").set_value("nothing is called so").run()
    assert "No task passes this filter" in app.info[0].value


@pytest.mark.parametrize("page", ["logic/rules.py", "logic/split.py"])
def test_the_split_on_the_page_is_the_split_of_core(visit, page, demo_workspace):
    app = visit(page)
    work = demo_workspace
    result = work.split(work.project.logic_stages[0])
    if page == "logic/rules.py":
        assert outputs_shown(app) == counts_of(result)
        look_at(app, "Table")
    else:
        bars = next(c for c in charts(app) if c["data"][0]["type"] == "bar")["data"][0]
        assert bars["x"] == pytest.approx([o.count.expected for o in result.outputs])
    table = next(f.value for f in app.dataframe if {"Drawn", "Rule"} <= set(f.value))
    assert list(table["Low"]) == [o.count.low for o in result.outputs]
    assert list(table["High"]) == [o.count.high for o in result.outputs]
    assert list(table["Drawn"]) == [o.count.drawn for o in result.outputs]


def test_another_seed_draws_what_core_draws(visit, demo_workspace):
    app = visit("logic/split.py")
    field(app.text_input, "split.seed").set_value("7").run()
    result = demo_workspace.split(demo_workspace.project.logic_stages[0], 7)
    table = next(f.value for f in app.dataframe if {"Drawn", "Rule"} <= set(f.value))
    assert list(table["Drawn"]) == [o.count.drawn for o in result.outputs]


def test_a_selection_holds_on_the_next_page(visit, demo_workspace):
    app = visit("logic/split.py")
    batch = demo_workspace.table.batch_names[0]
    field(app.multiselect, "frame.batches").set_value([batch]).run()
    shown = tasks_shown(app)
    assert " of 5,0" in shown
    app.switch_page("pages/project/overview.py").run()
    assert tasks_shown(app) == shown
    app.button(key="frame.all").click().run()
    assert tasks_shown(app) == f"{len(demo_workspace.table):,}"


def test_adding_a_rule_saves_a_draft_that_its_link_reopens(visit, data, demo_workspace):
    app = visit("logic/rules.py")
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    draft = app.query_params["draft"][0]
    again = visit("logic/rules.py", draft=draft)
    stage = read_draft(Drafts(database(data)).get(draft).document)
    assert stage.rules[-1].condition == RandomSample(0.2)
    assert outputs_shown(again) == counts_of(demo_workspace.split(stage))


def test_undo_and_redo_lead_back_and_forth(visit, demo_workspace):
    app = visit("logic/rules.py")
    before = outputs_shown(app)
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    assert len(outputs_shown(app)) == len(before) + 1
    app.button(key="rules.step/undo").click().run()
    assert outputs_shown(app) == before
    app.button(key="rules.step/redo").click().run()
    assert len(outputs_shown(app)) == len(before) + 1


def test_a_percentage_typed_in_the_editor_moves_the_split(visit, data, demo_workspace):
    app = visit("logic/rules.py")
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    box = next(one for one in app.text_input if str(one.key).startswith("rules.percent/"))
    box.set_value("35").run()
    stage = read_draft(Drafts(database(data)).get(app.query_params["draft"][0]).document)
    assert stage.rules[-1].condition == RandomSample(0.35)
    assert outputs_shown(app) == counts_of(demo_workspace.split(stage))


def test_a_second_editor_is_told_and_nothing_is_lost(visit, data, demo_workspace):
    mine = visit("logic/rules.py")
    mine.selectbox(key="rules.add").set_value("RandomSample").run()
    link = mine.query_params["draft"][0]
    drafts = Drafts(database(data))
    seen = drafts.get(link)
    others = edit.remove(read_draft(seen.document), "Batch-0")
    drafts.save(seen, write_draft(others), "somebody else")
    mine.selectbox(key="rules.add").set_value("Batch").run()
    (warning,) = mine.warning  # one thing is said at a time
    assert "draft of its own" in warning.value
    assert len(outputs_shown(mine)) == len(others.rules) + 1 + 2
    kept = mine.query_params["draft"][0]
    mine.button(key="presence.keep").click().run()
    assert not mine.warning
    assert kept != link
    assert drafts.get(link).document == write_draft(others)
    assert len(read_draft(drafts.get(kept).document).rules) == len(others.rules) + 2


def test_a_draft_is_named_deleted_and_restored_above_the_page(visit, data):
    app = visit("logic/rules.py")
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    (draft,) = app.query_params["draft"]
    field(app.text_input, f"frame.draft/{draft}").set_value("Spot *checks*").run()
    assert menus(app)[1] == r"Spot \*checks\*"
    app.button(key=f"frame.draft/{draft}#delete").click().run()
    assert "draft" not in app.query_params and "is deleted" in app.toast[0].value
    assert menus(app)[1] == "The project's rules"
    app.button(key=f"frame.draft-gone#{draft}").click().run()
    assert app.query_params["draft"] == [draft]
    drafts = Drafts(database(data))
    assert drafts.get(draft).name == "Spot *checks*"
    drafts.delete(draft)  # in another window
    app.run()
    assert any("was deleted" in one.value for one in app.warning)
    app.button(key="rules.step/undo").click().run()
    app.selectbox(key="rules.add").set_value("Batch").run()
    assert not app.exception and app.query_params["draft"] != [draft]
    app.button(key="presence.load").click().run()  # it is gone, and nothing is lost
    assert not app.exception and len(drafts.recent("demo")) == 1


def test_switching_away_and_back_keeps_the_draft_in_hand(visit, data):
    text = (DATA / "project.json").read_text(encoding="utf-8")
    files = OpenedFiles(database(data), data / "tables")
    file = files.add("export.zip", read_path(DATA / "export.zip"), text)
    app = visit("logic/rules.py")
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    (draft,) = app.query_params["draft"]
    field(app.selectbox, "frame.workspace").set_value(file.id).run()
    assert "draft" not in app.query_params
    field(app.text_input, f"frame.file/{file.id}").set_value("Streets").run()
    field(app.selectbox, "frame.workspace").set_value("demo").run()
    assert app.query_params["draft"] == [draft]
    field(app.selectbox, "frame.workspace").set_value(file.id).run()
    assert files.get(file.id).name == "Streets"
    app.button(key=f"frame.file/{file.id}#delete").click().run()
    assert app.query_params["draft"] == [draft] and files.recent() == ()
    app.button(key=f"frame.file-gone#{file.id}").click().run()
    assert app.query_params["workspace"] == [file.id] and not app.exception


def test_a_table_of_rules_has_its_numbers_in_front_and_the_shares_of_the_cards(visit):
    app = look_at(visit("logic/rules.py"), "Table")
    table = next(one for one in app.dataframe if {"Drawn", "Rule"} <= set(one.value))
    order = list(table.proto.column_order)
    assert order[:5] == ["Output", "Certain", "Expected", "Low", "High"]
    assert order.index("Rule") > order.index("Share")


def test_an_opened_file_is_found_again_by_its_link(visit, data, sample):
    files = OpenedFiles(database(data), data / "tables")
    text = (DATA / "project.json").read_text(encoding="utf-8")
    file = files.add("export.zip", read_path(DATA / "export.zip"), text)
    app = visit("logic/split.py", workspace=file.id)
    assert tasks_shown(app) == "400"
    result = sample.split(sample.project.logic_stages[0])
    table = next(f.value for f in app.dataframe if {"Drawn", "Rule"} <= set(f.value))
    assert list(table["Expected"]) == pytest.approx([o.count.expected for o in result.outputs])


def test_a_plugin_stage_says_that_the_local_hub_keeps_its_tasks(visit, data, demo_workspace):
    assert not any("Plugin" in one.value for one in visit("project/overview.py").caption)
    document = json.loads((DATA / "project.json").read_text(encoding="utf-8"))
    stages = document["data"]["project"]["stages"] if "data" in document else document["stages"]
    stages.append({"id": "p", "type": "Plugin", "name": "<b>Model*", "next": ["Complete"]})
    files = OpenedFiles(database(data), data / "tables")
    file = files.add("export.zip", read_path(DATA / "export.zip"), json.dumps(document))
    said = [one.value for one in visit("project/overview.py", workspace=file.id).caption]
    (about,) = [one for one in said if "Plugin" in one]
    assert "in the Plugin stage <b>Model*: tasks stay there" in about.replace("\\", "")
    assert "<b>" not in about and "Model*" not in about  # as text, not as markup


def test_a_link_to_nothing_says_so_and_opens_the_demo(visit, demo_workspace):
    app = visit("logic/rules.py", draft="gone")
    assert tasks_shown(app) == f"{len(demo_workspace.table):,}"


@pytest.fixture
def named(data, sample):
    """An opened file with a draft and a scenario of it that a newer version kept, and their ids."""
    text = (DATA / "project.json").read_text(encoding="utf-8")
    store = database(data)
    file = OpenedFiles(store, data / "tables").add(
        "export.zip", read_path(DATA / "export.zip"), text
    )
    stage = sample.project.logic_stages[0]
    newer = '{"version": 99}'
    draft = Drafts(store).create(file.id, stage.id, write_draft(stage), newer, "me")
    scenario = Scenarios(store).save(
        file.id, stage.id, "Later", '{"switchyard": "scenario", "version": 99}'
    )
    return {"file": file.id, "newer draft": draft.id, "newer scenario": scenario.id}


@pytest.mark.parametrize(
    ("where", "what", "says"),
    [
        ("draft", "gone", "The draft of this link does not exist."),
        ("draft", "newer draft", "is not of this version"),
        ("scenario", "gone", "was deleted or never saved here"),
        ("scenario", "newer scenario", "newer Switchyard"),
        ("baseline", "gone", "was deleted or never saved here"),
    ],
)
def test_a_link_to_what_cannot_be_opened_opens_the_rest_and_says_so(
    visit, named, where, what, says
):
    app = visit("logic/split.py", workspace=named["file"], **{where: named.get(what, what)})
    (toast,) = app.toast
    assert says in toast.value.replace("\\", "") and tasks_shown(app) == "400"
    assert app.query_params["workspace"] == [named["file"]] and where not in app.query_params
    assert menus(app)[1] == "The project's rules"


def test_a_link_to_a_project_that_is_gone_says_so_and_opens_the_demo(visit, demo_workspace):
    app = visit("logic/split.py", workspace="0123456789abcdef")
    (toast,) = app.toast
    assert "no longer kept here" in toast.value and "Open it again" in toast.value
    assert tasks_shown(app) == f"{len(demo_workspace.table):,}"


def test_up_to_how_many_tasks_the_histories_are_asked_is_said_and_can_be_lifted(visit, monkeypatch):
    monkeypatch.setattr("pages.logic.parts.contradiction.MOST", 1_000)
    app = visit("logic/split.py")
    assert any("by itself up to 1,000 tasks" in one.value for one in app.caption)
    app.button(key="split.ask").click().run()
    assert not app.exception and "split.ask" not in {one.key for one in app.button}
    app.switch_page("pages/logic/rules.py").run()
    app.selectbox(key="rules.add").set_value("RandomSample").run()
    app.switch_page("pages/logic/split.py").run()
    assert any("the project's own rules did" in one.value for one in app.caption)


def test_a_link_carries_the_tasks_looked_at_the_dialect_and_the_seed(visit, demo_workspace):
    table = demo_workspace.table
    code = int(np.bincount(table.stage[table.stage >= 0]).argmax())
    id, name = table.stages[code]
    chosen = Selection((id or name,), (table.batch_names[0],), first=days(table)[0])
    tasks = bits.count(select(table, chosen))
    asked = link.of_selection(chosen)
    app = visit("logic/split.py", annotator="last", seed="7", **asked)
    assert tasks_shown(app).startswith(f"{tasks:,} of ")
    assert field(app.selectbox, "frame.dialect/annotator").value == "last"
    written = {name: app.query_params[name] for name in app.query_params}
    assert written == {"annotator": ["last"], "seed": ["7"], **asked}


def test_a_link_with_nonsense_opens_what_it_can(visit, demo_workspace):
    app = visit("logic/split.py", annotator="nobody", seed="x", stage="gone", to="yesterday")
    assert tasks_shown(app) == f"{len(demo_workspace.table):,}"
    assert not app.exception
