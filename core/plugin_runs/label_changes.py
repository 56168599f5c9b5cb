"""What labels do to a task's annotations, as a difference that can be shown, applied and undone.

An answer is `{"tools": […], "classifications": […], "relations": […]}`, as Ango Hub writes it, and
labels are such a dictionary, too. Two labels are the same when all their keys are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

Label = dict[str, Any]
Labels = dict[str, list[Any]]
KINDS = ("tools", "classifications", "relations")
EMPTY_ANSWER = '{"tools":[],"classifications":[],"relations":[]}'


def no_labels() -> Labels:
    """Labels of each kind: none."""
    return {kind: [] for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Difference:
    """What is put to a task's annotations and what is taken away."""

    added: Labels = field(default_factory=no_labels)
    removed: Labels = field(default_factory=no_labels)

    def then(self, later: Difference) -> Difference:
        """Both, one after the other: what is added and taken away again leaves no trace."""
        added, removed = no_labels(), no_labels()
        for kind in KINDS:
            kept = _Bag(self.added[kind])
            removed[kind] = list(self.removed[kind])
            removed[kind] += [old for old in later.removed[kind] if not kept.take(old)]
            added[kind] = [*kept.left(), *later.added[kind]]
        return Difference(added, removed)

    @property
    def inverse(self) -> Difference:
        """What takes it back."""
        return Difference(self.removed, self.added)


def per_class(labels: Labels) -> Counter[str]:
    """How many labels have each schema id."""
    return Counter(
        str(label.get("schemaId"))
        for kind in KINDS
        for label in labels.get(kind) or ()
        if isinstance(label, dict)
    )


def merge(
    answer: Mapping[str, Any],
    labels: Labels,
    new_id: Callable[[], str],
    replaceable: Labels | None = None,
) -> Difference:
    """What importing labels does.

    An object with a known `objectId` (in a video: and page) replaces that object, everything else
    is added. A classification replaces the answer to the same question, which has one answer.

    Args:
        answer: The task's annotations.
        labels: To import.
        new_id: Makes an `objectId` for a label without one.
        replaceable: The objects that may be replaced; None: every one of the answer.
    """
    change = Difference()
    for kind in ("tools", "relations"):
        replaced = answer if replaceable is None else replaceable
        known = {_object(o): o for o in replaced.get(kind) or [] if _has_id(o)}
        new: dict[tuple[str, str], Label] = {}
        for label in labels.get(kind) or ():
            whole = label if label.get("objectId") else {**label, "objectId": new_id()}
            old = known.pop(_object(whole), None)
            if old is not None:
                change.removed[kind].append(old)
            new[_object(whole)] = whole
        change.added[kind].extend(new.values())
    asked = {_question(label): label for label in labels.get("classifications") or ()}
    before = answer.get("classifications") or []
    change.removed["classifications"].extend(old for old in before if _question(old) in asked)
    change.added["classifications"].extend(asked.values())
    return change


def change(answer: Mapping[str, Any], difference: Difference) -> tuple[dict[str, Any], int]:
    """Annotations with a difference carried out; keys that are no labels stay as they are.

    An object that replaces another of its `objectId` takes its place in the list.

    Returns:
        The annotations, and how many labels that should go were not there any more.
    """
    changed, missing = dict(answer), 0
    for kind in KINDS:
        added = difference.added[kind]
        if not difference.removed[kind]:
            changed[kind] = [*(answer.get(kind) or []), *added]
            continue
        going = _Bag(difference.removed[kind])
        coming = {_object(new): place for place, new in enumerate(added) if _has_id(new)}
        kept, placed = [], set()
        for label in answer.get(kind) or []:
            if not going.take(label):
                kept.append(label)
            elif _has_id(label) and _object(label) in coming:
                place = coming.pop(_object(label))
                placed.add(place)
                kept.append(added[place])
        missing += len(going.left())
        changed[kind] = kept + [new for n, new in enumerate(added) if n not in placed]
    return changed, missing


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """What leads from one state of annotations to another."""
    change = Difference()
    for kind in KINDS:
        bag = _Bag(before.get(kind) or [])
        change.added[kind].extend(new for new in after.get(kind) or [] if not bag.take(new))
        change.removed[kind].extend(bag.left())
    return change


def told_apart(before: list[Any], after: list[Any]) -> list[tuple[Any, bool]]:
    """Each label of a later state with whether it is new; equal ones are known once each."""
    bag = _Bag(before)
    return [(label, not bag.take(label)) for label in after]


class _Bag:
    """Labels from which equal ones can be taken, each once."""

    def __init__(self, labels: list[Any]) -> None:
        self._labels = [(_spelling(label), label) for label in labels]
        self._gone: Counter[bytes] = Counter()
        self._there = Counter(spelling for spelling, _ in self._labels)

    def take(self, label: Any) -> bool:
        spelling = _spelling(label)
        if self._there[spelling] <= self._gone[spelling]:
            return False
        self._gone[spelling] += 1
        return True

    def left(self) -> list[Any]:
        gone = self._gone.copy()
        kept = []
        for spelling, label in self._labels:
            if gone[spelling]:
                gone[spelling] -= 1
            else:
                kept.append(label)
        return kept


def _spelling(label: Any) -> bytes:
    try:
        return msgspec.json.encode(label, order="sorted", enc_hook=str)
    except OverflowError:  # an integer beyond 64 bits
        return json.dumps(label, sort_keys=True, default=str).encode()


def _has_id(label: Any) -> bool:
    return isinstance(label, dict) and bool(label.get("objectId"))


def _object(label: Label) -> tuple[str, str]:
    """What an object is known by; in a video the same object stands on several pages."""
    return str(label["objectId"]), str(label.get("page"))


def _question(label: Any) -> tuple[str, str]:
    known = isinstance(label, dict)
    return (str(label.get("schemaId")), str(label.get("page"))) if known else ("", "")
