"""Labels drawn on an image: outline in the class's colour, and its name."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence

from PIL import Image, ImageDraw, ImageFont

from core.charts.palette import COLORS, ELSE_GREY
from core.gallery.geometry import Outline
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


def draw_labels(
    picture: Image.Image,
    labels: Sequence[Outline],
    names: Mapping[str, str],
    colors: Mapping[str, str],
) -> bytes:
    """A JPEG of the image with its labels.

    Args:
        picture: The image.
        labels: What to draw, in pixels of the image.
        names: Class names by schema id; a class without one is called unknown.
        colors: By schema id; a class without one is grey.
    """
    scale = max(1.0, LEAST_SIZE / max(1, picture.width))
    size = (round(picture.width * scale), round(picture.height * scale))
    enlarged = picture.resize(size, Image.Resampling.LANCZOS) if scale > 1 else picture.copy()
    pen = ImageDraw.Draw(enlarged)
    thick = max(3, round(size[0] / 240))
    font = ImageFont.load_default(max(16, round(size[0] / 34)))
    for label in labels:
        color = colors.get(label.schema_id, ELSE_GREY)
        points = [(x * scale, y * scale) for x, y in label.points]
        if label.form == "point":
            (x, y), radius = points[0], 3 * thick
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), color, "white", 1)
        elif label.form == "open":
            pen.line(points, color, thick)
        else:
            pen.line([*points, points[0]], color, thick, joint="curve")
            if label.twice:  # a light line within the outline tells it from what lies below
                pen.line([*points, points[0]], "white", max(1, thick // 3), joint="curve")
        name = names.get(label.schema_id, "unknown class")
        _tag(pen, points, f"{name}, twice" if label.twice else name, color, font, size)
    written = io.BytesIO()
    enlarged.save(written, "JPEG", quality=90, subsampling=0)
    return written.getvalue()


def _tag(
    pen: ImageDraw.ImageDraw,
    points: Sequence[tuple[float, float]],
    name: str,
    color: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    size: tuple[int, int],
) -> None:
    """The class's name above its outline, inside the image."""
    left, top, right, bottom = pen.textbbox((0, 0), name, font)
    width, height = right - left + 6, bottom - top + 6
    x = min(max(0.0, min(p[0] for p in points)), max(0.0, size[0] - width))
    y = max(0.0, min(p[1] for p in points) - height)
    pen.rectangle((x, y, x + width, y + height), color)
    pen.text((x + 3 - left, y + 3 - top), name, text_on(color), font)


def text_on(color: str) -> str:
    """Black or white, whichever is read better on a colour (contrast of WCAG 2)."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "white"
