"""The page Review: its numbers are those of core, and it says why it has none."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from benchmark_world import answer, known
from flow_helpers import end, label, review, start
from page_helpers import charts, database, field, metric, unescaped
from review_worlds import export_of, project, steered_stages, task
from review_worlds import workspace as small_workspace

from core.ango_json.drafts import read_draft
from core.demo import BENCHMARK
from core.export.benchmark import read_benchmark
from core.export.reader import read_stream
from core.export.whole_items import task_file
from core.model.figures import about_percent, counted, share_text, signed
from core.sampling.acceptance import oc
from core.sampling.benchmark import BY as BENCHMARK_BY
from core.sampling.benchmark import benchmark_rates, compare_answers, judge
from core.sampling.budget import budget_of, review_minutes, reviews_in
from core.sampling.coverage import coverage, quotas, stages_behind
from core.sampling.error_rates import error_rates
from core.sampling.iso_2859 import aql_plan
from core.sampling.quotas import given_by, quota_notes, quota_plan, quota_stages
from core.sampling.shares import Lot, share_bought
from core.store.drafts import Drafts
from core.store.workspaces import OpenedFiles
from pages._ui.state import DEMO

PAGE = "workflow/sampling.py"
LOGIC = steered_stages([{"type": "RandomSample", "value": 0.5}], ["R", "Complete"])
WORLD = [
    *[task("a@x.y", "Rejected", batch="one")] * 30,
    *[task("a@x.y", "Accepted", batch="one")] * 30,
    *[task("b@x.y", "Accepted", batch="two")] * 60,
    *[task("b@x.y", batch="two")] * 80,
]


def section(app, name):
    return field(app.button_group, "review.section").set_value(name).run()


def words(app):
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error)
    return unescaped(" ".join(one.value for kind in kinds for one in kind))


@pytest.fixture
def opened(data):
    """Opens tasks with a workflow, and gives the workspace's id."""

    def add(tasks, stages=LOGIC):
        table = read_stream(BytesIO(json.dumps(export_of(tasks)).encode()), "tasks.json")
        files = OpenedFiles(database(data), data / "tables")
        text = None if stages is None else json.dumps(project(stages))
        return files.add("tasks.json", table, text).id

    return add


def test_what_a_share_buys_is_what_core_says(visit, demo_workspace):
    app = visit(PAGE)
    rates = error_rates(demo_workspace, "week")
    lot = Lot(len(demo_workspace.table), round(rates.wrong / rates.reviewed, 3))
    bought = share_bought(lot, 0.2)  # of the demo's first random rule
    assert metric(app, "Reviewed") == counted(bought.reviewed.expected)
    assert metric(app, "Wrong ones caught") == counted(bought.caught.expected)
    assert metric(app, "Chance that none is caught") == about_percent(bought.none_caught)
    field(app.text_input, "review.share").set_value("0").run()
    assert metric(app, "Wrong ones caught") == "0" and "nothing is reviewed" in words(app)
    assert not app.exception


def test_a_selection_is_what_is_looked_at(visit, demo_workspace):
    app = visit(PAGE, **{"from": "2026-09-01", "to": "2026-09-15"})
    boxes = (one for one in app.text_input if str(one.key).startswith("review.tasks"))
    tasks = next(boxes).value
    assert 0 < int(tasks) < len(demo_workspace.table)
    section(app, "Who errs")
    assert not app.exception and len(charts(app)) == 1


def test_each_section_has_the_numbers_of_core(visit, demo_workspace):
    app = section(visit(PAGE), "Who errs")
    rates = error_rates(demo_workspace, "annotator")
    worse = [one.name for one in rates.groups if one.worse]
    assert worse and all(one in words(app) for one in worse)
    dots = charts(app)[0]["data"]
    assert len(dots[0]["y"]) + len(dots[1]["y"]) == len(rates.groups)
    assert dots[1]["x"] == [100 * one.rate for one in rates.groups if one.worse]
    for by in ("batch", "class", "stage", "week"):
        app.button_group(key="review.by").set_value(by).run()
        assert not app.exception and len(charts(app)) == 1

    section(app, "Accept or refuse")
    chosen = aql_plan(len(demo_workspace.table), 1.0)
    assert metric(app, "Review") == counted(chosen.plan.n)
    assert metric(app, "Code letter") == chosen.code
    curve = charts(app)[0]["data"][0]
    wanted = oc(chosen.plan, [x / 100 for x in curve["x"]])
    assert curve["y"] == pytest.approx([100 * one for one in wanted])

    section(app, "Coverage")
    stage = demo_workspace.project.logic_stages[0]
    rows = coverage(demo_workspace, stage, "annotator", 10)
    heat, bars, _ = charts(app)
    shaded = [one for row in heat["data"][0]["z"] for one in row]
    assert shaded == pytest.approx([100 * row.fewer for row in rows])
    shares = [one.needed.share for one in quotas(demo_workspace, "annotator", 10)]
    assert bars["data"][0]["x"] == shares
    field(app.button_group, "review.counted-at").set_value("stages").run()
    rows = coverage(demo_workspace, stage, "annotator", 10, by_stage=True)
    heat = charts(app)[0]
    shaded = [one for row in heat["data"][0]["z"] for one in row]
    assert shaded == pytest.approx([100 * row.fewer for row in rows])
    names = [demo_workspace.names.of_stage(one) for one in stages_behind(stage)]
    assert heat["layout"]["xaxis"]["ticktext"] == names

    section(app, "Costs")
    assert metric(app, "Cheapest") == "review all" and metric(app, "Review pays from") == "6.67 %"


def of_demo():
    return compare_answers(read_benchmark(task_file(BENCHMARK), []))


def told_by_benchmark(app):
    section(app, "Who errs")
    return field(app.button_group, "review.teller").set_value("Benchmark tasks").run()


def test_benchmark_tasks_of_the_demo_are_cores(visit, demo_workspace):
    app = told_by_benchmark(visit(PAGE))
    judged = judge(of_demo())
    workspace = replace(demo_workspace, table=judged.table)
    for by in BENCHMARK_BY:
        app.button_group(key="review.benchmark.by").set_value(by).run()
        rates = benchmark_rates(workspace, judged, by)
        assert metric(app, "Error rate of all") == share_text(judged.wrong.mean())
        assert len(charts(app)) == 1 and not app.exception
        if by != "week":
            (line,) = charts(app)[0]["layout"]["shapes"]
            assert line["x0"] == pytest.approx(100 * rates.common)
        worse = [one.name for one in rates.groups if one.worse]
        assert all(one in words(app) for one in worse)
    field(app.text_input, "review.benchmark.iou").set_value("0.99").run()
    assert metric(app, "Error rate of all") == share_text(judge(of_demo(), 0.99).wrong.mean())
    field(app.text_input, "review.benchmark.iou").set_value("0.01").run()
    assert not charts(app) and not app.exception


def test_a_budget_may_go_by_benchmark_tasks(visit, demo_workspace):
    app = section(visit(PAGE), "Where to look")
    field(app.text_input, "review.many/tasks").set_value("400").run()
    app.button_group(key="review.spread-by").set_value("Benchmark tasks").run()
    judged = judge(of_demo())
    rates = benchmark_rates(replace(demo_workspace, table=judged.table), judged, "annotator")
    budget = budget_of(demo_workspace, "annotator", 400 * 7, None, rates)
    assert metric(app, "Wrong ones caught") == counted(budget.caught) and not app.exception
    by_reviews = budget_of(demo_workspace, "annotator", 400 * 7)
    assert counted(budget.caught) != counted(by_reviews.caught)


def test_without_benchmark_tasks_it_says_how_to_get_them(visit, opened):
    app = told_by_benchmark(visit(PAGE, workspace=opened(WORLD)))
    assert "Benchmark tasks have an answer that is known" in words(app)
    assert not charts(app) and not app.exception


def uploaded(app, **files):
    """Takes the answers, and the known ones where they stand apart."""
    for box, name in zip(app.file_uploader, ("answers", "known"), strict=True):
        if name in files:
            box.upload(f"{name}.json", json.dumps(files[name]).encode())
    app.run()
    return app.button(key="review.take").click().run()


def test_files_of_ones_own_are_taken_and_forgotten(visit, opened):
    app = told_by_benchmark(visit(PAGE, workspace=opened(WORLD)))
    answers = [answer("a@x.y", n, "missed" if n else "right") for n in range(4)]
    uploaded(app, answers=answers)
    assert "no answer that can be judged (4 without a known answer" in words(app)
    uploaded(app, answers=answers, known=[known(n, isBenchmark=False) for n in range(6)])
    assert metric(app, "Error rate of all") == "75.0 %" and "answers.json" in words(app)
    section(app, "Costs")
    told_by_benchmark(app)
    assert metric(app, "Error rate of all") == "75.0 %"  # what was taken is kept
    app.button(key="review.forget").click().run()
    assert "an answer that is known" in words(app) and not app.exception


def test_known_answers_alone_are_a_sentence(visit, opened):
    app = told_by_benchmark(visit(PAGE, workspace=opened(WORLD)))
    uploaded(app, answers=[known(n) for n in range(3)])
    assert "no answer that can be judged" in words(app) and not app.exception


def test_what_was_taken_is_of_its_workspace_alone(visit, opened):
    app = told_by_benchmark(visit(PAGE, workspace=opened(WORLD)))
    uploaded(app, answers=[known(0), answer("a@x.y", 0, "missed")])
    assert metric(app, "Error rate of all") == "100.0 %"
    here = app.session_state["state"].workspace
    for workspace, shows in ((DEMO, "of the demo"), (here, "answers.json")):
        field(app.selectbox, "frame.workspace").set_value(workspace).run()
        told_by_benchmark(app)
        assert shows in words(app) and not app.exception


def test_a_budget_becomes_the_draft(visit, opened, data):
    workspace = opened(WORLD)
    app = section(visit(PAGE, workspace=workspace), "Where to look")
    field(app.text_input, "review.many/tasks").set_value("50").run()
    assert metric(app, "Reviews") == "50" and metric(app, "More caught").startswith("+")
    bars = charts(app)[0]["data"][0]["x"]
    assert bars[0] > bars[1] == 5
    app.button(key="review.make").click().run()
    (draft,) = app.query_params["draft"]
    stage = read_draft(Drafts(database(data)).get(draft).document)
    assert stage.id == "L" and {rule.condition.kind for rule in stage.rules} == {
        "RandomSample", "Annotator",
    }  # fmt: skip
    assert "It is your draft" in words(app)


def test_quotas_become_the_draft(visit, opened, data):
    workspace = opened(WORLD)
    app = section(visit(PAGE, workspace=workspace), "Coverage")
    field(app.text_input, "review.least").set_value("20").run()
    here = small_workspace(WORLD, LOGIC)
    plan = quota_plan(here, "annotator", 20)
    made = quota_stages(plan, here.project, here.dialect, whole=True)
    reviewed = plan.reviews(made.shares)
    assert f"sends about **{counted(reviewed)}** of 200 tasks to “R”" in words(app)
    for note in quota_notes(plan, made):
        assert note in words(app)
    table = next(one.value for one in app.dataframe if "Its rule gives" in one.value)
    given = given_by(plan, made)
    assert list(table["Its rule gives"]) == [about_percent(one.share) for one in given]
    chances = [*(about_percent(one.fewer) for one in given[:-1]), ""]
    assert list(table["Chance of fewer than 20"]) == chances
    assert list(table["Needed"])[-1] == "no quota"
    more = reviewed - plan.reviews(plan.shares)
    assert f"Percents are rounded up: {signed(more, 1)} reviews." in words(app)
    app.button(key="review.make").click().run()
    (draft,) = app.query_params["draft"]
    stage = read_draft(Drafts(database(data)).get(draft).document)
    assert stage.id == "L" and "It is your draft" in words(app)
    assert [(r.condition, r.target) for r in stage.rules] == [
        (r.condition, r.target) for r in made.stages[0].rules
    ]
    app.toggle(key="review.whole").set_value(False).run()
    exact = quota_stages(plan, here.project, here.dialect)
    assert f"about **{counted(plan.reviews(exact.shares))}** of 200" in words(app)
    assert "rounded up" not in words(app) and not app.exception


def test_all_others_may_get_a_share_of_their_own(visit, opened):
    app = section(visit(PAGE, workspace=opened(WORLD)), "Coverage")
    app.toggle(key="review.whole").set_value(False).run()
    field(app.text_input, "review.others").set_value("3").run()
    assert "who come later are reviewed with 3 %." in words(app)
    assert "two Logic stages in a row" not in words(app)
    field(app.text_input, "review.others").set_value("95").run()
    assert "two Logic stages in a row" in words(app) and "gives all others" in words(app)
    assert "Download both stages" in {one.proto.label for one in app.get("download_button")}
    assert not app.exception


def test_by_week_no_stages_can_be_made_and_the_page_says_so(visit, opened):
    app = section(visit(PAGE, workspace=opened(WORLD)), "Coverage")
    for by, made in (("batch", True), ("week", False), ("class", False)):
        app.button_group(key="review.covered.by").set_value(by).run()
        assert ("review.make" in {one.key for one in app.button}) == made, by
        assert ("No rule asks for a week" in words(app)) == (by == "week")
        assert ("no task has a class" in words(app)) == (by == "class") and not app.exception


@pytest.mark.parametrize("name", ["Where to look", "Coverage"])
@pytest.mark.parametrize("again", [True, False])
def test_it_warns_where_accepted_tasks_are_drawn_again(visit, opened, name, again):
    stages = [dict(one) for one in LOGIC]
    stages[3]["next"] = ["W" if again else "Complete", "W"]
    app = section(visit(PAGE, workspace=opened(WORLD, stages)), name)
    warned = unescaped(" ".join(one.value for one in app.warning))
    assert ("can get to “L” again: the percentages are those of a visit" in warned) == again
    assert "review.make" in {one.key for one in app.button} and not app.exception


def test_whether_one_week_tells_the_next_is_one_sentence_with_the_way_to_it(visit, demo_workspace):
    app = section(visit(PAGE), "Coverage")
    stage = demo_workspace.project.logic_stages[0]
    coming = demo_workspace.coming(stage, len(demo_workspace.table))
    assert coming.sentences[0] in words(app)
    (link,) = [one for one in app.get("page_link") if "Split" in one.proto.label]
    assert link.proto.page.endswith("split")
    app = section(visit(PAGE, **{"from": "2026-09-01", "to": "2026-09-15"}), "Coverage")
    assert coming.sentences[0] not in words(app) and not app.exception


def test_the_budget_of_the_demo_is_cores(visit, demo_workspace):
    app = section(visit(PAGE), "Where to look")
    field(app.text_input, "review.many/tasks").set_value("400").run()
    budget = budget_of(demo_workspace, "annotator", 400 * 7)
    assert metric(app, "Wrong ones caught") == counted(budget.caught)
    assert metric(app, "More caught") == signed(round(budget.caught - budget.even))
    assert "two Logic stages in a row" in words(app)
    field(app.text_input, "review.floor").set_value("90").run()
    assert "Give more reviews, or a lower floor" in words(app) and not app.exception


def test_without_a_review_it_says_so_and_counts_all_the_same(visit, opened):
    app = visit(PAGE, workspace=opened([task("a@x.y")] * 40))
    assert "No review has shown anything" in words(app) and metric(app, "Reviewed") == "20"
    for name in ("Who errs", "Where to look"):
        section(app, name)
        assert "No review has shown anything" in words(app) and not app.exception
    for name in ("Accept or refuse", "Coverage", "Costs"):
        section(app, name)
        assert charts(app) and not app.exception


def test_one_group_one_task_and_all_wrong_are_words(visit, opened):
    app = visit(PAGE, workspace=opened([task("a@x.y", "Rejected")]))
    section(app, "Who errs")
    assert "one group only" in words(app) and not app.exception
    for name in ("What a share buys", "Where to look", "Accept or refuse", "Coverage", "Costs"):
        section(app, name)
        assert not app.exception and not app.error, name


def test_without_a_logic_stage_the_rules_are_a_file(visit, opened):
    plain = [start("W"), label("W", "R"), review("R", "Complete", "W"), end()]
    app = section(visit(PAGE, workspace=opened(WORLD, plain)), "Where to look")
    assert "no Logic stage that could hold" in words(app) and not app.exception
    assert "review.make" not in {one.key for one in app.button}
    section(app, "Coverage")
    assert "all tasks go one way" in words(app)


def test_without_a_workflow_nothing_is_made(visit, opened):
    app = section(visit(PAGE, workspace=opened(WORLD, None)), "Where to look")
    assert "no workflow with a Review stage" in words(app) and not app.exception


@pytest.mark.parametrize("name", ["Who errs", "Where to look", "Coverage"])
def test_people_are_called_by_their_pseudonyms(visit, opened, name):
    app = section(visit(PAGE, workspace=opened(WORLD), people="pseudonyms"), name)
    sent = words(app) + json.dumps(charts(app)) + "".join(t.value.to_csv() for t in app.dataframe)
    assert "@x.y" not in sent and "Person " in sent


def test_hours_are_reviews_at_the_pace_of_the_histories(visit, demo_workspace):
    app = section(visit(PAGE), "Where to look")
    app.button_group(key="review.unit").set_value("hours").run()
    field(app.text_input, "review.many/hours").set_value("5").run()
    reviews = reviews_in(5 * 7, review_minutes(demo_workspace))
    assert metric(app, "Reviews") == counted(reviews) and not app.exception


def test_hours_without_a_pace_are_told(visit, opened):
    app = section(visit(PAGE, workspace=opened(WORLD)), "Where to look")
    app.button_group(key="review.unit").set_value("hours").run()
    assert "no history tells how long a review takes" in words(app) and not app.exception


def test_a_file_with_addresses_is_not_to_be_had_under_pseudonyms(visit, opened):
    plain = [start("W"), label("W", "R"), review("R", "Complete", "W"), end()]
    workspace = opened(WORLD, plain)
    for link, disabled in (({}, False), ({"people": "pseudonyms"}, True)):
        app = section(visit(PAGE, workspace=workspace, **link), "Where to look")
        (button,) = [one for one in app.get("download_button") if "stage" in one.proto.label]
        assert button.proto.disabled == disabled
