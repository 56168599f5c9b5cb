"""Labels as columns: class, place and score of each, and what cannot be compared, counted.

Geometry is Ango Hub's own, in pixels from the top left. Two labels are only ever compared within
one asset and one page of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from core.gallery.geometry import outlines
from core.model.numbers import is_number

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Label = Mapping[str, Any]

BOX, SHAPE, POINT, ANSWER = 0, 1, 2, 3
"""What a label is compared by: a level box, another area, a point, the answer to a question."""
SCORE_KEYS: Final = ("confidence", "score")
"""Keys that may hold a label's score, the first number counts; Ango Hub documents none."""
LARGEST: Final = 1e15
"""Coordinates beyond are no pixels; below, areas are exact enough to be compared."""


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """The labels of one side, in the order of their groups.

    Args:
        asset: Position of each label's asset.
        group: Position of its asset and page.
        schema: Position of its class.
        kind: `BOX`, `SHAPE`, `POINT` or `ANSWER`.
        corners: Left, top, right, bottom in pixels, (n, 4); of a point its place twice; of an
            answer a number that equal answers share, first.
        score: From 0 to 1 as a rule, NaN where there is none.
        place: Position among the labels of its task, questions after objects.
        areas: Of what is no level box, its area; keyed by position.
    """

    asset: Ints
    group: Ints
    schema: Ints
    kind: Ints
    corners: Floats
    score: Floats
    place: Ints
    areas: Mapping[int, shapely.Geometry]

    def __len__(self) -> int:
        return len(self.asset)

    def take(self, rows: NDArray[np.int64]) -> LabelColumns:
        """Some of the labels, in the order of their positions in `rows`."""
        moved = {int(old): new for new, old in enumerate(rows)} if self.areas else {}
        areas = {moved[at]: area for at, area in self.areas.items() if at in moved}
        return LabelColumns(
            self.asset[rows],
            self.group[rows],
            self.schema[rows],
            self.kind[rows],
            self.corners[rows],
            self.score[rows],
            self.place[rows],
            areas,
        )


@dataclass(slots=True)
class LabelRows:
    """Gathers the labels of one side; see `Gathering`."""

    numbers: list[float] = field(default_factory=list)  # `WIDTH` of each label
    blocks: list[Floats] = field(default_factory=list)  # earlier ones, which take less room so
    many: int = 0  # labels in blocks
    areas: list[tuple[int, shapely.Geometry]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return self.many + len(self.numbers) // WIDTH

    def pack(self) -> None:
        """Turn the numbers into a block."""
        block = np.array(self.numbers, np.float64).reshape(-1, WIDTH)
        self.blocks.append(block)
        self.many += len(block)
        self.numbers.clear()

    def columns(self, assets: Ints) -> LabelColumns:
        """What was gathered.

        Args:
            assets: Position of each group's asset.
        """
        self.pack()
        table = np.concatenate(self.blocks)
        group = table[:, 0].astype(np.int32)
        order = np.argsort(group, kind="stable")
        moved = np.empty(len(order) if self.areas else 0, np.int64)
        if self.areas:
            moved[order] = np.arange(len(order))
        areas = {int(moved[row]): area for row, area in self.areas}
        group, table = group[order], table[order]
        schema, kind, place = (table[:, n].astype(np.int32) for n in (1, 2, 8))
        corners, score = np.ascontiguousarray(table[:, 3:7]), table[:, 7].copy()
        return LabelColumns(assets[group], group, schema, kind, corners, score, place, areas)


WIDTH: Final = 9
BLOCK: Final = 65_536
"""Numbers that are packed together."""


class Gathering:
    """Turns labels of tasks into columns, asset by asset; both sides share classes and groups."""

    def __init__(self) -> None:
        self.run, self.people = LabelRows(), LabelRows()
        self.schema_ids: dict[str, int] = {}
        self._groups: dict[tuple[int, Any], int] = {}
        self._answers: dict[str, int] = {}

    def columns(self) -> tuple[LabelColumns, LabelColumns]:
        """The labels of the run, and those of people."""
        assets = np.array([asset for asset, _ in self._groups], np.int32)
        return self.run.columns(assets), self.people.columns(assets)

    def add(self, side: LabelRows, asset: int, labels: Mapping[str, Any]) -> None:
        """Take the labels of one task.

        Args:
            side: Whose they are.
            asset: Position of the task's asset.
            labels: `tools` and `classifications`; what is neither list nor object counts for none.
        """
        tools, answers = (listed(labels, kind) for kind in ("tools", "classifications"))
        group, numbers, left_out = self._group(asset, 0), side.numbers, side.left_out
        for place, label in enumerate(tools):
            if not isinstance(label, dict):
                continue
            box = label.get("bounding-box")
            if box is None:
                self._object(side, asset, label, place)
            elif (corners := _corners(box)) is None:
                left_out["bounding-box of no size"] += 1
            else:
                on = self._group(asset, label["page"]) if "page" in label else group
                numbers += (on, self._schema(label), BOX, *corners, score_of(label), place)
        for place, label in enumerate(answers, len(tools)):
            if isinstance(label, dict) and label.get("answer") not in (None, "", []):
                answer = self._answers.setdefault(_word(label["answer"]), len(self._answers))
                self._row(side, asset, label, place, ANSWER, (answer, 0.0, 0.0, 0.0))
        if len(numbers) >= BLOCK:
            side.pack()

    def _object(self, side: LabelRows, asset: int, label: Label, place: int) -> None:
        """Take what is no level box."""
        kind = next((name for name in AREAS if name in label), None)
        if kind is None:
            side.left_out[_tool(label)] += 1
            return
        shape = _point(label) if kind == "point" else _area(label, kind)
        if shape is None:
            side.left_out[f"{kind} that nobody can draw"] += 1
        elif kind == "point":
            x, y = shape.x, shape.y
            self._row(side, asset, label, place, POINT, (x, y, x, y))
        else:
            side.areas.append((len(side), shape))
            self._row(side, asset, label, place, SHAPE, shape.bounds)

    def _row(
        self, side: LabelRows, asset: int, label: Label, place: int, kind: int, at: Iterable[float]
    ) -> None:
        group, schema = self._group(asset, label.get("page", 0)), self._schema(label)
        side.numbers += (group, schema, kind, *at, score_of(label), place)

    def _group(self, asset: int, page: Any) -> int:
        return self._groups.setdefault((asset, page if is_number(page) else 0), len(self._groups))

    def _schema(self, label: Label) -> int:
        name = label.get("schemaId") or label.get("title")
        known = self.schema_ids.get(name) if type(name) is str else None
        if known is None:
            known = self.schema_ids.setdefault(str(name), len(self.schema_ids))
        return known


def listed(labels: Any, kind: str) -> list[Any]:
    """The labels of a kind; what is no list holds none."""
    some = labels.get(kind) if isinstance(labels, dict) else None
    return some if isinstance(some, list) else []


NAN: Final = float("nan")
AREAS: Final = ("rotated-bounding-box", "polygon", "segmentation", "point")


def score_of(label: Label) -> float:
    """A label's score, NaN where it has none."""
    for name in SCORE_KEYS:
        value: Any = label.get(name)
        if type(value) is float and -LARGEST <= value <= LARGEST:  # most are, and quickly told
            return value
        if value is not None and is_number(value) and abs(value) <= LARGEST:
            return float(value)
    return NAN


def _corners(box: Any) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom; None where a number is none, or a size is below nought."""
    try:
        x, y, width, height = box["x"], box["y"], box["width"], box["height"]
        # one chain of comparisons, which a NaN fails as well
        drawable = 0 <= width <= LARGEST and 0 <= height <= LARGEST
        drawable = drawable and -LARGEST <= x <= LARGEST and -LARGEST <= y <= LARGEST
    except (KeyError, TypeError):
        return None
    return (x, y, x + width, y + height) if drawable else None


UNDRAWABLE: Final = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError,
    shapely.GEOSException,
)  # fmt: skip
"""What comes of reading geometry that is none."""


def _point(label: Label) -> shapely.Point | None:
    drawn = outlines([dict(label)])
    at = drawn[0].points[0] if drawn else (NAN, NAN)
    return shapely.Point(at) if all(abs(place) <= LARGEST for place in at) else None


def _area(label: Label, kind: str) -> shapely.Geometry | None:
    """The area of a label, mended where its outline crosses itself; None without one."""
    try:
        if kind == "segmentation":
            zones = [_polygon(z["region"], z.get("holes") or ()) for z in label[kind]["zones"]]
            whole = shapely.union_all(zones)
        else:
            drawn = outlines([dict(label)])
            whole = _polygon(drawn[0].points) if drawn else None
            if kind == "rotated-bounding-box" and _corners(label[kind]) is None:
                return None
    except UNDRAWABLE:
        return None
    return None if whole is None or whole.is_empty else whole


def _polygon(corners: Any, holes: Any = ()) -> shapely.Geometry:
    shape = shapely.Polygon(corners)
    if not np.all(np.abs(shapely.get_coordinates(shape)) <= LARGEST):  # nor is NaN
        raise ValueError
    whole = shape if shape.is_valid else shapely.make_valid(shape)
    # a hole may touch the outline, which a polygon's own holes may not
    return (
        whole
        if not holes
        else whole.difference(shapely.union_all([_polygon(hole) for hole in holes]))
    )


def _tool(label: Label) -> str:
    """What a label is that is not compared, in Ango Hub's own word as far as it tells."""
    names = ("polyline", "ner", "pdf", "brush", "voxel-brush", "frames")
    return next((name for name in names if name in label), "other")


def _word(answer: Any) -> str:
    """An answer as text; the order of several choices does not count."""
    return repr(sorted(map(str, answer))) if isinstance(answer, list) else repr(str(answer))
