"""Settings for wanted shares, curves and heat maps of one output, and what decides it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import COLORS, Ink, faded
from core.charts.tables import text_table
from core.model.figures import between, counted, percent, share_text
from core.model.stages import Logic
from core.routing.observed.conformance import Behaviour, Seen
from core.routing.plan.goal_seek import Way
from core.routing.plan.sensitivity import Bar
from core.routing.plan.shares import Plan
from core.routing.plan.sweep import Knob, Point, knob_words, value_words
from core.routing.sentence import rule_title
from core.tasks.table import Floats


def plan_table(
    plan: Plan, stage: Logic, now: Sequence[float], wanted: Sequence[float]
) -> pd.DataFrame:
    """One row per random rule, then Else; percent of all tasks but for what to type.

    Args:
        plan: The plan.
        stage: For the rules' numbers.
        now: Percent of all tasks as the rules are.
        wanted: Percent of all tasks that were asked for.
    """
    numbers = [rule_title(stage.numbers[rule]) for rule, _ in plan.settings]
    typed = [percent(chance).removesuffix(" %") for _, chance in plan.settings]
    whole = [percent(chance).removesuffix(" %") for _, chance in plan.whole]
    return text_table(
        {
            "Output": [*numbers, "Else"],
            "Now, %": [_rounded(share) for share in now],
            "Wanted, %": [_rounded(share) for share in wanted],
            "Type, %": [*typed, "the rest"],
            "Reached, %": [_rounded(share) for share in plan.reached],
            "Type, whole %": [*whole, "the rest"],
            "Reached with whole percents, %": [_rounded(share) for share in plan.whole_reached],
        }
    )


def _rounded(share: float) -> float:
    """Percent with two decimals; a share below them keeps more, and is not shown as none."""
    return round(share, 2 if share >= 0.01 else 8)


def ways_table(ways: Sequence[Way], wanted: float) -> pd.DataFrame:
    """One row per change that brings an output near a wanted number."""
    return text_table(
        {
            "Change": [way.words for way in ways],
            "Expected": [round(way.expected, 1) for way in ways],
            "Off by": [round(way.expected - wanted, 1) for way in ways],
            "Note": [way.note for way in ways],
        }
    )


def _unit(knob: Knob) -> str:
    return "percent" if knob.field == "percent" else "seconds"


def curve(
    points: Sequence[Point], knob: Knob, stage: Logic, now: float | None, ink: Ink
) -> go.Figure:
    """Expected tasks over one value, with the exact 95 % band and the value as it is."""
    xs = [point.value for point in points]
    band = go.Scatter(
        x=[*xs, *reversed(xs)],
        y=[*(p.high for p in points), *(p.low for p in reversed(points))],
        fill="toself",
        fillcolor=faded(COLORS[0], 0.2),
        line={"width": 0},
        hoverinfo="skip",
        name="95 % band",
    )
    mean = go.Scatter(
        x=xs,
        y=[point.expected for point in points],
        mode="lines+markers",
        line={"color": COLORS[0], "width": 2},
        marker={"size": 5},
        customdata=[[value_words(knob, p.value), between(p.low, p.high)] for p in points],
        hovertemplate="%{customdata[0]}: %{y:,.1f} tasks expected<br>95 %: %{customdata[1]}"
        "<extra></extra>",
        name="expected",
    )
    layout = {
        "height": 360,
        "margin": {"l": 8, "r": 8, "t": 24, "b": 40},
        "xaxis": {"title": {"text": knob_words(knob, stage)}},
        "yaxis": {"title": {"text": "tasks"}, "tickformat": ",d", "rangemode": "tozero"},
        "showlegend": False,
    }
    if now is not None:
        layout["shapes"] = [
            {
                "type": "line", "x0": now, "x1": now, "yref": "paper", "y0": 0, "y1": 1,
                "line": {"color": ink.text, "width": 1, "dash": "dot"},
            }
        ]  # fmt: skip
        layout["annotations"] = [
            {
                "x": now, "yref": "paper", "y": 1, "text": f"now {value_words(knob, now)}",
                "yanchor": "bottom", "showarrow": False, "font": {"color": ink.text, "size": 12},
            }
        ]  # fmt: skip
    return drawn([band, mean], layout, ink)


def curve_table(points: Sequence[Point], knob: Knob) -> pd.DataFrame:
    """One row per value."""
    return text_table(
        {
            _unit(knob).capitalize(): [point.value for point in points],
            "Expected": [round(point.expected, 1) for point in points],
            "Low": [point.low for point in points],
            "High": [point.high for point in points],
        }
    )


def field(
    fields: Floats, knobs: tuple[Knob, Knob], values: tuple[Sequence[float], Sequence[float]],
    stage: Logic, ink: Ink,
) -> go.Figure:  # fmt: skip
    """Expected tasks over two values as a heat map."""
    first, second = knobs
    heat = go.Heatmap(
        x=list(values[0]),
        y=list(values[1]),
        z=fields,
        zmin=0,
        colorscale=[[0, faded(COLORS[0], 0.06)], [1, COLORS[0]]],
        colorbar={"title": {"text": "tasks"}, "thickness": 12, "tickformat": ",d"},
        meta=[_unit(first), _unit(second)],
        hovertemplate="%{meta[0]} %{x:g}, %{meta[1]} %{y:g}<br>"
        "%{z:,.1f} tasks expected<extra></extra>",
    )
    layout = {
        "height": 420,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "xaxis": {"title": {"text": knob_words(first, stage)}, "showgrid": False},
        "yaxis": {"title": {"text": knob_words(second, stage)}, "showgrid": False},
    }
    return drawn([heat], layout, ink)


def field_table(
    fields: Floats, knobs: tuple[Knob, Knob], values: tuple[Sequence[float], Sequence[float]],
    stage: Logic,
) -> pd.DataFrame:  # fmt: skip
    """One row per pair of values."""
    xs, ys = np.meshgrid(values[0], values[1])
    return text_table(
        {
            knob_words(knobs[0], stage): xs.ravel(),
            knob_words(knobs[1], stage): ys.ravel(),
            "Expected": np.round(fields.ravel(), 1),
        }
    )


def tornado_bars(now: float, bars: Sequence[Bar], ink: Ink) -> go.Figure:
    """From the fewest to the most tasks that each assumption gives, widest first."""
    places = list(range(len(bars)))
    chart = go.Bar(
        x=[bar.width for bar in bars],
        base=[bar.low for bar in bars],
        y=places,
        orientation="h",
        marker={"color": [COLORS[1] if place == 0 else COLORS[0] for place in places]},
        customdata=[[bar.low, bar.low_at, bar.high, bar.high_at] for bar in bars],
        hovertemplate="%{customdata[0]:,.1f} tasks: %{customdata[1]}<br>"
        "%{customdata[2]:,.1f} tasks: %{customdata[3]}<extra></extra>",
    )
    edge = max([bar.high for bar in bars] + [now, 1.0])
    least = min([bar.low for bar in bars] + [now])
    notes = go.Scatter(
        x=[bar.high for bar in bars],
        y=places,
        mode="text",
        text=[f"  {between(bar.low, bar.high)}" for bar in bars],
        textposition="middle right",
        textfont={"color": ink.text, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )
    room = max(edge - least, 1.0)
    layout = {
        "height": 80 + 30 * max(1, len(bars)),
        "margin": {"l": 8, "r": 130, "t": 24, "b": 40},
        "xaxis": {
            "title": {"text": "expected tasks"},
            "range": [max(0.0, least - room * 0.05), edge + room * 0.02],
            "tickformat": ",d",
        },
        "yaxis": {
            "autorange": "reversed",
            "automargin": True,
            "tickvals": places,
            "ticktext": [bar.assumption for bar in bars],
        },
        "shapes": [
            {
                "type": "line", "x0": now, "x1": now, "yref": "paper", "y0": 0, "y1": 1,
                "line": {"color": ink.text, "width": 1, "dash": "dot"},
            }
        ],
        "annotations": [
            {
                "x": now, "yref": "paper", "y": 1, "text": f"as it is: {counted(now)}",
                "yanchor": "bottom", "showarrow": False, "font": {"color": ink.text, "size": 12},
            }
        ],
        "showlegend": False,
        "bargap": 0.35,
    }  # fmt: skip
    return drawn([chart, notes], layout, ink)


def tornado_table(bars: Sequence[Bar]) -> pd.DataFrame:
    """One row per assumption, widest first."""
    return text_table(
        {
            "Assumption": [bar.assumption for bar in bars],
            "Fewest": [round(bar.low, 1) for bar in bars],
            "With": [bar.low_at for bar in bars],
            "Most": [round(bar.high, 1) for bar in bars],
            "With this": [bar.high_at for bar in bars],
            "Decides": [round(bar.width, 1) for bar in bars],
        }
    )


def behaviour_chart(behaviour: Behaviour, ink: Ink) -> go.Figure:
    """Observed counts over the exact 95 % intervals of the scenario, as far as they can be told."""
    counts = [one for one in behaviour.counts if one.told]
    places = list(range(len(counts)))
    spans = [(one.low or 0, one.high or 0) for one in counts]
    intervals = go.Bar(
        x=[high - low for low, high in spans],
        base=[low for low, _ in spans],
        y=places,
        orientation="h",
        marker={"color": faded(COLORS[0], 0.35), "line": {"color": COLORS[0], "width": 1}},
        customdata=[[c.low, c.high, c.expected] for c in counts],
        hovertemplate="95 % interval %{customdata[0]:,} to %{customdata[1]:,}, "
        "%{customdata[2]:,.1f} tasks expected<extra></extra>",
    )
    seen = go.Scatter(
        x=[c.observed for c in counts],
        y=places,
        mode="markers+text",
        text=[f"  {counted(c.observed or 0)}" for c in counts],
        textposition="middle right",
        textfont={"color": ink.text, "size": 12},
        marker={
            "size": 11,
            "symbol": ["x" if c.off else "circle" for c in counts],
            "color": [COLORS[4] if c.off else COLORS[2] for c in counts],
        },
        cliponaxis=False,
        hovertemplate="%{x:,} tasks seen<extra></extra>",
    )
    most = max([*(high for _, high in spans), *(c.observed or 0 for c in counts), 1])
    layout = {
        "height": 80 + 34 * max(1, len(counts)),
        "margin": {"l": 8, "r": 80, "t": 8, "b": 40},
        "xaxis": {"title": {"text": "tasks"}, "range": [0, most * 1.02], "tickformat": ",d"},
        "yaxis": {
            "autorange": "reversed",
            "automargin": True,
            "tickvals": places,
            "ticktext": [c.label for c in counts],
        },
        "showlegend": False,
        "bargap": 0.5,
    }
    return drawn([intervals, seen], layout, ink)


def behaviour_table(behaviour: Behaviour) -> pd.DataFrame:
    """One row per count."""
    counts = behaviour.counts
    return text_table(
        {
            "Count of": [c.label for c in counts],
            "Get there": [c.reaching for c in counts],
            "Seen": [c.observed for c in counts],
            "Verdict": [_verdict_word(c) for c in counts],
            "Expected": [None if c.expected is None else round(c.expected, 1) for c in counts],
            "Low": [c.low for c in counts],
            "High": [c.high for c in counts],
            "Chance of this or further out": [_chance_text(c.p) for c in counts],
            "Corrected for all counts": [_chance_text(c.adjusted) for c in counts],
        }
    )


def _verdict_word(count: Seen) -> str:
    if not count.told:
        return "cannot tell"
    return "off" if count.off else "as expected"


def _chance_text(chance: float | None) -> str:
    if chance is None:
        return ""
    if chance == 0:
        return "impossible"
    return share_text(chance)
