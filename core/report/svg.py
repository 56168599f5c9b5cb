"""Static drawings as SVG text; they need no script and take their ink from the page."""

from __future__ import annotations

from collections.abc import Sequence

from core.report.html import escape

WIDTH, HEIGHT = 320, 18
FLOW_WIDTH, NODE, GAP = 900, 12, 16


def _number(value: float) -> str:
    """Two decimals at most, so that equal drawings are equal texts on every machine."""
    return f"{round(value, 2) + 0.0:g}"


def bar(value: float, low: float, high: float, least: float, most: float, color: str) -> str:
    """One bar from 0 with a whisker over [low, high], on an axis from `least` to `most`."""
    scale = WIDTH / ((most - least) or 1.0)

    def x(at: float) -> float:
        return (min(max(at, least), most) - least) * scale

    left, right = sorted((x(0), x(value)))
    parts = [
        f'<rect x="{_number(left)}" y="3" width="{_number(max(right - left, 0.5))}" height="12" '
        f'fill="{color}"/>'
    ]
    if low < high:
        ends = (_number(x(low)), _number(x(high)))
        parts.append(
            f'<path d="M{ends[0]} 9H{ends[1]}M{ends[0]} 5v8M{ends[1]} 5v8" fill="none" '
            'stroke="currentColor" stroke-width="1.5"/>'
        )
    if least < 0:
        parts.append(f'<path d="M{_number(x(0))} 0v18" stroke="currentColor" opacity="0.4"/>')
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{value:,.1f}">{"".join(parts)}</svg>'
    )


def flows(
    left: Sequence[tuple[str, str]],
    right: Sequence[tuple[str, str]],
    links: Sequence[tuple[int, int, float]],
) -> str:
    """Ribbons from nodes on the left to nodes on the right, as wide as their value.

    Args:
        left: (label, colour) of each node.
        right: The same.
        links: (node on the left, node on the right, value); values above 0.
    """
    total = sum(value for _, _, value in links) or 1.0
    height = max(120, 34 * max(len(left), len(right)))
    sides = []
    for nodes, end in ((left, 0), (right, 1)):
        sums = [sum(link[2] for link in links if link[end] == place) for place in range(len(nodes))]
        room = (height - GAP * (len(nodes) - 1)) / total
        sides.append((sums, room))
    scale = min(room for _, room in sides)
    tops = [_tops(sums, scale) for sums, _ in sides]
    used = [[0.0] * len(left), [0.0] * len(right)]
    ribbons, middle, last = [], FLOW_WIDTH / 2, FLOW_WIDTH - NODE
    for i, j, value in links:
        wide = value * scale
        y1, y2 = tops[0][i] + used[0][i], tops[1][j] + used[1][j]
        used[0][i] += wide
        used[1][j] += wide
        a, b, c, d = (_number(y) for y in (y1, y2, y2 + wide, y1 + wide))
        ribbons.append(
            f'<path d="M{NODE} {a}C{_number(middle)} {a} {_number(middle)} {b} {last} {b}V{c}'
            f'C{_number(middle)} {c} {_number(middle)} {d} {NODE} {d}Z" fill="{right[j][1]}" '
            f'opacity="0.4"><title>{escape(left[i][0])} → {escape(right[j][0])}: {value:,.1f}'
            "</title></path>"
        )
    boxes = []
    for side, (labels, x, anchor, text_x) in enumerate(
        ((left, 0, "start", NODE + 6), (right, last, "end", last - 6))
    ):
        for place, (label, color) in enumerate(labels):
            top, high = tops[side][place], max(sides[side][0][place] * scale, 1.0)
            boxes.append(
                f'<rect x="{x}" y="{_number(top)}" width="{NODE}" height="{_number(high)}" '
                f'fill="{color}"/><text x="{text_x}" y="{_number(top + high / 2 + 4)}" '
                f'text-anchor="{anchor}" fill="currentColor" font-size="12">{escape(label)}</text>'
            )
    return (
        f'<svg viewBox="0 -10 {FLOW_WIDTH} {height + 20}" width="100%" role="img" '
        f'aria-label="Flows">{"".join(ribbons)}{"".join(boxes)}</svg>'
    )


def _tops(sums: Sequence[float], scale: float) -> list[float]:
    found, top = [], 0.0
    for value in sums:
        found.append(top)
        top += value * scale + GAP
    return found
