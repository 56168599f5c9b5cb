"""Explain and Plan show what core says, and what they apply is in the draft."""

from dataclasses import replace
from random import Random
from time import process_time

import pytest
from conftest import DATA
from page_helpers import charts, database, field

from core.ango_json.drafts import read_draft, write_draft
from core.charts.explain import overlap_pairs
from core.charts.plan import behaviour_table
from core.model.rules import Rule
from core.routing import edit
from core.routing.explain.hits import both_match, taken_from
from core.routing.plan.goal_seek import ways_to
from core.routing.plan.sensitivity import tornado
from core.routing.plan.shares import plan, whole_words, with_settings
from core.routing.plan.sweep import Knob, sweep, values_of
from core.routing.versions.stages import stage_changes
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.store.drafts import Drafts
from core.store.workspaces import OpenedFiles
from core.tasks import bits


@pytest.fixture
def stage(demo_workspace):
    return demo_workspace.project.logic_stages[0]


def table(app, *columns):
    return next(f.value for f in app.dataframe if set(columns) <= set(f.value))


def said(app):
    return " ".join(m.value.replace("\\", "") for m in (*app.markdown, *app.caption))


def drafted(app, data):
    return read_draft(Drafts(database(data)).get(app.query_params["draft"][0]).document)


def open_draft(data, before, after):
    """A saved draft; gives its id."""
    drafts = Drafts(database(data))
    return drafts.create("demo", before.id, write_draft(before), write_draft(after), "test").id


def at_tab(app, name):
    """Open a tab of Explain; only what is looked at is drawn."""
    stay_at(app, name)
    assert not app.run().exception
    return app


def stay_at(app, name):
    """A browser sends the tab with each edit; the page test must say it anew."""
    app.session_state["explain.tab"] = name


def many_rules(stage, work, count=60):
    """So many rules of every type, each with another target than the next."""
    draw, table_ = Random(1), work.table
    conditions = [
        lambda: AnnotationType((ClassFilter(draw.choice(table_.schema_ids), draw.random() < 0.5),)),
        lambda: Batch((draw.choice(work.project.batches).id,)),
        lambda: Duration(float(low := draw.randrange(400_000)), low + 60_000.0),
        lambda: RandomSample(draw.choice([0.01, 0.05, 0.1])),
    ]
    rules = [
        Rule(f"made-{n}", conditions[n % 4](), ("Review", "Complete")[n % 2]) for n in range(count)
    ]
    return replace(stage, rules=tuple(rules))


# ---- explain --------------------------------------------------------------------------------


def test_hits_and_overlap_on_the_page_are_those_of_core(visit, demo_workspace, stage):
    app, found = visit("logic/explain.py"), demo_workspace.hits(stage)
    rows = table(app, "Matched", "Taken")
    for column, name in (("Matched", "alone"), ("Reached", "reached"), ("Taken", "won")):
        wanted = [round(getattr(hit, name).expected, 1) for hit in found.rules]
        assert list(rows[column]) == wanted
    lost = [round(sum(a.expected for a in hit.lost), 1) for hit in found.rules]
    assert list(rows["Lost above"]) == lost
    at_tab(app, "Overlap")
    heat = next(c for c in charts(app) if c["data"][0]["type"] == "heatmap")
    pairs = table(app, "One rule", "Other rule")
    numbers = [hit.number for hit in found.rules]
    for _, row in pairs.iterrows():
        upper, lower = (numbers.index(int(row[name])) for name in ("One rule", "Other rule"))
        assert row["Tasks"] == round(found.overlap[lower][upper].expected, 1)
    assert len(pairs) == len(numbers) * (len(numbers) - 1) / 2
    assert heat["layout"]["xaxis"]["title"]["text"] == "rule"
    stay_at(app, "Overlap")
    app.button_group(key="explain.which").set_value("Lost to the rule above").run()
    pairs = table(app, "Taken by rule", "From rule")
    for _, row in pairs.iterrows():
        upper, lower = (numbers.index(int(row[name])) for name in ("Taken by rule", "From rule"))
        assert row["Tasks"] == round(found.rules[lower].lost[upper].expected, 1)


@pytest.mark.parametrize(
    ("which", "find"), [(None, both_match), ("Lost to the rule above", taken_from)]
)
def test_a_row_of_the_overlap_opens_its_tasks(visit, demo_workspace, stage, which, find):
    app = at_tab(visit("logic/explain.py"), "Overlap")
    if which:
        stay_at(app, "Overlap")
        app.button_group(key="explain.which").set_value(which).run()
    stay_at(app, "Overlap")
    app.button(key="explain.open/4/6").click().run()
    tasks = bits.count(find(demo_workspace.matcher, stage, (3, 5), 0))
    assert any(f"{tasks:,} tasks; showing" in c.value for c in app.caption)
    assert "4" in app.info[0].value and "6" in app.info[0].value


def test_sixty_rules_are_explained_at_once_and_with_few_elements(visit, data, sample):
    """A button per pair of rules were 1,770 of them: a browser took 12 to 19 s for the page."""
    stage = sample.project.logic_stages[0]
    rules, text = many_rules(stage, sample), (DATA / "project.json").read_text(encoding="utf-8")
    file = OpenedFiles(database(data), data / "tables").add("x.zip", sample.table, text)
    draft = Drafts(database(data)).create(
        file.id, stage.id, write_draft(stage), write_draft(rules), "me"
    )
    app = visit("logic/explain.py", draft=draft.id)
    for tab in ("Hits", "Overlap", "Findings", "Safe to reorder?", "What falls into Else"):
        started = process_time()
        at_tab(app, tab)
        assert process_time() - started < 1.0, tab
        assert len(app.button) < 60 and len(app.markdown) < 150, tab
    assert len(app.get("plotly_chart")) <= 1
    at_tab(app, "Hits")
    app.number_input(key="explain.hits.page").set_value(3)
    assert list(charts(at_tab(app, "Hits"))[0]["data"][0]["y"]) == list(range(48, 60))
    at_tab(app, "Overlap")
    pairs = [pair for pair in overlap_pairs(sample.hits(rules), taken=False) if pair[2].expected]
    assert len(app.selectbox(key="explain.smaller").options) == len(pairs) - 8
    stay_at(app, "Overlap")
    app.selectbox(key="explain.smaller").set_value(pairs[20]).run()
    assert not app.exception and len(app.button) < 60


def test_findings_stand_by_kind_with_their_proof(visit, data, demo_workspace, stage):
    schema = demo_workspace.table.schema_ids[0]
    rules = [AnnotationType((ClassFilter(schema, here),)) for here in (True, False)]
    after = stage
    for condition in (*rules, Batch((demo_workspace.project.batches[0].id,))):
        after, _ = edit.add(after, condition, stage.otherwise)
    app = visit("logic/explain.py", draft=open_draft(data, stage, after))
    shown = said(at_tab(app, "Findings"))
    found = demo_workspace.findings(after)
    assert {"rule.always", "rule.unreachable", "output.dead"} <= {f.code for f in found}
    for finding in found:
        assert finding.message in shown and finding.data.text in shown
    assert any("By logic" in m.value for m in app.markdown)
    outlooks = table(app, "Can a task leave here")
    study = demo_workspace.study(after)
    assert list(outlooks["Can a task leave here"]) == [o.can for o in study.outlooks]


def test_two_neighbours_are_swapped_in_the_draft(visit, data, demo_workspace, stage):
    app, found = visit("logic/explain.py"), demo_workspace.hits(stage)
    at_tab(app, "Safe to reorder?")
    rows = table(app, "Upper rule", "Moved")
    assert list(rows["Moved"]) == [round(s.moved.expected, 1) for s in found.swaps]
    upper, lower = stage.rules[2].id, stage.rules[3].id
    stay_at(app, "Safe to reorder?")
    app.button(key=f"explain.swap/{upper}/{lower}").click().run()
    assert [r.id for r in drafted(app, data).rules][2:4] == [lower, upper]


def test_a_group_of_else_becomes_a_rule_with_the_predicted_effect(
    visit, data, demo_workspace, stage
):
    app = at_tab(visit("logic/explain.py"), "What falls into Else")
    stay_at(app, "What falls into Else")
    app.button_group(key="explain.fact").set_value("Batch").run()
    group = next(g for g in demo_workspace.else_groups(stage) if g.fact == "Batch")
    rows = table(app, "Fact", "Group")
    assert rows.iloc[0]["A rule would take"] == round(group.takes, 1)
    stay_at(app, "What falls into Else")
    app.button(key="explain.make/Batch/0").click().run()
    edited = drafted(app, data)
    assert edited.rules[-1].condition == group.condition and edited.rules[-1].target
    assert demo_workspace.split(edited).outputs[-2].count.expected == pytest.approx(group.takes)


def test_why_on_the_tasks_page_is_that_of_core(visit, demo_workspace, stage):
    app = visit("project/tasks.py")
    found = demo_workspace.why(stage, demo_workspace.table.ids[0].as_py())
    rows = table(app, "What would differ")
    assert list(rows["What would differ"]) == [change.words for change in found.changes]
    assert list(rows["Chance"]) == pytest.approx([change.chance for change in found.changes])


# ---- plan -----------------------------------------------------------------------------------


def set_shares(app, stage, *shares):
    keys = [r.id for r in stage.active if isinstance(r.condition, RandomSample)]
    for key, share in zip([*(f"share/{k}" for k in keys), "rest"], shares, strict=True):
        field(app.text_input, f"plan.{key}").set_value(f"{share:g}")
    return app.run()


def test_wanted_shares_are_planned_and_applied(visit, data, demo_workspace, stage):
    app, work = visit("logic/plan.py"), demo_workspace
    set_shares(app, stage, 20, 10, 36)
    found = plan(work.matcher, stage, work.everything, [20, 10, 36])
    assert found.message in said(app)
    rows = table(app, "Type, %")
    assert list(rows["Reached, %"]) == [round(share, 2) for share in found.reached]
    app.button(key="plan.apply").click().run()
    edited = drafted(app, data)
    planned = with_settings(stage, found.settings, work.dialect)
    assert [r.condition for r in edited.rules] == [r.condition for r in planned.rules]
    outputs = work.split(edited).outputs
    assert outputs[4].count.share == pytest.approx(0.2, abs=0.001)
    assert outputs[6].count.share == pytest.approx(0.1, abs=0.001)


def test_a_share_of_a_stage_is_planned_and_applied(visit, data, demo_workspace, stage):
    app, work = visit("logic/plan.py"), demo_workspace
    target = stage.otherwise
    now = [round(count.expected) for _, count in work.split(stage, 0).stages]
    assert list(charts(app)[0]["data"][0]["x"]) == now
    app.selectbox(key="plan.stage").set_value(target).run()
    field(app.text_input, f"plan.stage.share/{target}").set_value("30").run()
    planned = work.plan_stage(stage, target, 0.3)
    assert planned.possible and planned.message in said(app)
    rows = table(app, "Expected before")
    changes = [c for c in stage_changes(work.split(stage), work.split(planned.edited)) if c.changed]
    assert list(rows["Target stage"]) == [work.names.of_stage(c.stage) for c in changes]
    app.button(key="plan.stage.apply").click().run()
    after = dict(work.split(drafted(app, data)).stages)[target]
    assert after.share == pytest.approx(0.3, abs=0.0005)


def test_whole_percents_and_proportions_are_offered(visit, data, demo_workspace, stage):
    app, work = visit("logic/plan.py"), demo_workspace
    set_shares(app, stage, 90, 10, 0)
    near = plan(work.matcher, stage, work.everything, [90, 10, 0])
    assert not near.possible and near.message in said(app)
    app.radio(key="plan.keep").set_value("proportions").run()
    found = plan(work.matcher, stage, work.everything, [90, 10, 0], "proportions")
    assert found.message in said(app) and found.settings != near.settings
    assert whole_words(stage, found) in said(app)
    rows = table(app, "Type, whole %")
    assert list(rows["Type, whole %"])[:-1] == [f"{100 * p:.0f}" for _, p in found.whole]
    app.button(key="plan.whole").click().run()
    edited = drafted(app, data)
    planned = with_settings(stage, found.whole, work.dialect)
    assert [r.condition for r in edited.rules] == [r.condition for r in planned.rules]


def test_shares_that_cannot_be_are_refused_in_words(visit, demo_workspace, stage):
    app = visit("logic/plan.py")
    set_shares(app, stage, 90, 90, 90)
    assert "together they are 270 %, more than all tasks" in app.error[0].value.replace("\\", "")
    set_shares(app, stage, 90, 0, 0)
    work = demo_workspace
    found = plan(work.matcher, stage, work.everything, [90, 0, 0])
    assert not found.possible and found.message in said(app)
    assert "The nearest that can be reached is" in found.message


def test_a_wanted_number_a_curve_and_what_decides(visit, data, demo_workspace, stage):
    app, work = visit("logic/plan.py"), demo_workspace
    points = sweep(work.matcher, stage, work.everything, Knob(4, "percent"),
                   values_of(Knob(4, "percent"), work.matcher, work.everything), 4)  # fmt: skip
    rows = table(app, "Percent", "Low")
    assert list(rows["Expected"]) == [round(point.expected, 1) for point in points]
    assert list(rows["High"]) == [point.high for point in points]
    app.selectbox(key="plan.output").set_value(5).run()
    field(app.text_input, "plan.wanted/5").set_value("300").run()
    ways = ways_to(work.matcher, stage, work.everything, 5, 300, work.names)
    rows = table(app, "Change", "Off by")
    assert list(rows["Expected"]) == [round(way.expected, 1) for way in ways]
    app.selectbox(key="plan.second/5").set_value(Knob(4, "percent")).run()
    assert any(c["data"][0]["type"] == "heatmap" for c in charts(app))
    app.button(key="plan.way/0").click().run()
    after = work.split(drafted(app, data)).outputs[5].count.expected
    assert after == pytest.approx(ways[0].expected)


def test_what_decides_is_worked_out_when_it_is_looked_at(visit, demo_workspace, stage):
    app, work = visit("logic/plan.py"), demo_workspace
    assert not any("Assumption" in frame.value for frame in app.dataframe)
    app.session_state["plan.tab"] = "What decides"
    app.run()
    rows, made = table(app, "Assumption", "Decides"), {}

    def matcher_of(dialect):
        return made.setdefault(dialect, replace(work, dialect=dialect)).matcher

    _, bars = tornado(matcher_of, work.dialect, stage, work.everything, 4, work.names)
    assert list(rows["Assumption"]) == [bar.assumption for bar in bars]
    assert list(rows["Most"]) == [round(bar.high, 1) for bar in bars]
    assert f"{bars[0].assumption} decides most" in said(app).replace("**", "")


def test_counts_are_judged_as_core_judges_them(visit, demo_workspace, stage):
    app, work = visit("logic/plan.py"), demo_workspace
    seen = [18, 3, 4, 7, 31, 3, 5, 29]
    app.text_area(key="plan.seen").set_value(", ".join(map(str, seen))).run()
    assert "Say whose counts they are" in app.info[0].value
    app.radio(key="plan.basis").set_value("same").run()
    assert "they are 100 together" in app.error[0].value
    app.radio(key="plan.basis").set_value("like").run()
    found = work.behaving(stage, seen, "like")
    assert table(app, "Seen", "Verdict").equals(behaviour_table(found))
    assert found.sentences[0] in said(app) and found.sentences[-1] in said(app)
    app.text_area(key="plan.seen").set_value("18, 3").run()
    assert "2 numbers were found, 8 are needed" in app.error[0].value
    app.button_group(key="plan.source").set_value("From task histories").run()
    assert table(app, "Seen", "Verdict").equals(behaviour_table(work.behaved(stage)))
    assert "chance explains the differences" in said(app)


def test_a_selection_by_what_came_afterwards_does_not_bias_the_histories(
    visit, demo_workspace, stage
):
    app = visit("logic/plan.py", **{"from": "2026-10-01"})
    app.button_group(key="plan.source").set_value("From task histories").run()
    rows = table(app, "Seen", "Verdict")
    assert rows.equals(behaviour_table(demo_workspace.behaved(stage)))
    assert "only its batches count here" in said(app)


@pytest.mark.parametrize("page", ["logic/explain.py", "logic/plan.py"])
def test_without_rules_or_tasks_the_page_says_what_to_do(visit, data, page, stage, demo_workspace):
    empty = open_draft(data, stage, stage.with_rules(()))
    assert "no rules yet" in visit(page, draft=empty).info[0].value
    certain = open_draft(data, stage, stage.with_rules(stage.rules[:1]))
    app = visit(page, draft=certain)
    assert not app.exception and app.header
