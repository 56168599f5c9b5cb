"""Labels drawn on an image: outline in the class's colour, and its name."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist

from PIL import Image, ImageDraw, ImageFont

from core.charts.palette import COLORS, ELSE_GREY
from core.gallery.geometry import Outline, Point
from core.model.project import Project

LEAST_SIZE = 960
"""Images narrower than this are enlarged, so that names can be read beside small boxes."""


def class_colors(project: Project | None, used: Collection[str] = ()) -> dict[str, str]:
    """A colour per schema id, in the order of the schema.

    Args:
        project: Whose classes they are.
        used: Classes that take their colours first, so that these differ as long as colours last.
    """
    schema = project.schema if project else None
    ids = [category.schema_id for category in schema.top_level] if schema else []
    ids.sort(key=lambda schema_id: schema_id not in used)
    return {schema_id: COLORS[place % len(COLORS)] for place, schema_id in enumerate(ids)}


@dataclass(frozen=True, slots=True)
class Mark:
    """A label as it is drawn.

    Args:
        outline: Where.
        text: What stands at it; "" for nothing, and then its line is thin.
        dashed: Whether its line is broken, and its text below it.
    """

    outline: Outline
    text: str
    dashed: bool = False


def draw_labels(
    picture: Image.Image,
    labels: Sequence[Outline],
    names: Mapping[str, str],
    colors: Mapping[str, str],
) -> bytes:
    """A JPEG of the image with its labels and their classes.

    Args:
        picture: The image.
        labels: What to draw, in pixels of the image.
        names: Class names by schema id; a class without one is called unknown.
        colors: By schema id; a class without one is grey.
    """
    marks = []
    for label in labels:
        name = names.get(label.schema_id, "unknown class")
        marks.append(Mark(label, f"{name}, twice" if label.twice else name))
    return draw_marks(picture, marks, colors)


def draw_marks(picture: Image.Image, marks: Sequence[Mark], colors: Mapping[str, str]) -> bytes:
    """A JPEG of the image with labels; see `draw_labels`."""
    scale = max(1.0, LEAST_SIZE / max(1, picture.width))
    size = (round(picture.width * scale), round(picture.height * scale))
    enlarged = picture.resize(size, Image.Resampling.LANCZOS) if scale > 1 else picture.copy()
    pen = ImageDraw.Draw(enlarged)
    usual = max(3, round(size[0] / 240))
    font = ImageFont.load_default(max(16, round(size[0] / 34)))
    for mark in marks:
        label, thick = mark.outline, usual if mark.text else max(1, usual // 2)
        color = colors.get(label.schema_id, ELSE_GREY)
        points = [(x * scale, y * scale) for x, y in label.points]
        if label.form == "point":
            (x, y), radius = points[0], 3 * thick
            within = (x - radius, y - radius, x + radius, y + radius)
            fill, edge = (None, color) if mark.dashed else (color, "white")
            pen.ellipse(within, fill, edge, 2 if mark.dashed else 1)
        else:
            line = points if label.form == "open" else [*points, points[0]]
            if mark.dashed:
                for dash in dashes(line, 4 * usual):
                    pen.line(dash, color, thick)
            else:
                pen.line(line, color, thick, joint="curve")
            if label.twice:  # a light line within the outline tells it from what lies below
                pen.line(line, "white", max(1, thick // 3), joint="curve")
        if mark.text:
            _tag(pen, points, mark.text, color, font, size, mark.dashed)
    written = io.BytesIO()
    enlarged.save(written, "JPEG", quality=90, subsampling=0)
    return written.getvalue()


MOST_DASHES = 2_000
"""Of one line: a longer one gets longer dashes."""


def dashes(line: Sequence[Point], length: float) -> list[list[Point]]:
    """The pieces of a broken line, each as long as the gap behind it.

    Args:
        line: Its corners.
        length: Of a piece, in pixels.
    """
    sides = [dist(one, other) for one, other in pairwise(line)]
    length = max(length, sum(sides) / (2 * MOST_DASHES), 1e-9)
    pieces: list[list[Point]] = []
    gone = 0.0  # of the whole line before this side
    for (one, other), side in zip(pairwise(line), sides, strict=True):
        if not side:
            continue
        at = 2 * length * (gone // (2 * length))
        while at < gone + side:
            start, end = max(at, gone), min(at + length, gone + side)
            if start < end:
                pieces.append([_along(one, other, (x - gone) / side) for x in (start, end)])
            at += 2 * length
        gone += side
    return pieces


def _along(one: Point, other: Point, part: float) -> Point:
    return one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part


def _tag(
    pen: ImageDraw.ImageDraw,
    points: Sequence[tuple[float, float]],
    name: str,
    color: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    size: tuple[int, int],
    dashed: bool = False,
) -> None:
    """A text above its outline, inside the image; of a broken one framed, and below it."""
    left, top, right, bottom = pen.textbbox((0, 0), name, font)
    width, height = right - left + 6, bottom - top + 6
    x = min(max(0.0, min(p[0] for p in points)), max(0.0, size[0] - width))
    y = max(0.0, min(p[1] for p in points) - height)
    if dashed:
        y = max(0.0, min(max(p[1] for p in points), size[1] - height))
    if dashed:
        pen.rectangle((x, y, x + width, y + height), "white", color, 2)
    else:
        pen.rectangle((x, y, x + width, y + height), color)
    written = "black" if dashed else text_on(color)
    pen.text((x + 3 - left, y + 3 - top), name, written, font)


def text_on(color: str) -> str:
    """Black or white, whichever is read better on a colour (contrast of WCAG 2)."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "white"
