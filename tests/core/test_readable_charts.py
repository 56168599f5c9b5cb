"""What is written in a chart can be read, in light and in dark: 4.5 to 1 at least."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts.compare import change_bars, change_labels, migration_sankey, stage_sankey
from core.charts.explain import hits_bars, overlap_heat
from core.charts.overview import duration_bars, tally_bars
from core.charts.palette import COLORS, DARK, ELSE_GREY, LIGHT, blended, contrast, readable_on
from core.charts.plan import field
from core.charts.split import split_bars, split_sankey
from core.charts.stage_picture import stage_picture
from core.routing import edit
from core.routing.plan.sweep import knobs_of
from core.rule_types.random_sample import RandomSample
from core.tasks import summary

LEAST = 4.5


def fonts(value, place=""):
    """(place, colour) of all that is written."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name in ("font", "tickfont", "textfont") and "color" in one:
                colors = one["color"] if isinstance(one["color"], list) else [one["color"]]
                yield from ((f"{place}.{name}", color) for color in colors)
            else:
                yield from fonts(one, f"{place}.{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from fonts(one, f"{place}[{number}]")


def figures(sample, ink):
    stage = sample.project.logic_stages[0]
    random = next(rule for rule in stage.rules if rule.type == "RandomSample")
    other = edit.set_condition(stage, random.id, RandomSample(0.6))
    split, names, hits = sample.split(stage), sample.names, sample.hits(stage)
    result, sides = sample.compare(stage, other), sample.sides(stage, other)
    took = summary.durations(sample.facts, sample.everything)
    knob = knobs_of(stage)[0]
    return [
        split_bars(split, names, {}, ink),
        split_sankey(split, names, {}, ink),
        stage_picture(split, stage, sample.project.stages, names, {}, ink),
        migration_sankey(result, *sides, names, {}, ink, True),
        stage_sankey(result, names, ink, True),
        change_bars(result.arrivals, change_labels(result, *sides, names)[1], ink),
        hits_bars(hits, {}, ink),
        tally_bars([("a", 3)], ink),
        duration_bars(took, ink),
        field(np.ones((1, 1)), (knob, knob), ([1.0], [1.0]), stage, ink),
    ]


@pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])
def test_ticks_titles_and_numbers_of_every_chart_can_be_read(sample, ink):
    for figure in figures(sample, ink):
        drawing = json.loads(figure.to_json())
        layout = {name: one for name, one in drawing["layout"].items() if name != "template"}
        written = [*fonts(drawing["data"]), *fonts(layout)]
        assert written
        for place, color in written:
            assert contrast(color, ink.paper) >= LEAST, (place, color)
        for axis in ("xaxis", "yaxis"):
            shown = drawing["layout"].get(axis, {})
            assert not shown or "tickfont" in shown
    assert contrast(ink.text, ink.faint) >= LEAST  # the boxes of the workflow


@pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_in_a_heat_map_can_be_read_on_their_fields(sample, ink):
    figure = overlap_heat(sample.hits(sample.project.logic_stages[0]), False, ink)
    heat, numbers = json.loads(figure.to_json())["data"]
    most = heat["zmax"]
    values = [float(text.replace(",", "")) for text in numbers["text"]]
    for value, color in zip(values, numbers["textfont"]["color"], strict=True):
        behind = blended("#0072B2", 0.06 + 0.94 * min(1.0, value / most), ink.paper)
        assert contrast(color, behind) >= LEAST - 0.1  # the text is rounded, the field is not
    assert contrast(heat["colorbar"]["tickfont"]["color"], ink.paper) >= LEAST


@given(st.integers(0, 0xFFFFFF))
def test_black_or_white_is_readable_on_every_colour(number):
    color = f"#{number:06X}"
    assert contrast(readable_on(color), color) >= LEAST


def test_contrast_is_that_of_the_standard():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert blended("#000000", 0.5, "#FFFFFF") == "#808080"
    assert len({*COLORS, ELSE_GREY}) == len(COLORS) + 1
