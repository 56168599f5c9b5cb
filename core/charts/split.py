"""The split of a Logic stage: bars with 95 % whiskers, a Sankey to the stages, and the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.flows import SMALLEST, Link, Node, flows
from core.charts.palette import ELSE_GREY, Ink
from core.charts.tables import text_table
from core.model.figures import between, counted
from core.model.names import Names
from core.model.phrases import joined
from core.routing.engine.split import Count, Output, Split
from core.routing.observed.forecast import NextCount
from core.routing.sentence import output_text

MAX_LABEL = 46


def number_of(output: Output) -> str:
    """How people call an output: its rule's number from 1, or Else."""
    return output_text(output.number)


def count_text(count: Count) -> str:
    """`1,204` when chance plays no part, else `about 759`."""
    return counted(count.certain) if count.exact else f"about {counted(count.expected)}"


def range_text(count: Count) -> str:
    """The 95 % interval, or that there is none, or that it cannot be known."""
    if count.uncertain:
        return "uncertain"
    return "exact" if count.exact else between(count.low, count.high)


def certainty(count: Count) -> str:
    """In one word: exact, 95 % interval, or uncertain."""
    return range_text(count) if count.exact or count.uncertain else "95 % interval"


def was_text(before: Count | None, now: Count, share: str) -> str:
    """What a count was in the baseline: `was 759 · 15.1 %`, `as before`, or `new`.

    Args:
        before: The count in the baseline, None where there is none.
        now: The count in hand.
        share: The baseline's share as its own page says it, rounded with the others.
    """
    if before is None:
        return "new"
    if before == now:
        return "as before"
    return f"was {counted(before.expected)} · {share}"


def short(text: str, most: int = MAX_LABEL) -> str:
    """The text, cut where a label would be too long."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def color_of(output: Output, colors: Mapping[str, str]) -> str:
    """The output's own colour; Else is grey."""
    return colors.get(output.rule_id, ELSE_GREY)


def split_bars(
    split: Split,
    names: Names,
    colors: Mapping[str, str],
    ink: Ink,
    sentences: bool = True,
    targets: bool = False,
) -> go.Figure:
    """Expected tasks per output, top to bottom, with whiskers over the 95 % interval.

    Args:
        split: What to show.
        names: Names of target stages.
        colors: Colour per rule id.
        ink: Colours of the theme.
        sentences: Label bars with the rule's sentence, else with its number alone.
        targets: Label them with the stage that they lead to as well.
    """
    outputs = split.outputs
    to = [f" → {short(names.of_stage(o.target), MAX_LABEL // 2)}" * targets for o in outputs]
    labels = [
        f"{number_of(o)}  {short(o.sentence, MAX_LABEL - len(name))}{name}"
        if sentences
        else f"{number_of(o)}{name}"
        for o, name in zip(outputs, to, strict=True)
    ]
    places = list(range(len(outputs)))
    expected, shares = [o.count.expected for o in outputs], split.labels
    bar = go.Bar(
        x=expected,
        y=places,
        orientation="h",
        marker={"color": [color_of(o, colors) for o in outputs]},
        customdata=[
            [o.sentence, names.of_stage(o.target), share, range_text(o.count)]
            for o, share in zip(outputs, shares, strict=True)
        ],
        hovertemplate="%{customdata[0]} → %{customdata[1]}<br>%{x:,.1f} tasks, %{customdata[2]}"
        "<br>95 % interval: %{customdata[3]}<extra></extra>",
    )
    chancy = [(n, o.count) for n, o in enumerate(outputs) if o.count.low < o.count.high]
    whiskers = go.Scatter(
        x=[count.expected for _, count in chancy],
        y=[place for place, _ in chancy],
        mode="markers",
        marker={"size": 1, "color": ink.text},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [count.high - count.expected for _, count in chancy],
            "arrayminus": [count.expected - count.low for _, count in chancy],
            "color": ink.text,
            "thickness": 1.5,
            "width": 4,
        },
        hoverinfo="skip",
    )
    reach = max([o.count.high for o in outputs] + [1])
    # one trace, because Plotly checks every annotation by itself, which takes long for 50 rules
    notes = go.Scatter(
        x=[o.count.high for o in outputs],
        y=places,
        mode="text",
        text=[
            f"  {count_text(o.count)} · {share}" for o, share in zip(outputs, shares, strict=True)
        ],
        textposition="middle right",
        textfont={"color": ink.text, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )
    layout = {
        "height": 70 + max(16, min(34, 900 // len(outputs))) * len(outputs),
        "margin": {"l": 8, "r": 150, "t": 8, "b": 40},
        "xaxis": {"title": {"text": "tasks"}, "range": [0, reach * 1.02], "tickformat": ",d"},
        "yaxis": {
            "autorange": "reversed",
            "automargin": True,
            "tickvals": places,
            "ticktext": labels,
        },
        "showlegend": False,
        "bargap": 0.35,
    }
    return drawn([bar, whiskers, notes], layout, ink)


def split_sankey(split: Split, names: Names, colors: Mapping[str, str], ink: Ink) -> go.Figure:
    """Expected tasks from each output to its target stage; see `not_drawn` for the rest."""
    targets = [target for target, _ in split.stages]
    left = [Node(f"{number_of(o)} · {o.sentence}", color_of(o, colors)) for o in split.outputs]
    right = [
        Node(f"{names.of_stage(target)} · {counted(count.expected)}", ink.faint)
        for target, count in split.stages
    ]
    links = [
        Link(place, targets.index(o.target), o.count.expected, color_of(o, colors))
        for place, o in enumerate(split.outputs)
    ]
    return flows(left, right, links, ink)


def not_drawn(split: Split) -> str:
    """The outputs that `split_sankey` leaves out, in a sentence; "" for none."""
    empty = [number_of(o) for o in split.outputs if o.count.expected < SMALLEST]
    if not empty:
        return ""
    return f"Not drawn, as no task is expected there: output {joined(empty, 'and')}."


def split_table(split: Split, names: Names) -> pd.DataFrame:
    """One row per output: what the bars and the command line say."""
    return text_table(
        {
            "Output": [number_of(o) for o in split.outputs],
            "Rule": [o.sentence for o in split.outputs],
            "Target stage": [names.of_stage(o.target) for o in split.outputs],
            "Certain": [o.count.certain for o in split.outputs],
            "Expected": [round(o.count.expected, 1) for o in split.outputs],
            "Low": [o.count.low for o in split.outputs],
            "High": [o.count.high for o in split.outputs],
            "Share": [round(o.count.share, 6) for o in split.outputs],
            "Certainty": [certainty(o.count) for o in split.outputs],
            "Drawn": [o.count.drawn for o in split.outputs],
        }
    )


def stage_table(split: Split, names: Names) -> pd.DataFrame:
    """One row per target stage, outputs to the same stage together."""
    return text_table(
        {
            "Target stage": [names.of_stage(target) for target, _ in split.stages],
            "Certain": [count.certain for _, count in split.stages],
            "Expected": [round(count.expected, 1) for _, count in split.stages],
            "Low": [count.low for _, count in split.stages],
            "High": [count.high for _, count in split.stages],
            "Share": [round(count.share, 6) for _, count in split.stages],
            "Certainty": [certainty(count) for _, count in split.stages],
            "Drawn": [count.drawn for _, count in split.stages],
        }
    )


def next_table(split: Split, coming: Sequence[NextCount], names: Names) -> pd.DataFrame:
    """One row per output: what the next tasks do."""
    return text_table(
        {
            "Output": [number_of(o) for o in split.outputs],
            "Rule": [o.sentence for o in split.outputs],
            "Target stage": [names.of_stage(o.target) for o in split.outputs],
            "Expected": [None if c.expected is None else round(c.expected, 1) for c in coming],
            "Low": [count.low for count in coming],
            "High": [count.high for count in coming],
        }
    )
