"""Static drawings; they need no script and take their ink from the page.

What is worked out here are lengths; the templates beside hold the markup.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from core.model.figures import counted, tenths
from core.report.html import render

WIDTH, HEIGHT = 320, 18
FLOW_WIDTH, NODE, GAP = 900, 12, 16


def bar(value: float, low: float, high: float, least: float, most: float, color: str) -> Markup:
    """One bar from 0 with a whisker over [low, high], on an axis from `least` to `most`."""
    scale = WIDTH / ((most - least) or 1.0)

    def x(at: float) -> float:
        return (min(max(at, least), most) - least) * scale

    left, right = sorted((x(0), x(value)))
    return render(
        "bar.svg",
        width=WIDTH,
        height=HEIGHT,
        label=counted(value),
        left=left,
        long=max(right - left, 0.5),
        color=color,
        whisker=(x(low), x(high)) if low < high else None,
        zero=x(0) if least < 0 else None,
    )


def flows(
    left: Sequence[tuple[str, str]],
    right: Sequence[tuple[str, str]],
    links: Sequence[tuple[int, int, float]],
) -> Markup:
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
        ribbons.append(
            {
                **{"a": y1, "b": y2, "c": y2 + wide, "d": y1 + wide},
                "color": right[j][1],
                "text": f"{left[i][0]} → {right[j][0]}: {tenths(value)}",
            }
        )
    boxes = []
    for side, (labels, x, anchor, text_x) in enumerate(
        ((left, 0, "start", NODE + 6), (right, last, "end", last - 6))
    ):
        for place, (label, color) in enumerate(labels):
            top, high = tops[side][place], max(sides[side][0][place] * scale, 1.0)
            boxes.append(
                {
                    **{"x": x, "top": top, "high": high, "color": color, "label": label},
                    **{"text_x": text_x, "text_y": top + high / 2 + 4, "anchor": anchor},
                }
            )
    return render(
        "flows.svg",
        width=FLOW_WIDTH,
        height=height,
        node=NODE,
        middle=middle,
        last=last,
        ribbons=ribbons,
        boxes=boxes,
    )


def _tops(sums: Sequence[float], scale: float) -> list[float]:
    tops, top = [], 0.0
    for value in sums:
        tops.append(top)
        top += value * scale + GAP
    return tops
