"""One palette for every page: an output keeps its colour, Else is always the same grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLORS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#D55E00",
    "#56B4E9",
    "#8A6FD1",
    "#999933",
    "#AA4499",
    "#7F5539",
)
"""Ten colours that stay apart for colour-blind eyes (after Okabe and Ito, and Tol)."""

ELSE_GREY = "#8A9099"


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours that Plotly does not take from the theme.

    Args:
        text: Labels and whiskers.
        faint: Bars and nodes that stand for no output.
        link_alpha: Opacity of Sankey links, from 0 to 1.
    """

    text: str
    faint: str
    link_alpha: float


LIGHT = Ink(text="#1F2933", faint="#AEB6BF", link_alpha=0.35)
DARK = Ink(text="#E6EAF0", faint="#566170", link_alpha=0.5)


def output_colors(original: Sequence[str], current: Sequence[str]) -> dict[str, str]:
    """A colour per rule id.

    Args:
        original: Rule ids of the project's stage, top to bottom; they keep theirs when moved.
        current: Rule ids now; those that are new take the next colours.
    """
    known = list(dict.fromkeys(original))
    ids = [*known, *sorted(set(current) - set(known))]
    return {rule: COLORS[place % len(COLORS)] for place, rule in enumerate(ids)}


def faded(color: str, alpha: float) -> str:
    """A hex colour as rgba."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
