"""The classes of a project, and what they say of a label that comes in: one door for all labels.

What Ango Hub does with a label that does not fit the project is not public. One of a class that is
not there is refused or kept by `SWITCHYARD_UNKNOWN_LABELS`; one of another form than its class has
(a box without its corners, a polygon of a class that is a box, a classification without an answer)
by `SWITCHYARD_ODD_LABELS`. Either way it is counted and said.

The keys of a label are those of Ango Hub's export format: objects have `objectId`, `schemaId`,
`title`, `classifications` and `metadata`; classifications have `schemaId`, `tool`, `title`,
`columnField`, `answer` and `classifications`; relations have `objectId`, `schemaId`, `title`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from core.hub.codec import Json
from core.model.schema import Category, CategorySchema
from core.plugin_runs.label_changes import KINDS, Label
from core.plugin_runs.model import Pair

_MADE = ("createdAt", "createdBy", "createdIn")


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which labels that do not fit the project are kept: of unknown classes, of another form."""

    unknown: bool = False
    odd: bool = True


KEEPING = Keeping()


@dataclass(frozen=True, slots=True)
class Made:
    """Who makes labels, where and when; what the `metadata` of an object says.

    Args:
        at: ISO 8601.
        by: An address, or the name of who acts when nobody is assigned.
        stage: Name of the stage that the task is in.
    """

    at: str
    by: str
    stage: str = ""

    @property
    def metadata(self) -> dict[str, Json]:
        """As an export has it."""
        return dict(zip(_MADE, (self.at, self.by, self.stage), strict=True))


class Known:
    """The classes of a project by schema id and by title, per kind; without a schema, any.

    Args:
        schema: The project's classes, or None.
        keeping: Which labels that do not fit it are kept.
        whose: Who has these classes, at the beginning of a sentence.
    """

    def __init__(
        self,
        schema: CategorySchema | None,
        keeping: Keeping = KEEPING,
        whose: str = "The project",
    ) -> None:
        self._keeping, self._whose = keeping, whose
        self._top: dict[str, _Classes] | None = None
        if schema is not None:
            self._top = {kind: _Classes(getattr(schema, kind)) for kind in KINDS}

    def judged(self, kind: str, label: Json) -> tuple[Label | None, str]:
        """The label with the schema id and title of its class, and what does not fit, or "".

        None when it is not taken: it is no label at all, or does not fit and is not to be kept.
        """
        if not isinstance(label, dict):
            return None, f"{_short(label)} among the {kind} is no label."
        category = self._of(kind, label)
        if category is None:
            if self._top is None:
                return label, ""
            what = label.get("schemaId") or label.get("title")
            reason = f"{self._whose} has no class {_short(what)} among its {kind}."
            keep = self._keeping.unknown
        else:
            label = {**label, "schemaId": category.schema_id, "title": category.title}
            reason = _misfit(kind, category, label)
            keep = self._keeping.odd
        return (label if keep or not reason else None), reason

    def whole(self, kind: str, label: Label, made: Made, new_id: Callable[[], str]) -> Label:
        """The label with every key that an export has; what it says itself stays as it is."""
        category = self._of(kind, label)
        if kind == "classifications":
            return _answered(label, category)
        whole = {**label, "objectId": label.get("objectId") or new_id(), **_named(label, category)}
        if kind == "tools":
            whole["classifications"] = _nested(label, category)
            own = label.get("metadata")
            if own is None or isinstance(own, dict):
                whole["metadata"] = {**made.metadata, **(own or {})}
        return whole

    def _of(self, kind: str, label: Label) -> Category | None:
        return None if self._top is None else self._top[kind].of(label)


def known_to_probe(pairs: Sequence[Pair], keeping: Keeping) -> Known:
    """The classes of a probe: those that were made for it, of any form, and no other.

    Args:
        pairs: Classes of the model with their schema IDs.
        keeping: Which labels of a form that no class can have are kept.
    """
    schema = CategorySchema(
        tuple(Category("tool", "", one.model_class, one.schema_id) for one in pairs),
        tuple(Category("classification", "", one.model_class, one.schema_id) for one in pairs),
        tuple(Category("relation", "", one.model_class, one.schema_id) for one in pairs),
    )
    return Known(schema, replace(keeping, unknown=False), "The probe")


def as_import(kind: str, label: Label) -> Label:
    """A label without what this hub put to it and an import does not have."""
    if kind == "classifications":
        left = {name: value for name, value in label.items() if name not in ("tool", "columnField")}
    else:
        left = dict(label)
        if tuple(left.get("metadata") or ()) == _MADE:
            del left["metadata"]
    inner = left.get("classifications")
    if isinstance(inner, list):
        left["classifications"] = [
            as_import("classifications", one) if isinstance(one, dict) else one for one in inner
        ]
    return left


class _Classes:
    """Classes of one level; the first of equal titles counts."""

    def __init__(self, categories: Sequence[Category]) -> None:
        self._by_id = {category.schema_id: category for category in reversed(categories)}
        self._by_title = {category.title: category for category in reversed(categories)}

    def of(self, label: Label) -> Category | None:
        schema_id = label.get("schemaId")
        if schema_id is None:
            return self._by_title.get(str(label.get("title")))
        return self._by_id.get(str(schema_id))


def _named(label: Label, category: Category | None) -> Label:
    """The schema id and title; of a class that nobody knows what the label itself says."""
    if category is not None:
        return {"schemaId": category.schema_id, "title": category.title}
    known = [label.get(name) for name in ("schemaId", "title") if label.get(name) is not None]
    return {"schemaId": known[0], "title": known[-1]} if known else {"schemaId": "", "title": ""}


def _answered(label: Label, category: Category | None) -> Label:
    """A classification with its class, its answer and what is nested in it."""
    about = {
        "tool": category.tool if category else "",
        "columnField": category.column_field if category else False,
    }
    given = {name: value for name, value in label.items() if value is not None}
    return {
        **about,
        "answer": None,
        **label,
        **{name: given.get(name, about[name]) for name in about},
        **_named(label, category),
        "classifications": _nested(label, category),
    }


def _nested(label: Label, category: Category | None) -> Json:
    inner = label.get("classifications")
    if inner is None:
        return []
    if not isinstance(inner, list):
        return inner
    classes = _Classes(category.nested if category else ())
    return [_answered(one, classes.of(one)) if isinstance(one, dict) else one for one in inner]


def _misfit(kind: str, category: Category, label: Label) -> str:
    """What a label of a known class lacks, or ""."""
    name = f"the class {_short(category.title or category.schema_id)}"
    if kind == "classifications":
        return "" if "answer" in label else f"A classification of {name} has no answer."
    if kind != "tools" or category.tool not in _SHAPES:
        return ""
    if _SHAPES[category.tool](label.get(category.tool)):
        return ""
    others = [shape for shape in _SHAPES if shape != category.tool and shape in label]
    if others and category.tool not in label:
        return f"A {others[0]} is no {category.tool}, which {name} is."
    return f"An object of {name} has no {category.tool} that can be drawn."


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _sides(*names: str) -> Callable[[Json], bool]:
    def check(value: Json) -> bool:
        return isinstance(value, Mapping) and all(_is_number(value.get(name)) for name in names)

    return check


def _is_point(value: Json) -> bool:
    return isinstance(value, list) and len(value) >= 2 and all(map(_is_number, value))


def _are_points(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_point, value))


def _has_zones(value: Json) -> bool:
    zones = value.get("zones") if isinstance(value, dict) else None
    return isinstance(zones, list) and bool(zones)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict) and bool(value)


_SHAPES: dict[str, Callable[[Json], bool]] = {
    "bounding-box": _sides("x", "y", "width", "height"),
    "rotated-bounding-box": _sides("x", "y", "width", "height"),
    "polygon": _are_points,
    "polyline": _are_points,
    "point": _is_point,
    "segmentation": _has_zones,
    "ner": _sides("start", "end"),
    "pdf": _is_object,
}
"""Whether a shape can be drawn, by the tool of its class, which is also the key of the shape.

Tools that are not here (brushes, point clouds, those that come) are not judged.
"""


def _short(value: Any) -> str:
    return str(value)[:80]
