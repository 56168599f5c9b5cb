"""A preview as people and programs read it: names, levels now and then, one JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from core.bulk.operation import (
    Assigning,
    Operation,
    Prioritising,
    operation_document,
    signed_whole,
)
from core.bulk.preview import BulkMove, BulkPreview
from core.bulk.situation import Situation
from core.gateway.protocol import Requeueing
from core.model.names import Names
from core.model.phrases import joined

FIRST = 20
"""Tasks that are listed."""


def label_of(value: str | int | None, operation: Operation, names: Names) -> str:
    """What people call a stage, a priority or somebody, by what the operation changes."""
    if isinstance(operation.change, Prioritising):
        return signed_whole(value if isinstance(value, int) else None)
    if isinstance(operation.change, Assigning):
        return "nobody" if value is None else names.of_person(str(value))
    return names.of_stage(str(value))


def then_label(move: BulkMove, operation: Operation, names: Names) -> str:
    """What a row of moves leads to: `Review`, or `Review or Label`."""
    return joined([label_of(one, operation, names) for one in move.then], "or")


def levels(
    shows: BulkPreview, situation: Situation, names: Names
) -> tuple[tuple[str, int, int], ...]:
    """Stages, priorities or people with their tasks now and then, where these differ.

    Tasks of which a random rule decides have a row of their own, such as `Label or Hold`.
    """
    of = {Prioritising: "priority", Assigning: "assignee", Requeueing: "stage"}
    about = of[type(shows.operation.change)]
    now = Counter(getattr(task, about) for task in situation.tasks)
    then: Counter[tuple[Any, ...]] = Counter({(one,): many for one, many in now.items()})
    for move in shows.moves:
        then[(move.now,)] -= move.tasks
        then[move.then] += move.tasks
    keys = sorted({*then, *((value,) for value in now)}, key=_in_order(about, situation))
    rows = []
    for key in keys:
        words = joined([label_of(one, shows.operation, names) for one in key], "or")
        before = now[key[0]] if len(key) == 1 else 0
        if before != then[key]:
            rows.append((words, before, then[key]))
    return tuple(rows)


def _in_order(about: str, situation: Situation) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Stages as the workflow has them, high priorities first, people by address."""
    places = {stage.id: n for n, stage in enumerate(situation.project.stages or ())}

    def order(key: tuple[Any, ...]) -> tuple[Any, ...]:
        first = key[0]
        if about == "stage":
            return (len(key) > 1, places.get(first, len(places)), str(key))
        if about == "priority":
            return (first is None, -(first or 0))
        return (first is None, str(first))

    return order


def preview_document(shows: BulkPreview, names: Names) -> dict[str, Any]:
    """As the command line prints it."""
    losses = shows.losses
    return {
        "operation": operation_document(shows.operation),
        "sentence": shows.sentence(names),
        "whole": shows.operation.filter.whole,
        "tasks": shows.own,
        "fits": shows.fits,
        "touched": len(shows.touched),
        "moves": [{"now": m.now, "then": list(m.then), "tasks": m.tasks} for m in shows.moves],
        "first": [
            {
                "task": one.task.id,
                "externalId": one.task.external_id,
                "now": one.task.stage,
                "then": list(one.stages),
            }
            for one in shows.touched[:FIRST]
        ],
        "untouched": [{"why": one.why, "tasks": one.tasks} for one in shows.left_out],
        "losses": {
            "annotations": losses.annotations,
            "annotated": losses.annotated,
            "assignees": losses.assignees,
            "history": losses.history,
            "judgments": losses.judgments,
            "submitted": losses.submitted,
        },
        "notes": [{"severity": one.severity, "sentence": one.sentence} for one in shows.notes],
        "code": shows.code,
    }
