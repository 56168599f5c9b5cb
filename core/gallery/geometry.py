"""What a label looks like on an image: outlines in pixels, from Ango Hub's own geometry keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, isfinite, radians, sin
from typing import Any, Literal

from core.ango_json.text import Json

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """One label on an image.

    Args:
        schema_id: Its class.
        points: Corners in pixels from the top left.
        form: How the corners are joined; a point has one corner.
        twice: Whether one of the same class lies at its place already.
    """

    schema_id: str
    points: tuple[Point, ...]
    form: Literal["closed", "open", "point"]
    twice: bool = False


def outlines(tools: Iterable[Json]) -> tuple[Outline, ...]:
    """The outlines of labels; one without a geometry on the image has none.

    Args:
        tools: Entries of `answer.tools`, or of `objects` of an import.
    """
    drawable = []
    for label in tools:
        outline = _outline(label) if isinstance(label, dict) else None
        if outline is not None and all(isfinite(x) and isfinite(y) for x, y in outline.points):
            drawable.append(outline)
    return tuple(drawable)


def _outline(label: dict[str, Any]) -> Outline | None:
    schema_id = str(label.get("schemaId") or label.get("title") or "")
    try:
        if "bounding-box" in label:
            return Outline(schema_id, _corners(label["bounding-box"]), "closed")
        if "rotated-bounding-box" in label:
            return Outline(schema_id, _turned(label["rotated-bounding-box"]), "closed")
        if "polygon" in label:
            return Outline(schema_id, _points(label["polygon"]), "closed")
        if "segmentation" in label:
            zone = label["segmentation"]["zones"][0]
            return Outline(schema_id, _points(zone["region"]), "closed")
        if "polyline" in label:
            return Outline(schema_id, _points(label["polyline"]), "open")
        if "point" in label:
            return Outline(schema_id, _points([label["point"]]), "point")
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        return None  # a geometry that nobody can draw is no reason to show no image
    return None


def _corners(box: Any) -> tuple[Point, ...]:
    x, y, width, height = (float(box[key]) for key in ("x", "y", "width", "height"))
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def _turned(box: Any) -> tuple[Point, ...]:
    corners, angle = _corners(box), radians(float(box.get("rotation") or 0))
    middle_x = (corners[0][0] + corners[2][0]) / 2
    middle_y = (corners[0][1] + corners[2][1]) / 2
    return tuple(
        (
            middle_x + (x - middle_x) * cos(angle) - (y - middle_y) * sin(angle),
            middle_y + (x - middle_x) * sin(angle) + (y - middle_y) * cos(angle),
        )
        for x, y in corners
    )


def _points(given: Any) -> tuple[Point, ...]:
    if not given:
        raise ValueError
    return tuple((float(x), float(y)) for x, y in given)
