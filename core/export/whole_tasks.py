"""Tasks of an export with their labels, for what compares labels and does not only count them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Labels = Mapping[str, list[Any]]
_LABELS = ("tools", "objects", "classifications")


@dataclass(frozen=True, slots=True)
class WholeTask:
    """One task.

    Args:
        id: Task id.
        asset: Id or address of its asset, "" where the file does not tell.
        external_id: That of the asset, "" where it has none.
        type: As Ango Hub spells it: `default`, `consensus`, `benchmark`; "" where it does not tell.
        is_benchmark: Whether it is marked as a benchmark.
        labels: Its `tools` and `classifications`.
        answered: The same as the first person left them, by the dates of the history, else by
            its order; those of now without such an entry.
    """

    id: str
    asset: str
    external_id: str
    type: str
    is_benchmark: bool
    labels: Labels
    answered: Labels


def whole_tasks(items: Iterable[dict[str, Any]]) -> Iterator[WholeTask]:
    """The tasks of items as `whole_items.read_items` gives them; those without an id are none."""
    for item in items:
        inner = [item.get("task"), *_listed(item.get("tasks"))]
        tasks = [one for one in inner if isinstance(one, dict)]
        if not tasks and ("_id" in item or "taskId" in item):
            tasks = [item]
        for task in tasks:
            task_id = task.get("_id" if task is item and "_id" in item else "taskId")
            if isinstance(task_id, str | int) and not isinstance(task_id, bool) and task_id != "":
                yield _whole(str(task_id), task, item)


def _whole(task_id: str, task: Mapping[str, Any], item: Mapping[str, Any]) -> WholeTask:
    about = item.get("asset")
    asset = about if isinstance(about, dict) else {"_id": about}
    external = item.get("externalId", asset.get("externalId"))
    given = task.get("answer")
    labels = _labels(given if isinstance(given, dict) else task)
    passes = [one for one in _listed(task.get("stageHistory")) if isinstance(one, dict)]
    by_people = [one for one in passes if one.get("completedBy") and _has_labels(one)]
    if all(isinstance(one.get("completedAt"), str) for one in by_people):
        by_people.sort(key=lambda one: str(one["completedAt"]))
    return WholeTask(
        id=task_id,
        asset=_text(asset.get("_id") or asset.get("data")),
        external_id=_text(external),
        type=_text(task.get("type")),
        is_benchmark=task.get("isBenchmark") is True,
        labels=labels,
        answered=_labels(by_people[0]) if by_people else labels,
    )


def _has_labels(entry: Mapping[str, Any]) -> bool:
    return any(isinstance(entry.get(name), list) for name in _LABELS)


def _labels(given: Mapping[str, Any]) -> Labels:
    tools, older, answers = (_listed(given.get(name)) for name in _LABELS)
    return {"tools": [*tools, *older], "classifications": answers}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
