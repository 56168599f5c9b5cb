"""What falls into Else: its largest groups, and what a rule made of each would take from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.model.dialect import MILLISECONDS
from core.model.names import Names
from core.model.phrases import duration_text, joined
from core.model.rules import Condition
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import by_certain_rule, shape_of
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.summary import DURATION_BANDS_MS
from core.tasks.table import person_key

Fact = Literal["Classes", "Batch", "Annotator", "Duration"]
_DENSE = 20
"""Up to so many classes their sets are counted in a table of all sets."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of Else that have something in common.

    Args:
        fact: What they have in common.
        label: It, in names.
        tasks: How many tasks that no certain rule takes have it.
        expected: How many of them fall into Else; less where random rules take some.
        condition: A rule that takes them; None where no rule can ask for it.
        takes: Expected tasks that such a rule, put last, would take from Else.
    """

    fact: Fact
    label: str
    tasks: int
    expected: float
    condition: Condition | None
    takes: float


def else_groups(
    matcher: Matcher, stage: Logic, within: Bits, names: Names, most: int = 8
) -> tuple[Group, ...]:
    """The largest groups of each fact, largest first.

    Args:
        matcher: The facts.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        names: Of classes, batches and people.
        most: Groups per fact.
    """
    facts = matcher.facts
    rest = by_certain_rule(matcher, stage, within)[-1]
    left = shape_of(matcher, stage, within).left(len(stage.active))
    listed: list[Group] = []
    for fact, groups in (
        ("Classes", _class_sets(facts, rest, names, most)),
        ("Batch", _batches(facts, rest, names)),
        ("Annotator", _people(facts, rest, names)),
        ("Duration", _bands(matcher, rest)),
    ):
        largest = sorted(groups, key=lambda group: -group[1])[:most]
        for label, tasks, condition in largest:
            if not tasks:
                continue
            taken = 0 if condition is None else bits.count(matcher.matching(condition) & rest)
            name: Fact = fact  # type: ignore[assignment]
            listed.append(Group(name, label, tasks, tasks * left, condition, taken * left))
    return tuple(sorted(listed, key=lambda group: -group.tasks))


Found = Iterator[tuple[str, int, Condition | None]]


def _class_sets(facts: Facts, rest: Bits, names: Names, most: int) -> Found:
    """Tasks by exactly which classes they have."""
    if facts.answered is not None:
        unread = bits.count(rest & ~facts.answered)
        yield "annotations not loaded", unread, None
        rest = rest & facts.answered
    present = [s for s, members in facts.classes.items() if bits.count(members & rest)]
    rows = bits.rows_of(rest, facts.tasks)
    codes, counts = _signatures([facts.classes[s] for s in present], rows, facts.tasks)
    order = np.argsort(-counts, kind="stable")
    every = tuple(ClassFilter(schema_id, False) for schema_id in facts.classes)
    for place in order[:most].tolist():
        has = [s for n, s in enumerate(present) if codes[place] >> n & 1]
        filters = tuple(ClassFilter(schema_id) for schema_id in has) or every
        label = joined([names.of_class(s) for s in has], "and") if has else "no class"
        condition = AnnotationType(filters) if filters else None
        yield label, int(counts[place]), condition


def _signatures(
    sets: list[Bits], rows: NDArray[np.int64], size: int
) -> tuple[list[int], NDArray[np.int64]]:
    """Which sets the rows are in, as binary digits, and how many rows are in exactly these."""
    names, code, counts = [0], np.zeros(len(rows), np.int64), np.array([len(rows)])
    for start in range(0, len(sets), _DENSE):
        some = sets[start : start + _DENSE]
        digits = np.zeros(len(rows), np.uint32)
        for place, members in enumerate(some):
            digits |= bits.unpack(members, size)[rows].astype(np.uint32) << np.uint32(place)
        if len(sets) <= _DENSE:
            table = np.bincount(digits, minlength=1)
            kinds = np.flatnonzero(table)
            return kinds.tolist(), table[kinds]
        wide = code << len(some) | digits
        kinds, code, counts = np.unique(wide, return_inverse=True, return_counts=True)
        names = [
            names[kind >> len(some)] | (kind & (1 << len(some)) - 1) << start
            for kind in kinds.tolist()
        ]
    return names, counts


def _batches(facts: Facts, rest: Bits, names: Names) -> Found:
    """Tasks by batch; a task in two counts in both."""
    sets: dict[str, Bits] = {}
    spelled: dict[str, str] = {}
    for raw, members in facts.batches.items():
        name = names.of_batch(raw)
        sets[name] = sets[name] | members if name in sets else members
        spelled.setdefault(name, names.batch_ids.get(name, raw))
    for name, members in sets.items():
        yield name, bits.count(members & rest), Batch((spelled[name],))
    yield "no batch", bits.count(_outside(list(sets.values()), rest)), None


def _people(facts: Facts, rest: Bits, names: Names) -> Found:
    """Tasks by annotator; a task of two people counts for both."""
    spelled = {person_key(person): person for person in names.people}
    for person, members in facts.people.items():
        if person:
            name = spelled.get(person, person)
            yield names.of_person(name), bits.count(members & rest), Annotator((name,))
    yield "nobody known", bits.count(_outside(list(facts.people.values()), rest)), None


def _outside(sets: list[Bits], rest: Bits) -> Bits:
    left = rest.copy()
    for members in sets:
        left &= ~members
    return left


def _bands(matcher: Matcher, rest: Bits) -> Found:
    """Tasks by how long they took; a bound belongs to both bands, as it would to both rules."""
    facts = matcher.facts
    unit = MILLISECONDS[facts.dialect.unit]
    for low, high in zip(DURATION_BANDS_MS, (*DURATION_BANDS_MS[1:], None), strict=True):
        condition = Duration(low / unit, None if high is None else high / unit)
        if high is None:
            label = f"{duration_text(low)} or more"
        else:
            label = (
                f"{duration_text(low)} to {duration_text(high)}"
                if low
                else (f"at most {duration_text(high)}")
            )
        yield label, bits.count(matcher.matching(condition) & rest), condition
    unknown = bits.pack(np.isnan(facts.duration))
    yield "duration unknown", bits.count(unknown & rest), None
