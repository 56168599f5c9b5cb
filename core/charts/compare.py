"""What another version does differently: migration, differences with intervals, who moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.drawn import drawn
from core.charts.flows import SMALLEST, Link, Node, flows
from core.charts.palette import COLORS, ELSE_GREY, Ink, faded
from core.charts.split import short
from core.charts.tables import text_table
from core.model.figures import signed
from core.model.names import Names
from core.model.rules import Rule
from core.routing.sentence import ELSE, sentence
from core.routing.versions.compare import (
    INDEPENDENT_DRAWS,
    SAME_DRAWS,
    ArrivalChange,
    Comparison,
    Side,
)
from core.routing.versions.moved_tasks import Move, MovedGroup
from core.routing.versions.stages import led_elsewhere

BOTH_INTERVALS = (
    f"After minus before, with exact 95 % intervals. Thin line: same draws, {SAME_DRAWS}. "
    f"Grey band: independent draws, {INDEPENDENT_DRAWS}."
)
"""What `change_bars` shows."""


def output_labels(side: Side, names: Names) -> list[str]:
    """`2 · 20 % at random`, Else last."""
    dialect = side.matcher.facts.dialect
    labels = [
        f"{number} · {sentence(rule.condition, names, dialect)}"
        for number, rule in zip(side.stage.numbers, side.rules, strict=True)
    ]
    return [*labels, f"Else · {ELSE}"]


def both_labels(before: Side, after: Side, names: Names) -> tuple[list[str], list[str]]:
    """Labels of both versions' outputs: one that leads elsewhere says so, and is not said twice.

    `5 · 20 % at random` before and `5 → Expert review, not Review` after; what it asks is said
    again where that changed, too.
    """
    old, new = output_labels(before, names), output_labels(after, names)
    for place, words in led_elsewhere(before.stage, after.stage, names).items():
        known = new[place] in old
        new[place] = f"{new[place].split(' · ')[0] if known else new[place]} {words}"
    return old, new


def change_labels(
    result: Comparison, before: Side, after: Side, names: Names
) -> tuple[list[str], list[str]]:
    """Labels of `Comparison.outputs` and of `Comparison.arrivals`."""
    old, new = both_labels(before, after, names)
    outputs = []
    for change in result.outputs:
        if change.after is not None:
            outputs.append(new[change.after] + (" (new)" if change.before is None else ""))
        elif change.before is not None:
            outputs.append(f"{old[change.before]} (gone)")
    return outputs, [names.of_stage(target) for target in result.targets]


def matrix_table(result: Comparison, before: Side, after: Side, names: Names) -> pd.DataFrame:
    """Expected tasks from each output before (rows) to each output after (columns)."""
    return _matrix(*both_labels(before, after, names), result.matrix)


def stage_matrix_table(result: Comparison, names: Names) -> pd.DataFrame:
    """The same from stage to stage."""
    labels = [names.of_stage(target) for target in result.targets]
    return _matrix(labels, labels, result.stages)


def _matrix(rows: list[str], columns: list[str], numbers: NDArray[np.float64]) -> pd.DataFrame:
    cells = zip(columns, np.round(numbers.T, 1), strict=True)
    return text_table([("Before ↓  after →", rows), *cells])


def stage_sankey(result: Comparison, names: Names, ink: Ink, everything: bool = False) -> go.Figure:
    """Tasks from each stage before to each stage after, in the colour of where they go now.

    Args:
        result: The comparison.
        names: For labels.
        ink: Colours of the theme.
        everything: Whether tasks that stay are drawn, too, in grey.
    """
    paint = [COLORS[place % len(COLORS)] for place in range(len(result.targets))]
    nodes = [
        Node(names.of_stage(target), color)
        for target, color in zip(result.targets, paint, strict=True)
    ]
    links = [
        Link(i, j, float(tasks), ELSE_GREY if i == j else paint[j])
        for (i, j), tasks in np.ndenumerate(result.stages)
        if i != j or everything
    ]
    return flows(nodes, nodes, links, ink)


def too_few(result: Comparison, names: Names) -> list[str]:
    """Moves from stage to stage that are too few to be drawn: `Review → Complete`."""
    labels = [names.of_stage(target) for target in result.targets]
    return [
        f"{labels[i]} → {labels[j]}"
        for (i, j), tasks in np.ndenumerate(result.stages)
        if i != j and 0 < tasks < SMALLEST
    ]


def migration_sankey(
    result: Comparison,
    before: Side,
    after: Side,
    names: Names,
    colors: Mapping[str, str],
    ink: Ink,
    everything: bool = False,
) -> go.Figure:
    """Tasks from each output before to each output after.

    Those that move are coloured; those that reach the same stage by another rule are grey. A rule
    that stays as it is but for its target is said by its number and its targets.

    Args:
        result: The comparison.
        before: The first version.
        after: The second.
        names: For labels.
        colors: Colour per rule id.
        ink: Colours of the theme.
        everything: Whether tasks that stay are drawn, too.
    """
    moves = np.array([[one != other for other in after.targets] for one in before.targets])
    ids = [[*(rule.id for rule in side.rules), None] for side in (before, after)]
    others = np.array([[one != other for other in ids[1]] for one in ids[0]])
    drawn_pairs = (result.matrix >= SMALLEST) & (moves | others | everything)
    paint = [[*(_color(rule, colors) for rule in s.rules), ELSE_GREY] for s in (before, after)]
    labels = both_labels(before, after, names)
    links = [
        Link(i, j, float(result.matrix[i, j]), paint[1][j] if moves[i, j] else ELSE_GREY)
        for i, j in np.argwhere(drawn_pairs).tolist()
    ]
    sides = [
        [Node(label, color) for label, color in zip(labels[k], paint[k], strict=True)]
        for k in (0, 1)
    ]
    return flows(sides[0], sides[1], links, ink)


def _color(rule: Rule, colors: Mapping[str, str]) -> str:
    return colors.get(rule.id, ELSE_GREY)


def change_bars(changes: Sequence[ArrivalChange], labels: Sequence[str], ink: Ink) -> go.Figure:
    """Mean difference of each count with its 95 % intervals.

    Whiskers: under the same draws. The grey band: under independent draws.
    """
    places = list(range(len(changes)))
    means = [change.expected for change in changes]
    bar = go.Bar(
        x=means,
        y=places,
        orientation="h",
        marker={"color": [COLORS[0] if mean >= 0 else COLORS[4] for mean in means]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, change.high - change.expected) for change in changes],
            "arrayminus": [max(0.0, change.expected - change.low) for change in changes],
            "color": ink.text,
            "thickness": 1.5,
            "width": 4,
        },
        customdata=[
            [label, c.same_draws, c.independent_draws]
            for label, c in zip(labels, changes, strict=True)
        ],
        hovertemplate="%{customdata[0]}<br>%{x:+,.1f} tasks<br>same draws: %{customdata[1]}"
        "<br>independent draws: %{customdata[2]}<extra></extra>",
    )
    apart = go.Scatter(
        x=means,
        y=places,
        mode="markers",
        marker={"size": 1, "color": ink.text},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, c.independent_high - c.expected) for c in changes],
            "arrayminus": [max(0.0, c.expected - c.independent_low) for c in changes],
            "color": faded(ELSE_GREY, 0.55),
            "thickness": 7,
            "width": 0,
        },
        hoverinfo="skip",
    )
    ends = [
        end
        for c in changes
        for end in (c.low, c.high, c.independent_low, c.independent_high, c.expected)
    ]
    reach = max([abs(end) for end in ends] + [1]) * 1.1
    notes = go.Scatter(
        x=[max(change.high, change.independent_high, 0) for change in changes],
        y=places,
        mode="text",
        text=[f"  {signed(c.expected)} · {_both(c)}" for c in changes],
        textposition="middle right",
        textfont={"color": ink.text, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )
    layout = {
        "height": 80 + 34 * len(changes),
        "margin": {"l": 8, "r": 250, "t": 8, "b": 40},
        "xaxis": {
            "title": {"text": "tasks more or fewer"},
            "range": [-reach, reach],
            "zeroline": True,
            "zerolinecolor": ink.faint,
        },
        "yaxis": {
            "autorange": "reversed",
            "automargin": True,
            "tickvals": places,
            "ticktext": [short(label) for label in labels],
        },
        "showlegend": False,
        "bargap": 0.4,
    }
    return drawn([bar, apart, notes], layout, ink)


def _both(change: ArrivalChange) -> str:
    """Both intervals, `+3 to +14 | −15 to +31`; once where they are the same."""
    same, apart = change.same_draws, change.independent_draws
    return same if same == apart else f"{same} | {apart}"


def change_table(changes: Sequence[ArrivalChange], labels: Sequence[str]) -> pd.DataFrame:
    """One row per output or stage: mean before, after, difference and its interval."""
    return text_table(
        {
            "Output or stage": list(labels),
            "Expected before": [round(change.expected_before, 1) for change in changes],
            "Expected after": [round(change.expected_after, 1) for change in changes],
            "Difference": [round(change.expected, 1) for change in changes],
            "Low": [change.low for change in changes],
            "High": [change.high for change in changes],
            "Low, independent draws": [change.independent_low for change in changes],
            "High, independent draws": [change.independent_high for change in changes],
            "Certainty": [change.same_draws for change in changes],
        }
    )


def moves_table(moves: Sequence[Move], before: Side, after: Side, names: Names) -> pd.DataFrame:
    """One row per moved task; the index is the task id."""
    return text_table(
        {
            "Asset": [move.external_id for move in moves],
            "From": [names.of_stage(before.targets[move.before]) for move in moves],
            "To": [names.of_stage(after.targets[move.after]) for move in moves],
            "Because": [move.because for move in moves],
        },
        index=pd.Index([move.task for move in moves], name="Task"),
    )


def groups_table(groups: Sequence[MovedGroup], what: str) -> pd.DataFrame:
    """One row per group in which tasks move."""
    return text_table(
        {
            what: [group.name for group in groups],
            "Tasks": [group.tasks for group in groups],
            "Certain": [group.certain for group in groups],
            "Expected": [round(group.expected, 1) for group in groups],
            "Share": [group.expected / group.tasks if group.tasks else 0.0 for group in groups],
        }
    )
