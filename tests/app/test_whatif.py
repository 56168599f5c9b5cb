"""Scenarios, baseline, comparing, golden tasks and the report, page against core and naive."""

import io
import json
import re

import naive
import naive_compare
import pytest
from conftest import DATA
from page_helpers import (
    charts,
    counts_of,
    database,
    field,
    metric,
    outputs_shown,
    tasks_shown,
)

from core.ango_json.drafts import read_draft, write_draft
from core.ango_json.stages import write_stage
from core.cli.main import main
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.model.phrases import day_text
from core.routing import edit
from core.routing.versions.golden import Golden
from core.routing.versions.stages import stage_changes
from core.rule_types.random_sample import RandomSample
from core.scenario.file import write_scenario
from core.scenario.scenario import scenario_of
from core.store.drafts import Drafts
from core.store.scenarios import Pin, Scenarios
from core.store.workspaces import OpenedFiles
from core.workspace import Workspace

EXPORT, PROJECT = DATA / "export.zip", DATA / "project.json"


@pytest.fixture
def opened(data, sample):
    """The sample as an opened file, and a draft over it with another percentage and order."""
    text = PROJECT.read_text(encoding="utf-8")
    file = OpenedFiles(database(data), data / "tables").add("x.zip", read_path(EXPORT), text)
    stage = sample.project.logic_stages[0]
    edited = edit.set_condition(stage, "RandomSample-0", RandomSample(0.35))
    edited = edit.move(edited, "Duration-0", 0)
    draft = Drafts(database(data)).create(
        file.id, stage.id, write_draft(stage), write_draft(edited), "me"
    )
    return file.id, draft.id, read_draft(draft.document)


def printed(capsys, *words):
    assert main([*map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def table_with(app, *columns):
    return next(f.value for f in app.dataframe if set(columns) <= set(f.value))


@pytest.mark.slow
def test_pages_say_what_the_command_line_and_the_naive_evaluator_say(
    visit, opened, sample, tmp_path, capsys
):
    _, draft, stage = opened
    scenario = tmp_path / "scenario.json"
    scenario.write_text(write_scenario(scenario_of(sample, stage, "S", 5)), encoding="utf-8")
    items = json.loads(zipped(EXPORT))
    project = json.loads(PROJECT.read_text(encoding="utf-8"))
    before = next(s for s in project["data"]["project"]["stages"] if s["type"] == "Logic")
    after = json.loads(json.dumps(write_stage(stage)))
    files = ("--tasks", EXPORT, "--project", PROJECT, "--seed", 5)

    split = printed(capsys, "split", "--logic", scenario, *files, "--next", 1_000)
    app = visit("logic/split.py", draft=draft, seed="5")
    shown = table_with(app, "Drawn", "Rule")
    coming = next(f.value for f in app.dataframe
                  if "Rule" in f.value and "Drawn" not in f.value)  # fmt: skip
    assert list(coming["Low"]) != [output["low"] for output in split["next"]["outputs"]]
    app.text_input(key="split.next").set_value("1,000").run()
    coming = next(f.value for f in app.dataframe
                  if "Rule" in f.value and "Drawn" not in f.value)  # fmt: skip
    plain = naive.split(items, after, project)
    for column, key in (("Certain", "certain"), ("Low", "low"), ("High", "high")):
        assert list(shown[column]) == [output[key] for output in split["outputs"]]
        assert list(shown[column]) == [output[key] for output in plain["outputs"]]
    assert list(shown["Drawn"]) == [output["drawn"] for output in split["outputs"]]
    assert list(coming["Low"]) == [output["low"] for output in split["next"]["outputs"]]
    assert list(coming["High"]) == [output["high"] for output in split["next"]["outputs"]]

    compared = printed(capsys, "compare", "--before", PROJECT, "--after", scenario, *files)
    old = [rule.id for rule in sample.project.logic_stages[0].rules]
    ids = (old, [rule.id for rule in stage.active])
    plain = naive_compare.compare(items, before, after, project, ids=ids)
    app = visit("logic/compare.py", draft=draft, seed="5")
    assert metric(app, "Tasks that move") == f"{compared['moved']['expected']:,.0f}"
    assert metric(app, "Tasks that move") == f"{plain['moved']['expected']:,.0f}"
    low, high, _ = plain["moved"]["interval"]
    assert any(f"{low:,} to {high:,}" in caption.value for caption in app.caption)
    assert metric(app, "Same stage, other rule") == f"{plain['rerouted']['expected']:,.0f}"
    matrix = next(f.value for f in app.dataframe if "Before ↓  after →" in f.value)
    numbers = matrix.drop(columns="Before ↓  after →").to_numpy().tolist()
    for mine, theirs, slow in zip(numbers, compared["matrix"], plain["matrix"], strict=True):
        assert mine == pytest.approx(theirs, abs=0.051)
        assert mine == pytest.approx(slow, abs=0.051)
    bars = [c["data"][0] for c in charts(app) if c["data"][0]["type"] == "bar"]
    for chart, key in zip(bars, ("arrivals", "outputs"), strict=True):
        compared[key] = [c for c in compared[key] if c["low"] or c["high"] or c["expected"]]
        plain[key] = [c for c in plain[key] if any(c["interval"][:2]) or abs(c["expected"]) > 1e-6]
        assert chart["x"] == pytest.approx([c["expected"] for c in compared[key]])
        assert chart["x"] == pytest.approx([c["expected"] for c in plain[key]])
    tables = [f.value for f in app.dataframe if {"Difference", "Low"} <= set(f.value)]
    for found, key in zip(tables, ("arrivals", "outputs"), strict=True):
        assert list(found["Low"]) == [c["low"] for c in compared[key]]
        assert list(found["High"]) == [c["high"] for c in compared[key]]
        assert list(found["Low"]) == [c["interval"][0] or 0 for c in plain[key]]
    moved = table_with(app, "Because")
    wanted = naive_compare.movers(items, before, after, project, None, 5, ids)
    assert list(moved.index) == [task for task, _, _ in wanted][:100]
    assert list(moved["Because"])[:20] == [e["because"] for e in compared["examples"]]
    drawn = f"Drawn, not expected: {len(wanted):,} move in draw 5"
    assert any(caption.value.startswith(drawn) for caption in app.caption)


def zipped(path):
    from zipfile import ZipFile

    with ZipFile(path) as archive:
        return io.TextIOWrapper(archive.open(archive.namelist()[0]), "utf-8").read()


def test_who_moves_is_broken_down_as_core_does(visit, opened, sample):
    _, draft, stage = opened
    app = visit("logic/compare.py", draft=draft)
    before = sample.project.logic_stages[0]
    result, sides = sample.compare(before, stage), sample.sides(before, stage)
    for by in ("Batch", "Class", "Annotator", "Duration"):
        app.get("button_group")[0].set_value(by).run()
        shown = next(f.value for f in app.dataframe if by in f.value)
        wanted = sample.moved_groups(sides, result, sample.everything, by)
        assert list(shown[by]) == [group.name for group in wanted]
        assert list(shown["Expected"]) == [round(group.expected, 1) for group in wanted]
        assert list(shown["Tasks"]) == [group.tasks for group in wanted]


def test_without_a_difference_the_page_says_so_and_has_the_one_button_that_fills_it(
    visit, opened, data
):
    app = visit("logic/compare.py", workspace=opened[0])
    assert "No task goes another way" in app.info[0].value
    assert "this page shows how many tasks each stage gets" in app.info[0].value
    app.button(key="compare.fill").click().run()
    assert app.header[0].value == "Rules" and not app.exception
    app.selectbox(key="rules.add").set_value("Batch").run()  # the copy is edited
    app.switch_page("pages/logic/compare.py").run()
    assert any("against “As it is now”" in caption.value for caption in app.caption)
    assert metric(app, "Tasks that move") == "0" and "baseline" in app.query_params


def test_nothing_is_compared_with_itself(visit):
    (caption,) = [one.value for one in visit("logic/compare.py").caption if "through" in one.value]
    assert caption.startswith("The project's rules: ")


def test_compare_opens_with_each_stage_that_changes_before_and_after(visit, opened, sample):
    _, draft, edited = opened
    app = visit("logic/compare.py", draft=draft)
    rules = sample.project.logic_stages[0]
    changes = stage_changes(sample.split(rules), sample.split(edited))
    shown = app.dataframe[0].value
    named = {sample.names.of_stage(c.stage): c for c in changes if c.changed}
    assert list(shown["Target stage"]) == list(named)
    assert list(shown["Expected before"]) == [round(c.before, 1) for c in named.values()]
    assert list(shown["Difference"]) == [round(c.difference, 1) for c in named.values()]
    same = len(changes) - len(named)
    words = "Expected tasks per stage" + (f"; {same} unchanged." if same else ".")
    assert any(caption.value == words for caption in app.caption)
    flow = next(c["data"][0] for c in charts(app) if c["data"][0]["type"] == "sankey")
    moved = sample.compare(rules, edited).moved.expected
    assert sum(flow["link"]["value"]) == pytest.approx(moved)


def test_a_rule_that_leads_elsewhere_is_said_once(visit, opened, data, sample):
    file, _, _ = opened
    stage = sample.project.logic_stages[0]
    rule = stage.rules[0]
    other = next(t for t in ("Review", "Complete") if t != rule.target)
    edited = edit.set_target(stage, rule.id, other)
    draft = Drafts(database(data)).create(
        file, stage.id, write_draft(stage), write_draft(edited), "me"
    )
    app = visit("logic/compare.py", draft=draft.id)
    (said,) = [one.value for one in app.markdown if one.value.startswith("- Rule 1")]
    names = sample.names
    assert f"leads to {names.of_stage(other)} instead of {names.of_stage(rule.target)}" in said
    outputs = next(f.value for f in app.dataframe if "1 → " in str(f.value.iloc[0, 0]))
    assert list(outputs.iloc[:, 0]) == [
        f"1 → {names.of_stage(other)}, not {names.of_stage(rule.target)}"
    ]


def test_where_tasks_only_take_another_rule_the_flow_shows_them(visit, opened, data, sample):
    workspace = opened[0]
    one_way = edit.set_target(sample.project.logic_stages[0], None, "Review")
    for rule in one_way.rules:
        one_way = edit.set_target(one_way, rule.id, "Review")
    base = kept(data, workspace, sample, one_way, "One way")
    other = kept(data, workspace, sample, edit.move(one_way, "Duration-0", 0), "Other way")
    app = visit("logic/compare.py", scenario=other.id, baseline=base.id)
    result = sample.compare(one_way, edit.move(one_way, "Duration-0", 0))
    assert metric(app, "Tasks that move") == "0"
    assert metric(app, "Same stage, other rule") == f"{result.rerouted.expected:,.0f}" != "0"
    links = next(c["data"][0]["link"] for c in charts(app) if c["data"][0]["type"] == "sankey")
    assert sum(links["value"]) == pytest.approx(result.rerouted.expected)
    assert "No task reaches another stage" in app.info[0].value


# ---- scenarios and the baseline -------------------------------------------------------------


def kept(data, workspace, sample, stage, name="More reviews", **more):
    """A scenario in the store; the dialog that saves one is driven in a browser."""
    document = write_scenario(scenario_of(sample, stage, name, **more))
    return Scenarios(database(data)).save(workspace, stage.id, name, document)


def test_a_scenario_is_opened_from_its_link_with_readings_and_seed(visit, opened, data, sample):
    workspace, _, stage = opened
    work = Workspace(sample.table, sample.project, Dialect(annotator="last"))
    link = kept(data, workspace, work, stage, seed=5).id
    app = visit("logic/split.py", scenario=link)
    wanted = work.split(stage, 5)
    assert list(table_with(app, "Drawn", "Rule")["Drawn"]) == [
        output.count.drawn for output in wanted.outputs
    ]
    assert app.query_params["scenario"] == [link]
    field(app.selectbox, "frame.dialect/annotator").set_value("any").run()
    again = visit("logic/split.py", **{k: v[0] for k, v in app.query_params.items()})
    assert list(table_with(again, "Drawn", "Rule")["Certain"]) == [
        output.count.certain for output in sample.split(stage).outputs
    ]


def test_a_scenario_that_is_chosen_brings_its_golden_tasks(visit, opened, data, sample):
    workspace, _, stage = opened
    golden = (Golden(sample.table.ids[0].as_py(), "Start", 0.5, "agreed"),)
    saved = kept(data, workspace, sample, stage, golden=golden)
    app = visit("logic/rules.py", workspace=workspace)
    app.selectbox(key="frame.scenario").set_value(saved.id).run()
    assert outputs_shown(app) == counts_of(sample.split(stage))
    assert any("must go to Start with at least 50 %" in m.value for m in app.markdown)
    assert Scenarios(database(data)).pins(workspace, stage.id)[0].waived == "agreed"


def test_the_first_edit_of_an_opened_scenario_starts_from_its_rules(visit, opened, data, sample):
    workspace, _, stage = opened
    app = visit("logic/rules.py", scenario=kept(data, workspace, sample, stage).id)
    app.selectbox(key="rules.add").set_value("Batch").run()
    saved = Drafts(database(data)).get(app.query_params["draft"][0])
    assert len(read_draft(saved.document).rules) == len(stage.rules) + 1
    app.button(key="rules.step/undo").click().run()
    saved = Drafts(database(data)).get(app.query_params["draft"][0])
    assert read_draft(saved.document).rules == stage.rules


def test_the_pinned_baseline_stands_beside_the_edited_values(visit, opened, data, sample):
    workspace, draft, stage = opened
    base = kept(data, workspace, sample, stage, "Base")
    app = visit("logic/split.py", workspace=workspace, baseline=base.id)
    old = dict(sample.split(stage).stages)
    assert tasks_shown(app) == "400"
    shares = dict(zip(old, sample.split(stage).stage_labels, strict=True))
    for target, count in sample.split(sample.project.logic_stages[0]).stages:
        text = f"was {old[target].expected:,.0f} · {shares[target]}"
        expected = "as before" if old[target] == count else text
        assert any(caption.value == expected for caption in app.caption), (target, expected)
    app = visit("logic/compare.py", draft=draft, baseline=base.id)
    assert any("against “Base”" in caption.value for caption in app.caption)
    assert "No task goes another way" in app.info[0].value


def test_rules_show_each_stage_before_and_after_and_what_a_percentage_is_of(
    visit, opened, data, sample
):
    workspace, draft, edited = opened
    rules = sample.project.logic_stages[0]
    app = visit("logic/rules.py", workspace=workspace)

    def totals(page):
        """(stage, number, what stands behind it) of the row above the rules."""
        html = next(
            one.proto.body for one in page.get("html") if 'class="totals"' in one.proto.body
        )
        return re.findall(r"<div>([^<]*)<br><b>([^<]*)</b>(?: · )?([^<]*)</div>", html)

    split, names = sample.split(rules), sample.names.of_stage
    assert totals(app) == [  # unedited
        (names(target), f"{count.expected:,.0f}", share)
        for (target, count), share in zip(split.stages, split.stage_labels, strict=True)
    ]
    app = visit("logic/rules.py", workspace=workspace, draft=draft)
    changes = stage_changes(sample.split(rules), sample.split(edited))
    assert any(change.changed for change in changes)
    assert [row[:2] for row in totals(app)] == [(names(c.stage), c.words) for c in changes]
    assert any("Before: the project's rules" in caption.value for caption in app.caption)
    first = edit.move(rules, "RandomSample-0", 0)  # the first rule's editor is open
    saved = Drafts(database(data)).create(
        workspace, rules.id, write_draft(rules), write_draft(first), "me"
    )
    app = visit("logic/rules.py", workspace=workspace, draft=saved.id)
    base = sample.split(first).bases[0]
    assert base.startswith("20 % of the 400 that get here = ")
    assert app.slider and base in [line.value for line in app.markdown]


def test_a_deleted_baseline_is_said_and_the_project_takes_its_place(visit, opened, data, sample):
    workspace, _, stage = opened
    base = kept(data, workspace, sample, stage, "Base")
    app = visit("logic/compare.py", workspace=workspace, baseline=base.id)
    assert metric(app, "Tasks that move") != "0"
    Scenarios(database(data)).delete(base.id)
    later = visit("logic/compare.py", workspace=workspace, baseline=base.id)
    assert "baseline" not in later.query_params
    assert "No task goes another way" in later.info[0].value
    later.button(key=f"frame.scenario-gone#{base.id}").click().run()
    assert Scenarios(database(data)).get(base.id) == base
    assert visit("logic/compare.py", workspace=workspace, baseline=base.id).metric


def test_a_baseline_of_another_reading_is_asked_in_its_own(visit, opened, data, sample):
    workspace, _, _ = opened
    stage = sample.project.logic_stages[0]
    seconds = Workspace(sample.table, sample.project, Dialect(unit="s"))
    document = write_scenario(scenario_of(seconds, stage, "In seconds"))
    base = Scenarios(database(data)).save(workspace, stage.id, "In seconds", document)
    app = visit("logic/compare.py", workspace=workspace, baseline=base.id)
    result = sample.compare(stage, stage, other=seconds)
    assert result.moved.expected > 0
    assert metric(app, "Tasks that move") == f"{result.moved.expected:,.0f}"
    assert any("assumptions about Ango Hub" in info.value for info in app.info)


# ---- facts of then, golden tasks, the report ------------------------------------------------


def test_facts_of_then_are_chosen_above_the_page(visit, opened, sample):
    app = visit("logic/split.py", workspace=opened[0])
    field(app.selectbox, "frame.dialect/at").set_value("Label").run()
    work = Workspace(sample.table, sample.project, Dialect(at="Label"))
    wanted = work.split(sample.project.logic_stages[0])
    shown = table_with(app, "Drawn", "Rule")
    assert list(shown["Certain"]) == [output.count.certain for output in wanted.outputs]
    said = " ".join(each.value for each in app.markdown)
    assert f"**{work.facts.honesty.at_differs:,}** tasks that were different" in said
    assert app.query_params["at"] == ["Label"]
    nowhere = visit("logic/split.py", workspace=opened[0], at="Nowhere")
    final = sample.split(sample.project.logic_stages[0])
    assert list(table_with(nowhere, "Drawn", "Rule")["Certain"]) == [
        output.count.certain for output in final.outputs
    ]


def test_a_golden_task_is_pinned_checked_at_every_edit_and_waived(visit, opened, data, sample):
    workspace, _, _ = opened
    stage = sample.project.logic_stages[0]
    app = visit("project/tasks.py", workspace=workspace)
    app.button(key="golden.pin").click().run()
    store = Scenarios(database(data))
    (pin,) = store.pins(workspace, stage.id)
    assert pin.task == sample.table.ids[0].as_py()
    app.switch_page("pages/logic/rules.py").run()
    assert any("The pinned task goes where it must" in c.value for c in app.caption)
    store.pin(workspace, stage.id, Pin(pin.task, "Start", 1.0, ""))
    app.run()
    (verdict,) = sample.golden(stage, [Golden(pin.task, "Start")])
    assert any("must go to Start for certain" in m.value for m in app.markdown)
    assert not verdict.ok
    app.switch_page("pages/logic/publish.py").run()
    app.text_input(key=f"golden.waive/{pin.task}").set_value("agreed with Ada").run()
    assert store.pins(workspace, stage.id)[0].waived == "agreed with Ada"
    app.switch_page("pages/project/tasks.py").run()
    app.button(key="golden.unpin").click().run()
    assert store.pins(workspace, stage.id) == ()


def test_the_report_of_the_page_is_the_report_of_core(visit, opened, sample, tmp_path, capsys):
    _, draft, stage = opened
    app = visit("share/report.py", draft=draft, seed="5")
    app.text_input(key="report.title").set_value("May").run()
    shown = app.get("iframe")[0].proto.srcdoc
    file = tmp_path / "s.json"
    file.write_text(write_scenario(scenario_of(sample, stage, "May", 5)), encoding="utf-8")
    words = ("report", "--tasks", EXPORT, "--logic", file, "--project", PROJECT)
    words += ("--date", day_text(app.date_input(key="report.date").value), "--author", "Ada")
    app.text_input(key="report.author").set_value("Ada").run()
    shown = app.get("iframe")[0].proto.srcdoc
    printed(capsys, *words, "--baseline", PROJECT, "--out", tmp_path / "r.html")
    written = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert without_names(shown) == without_names(written)


def without_names(text):
    return text.replace("the project&#39;s rules", "B").replace("“Routing” of project.json", "B")
