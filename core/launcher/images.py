"""The images of the demo over a start over: they were uploaded, and so are in no file of it.

Those for the plugin come back without a label. Those that people have labelled come back as they
were when they had: their tasks are kept in a file beside the packaged state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from core import demo
from core.ango_json.text import dumps, loads
from core.demo import by_hand, pixels
from core.demo.harbour import LAST_EVENING
from core.model.phrases import iso
from core.plugin_runs.label_changes import EMPTY_ANSWER
from core.settings import Settings
from core.store.hub import HubStore, find_project
from core.store.hub_tasks import next_number
from core.store.tables.hub import asset_batches, assets, history, passes, projects, tasks

FOLDER: Final = "demo"
BY_HAND: Final = "by-hand.json"
TABLES: Final = (assets, asset_batches, tasks, history, passes)
"""What there is of an image, in the order of its making."""
DATED: Final = (
    (assets, "id", ("created_at",)),
    (tasks, "id", ("created_at", "completed_at", "answer")),
    (history, "id", ("entry",)),
    (passes, "number", ("at",)),
)
"""Where moments stand that are history; when a task was changed last is none: copies go by it."""
MOMENT: Final = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
Rows = Mapping[str, list[dict[str, Any]]]
"""Rows by the name of their table."""


@dataclass(frozen=True, slots=True)
class BatchImages:
    """The images of a batch: the batch as its project has it, and the rows."""

    batch: dict[str, Any]
    rows: Rows


def keep_by_hand(settings: Settings, store: HubStore) -> None:
    """Keep the tasks that people have just labelled, for every later start over."""
    with store.read() as tx:
        images = _images(tx, by_hand.BATCH)
    if images is not None:
        folder = settings.data / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{BY_HAND}.part"
        unfinished.write_text(dumps(images.rows), encoding="utf-8")
        unfinished.replace(folder / BY_HAND)


def date_by_hand(tx: sa.Connection) -> None:
    """Let people have labelled them at the end of the packaged history, not weeks after it.

    The hub wrote down the moment at which it was told. With it the demo would seem to stand still
    for weeks, and whatever looks at its days would show little else.
    """
    images = _images(tx, by_hand.BATCH)
    if images is None:
        return
    entries = " ".join(row["entry"] for row in images.rows[history.name])
    moments = [datetime.fromisoformat(one) for one in MOMENT.findall(entries)]
    if not moments or max(moments) <= LAST_EVENING:
        return
    back = max(moments) - LAST_EVENING
    for table, key, columns in DATED:
        for row in images.rows[table.name]:
            shifted = {name: _shifted(row[name], back) for name in columns if row[name]}
            tx.execute(table.update().where(table.c[key] == row[key]).values(shifted))


def _shifted(text: str, back: timedelta) -> str:
    def earlier(one: re.Match[str]) -> str:
        return iso((datetime.fromisoformat(one[0]) - back).timestamp())

    return MOMENT.sub(earlier, text)


def images_of(tx: sa.Connection, settings: Settings) -> tuple[BatchImages, ...]:
    """The images as they are to come back, batch by batch."""
    both = (_images(tx, pixels.BATCH), _images(tx, by_hand.BATCH))
    plain, labelled = both
    return tuple(
        images
        for images in (plain and _unlabelled(plain), labelled and _as_kept(labelled, settings))
        if images is not None
    )


def put_images(tx: sa.Connection, images: tuple[BatchImages, ...], at: str) -> None:
    """The images again, behind what is there.

    Args:
        tx: The transaction.
        images: Of `images_of`.
        at: When, ISO 8601; what came without a label has that as its last change.
    """
    for one in images:
        project = find_project(tx, demo.PROJECT_ID)
        assert project is not None
        document = loads(project.document)
        document["batches"] = [*(document.get("batches") or []), one.batch]
        same = projects.c.id == demo.PROJECT_ID
        tx.execute(projects.update().where(same).values(document=dumps(document)))
        for table in TABLES:
            rows = [{"updated_at": at, **row} if table is tasks else row
                    for row in one.rows[table.name]]  # fmt: skip
            if table in (assets, tasks):
                place = next_number(tx, table, demo.PROJECT_ID)
                rows = [{**row, "number": place + n} for n, row in enumerate(rows)]
            if table is passes:  # numbered by the database
                rows = [{k: v for k, v in row.items() if k != "number"} for row in rows]
            if rows:
                tx.execute(table.insert(), rows)


def _images(tx: sa.Connection, name: str) -> BatchImages | None:
    project = find_project(tx, demo.PROJECT_ID)
    batches = (loads(project.document).get("batches") or []) if project is not None else []
    batch = next((one for one in batches if one.get("name") == name), None)
    if batch is None:
        return None
    inside = sa.select(asset_batches.c.asset).where(asset_batches.c.batch == batch["_id"])
    own = tasks.c.asset.in_(inside) & tasks.c.parent.is_(None)
    task_ids = sa.select(tasks.c.id).where(own)
    where = {
        assets.name: (assets.c.project == demo.PROJECT_ID) & assets.c.id.in_(inside),
        asset_batches.name: asset_batches.c.asset.in_(inside),
        tasks.name: own,
        history.name: history.c.task.in_(task_ids),
        passes.name: passes.c.task.in_(task_ids),
    }
    return BatchImages(
        batch,
        {
            table.name: [
                dict(row._mapping) for row in tx.execute(_ordered(table, where[table.name]))
            ]
            for table in TABLES
        },
    )


def _ordered(table: sa.Table, where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    order = [table.c[name] for name in ("number", "asset", "place") if name in table.c]
    return sa.select(table).where(where).order_by(*order)


def _unlabelled(images: BatchImages) -> BatchImages:
    """Each image with its task as it came: to be labelled, and without a label."""
    fresh: dict[str, Any] = {
        **dict.fromkeys(("duration", "total_duration", "review_status", "completed_at")),
        **dict.fromkeys(("assignee", "brush", "medical_brush")),
        "stage": "Label",
        "status": "TODO",
        "passes": "{}",
        "answer": EMPTY_ANSWER,
        "is_benchmark": False,
    }
    rows = images.rows
    as_it_came = [{k: v for k, v in one.items() if k != "updated_at"} for one in rows[tasks.name]]
    return BatchImages(
        images.batch,
        {
            **rows,
            assets.name: [{**row, "prelabelled": False} for row in rows[assets.name]],
            tasks.name: [{**row, **fresh} for row in as_it_came],
            history.name: [row for row in rows[history.name] if row["number"] == 1],
            passes.name: [],
        },
    )


def _as_kept(images: BatchImages, settings: Settings) -> BatchImages:
    """Each image that is there with its task as people left it at first."""
    try:
        kept: Rows = loads((settings.data / FOLDER / BY_HAND).read_text(encoding="utf-8"))
    except OSError:  # made by hand, or restored from a backup: what there is stays
        return images
    there = {row["id"] for row in images.rows[assets.name]}
    own = [row for row in kept[tasks.name] if row["asset"] in there]
    ids = {row["id"] for row in own}
    rows = {name: [row for row in kept[name] if row["task"] in ids]
            for name in (history.name, passes.name)}  # fmt: skip
    again = [{**row, "prelabelled": False} for row in images.rows[assets.name]]
    return BatchImages(images.batch, {**images.rows, assets.name: again, tasks.name: own, **rows})
