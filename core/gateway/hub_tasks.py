"""Where each task of a hub is, who has it and how urgent it is, as the hub lists its tasks.

An export says neither priorities nor when a task was touched last, so this is read page by page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from core.ango_json.text import Json
from core.errors import BadRequest, TimedOut, UnexpectedAnswer
from core.gateway.answers import PAGE_ROWS, Page, all_pages
from core.gateway.bulk import SUB_TASK
from core.gateway.protocol import HubTask
from core.model.project import Project

PAGE_SIZES = (1_000, PAGE_ROWS)
"""The SDK's documentation allows a thousand tasks a page, the API's a hundred; both are tried."""


def read_all(ask: Callable[[int, int], Page], project: Project) -> tuple[HubTask, ...]:
    """All tasks of a project, those within a Consensus among them, in the hub's order.

    Args:
        ask: Reads the page of a number and a size.
        project: Tells ids from names.

    Raises:
        UnexpectedAnswer: The hub gives fewer tasks than it says it has.
        GatewayError: It does not answer.
    """
    names = _Ids(project)
    for size in PAGE_SIZES:
        rows: dict[str, HubTask] = {}
        total: int | None = None
        try:
            for page in all_pages(lambda number, size=size: ask(number, size)):  # type: ignore[misc]
                total = page.total
                rows |= {task.id: task for task in map(names.task, page.rows)}
        except (BadRequest, TimedOut):
            if size == PAGE_SIZES[-1]:
                raise
            continue
        if total is None or len(rows) >= total:
            return tuple(rows.values())
    message = f"Reading the tasks: the hub gave {len(rows)} of {total}."
    raise UnexpectedAnswer(message, "Tasks may have come or gone meanwhile; look again.")


class _Ids:
    """Reads tasks of a project whose stages and batches may be said by id or by name."""

    def __init__(self, project: Project) -> None:
        self._stages = _by_name((stage.id, stage.name) for stage in project.stages or ())
        self._batches = _by_name((batch.id, batch.name) for batch in project.batches or ())

    def task(self, row: dict[str, Json]) -> HubTask:
        asset = row.get("asset")
        about = asset if isinstance(asset, dict) else {"_id": asset}
        stage, priority = _text(row.get("stageId") or row.get("stage")), row.get("priority")
        batches = row.get("batches")
        known = [_id_of(one) for one in batches] if isinstance(batches, list) else []
        return HubTask(
            id=_text(row.get("_id")),
            external_id=_text(row.get("externalId") or about.get("externalId")),
            asset=_text(about.get("_id")),
            stage=self._stages.get(stage, stage),
            batches=tuple(self._batches.get(one, one) for one in known if one),
            assignee=_text(row.get("assignee")) or None,
            priority=_whole(priority),
            status=_text(row.get("status")),
            updated_at=_text(row.get("updatedAt")),
            part=row.get("type") == SUB_TASK,
            annotations=_annotations(row.get("answer")),
        )


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Ids by id, and by a name that only one has."""
    every = list(pairs)
    times = Counter(name for _, name in every)
    by_name = {name: each for each, name in every if times[name] == 1}
    return by_name | {each: each for each, _ in every}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _id_of(value: Json) -> str:
    return _text(value.get("_id")) if isinstance(value, dict) else _text(value)


def _annotations(answer: Json) -> int | None:
    """How many things are labelled or answered; None where the hub did not give them."""
    if not isinstance(answer, dict):
        return None
    kinds = ("tools", "objects", "classifications", "relations")
    return sum(len(part) for kind in kinds if isinstance(part := answer.get(kind), list))
