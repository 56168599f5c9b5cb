"""New labels that lie where one of the same class lies already, and what becomes of them.

Two labels lie on the same place when they have the same class, the same form and page, and each
number of their geometry differs by at most `TOLERANCE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from core.model.figures import counted
from core.model.numbers import is_number
from core.plugin_runs.label_changes import Difference, Label, Labels, change

OnDoubles = Literal["add", "replace", "skip"]
ON_DOUBLES: tuple[OnDoubles, ...] = get_args(OnDoubles)
TOLERANCE = 2.0
"""Pixels, or degrees of a turned box: less than a hand moves a corner by without meaning to."""
_NO_PLACE = frozenset({"objectId", "title", "schemaId", "metadata", "classifications", "page"})


@dataclass(frozen=True, slots=True)
class Doubles:
    """How many new labels of a run lie where others lie already.

    Args:
        labels: New labels that can be stored.
        new: Those of them that are doubles.
        there: Labels that are there already, at their places.
        tasks: Tasks in which that is so.
    """

    labels: int = 0
    new: int = 0
    there: int = 0
    tasks: int = 0

    def left(self, how: OnDoubles) -> int:
        """How many labels would be stored."""
        return self.labels - self.new if how == "skip" else self.labels

    @property
    def words(self) -> str:
        """A sentence; "" where there is none."""
        if not self.new:
            return ""
        many = f"{counted(self.new)} of {counted(self.labels)} new labels"
        lie = "lies" if self.new == 1 else "lie"
        tasks = f"{counted(self.tasks)} task{'s' * (self.tasks != 1)}"
        return f"{many} {lie} where one of the same class lies already, in {tasks}."

    def as_dict(self) -> dict[str, int]:
        """As the command line prints it."""
        return {"labels": self.labels, "doubles": self.new, "there": self.there,
                "tasks": self.tasks}  # fmt: skip

    def __add__(self, other: Doubles) -> Doubles:
        return Doubles(
            self.labels + other.labels,
            self.new + other.new,
            self.there + other.there,
            self.tasks + other.tasks,
        )


def on_one_place(one: Label, other: Label) -> bool:
    """Whether two labels of any class lie on the same place; without a geometry they do not."""
    a, b = _place(one), _place(other)
    return bool(a) and one.get("page") == other.get("page") and _near(a, b)


def doubles(answer: Mapping[str, Any], wanted: Difference) -> list[tuple[Label, list[Label]]]:
    """The new objects that are doubles, each with what lies there.

    Args:
        answer: The task's annotations as they stand.
        wanted: What is to be put there; what it takes away itself does not count.
    """
    staying, _ = change(answer, Difference(removed=wanted.removed))
    by_class: dict[str, list[Label]] = {}
    for label in staying.get("tools") or ():
        if isinstance(label, dict):
            by_class.setdefault(str(label.get("schemaId")), []).append(label)
    pairs = []
    for new in wanted.added["tools"]:
        there = [
            old for old in by_class.get(str(new.get("schemaId")), ()) if on_one_place(old, new)
        ]
        if there:
            pairs.append((new, there))
    return pairs


def count(answer: Mapping[str, Any], wanted: Difference) -> Doubles:
    """How many doubles a task would get."""
    pairs = doubles(answer, wanted)
    there = {id(old) for _, olds in pairs for old in olds}
    labels = sum(len(some) for some in wanted.added.values())
    return Doubles(labels, len(pairs), len(there), int(bool(pairs)))


def settled(answer: Mapping[str, Any], wanted: Difference, how: OnDoubles) -> Difference:
    """What is to be carried out, once it is decided what becomes of doubles.

    `add` leaves them beside what is there, `replace` takes that away, `skip` leaves the new ones
    out. A replaced object hands its id on, so that relations to it hold; so does one that stays.
    """
    pairs = [] if how == "add" else doubles(answer, wanted)
    if not pairs:
        return wanted
    ids = {str(new.get("objectId")): str(olds[0].get("objectId")) for new, olds in pairs
           if new.get("objectId") and olds[0].get("objectId")}  # fmt: skip
    if len(set(ids.values())) < len(ids) and how == "replace":
        ids = {}  # two for one: each keeps its own id
    known = {id(new) for new, _ in pairs}
    added: Labels = {
        **wanted.added,
        "relations": [_renamed(one, ids) for one in wanted.added["relations"]],
    }
    if how == "skip":
        added["tools"] = [new for new in wanted.added["tools"] if id(new) not in known]
        return Difference(added, wanted.removed)
    added["tools"] = [
        {**new, "objectId": ids[str(new["objectId"])]} if str(new.get("objectId")) in ids else new
        for new in wanted.added["tools"]
    ]
    going = {id(old): old for _, olds in pairs for old in olds}
    removed = {**wanted.removed, "tools": [*wanted.removed["tools"], *going.values()]}
    return Difference(added, removed)


def _place(label: Label) -> dict[str, Any]:
    return {name: value for name, value in label.items() if name not in _NO_PLACE}


def _near(one: Any, other: Any) -> bool:
    """Whether two values are the same, each number within the tolerance."""
    if is_number(one) and is_number(other):
        return bool(abs(one - other) <= TOLERANCE)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_near(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_near(a, b) for a, b in pairs)
    return type(one) is type(other) and one == other


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """A value with the ids of objects in it replaced; the relation's own id is none of these."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [_renamed(one, ids) for one in value]
    if isinstance(value, dict):
        return {name: _renamed(one, ids) for name, one in value.items()}
    return value
