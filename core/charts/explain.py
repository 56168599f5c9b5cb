"""Hits in order: who takes what from whom, which rules overlap, and their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.drawn import drawn
from core.charts.palette import ELSE_GREY, Ink, blended, faded, readable_on
from core.charts.tables import text_table
from core.model.figures import counted
from core.model.names import Names
from core.model.rules import RuleNumber
from core.model.stages import Logic
from core.routing.explain.counterfactual import Why
from core.routing.explain.else_groups import Group
from core.routing.explain.hits import Amount, Hit, Hits
from core.routing.sentence import rule_text

HEAT, PALEST = "#0072B2", 0.06
"""Colour of a heat map, and how much of it a field without tasks has."""

TEXT_UP_TO = 12
"""Rules up to which a heat map writes the number into each field."""


def amount_text(amount: Amount) -> str:
    """`1,204` when it is so at every draw, else `about 759`."""
    return counted(amount.expected) if amount.certain else f"about {counted(amount.expected)}"


def certainty(hit: Hit) -> str:
    """In one word: exact, expected, or uncertain."""
    if hit.uncertain:
        return "uncertain"
    exact = all(amount.certain for amount in (hit.alone, hit.reached, hit.won, *hit.lost))
    return "exact" if exact else "expected"


def lost_text(hit: Hit, numbers: Sequence[RuleNumber]) -> str:
    """`rule 1: 120, rule 3: about 7`; "" for none."""
    parts = [
        f"{rule_text(number)}: {amount_text(amount)}"
        for number, amount in zip(numbers, hit.lost, strict=False)
        if amount.expected
    ]
    return ", ".join(parts)


def hits_table(hits: Hits) -> pd.DataFrame:
    """One row per rule, top to bottom."""
    rules = hits.rules
    numbers = [hit.number for hit in rules]
    return text_table(
        {
            "Output": [str(hit.number) for hit in rules],
            "Matched": [round(hit.alone.expected, 1) for hit in rules],
            "Reached": [round(hit.reached.expected, 1) for hit in rules],
            "Taken": [round(hit.won.expected, 1) for hit in rules],
            "Lost above": [round(sum(a.expected for a in hit.lost), 1) for hit in rules],
            "Rule": [hit.sentence for hit in rules],
            "Lost to": [lost_text(hit, numbers) for hit in rules],
            "Certainty": [certainty(hit) for hit in rules],
        }
    )


def hits_bars(
    hits: Hits, colors: Mapping[str, str], ink: Ink, shown: range | None = None
) -> go.Figure:
    """What each rule matches alone: the part that it takes, and what rules above take from it.

    Args:
        hits: The hits.
        colors: Of the rules by id.
        ink: Colours of the theme.
        shown: Positions of the rules that are drawn, all unless given.
    """
    places = shown if shown is not None else range(len(hits.rules))
    rules = [hits.rules[place] for place in places]
    own = [colors.get(hit.rule_id, ELSE_GREY) for hit in hits.rules]
    won = go.Bar(
        x=[hit.won.expected for hit in rules],
        y=list(places),
        orientation="h",
        marker={"color": [own[place] for place in places]},
        hovertemplate="takes %{x:,.1f} tasks<extra></extra>",
    )
    lost = [(place, part) for place in places for part in _stolen(hits.rules[place])]
    parts = [part for _, part in lost]
    stolen = go.Bar(
        x=[tasks for _, _, tasks in parts],
        y=[place for place, _ in lost],
        base=[before for _, before, _ in parts],
        orientation="h",
        marker={
            "color": [faded(own[taker], 0.35) for taker, _, _ in parts],
            "line": {"color": [own[taker] for taker, _, _ in parts], "width": 1},
        },
        customdata=[[hits.rules[taker].number, round(tasks, 1)] for taker, _, tasks in parts],
        hovertemplate="%{customdata[1]:,} tasks lost to rule %{customdata[0]}<extra></extra>",
    )
    most = max([hit.alone.expected for hit in hits.rules] + [1.0])  # one scale for all pages
    notes = go.Scatter(
        x=[hit.alone.expected for hit in rules],
        y=list(places),
        mode="text",
        text=[f"  takes {amount_text(h.won)} of {amount_text(h.alone)}" for h in rules],
        textposition="middle right",
        textfont={"color": ink.text, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )
    layout = {
        "barmode": "overlay",  # one trace with its own bases: 60 traces take a browser seconds
        "height": 70 + 30 * max(1, len(rules)),
        "margin": {"l": 8, "r": 190, "t": 8, "b": 40},
        "xaxis": {
            "title": {"text": "tasks"},
            "range": [0, most * 1.02],
            "tickformat": ",d",
            "fixedrange": True,
        },
        "yaxis": {
            # given, so that a browser measures no text for it
            "range": [places.stop - 0.4, places.start - 0.6],
            "fixedrange": True,
            "ticklabeloverflow": "allow",
            "title": {"text": "rule"},
            "tickvals": list(places),
            "ticktext": [str(hit.number) for hit in rules],
        },
        "showlegend": False,
        "bargap": 0.35,
    }
    return drawn([won, stolen, notes], layout, ink)


def _stolen(hit: Hit) -> list[tuple[int, float, float]]:
    """(taker, where the part begins, tasks) of each loss, beside what the rule takes itself."""
    parts, before = [], hit.won.expected
    for taker, amount in enumerate(hit.lost):
        if amount.expected:
            parts.append((taker, before, amount.expected))
            before += amount.expected
    return parts


def overlap_pairs(hits: Hits, taken: bool) -> list[tuple[int, int, Amount]]:
    """(upper, lower, tasks) of every pair of rules by position, most tasks first.

    Args:
        hits: The hits.
        taken: Tasks that the lower one loses to the upper one, instead of all that both match.
    """
    rules = hits.rules
    pairs = [
        (upper, lower, rules[lower].lost[upper] if taken else hits.overlap[lower][upper])
        for lower in range(len(rules))
        for upper in range(lower)
    ]
    return sorted(pairs, key=lambda pair: -pair[2].expected)


def overlap_table(hits: Hits, taken: bool) -> pd.DataFrame:
    """One row per pair of rules."""
    pairs, rules = overlap_pairs(hits, taken), hits.rules
    first, second = ("Taken by rule", "From rule") if taken else ("One rule", "Other rule")
    return text_table(
        {
            first: [str(rules[upper].number) for upper, _, _ in pairs],
            second: [str(rules[lower].number) for _, lower, _ in pairs],
            "Tasks": [round(amount.expected, 1) for _, _, amount in pairs],
            "Certainty": ["exact" if a.certain else "expected" for _, _, a in pairs],
        }
    )


def overlap_heat(hits: Hits, taken: bool, ink: Ink) -> go.Figure:
    """Tasks that two rules match, or that the upper one takes from the lower one.

    Returns:
        A heat map with rules in order on both axes; fields without a pair are empty.
    """
    size = len(hits.rules)
    fields = np.full((size, size), np.nan)
    texts = np.full((size, size), "", dtype=object)
    for upper, lower, amount in overlap_pairs(hits, taken):
        fields[lower, upper] = amount.expected
        texts[lower, upper] = counted(amount.expected)
    for place, hit in enumerate(hits.rules):
        amount = hit.won if taken else hit.alone
        fields[place, place] = amount.expected
        texts[place, place] = counted(amount.expected)
    labels = [str(hit.number) for hit in hits.rules]
    most = float(np.nanmax(fields, initial=1.0))
    heat = go.Heatmap(
        z=fields,
        zmin=0,
        zmax=most,
        colorscale=[[0, faded(HEAT, PALEST)], [1, HEAT]],
        colorbar={"title": {"text": "tasks"}, "thickness": 12, "tickformat": ",d"},
        hoverongaps=False,
        xgap=2,
        ygap=2,
        hovertemplate=(
            "rule %{x} takes %{z:,.1f} tasks that rule %{y} matches<extra></extra>"
            if taken
            else "rules %{x} and %{y}: %{z:,.1f} tasks<extra></extra>"
        ),
        x=labels,
        y=labels,
    )
    data: list[object] = [heat]
    if size <= TEXT_UP_TO:
        ys, xs = np.nonzero(~np.isnan(fields))
        data.append(
            go.Scatter(
                x=[labels[x] for x in xs],
                y=[labels[y] for y in ys],
                mode="text",
                text=[texts[y, x] for y, x in zip(ys, xs, strict=True)],
                textfont={
                    "size": 12,
                    "color": [
                        readable_on(blended(HEAT, PALEST + (1 - PALEST) * part, ink.paper))
                        for part in (fields[ys, xs] / most).tolist()
                    ],
                },
                hoverinfo="skip",
            )
        )
    layout = {
        "height": 110 + 34 * max(2, size),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "xaxis": {
            "title": {"text": "taken by rule" if taken else "rule"},
            "type": "category",
            "showgrid": False,
        },
        "yaxis": {
            "showgrid": False,
            "title": {"text": "matched by rule" if taken else "rule"},
            "type": "category",
            "autorange": "reversed",
        },
        "showlegend": False,
    }
    return drawn(data, layout, ink)


def swaps_table(hits: Hits, stage: Logic, names: Names) -> pd.DataFrame:
    """One row per pair of neighbours."""
    numbers = [hit.number for hit in hits.rules]
    return text_table(
        {
            "Upper rule": [str(numbers[s.upper]) for s in hits.swaps],
            "Lower rule": [str(numbers[s.upper + 1]) for s in hits.swaps],
            "To": [names.of_stage(stage.active[s.upper].target) for s in hits.swaps],
            "And to": [names.of_stage(stage.active[s.upper + 1].target) for s in hits.swaps],
            "Moved": [round(s.moved.expected, 1) for s in hits.swaps],
            "Rerouted": [round(s.rerouted.expected, 1) for s in hits.swaps],
        }
    )


def groups_table(groups: Sequence[Group], tasks: int) -> pd.DataFrame:
    """One row per group of Else."""
    return text_table(
        {
            "Fact": [group.fact for group in groups],
            "Group": [group.label for group in groups],
            "Tasks": [round(group.expected, 1) for group in groups],
            "Share": [group.expected / tasks if tasks else 0.0 for group in groups],
            "A rule would take": [
                None if group.condition is None else round(group.takes, 1) for group in groups
            ],
        }
    )


def changes_table(why: Why, stage: Logic, names: Names) -> pd.DataFrame:
    """What would send a task elsewhere: one row per change, nearest first."""
    targets = stage.targets
    by = [*(rule_text(number) for number in stage.numbers), "Else"]
    return text_table(
        {
            "What would differ": [change.words for change in why.changes],
            "Then it goes to": [names.of_stage(targets[c.output]) for c in why.changes],
            "By": [by[change.output] for change in why.changes],
            "Chance": [change.chance for change in why.changes],
        }
    )


def outlook_table(rows: Sequence[tuple[str, str, str]]) -> pd.DataFrame:
    """One row per output: whether any possible task can leave there, and a witness."""
    headings = ("Output", "Can a task leave here", "Because")
    return text_table({name: [row[place] for row in rows] for place, name in enumerate(headings)})
