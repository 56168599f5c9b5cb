"""Names in figures are drawn as they stand: no figure leaves with markup of others."""

import inspect
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import plotly
import plotly.graph_objects as go
import pytest
from conftest import DATA
from flow_helpers import end
from flow_helpers import of as workflow
from hypothesis import example, given
from hypothesis import strategies as st
from quality.worlds import both_sides, box
from review_worlds import task
from review_worlds import workspace as reviewed
from small_world import chance, people, stage_of, took, workspace_of

import core.charts
from core.charts.bulk import bulk_bars
from core.charts.compare import (
    change_bars,
    change_labels,
    migration_sankey,
    stage_sankey,
)
from core.charts.drawn import LONGEST, drawn, literal
from core.charts.explain import hits_bars, overlap_heat
from core.charts.flows import Link, Node, flows
from core.charts.forecast import in_progress_chart, influence_bars, utilisation_bars
from core.charts.gains import gains_chart
from core.charts.in_flight import ends_bars, remaining_dots
from core.charts.ledger import held_chart
from core.charts.overview import duration_bars, tally_bars
from core.charts.palette import DARK as INK
from core.charts.plan import behaviour_chart, curve, field, tornado_bars
from core.charts.quality import confusion_heat, shares_chart
from core.charts.reality import begins_bars, cycle_lines, under_way_lines
from core.charts.replay import replay
from core.charts.review_groups import (
    budget_bars,
    coverage_heat,
    quota_bars,
    rate_dots,
    weeks_control,
)
from core.charts.sampling import (
    acceptance_curves,
    cost_curve,
    dot_rows,
    reviews_lines,
    share_curve,
)
from core.charts.split import split_bars, split_sankey
from core.charts.stage_picture import stage_picture
from core.charts.tables import fitting, text_table
from core.charts.thresholds import sweep_lines, work_areas
from core.charts.weeks import weeks_chart
from core.charts.workflow_map import workflow_map
from core.export.reader import read_stream
from core.flow.answers import Influence, Sensitivity
from core.flow.flow import flow_of
from core.flow.in_flight import in_flight
from core.flow.logs.read_csv import read_log
from core.flow.logs.reality import against_reality, moment_of
from core.flow.queueing.forecast import forecast
from core.flow.queueing.remaining import remaining
from core.flow.read_plan import read_plan
from core.model.names import Names
from core.model.text import cut, one_line, visible
from core.quality.check import quality
from core.quality.gains import gains
from core.quality.thresholds import Prices, swept
from core.routing.observed.backtest import weeks_of
from core.routing.observed.conformance import Behaviour, Seen
from core.routing.observed.held import ScoredForecast, ScoredOutput
from core.routing.observed.kept_forecast import KeptForecast
from core.routing.plan.sensitivity import Bar
from core.routing.plan.sweep import Knob, Point
from core.sampling.budget import budget_of
from core.sampling.cost import ReviewCost, ReviewPrices
from core.sampling.coverage import coverage, quotas
from core.sampling.error_rates import error_rates
from core.sampling.shares import Lot, share_bought
from core.tasks.summary import Durations

CASES = json.loads((DATA / "cases" / "names.json").read_text(encoding="utf-8"))
NAMES = [*CASES["text that must stay text"], "%{x} of $a$", "&amp;lt;", "<a href='http://x'>y</a>"]
NAMES += ["<extra>e</extra>", "&#60;b&#62;", "a\nb", "<span style='fill:red'>r</span>"]


def figures():
    """A figure of every function in `core.charts` that makes one, full of hostile names."""
    tasks = [{"who": name, "batch": name, "took": 1_000.0, "classes": [name]} for name in NAMES]
    here = workspace_of(tasks)
    rules = [people(name) for name in NAMES]
    stage = stage_of(
        *rules, chance(0.5), took(0, 5), targets=[*NAMES, NAMES[0], NAMES[1], NAMES[2]]
    )
    other = stage_of(*rules, chance(0.2), took(0, 5), targets=[*NAMES[1:], *NAMES[:4]])
    weeks = weeks_of(here.matcher, here.table, stage, here.everything)
    names, split, hits = here.names, here.split(stage), here.hits(stage)
    sides, result = here.sides(stage, other), here.compare(stage, other)
    outputs, arrivals = change_labels(result, *sides, names)
    seen = [
        Seen(name, (0,), observed=5, reaching=9, expected=4.0, low=1, high=9, p=0.5, adjusted=0.5)
        for name in NAMES
    ]
    spans = Durations(1, 0, 1.0, 2.0, np.array([1]), np.array([0.0, 60_000.0]))
    knobs, points = (Knob(len(NAMES), "percent"),) * 2, [Point(1.0, 2.0, 1, 3)]
    bars = [Bar(name, 1.0, name, 2.0, name) for name in NAMES]
    return {
        split_bars: [
            split_bars(split, names, {}, INK),
            split_bars(split, names, {}, INK, sentences=False),
            split_bars(split, names, {}, INK, targets=True),
        ],
        split_sankey: [split_sankey(split, names, {}, INK)],
        migration_sankey: [migration_sankey(result, *sides, names, {}, INK, True)],
        change_bars: [
            change_bars(result.outputs, outputs, INK),
            change_bars(result.arrivals, arrivals, INK),
        ],
        hits_bars: [hits_bars(hits, {}, INK)],
        overlap_heat: [overlap_heat(hits, taken, INK) for taken in (False, True)],
        tally_bars: [tally_bars([(name, 3) for name in NAMES], INK)],
        duration_bars: [duration_bars(spans, INK)],
        curve: [curve(points, knobs[0], stage, 1.0, INK)],
        field: [field(np.ones((1, 1)), knobs, ([1.0], [1.0]), stage, INK)],
        stage_sankey: [stage_sankey(result, names, INK, True)],
        stage_picture: [stage_picture(split, stage, (), names, {}, INK)],
        flows: [
            flows(
                [Node(name, "#000000") for name in NAMES],
                [Node(NAMES[0], "#000000")],
                [Link(place, 0, 1.0, "#000000") for place in range(len(NAMES))],
                INK,
            )
        ],
        tornado_bars: [tornado_bars(1.5, bars, INK)],
        weeks_chart: [weeks_chart(weeks, 0, INK)],
        behaviour_chart: [behaviour_chart(Behaviour(9, "same", tuple(seen), True, (), 1), INK)],
        bulk_bars: [bulk_bars([(name, 1, 2) for name in NAMES], INK)],
        **of_a_workflow(),
        **of_a_check(),
        **of_a_review(),
    }


def of_a_workflow():
    """Figures of a workflow whose stages have hostile names."""
    ids = [f"s{place}" for place in range(len(NAMES))]
    behind = [*ids[1:], "Complete"]
    stages = [
        {"id": one, "type": "Label", "name": name, "next": [to]}
        for one, name, to in zip(ids, NAMES, behind, strict=True)
    ]
    ends = ({"id": "Start", "type": "Start", "name": "Start", "next": [ids[0]]}, end())
    here = workflow([{}] * 3, *ends, *stages)
    items = [{"_id": f"t{place}", "stage": name} for place, name in enumerate(NAMES)]
    table = read_stream(io.BytesIO(json.dumps(items).encode()), "tasks.json")
    under_way, names = replace(here, table=table), here.names
    flow = flow_of(here)
    staff = {one: {"people": 1, "minutes": {"kind": "fixed", "mean": 5}} for one in ids}
    plan = {"horizon_hours": 99, "replications": 2, "stages": staff, "arrivals": {"kind": "table"}}
    result = forecast(flow.chain, read_plan(plan), {})
    flight = in_flight(under_way, flow.graph, flow.graph)
    both = flow.graph, flow.graph
    left = remaining(under_way, flight, both, read_plan(plan, "The plan"), {})
    influences = tuple(Influence(one, "people", 1.0, 2.0) for one in ids)
    rows = [(f"c{n:03}", NAMES[n % len(NAMES)], NAMES[n % 3], n, n + 1) for n in range(80)]
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    text = "case,activity,resource,start,end\n" + "".join(
        csv_line(case, activity, who, begin + timedelta(hours=at), begin + timedelta(hours=to))
        for case, activity, who, at, to in rows
    )
    log = read_log(text, "log.csv")
    real = against_reality(log, moment_of(log, 0.6), replications=5)
    outputs = tuple(ScoredOutput(name, ids[0], 0.1, 2, 1, 3, n) for n, name in enumerate(NAMES))
    forecast_kept = KeptForecast((), 9, "table")
    kept = ScoredForecast("", "", True, "", "", NAMES[0], forecast_kept, 20, outputs)
    return {
        workflow_map: [workflow_map(flow, [1] * len(flow.graph.stages), 2, names, INK)],
        replay: [replay(flow, result, names, INK)],
        utilisation_bars: [utilisation_bars(result, names, INK)],
        in_progress_chart: [in_progress_chart(result, names, INK)],
        influence_bars: [influence_bars(Sensitivity("finish", 1.5, influences), names, INK)],
        ends_bars: [ends_bars(flight, names, INK, edited) for edited in (True, False)],
        remaining_dots: [remaining_dots(left, names, INK, edited) for edited in (True, False)],
        cycle_lines: [cycle_lines(real, INK)],
        under_way_lines: [under_way_lines(real, INK)],
        begins_bars: [begins_bars(real, INK)],
        held_chart: [held_chart(kept, INK)],
    }


def of_a_check():
    """Figures of a run whose classes have hostile names."""
    names = Names(classes={name: name for name in NAMES})
    boxes = [
        box(name, 9 * n, 0, 8, 8, score=(n + 1) / (len(NAMES) + 1)) for n, name in enumerate(NAMES)
    ]
    moved = [{**one, "schemaId": NAMES[n - 1]} for n, one in enumerate(boxes)]
    worlds = [both_sides([(run, boxes), (boxes, moved)]) for run in (boxes, moved)]
    result, scores = quality(worlds[1]), swept(worlds[1], 0.5)[None]
    return {
        shares_chart: [shares_chart(result, names, INK)],
        confusion_heat: [confusion_heat(result, names, one, INK) for one in (None, (0, 0))],
        sweep_lines: [sweep_lines(scores, 0.5, INK)],
        work_areas: [work_areas(scores, Prices(), None, INK)],
        gains_chart: [gains_chart(gains(*worlds, 0.5), names, INK)],
    }


def of_a_review():
    """Figures of reviews of hostile names."""
    tasks = [task(name, "Rejected", "Accepted", batch=name) for name in NAMES]
    here = reviewed(tasks)
    rates, lot = error_rates(here, "batch"), Lot(100, 0.1)
    bought, stage = share_bought(lot, 0.2), stage_of(chance(0.5), targets=[NAMES[0], NAMES[1]])
    covered, curve_of = coverage(here, stage, "batch", 2), [(0.0, 1.0), (0.1, 0.5)]
    named = dict.fromkeys(NAMES, 0.05)
    return {
        share_curve: [share_curve([share_bought(lot, 0.0), bought], bought, INK)],
        dot_rows: [dot_rows([(name, bought.caught) for name in NAMES], "wrong", "#000000", INK)],
        acceptance_curves: [acceptance_curves(curve_of, curve_of, named, 5, INK)],
        reviews_lines: [reviews_lines([0.0, 0.1], {"single": [5.0, 5.0]}, INK)],
        cost_curve: [cost_curve(ReviewCost(lot, ReviewPrices(1, 20, 5)), INK)],
        budget_bars: [budget_bars(budget_of(here, "batch", 5), INK)],
        rate_dots: [rate_dots(rates, INK)],
        weeks_control: [weeks_control(rates, INK)],
        coverage_heat: [
            coverage_heat(covered, NAMES[:2], 2, INK),
            coverage_heat(covered, NAMES[:2], 2, INK, by_stage=True),
        ],
        quota_bars: [quota_bars(quotas(here, "batch", 2), INK)],
    }


def csv_line(*cells):
    return ",".join('"' + str(cell).replace('"', '""') + '"' for cell in cells) + "\n"


@pytest.fixture(scope="module")
def made():
    return figures()


def test_every_function_that_makes_a_figure_is_here(made):
    known = {drawn}
    for module in iter_modules(core.charts.__path__):
        functions = vars(import_module(f"core.charts.{module.name}")).values()
        known |= {
            one for one in functions
            if inspect.isfunction(one) and inspect.signature(one).return_annotation == "go.Figure"
        }  # fmt: skip
    assert known == {drawn, *made}


def texts(value, name=""):
    """Every text of a figure, however deep, but for templates."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from () if key in ("hovertemplate", "texttemplate") else texts(one, key)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one, name)
    elif isinstance(value, str):
        yield value


def test_no_text_of_a_figure_is_markup(made):
    for function, some in made.items():
        for figure in some:
            for text in texts(json.loads(figure.to_json())):
                place = f"{function.__name__}: {text!r}"
                assert not re.search(r"[<>$]|%\{|&(?!(amp|lt|gt|#36|#37);)", text), place


@pytest.mark.parametrize("function", [tally_bars, tornado_bars, behaviour_chart, split_sankey])
def test_names_are_in_it_all_the_same(made, function):
    (figure,) = made[function]
    found = {unescape(text) for text in texts(json.loads(figure.to_json()))}
    for name in NAMES:
        if function is split_sankey and "\ud83d" in name:
            continue  # a task table holds UTF-8, so no task leaves through this output
        assert any(one_line(name)[:29] in text for text in found), name


@given(st.text(st.characters(), max_size=40))
@example("&amp;lt;")
@example("&#60;b&#62;")
@example("half \ud83d of a pair")
def test_a_literal_text_is_decoded_to_itself(text):
    made = literal(text)
    made.encode()
    assert not re.search(r"[<>$%\n\r]", made)
    assert _as_plotly(made) == one_line(text)


def test_a_long_text_says_how_much_is_missing():
    assert literal("x" * 5_000) == cut("x" * 5_000, LONGEST)


def _as_plotly(text):
    """What `convertEntities` of plotly.js makes of a text."""
    known = {"amp": "&", "lt": "<", "gt": ">", "nbsp": "\u00a0", "times": "×", "plusmn": "±"}

    def decoded(found):
        inner = found[1]
        if not inner.startswith("#"):
            return known.get(inner, found[0])
        return chr(int(inner[2:], 16) if inner[1] == "x" else int(inner[1:]))

    return re.sub(r"&(#\d+|#x[\da-fA-F]+|[a-z]+);", decoded, text)


SCRIPT = """async (names) => {
  const figure = JSON.parse(document.getElementById('figure').textContent);
  const at = document.getElementById('at');
  await Plotly.newPlot(at, figure.data, figure.layout);
  const of = (what) => [...at.querySelectorAll(what)].map((one) => one.textContent);
  const seen = [];
  for (let i = 0; i < names; i += 1) {
    Plotly.Fx.hover(at, [{ curveNumber: 0, pointNumber: i }]);
    await new Promise((done) => setTimeout(done, 70));
    seen.push(of('.hoverlayer text').join(''));
  }
  const links = at.querySelectorAll('.ytick a, .hoverlayer a').length;
  return { ticks: of('.ytick text'), hovers: seen, links };
}"""


def test_chromium_draws_the_names_themselves(chromium):
    """The drawn text, and what is shown on hover, in a real browser."""
    page = chromium.new_page()
    page.set_content("<div id='at' style='width:900px'></div>")
    page.add_script_tag(path=Path(plotly.__file__).parent / "package_data" / "plotly.min.js")
    bar = go.Bar(
        x=[1.0] * len(NAMES),
        y=list(range(len(NAMES))),
        orientation="h",
        customdata=[[name] for name in NAMES],
        hovertemplate="%{customdata[0]}: %{x:,}<extra></extra>",
    )
    ticks = {"tickvals": bar.y, "ticktext": NAMES}
    figure = drawn([bar], {"height": 900, "yaxis": ticks}, INK)
    tag = (
        "(text) => document.body.append(Object.assign(document.createElement('script'), "
        "{ id: 'figure', type: 'application/json', textContent: text }))"
    )
    page.evaluate(tag, figure.to_json())
    found = page.evaluate(SCRIPT, len(NAMES))
    page.close()
    assert found["ticks"] == [cut(one_line(name), 60) for name in NAMES]
    assert found["hovers"] == [f"{cut(one_line(name), LONGEST)}: 1" for name in NAMES]
    assert found["links"] == 0


def test_tables_are_visible_and_utf_8_whatever_is_in_them():
    found = text_table({"half \ud83d": [*NAMES, "x" * 5_000], "Tasks": list(range(len(NAMES) + 1))})
    assert list(found.columns) == ["half \\ud83d", "Tasks"] and found["Tasks"].dtype == np.int64
    assert found["half \\ud83d"].tolist()[:-1] == [visible(name) for name in NAMES]
    shown = fitting(found)["half \\ud83d"].tolist()
    assert shown[-1] == "x" * 1_000 + "… 4,000 more characters"
    assert len(found["half \\ud83d"].iloc[-1]) == 5_000
