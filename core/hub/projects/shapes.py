"""Rows of the state in the shapes of Ango Hub's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.hub.codec import Json, decode, raw
from core.model.project import Project
from core.plugin_runs.label_changes import EMPTY_ANSWER
from core.store.hub import HubProject
from core.store.hub_tasks import Row


@lru_cache(maxsize=32)
def project_value(document: str) -> Project:
    """A kept project as a value; must not be changed."""
    return read_project({"project": loads(document)})


def stage_names(project: Project) -> dict[str, str]:
    """Stage names by id."""
    return {stage.id: stage.name for stage in project.stages or ()}


def listed_project(project: HubProject) -> Json:
    """A project as `listProjects` shows it."""
    data = loads(project.document)
    return {
        "_id": project.id,
        "name": project.name,
        "description": data.get("description") or "",
        "organization": data.get("organization") or "",
        "createdAt": project.created_at,
    }


def asset_json(asset: Row, batches: Sequence[str]) -> Json:
    """An asset as `get_assets` shows it."""
    return {
        **decode(asset.document),
        "_id": asset.id,
        "project": asset.project,
        "externalId": asset.external_id,
        "data": asset.data,
        "batches": list(batches),
        "isPreLabeled": asset.prelabelled,
        "createdAt": asset.created_at,
    }


def task_json(task: Row, asset: Row | None, batches: Sequence[str], answer: bool) -> Json:
    """A task as `get_tasks` shows it.

    Args:
        task: Its row.
        asset: Its asset's row.
        batches: Batch ids of its asset.
        answer: Whether the annotations are asked for.
    """
    about: dict[str, Any] = {
        "_id": task.id,
        "project": task.project,
        "asset": {"_id": task.asset, "externalId": None, "data": None},
        "externalId": None,
        "stage": task.stage,
        "status": task.status,
        "type": task.type,
        "assignee": task.assignee,
        "batches": list(batches),
        "priority": task.priority,
        "duration": _whole(task.duration),
        "totalDuration": _whole(task.total_duration),
        "reviewStatus": task.review_status,
        "isBenchmark": task.is_benchmark,
        "createdAt": task.created_at,
        "updatedAt": task.updated_at,
        "completedAt": task.completed_at,
        "brushDataUrl": task.brush,
        "medicalBrushDataUrl": task.medical_brush,
    }
    if asset is not None:
        about["asset"] |= {"externalId": asset.external_id, "data": asset.data}
        about["externalId"] = asset.external_id
    # what was never known stays absent: a null duration would read as one of zero somewhere
    for name in ("duration", "totalDuration", "reviewStatus", "brushDataUrl"):
        if about[name] is None:
            del about[name]
    if answer:
        about["answer"] = raw(task.answer or EMPTY_ANSWER)
    return about


def export_json(
    task: Row,
    asset: Row | None,
    batches: Sequence[str],
    entries: Sequence[Row] | None,
    stages: dict[str, str],
    metadata: bool = True,
) -> Json:
    """An item of an export.

    Args:
        task: Its row.
        asset: Its asset's row.
        batches: Names of its batches.
        entries: Its history, or None to leave that out.
        stages: Stage names by id.
        metadata: Whether the asset's metadata is asked for.
    """
    answer = decode(task.answer or EMPTY_ANSWER)
    inner: dict[str, Any] = {
        **decode(task.document),
        "taskId": task.id,
        "stage": stages.get(task.stage, task.stage),
        "stageId": task.stage,
        **answer,
    }
    optional = {
        "totalDuration": _whole(task.total_duration),
        "assignee": task.assignee,
        "brushDataUrl": task.brush,
        "medicalBrushDataUrl": task.medical_brush,
        "completedAt": task.completed_at,
        "updatedAt": task.updated_at,
        "createdAt": task.created_at,
    }
    inner |= {name: value for name, value in optional.items() if value is not None}
    if entries is not None:
        inner["stageHistory"] = [raw(entry.entry) for entry in entries]
    around = decode(asset.document) if asset is not None else {}
    if not metadata:
        around.pop("metadata", None)
    return {
        **around,
        "asset": asset.data if asset is not None else None,
        "externalId": asset.external_id if asset is not None else None,
        "batches": list(batches),
        "task": inner,
    }


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value
