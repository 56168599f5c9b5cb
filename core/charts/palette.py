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
        text: Numbers and names in a chart, and whiskers.
        label: Ticks and titles of axes; 4.5 to 1 against the paper, and more.
        paper: What is behind a chart.
        faint: Bars and nodes that stand for no output.
        link_alpha: Opacity of Sankey links, from 0 to 1.
    """

    text: str
    label: str
    paper: str
    faint: str
    link_alpha: float


LIGHT = Ink(text="#1F2933", label="#4B5563", paper="#FFFFFF", faint="#AEB6BF", link_alpha=0.35)
DARK = Ink(text="#E6EAF0", label="#AAB4C0", paper="#12161C", faint="#566170", link_alpha=0.5)


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


def blended(color: str, alpha: float, paper: str) -> str:
    """What `faded` looks like on a paper, as a hex colour."""
    pairs = zip(_channels(color), _channels(paper), strict=True)
    return "#" + "".join(f"{round(alpha * one + (1 - alpha) * other):02X}" for one, other in pairs)


def contrast(one: str, other: str) -> float:
    """Contrast of two hex colours, from 1 to 21 (WCAG 2.1); text needs 4.5."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(color: str) -> str:
    """Black or white, whichever is the easier to read on a colour; one always has 4.5 to 1."""
    return max(("#FFFFFF", "#000000"), key=lambda text: contrast(text, color))


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(color))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
