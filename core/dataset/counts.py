"""The small tables that an engine gives back: tasks by fate, counted as they are in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.dataset.columns import TaskColumns, columns_in_order
from core.dataset.compile import by_facts, drawn
from core.dataset.layout import Dataset
from core.model.project import Project
from core.model.rules import Condition
from core.model.stages import Logic
from core.routing.engine.shape import Counts as FateCounts
from core.routing.engine.shape import Shape, settled
from core.routing.versions.version import Version
from core.rule_types.registry import chance_of
from core.tasks.parquet import NO_TASKS, columns_of


@dataclass(frozen=True, slots=True)
class FateTally:
    """What one look at all tasks tells of a Logic stage.

    Args:
        shape: Tasks by the certain rule that takes them.
        drawn: Tasks by output in the draw of the seed, Else last.
        matched: Tasks that each certain condition matches by itself.
        unknowns: Tasks of which something is not known, by the names of `Honesty`.
    """

    shape: Shape
    drawn: tuple[int, ...]
    matched: dict[Condition, int]
    unknowns: dict[str, int]


def tally(
    columns: TaskColumns, dataset: Dataset, stage: Logic, project: Project | None, seed: int
) -> FateTally:
    """Count all tasks: one bit per condition, the first that is set, grouped.

    Args:
        columns: The facts.
        dataset: Where they are from.
        stage: Its switched-off rules take no part.
        project: What conditions are looked up in.
        seed: Of the draw.

    Raises:
        InputError: As of `CountingEngine.answer`.
    """
    rules, engine = stage.active, columns.engine
    places = range(len(rules))
    table = columns.rows.select(
        **columns_in_order([by_facts(rule, columns, project) for rule in rules], "bit"),
        **columns_in_order([drawn(rule, columns, project, seed) for rule in rules], "drawn"),
        **columns.unknowns,
    )
    first = {
        name: engine.first([table[f"{prefix}{n}"] for n in places], places, len(rules))
        for name, prefix in (("fate", "bit"), ("output", "drawn"))
    }
    summed = [*(f"bit{place}" for place in places), *columns.unknowns]
    grouped = table.mutate(**first).group_by("fate", "output")
    counted = grouped.aggregate(
        tasks=lambda rows: rows.count(), **{name: _set(name) for name in summed}
    )
    answer = engine.answer(counted, dataset)
    chances = tuple(chance_of(rule.condition, columns.dialect) for rule in rules)
    return FateTally(
        shape=Shape(_by(answer, "fate", len(rules)), chances),
        drawn=_by(answer, "output", len(rules)),
        matched={rule.condition: _sum(answer, f"bit{place}") for place, rule in enumerate(rules)},
        unknowns={name: _sum(answer, name) for name in columns.unknowns},
    )


def _set(name: str) -> Any:
    return lambda rows: rows[name].cast("int64").sum()


def _by(answer: pa.Table, axis: str, last: int) -> tuple[int, ...]:
    counts = np.zeros(last + 1, np.int64)
    np.add.at(counts, _ints(answer, axis), _ints(answer, "tasks"))
    return tuple(counts.tolist())


def _ints(answer: pa.Table, name: str) -> NDArray[np.int64]:
    return np.array(answer[name].cast(pa.int64()).to_numpy(), np.int64)


def _sum(answer: pa.Table, name: str) -> int:
    return int(_ints(answer, name).sum())


Versions = tuple[tuple[TaskColumns, Version], tuple[TaskColumns, Version]]
"""Both versions of a stage, each with the facts that it is asked about."""


def fate_pairs(versions: Versions, dataset: Dataset, project: Project | None) -> FateCounts:
    """Tasks by the rule that takes them for certain before and after, 100 % at random included.

    Args:
        versions: Both, over the same rows.
        dataset: Where they are from.
        project: What conditions are looked up in.

    Returns:
        Shape (outputs before, outputs after).

    Raises:
        InputError: As of `CountingEngine.answer`.
    """
    (columns, before), (_, after) = versions
    bits: dict[str, Any] = {}
    for name, (facts, version) in zip(_SIDES, versions, strict=True):
        rules = [by_facts(rule, facts, project) for rule in version.rules]
        bits |= columns_in_order(rules, name)
    table = columns.rows.select(position=columns.rows.position, **bits)
    first = {
        side: _first(table, columns, side, range(len(version.rules)), len(version.rules))
        for side, (_, version) in zip(_SIDES, versions, strict=True)
    }
    grouped = table.mutate(**first).group_by(*_SIDES).aggregate(tasks=lambda rows: rows.count())
    answer = columns.engine.answer(grouped, dataset)
    counts = np.zeros((len(before.targets), len(after.targets)), np.int64)
    np.add.at(counts, tuple(_ints(answer, side) for side in _SIDES), _ints(answer, "tasks"))
    chances = [[chance_of(r.condition, v.dialect) for r in v.rules] for _, v in versions]
    return settled(settled(counts, chances[0]).T, chances[1]).T


_SIDES = ("before", "after")


def _first(table: Any, columns: TaskColumns, prefix: str, values: Any, otherwise: int) -> Any:
    bits = [table[f"{prefix}{place}"] for place in range(len(values))]
    return columns.engine.first(bits, values, otherwise)


def moved_rows(
    versions: Versions, dataset: Dataset, project: Project | None, seed: int, most: int
) -> pa.Table:
    """The first tasks, in the order of the table, whose target stage differs in the draw of a seed.

    Args:
        versions: Both, over the same rows.
        dataset: Where they are from.
        project: What conditions are looked up in.
        seed: Of the draw.
        most: How many.

    Returns:
        Columns as `Dataset.rows` takes them.

    Raises:
        InputError: As of `CountingEngine.answer`.
    """
    columns = versions[0][0]
    targets = list(dict.fromkeys(target for _, version in versions for target in version.targets))
    bits: dict[str, Any] = {}
    for name, (facts, version) in zip(_SIDES, versions, strict=True):
        rules = [drawn(rule, facts, project, seed) for rule in version.rules]
        bits |= columns_in_order(rules, name)
    table = columns.rows.mutate(**bits)
    went = []
    for side, (_, version) in zip(_SIDES, versions, strict=True):
        *places, last = (targets.index(target) for target in version.targets)
        went.append(_first(table, columns, side, places, last))
    kept = columns_of(NO_TASKS)
    moved = table.filter(went[0] != went[1]).order_by("position").limit(most)
    rows = columns.engine.answer(moved.select(*kept.column_names), dataset)
    return columns.engine.in_memory(rows, kept.schema)
