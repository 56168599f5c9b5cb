"""One item of a task file as rows of the hub's state; what has no column is kept as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isnan, nan
from typing import Any

import msgspec

from core.export.older_forms import TIMES, given_time, is_time, one_pass
from core.export.schema import Item
from core.hub.codec import Json, text
from core.store.hub import new_id

ASSET_KEYS = {"asset", "externalId", "batches", "task", "tasks", "assetId"}
ANSWER_KEYS = {"tools", "objects", "classifications", "relations"}
TASK_KEYS = ANSWER_KEYS | {
    "_id",
    "taskId",
    "project",
    "asset",
    "externalId",
    "batches",
    "stage",
    "stageId",
    "status",
    "type",
    "assignee",
    "priority",
    "duration",
    "totalDuration",
    "reviewStatus",
    "isBenchmark",
    "createdAt",
    "updatedAt",
    "completedAt",
    "brushDataUrl",
    "medicalBrushDataUrl",
    "stageHistory",
    "answer",
}
_OF_PASS = ("completedBy", "completedAt", "duration")
TOOL_SHAPES = (
    "bounding-box",
    "rotated-bounding-box",
    "polygon",
    "polyline",
    "point",
    "segmentation",
    "ner",
    "pdf",
    "brush",
)


@dataclass(frozen=True, slots=True)
class HubItem:
    """Rows of one asset and at most one of its tasks.

    Args:
        asset: Columns of the asset, without its place.
        batches: Ids of its batches.
        task: Columns of the task, or None for an asset without one.
        entries: Columns of its history.
        lost: Tasks of the item that have no id.
    """

    asset: dict[str, Any]
    batches: list[str]
    task: dict[str, Any] | None
    entries: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0

    @property
    def characters(self) -> int:
        """Length of its longer texts, about what it takes in memory."""
        texts = [self.asset["document"], *(entry["entry"] for entry in self.entries)]
        texts += [self.task["answer"] or "", self.task["document"]] if self.task else []
        return sum(map(len, texts))


class Stages:
    """Finds the id of the stage that a task names; remembers those that are not there."""

    def __init__(self, document: dict[str, Json]) -> None:
        stages = [s for s in document.get("stages") or [] if isinstance(s, dict)]
        self._ids = {str(s.get("id")) for s in stages}
        self._by_name = {str(s.get("name")): str(s.get("id")) for s in reversed(stages)}
        self._complete = {str(s.get("id")) for s in stages if s.get("type") == "Complete"}
        self._first = str(stages[0].get("id")) if stages else "Start"
        self.unknown: set[str] = set()

    def of(self, task: dict[str, Any]) -> str:
        """The stage's id."""
        for given in (task.get("stageId"), task.get("stage")):
            if isinstance(given, str) and given:
                if given in self._ids:
                    return given
                if given in self._by_name:
                    return self._by_name[given]
        given = task.get("stageId") or task.get("stage")
        if not isinstance(given, str):
            return self._first
        self.unknown.add(given)
        return given

    def is_done(self, stage: str) -> bool:
        """Whether the stage ends the workflow."""
        return stage in self._complete


class Batches:
    """Ids of batches by id or name; one that the project lacks is created."""

    def __init__(self, document: dict[str, Json]) -> None:
        self.listed = [b for b in document.get("batches") or [] if isinstance(b, dict)]
        self.changed = False
        self._ids: dict[str, str] = {}
        for batch in self.listed:
            key = str(batch.get("_id") or batch.get("name"))
            self._ids.setdefault(str(batch.get("name")), key)
            self._ids[key] = key

    def of(self, given: Json) -> list[str]:
        """Ids, without repetition and without nulls."""
        ids = []
        for one in given if isinstance(given, list) else []:
            name = (one.get("_id") or one.get("name")) if isinstance(one, dict) else one
            if not isinstance(name, str) or not name:
                continue
            if name not in self._ids:
                self._ids[name] = new_id()
                self.listed.append({"_id": self._ids[name], "name": name})
                self.changed = True
            ids.append(self._ids[name])
        return list(dict.fromkeys(ids))


def read_item(
    item: dict[str, Any], project: str, stages: Stages, batches: Batches, at: str
) -> list[HubItem]:
    """Rows of one item: one per task, or one for an asset without tasks."""
    if isinstance(item.get("_id"), str) and "task" not in item and "tasks" not in item:
        return [_hub_task(item, project, stages, batches, at)]
    several = item.get("tasks") if isinstance(item.get("tasks"), list) else []
    inner = [item.get("task"), *(several or [])]
    given = [task for task in inner if isinstance(task, dict)]
    if not given and "taskId" in item:
        given = [item]
    asset = {
        "id": item["assetId"] if isinstance(item.get("assetId"), str) else new_id(),
        "project": project,
        "external_id": _text(item.get("externalId")),
        "data": _text(item.get("asset")),
        "prelabelled": False,
        "created_at": _text(item.get("createdAt")) or at,
        "document": text({k: v for k, v in item.items() if k not in ASSET_KEYS}),
    }
    inside = batches.of(item.get("batches"))
    with_id = [task for task in given if _task_id(task.get("taskId")) is not None]
    lost = len(given) - len(with_id)
    if not with_id:
        return [HubItem(asset, inside, None, lost=lost)]
    return [
        HubItem(
            asset, inside, *_task(task, task["taskId"], project, stages, task, at), lost * (n == 0)
        )
        for n, task in enumerate(_with_history(task, item, len(given)) for task in with_id)
    ]


def _hub_task(
    item: dict[str, Any], project: str, stages: Stages, batches: Batches, at: str
) -> HubItem:
    about = item.get("asset")
    inner = about if isinstance(about, dict) else {"_id": about}
    asset = {
        "id": str(inner.get("_id") or new_id()),
        "project": project,
        "external_id": _text(inner.get("externalId", item.get("externalId"))),
        "data": _text(inner.get("data")),
        "prelabelled": False,
        "created_at": _text(item.get("createdAt")) or at,
        "document": text(
            {k: v for k, v in inner.items() if k not in {"_id", "externalId", "data", "batches"}}
        ),
    }
    answer = item.get("answer")
    parts = _task(
        item, item["_id"], project, stages, answer if isinstance(answer, dict) else None, at
    )
    return HubItem(asset, batches.of(item.get("batches")), *parts)


def _task(
    task: dict[str, Any],
    given_id: Json,
    project: str,
    stages: Stages,
    answer: dict[str, Any] | None,
    at: str,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    key, stage = str(given_id), stages.of(task)
    priority = task.get("priority")
    row = {
        "id": key,
        "project": project,
        "stage": stage,
        "status": _text(task.get("status")) or ("Completed" if stages.is_done(stage) else "TODO"),
        "type": _text(task.get("type")) or "default",
        "assignee": _text(task.get("assignee")),
        "priority": priority if isinstance(priority, int) else 0,
        "duration": _milliseconds(task.get("duration")),
        "total_duration": _milliseconds(task.get("totalDuration")),
        "review_status": _text(task.get("reviewStatus")),
        "is_benchmark": task.get("isBenchmark") is True,
        "created_at": _text(task.get("createdAt")) or at,
        "updated_at": _text(task.get("updatedAt")),
        "completed_at": _text(task.get("completedAt")),
        "brush": _text(task.get("brushDataUrl")),
        "medical_brush": _text(task.get("medicalBrushDataUrl")),
        "passes": "{}",
        "answer": None if answer is None else text(_answer(answer)),
        "document": text({k: v for k, v in task.items() if k not in TASK_KEYS}),
    }
    listed = task.get("stageHistory")
    entries = [
        {"id": new_id(), "task": key, "number": number, "entry": text(entry)}
        for number, entry in enumerate(listed if isinstance(listed, list) else [], 1)
        if isinstance(entry, dict)
    ]
    return row, entries


def _with_history(task: dict[str, Any], item: dict[str, Any], tasks: int) -> dict[str, Any]:
    """The task of an export, with its time and a pass as `export.older_forms` reads them."""
    about = _older(task)
    took, _ = given_time(about, _older(item) if tasks == 1 else about)
    took = took if is_time(took) else nan
    if not isnan(took) and not is_time(task.get("duration")):
        task = {**task, "duration": took}
    if any(isinstance(entry, dict) for entry in _list(task.get("stageHistory"))):
        return task
    passes = [
        {name: value for name in _OF_PASS if (value := getattr(entry, name)) is not None}
        for entry in one_pass(about, None, took)
    ]
    return {**task, "stageHistory": passes} if passes else task


def _older(given: dict[str, Any]) -> Item:
    """What an older export says of a pass beside the task or its asset."""
    return msgspec.convert({name: given.get(name) for name in (*_OF_PASS, *TIMES)}, Item)


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    tools = [*_list(given.get("tools")), *_list(given.get("objects"))]
    return {
        "tools": tools,
        "classifications": _list(given.get("classifications")),
        "relations": _list(given.get("relations")),
    }


def _list(value: Json) -> list[Json]:
    return [one for one in value if one is not None] if isinstance(value, list) else []


def _task_id(value: Json) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None if value is None else text(value)


def _milliseconds(value: Json) -> float | None:
    return float(value) if is_time(value) else None


def derived_schema(items: Iterable[dict[str, Any]]) -> dict[str, Json]:
    """The classes that the tasks of a file use, for a project that came without its own."""
    classes_of: dict[str, dict[str, Json]] = {"tools": {}, "classifications": {}, "relations": {}}
    for item in items:
        several = item.get("tasks") if isinstance(item.get("tasks"), list) else []
        for task in [item, item.get("task"), item.get("answer"), *(several or [])]:
            for kind, labels in _answer(task).items() if isinstance(task, dict) else ():
                for label in labels:
                    key = label.get("schemaId") if isinstance(label, dict) else None
                    if key is not None:
                        classes_of[kind].setdefault(str(key), _class(kind, str(key), label))
    return {kind: list(classes.values()) for kind, classes in classes_of.items()}


def _class(kind: str, key: str, label: dict[str, Any]) -> Json:
    shape = next((shape for shape in TOOL_SHAPES if shape in label), "bounding-box")
    given = label.get("tool")
    otherwise = {"tools": shape, "classifications": "text", "relations": "one-to-one"}[kind]
    return {
        "tool": given if isinstance(given, str) else otherwise,
        "title": _text(label.get("title")) or key,
        "required": False,
        "schemaId": key,
        "classifications": [],
        "options": [],
    }
