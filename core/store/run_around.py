"""What preflight needs to know about a run that is about to start, read from the store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.errors import UnknownName
from core.plugin_runs.label_changes import EMPTY_ANSWER
from core.plugin_runs.model import Liveness, Plugin, RunRequest
from core.plugin_runs.preflight import Around
from core.store.database import Database
from core.store.hub import SANDBOX, find_project
from core.store.plugins import Registry
from core.store.runs import Runs, scope
from core.store.tables.hub import asset_batches, assets, tasks

BARE = ("", EMPTY_ANSWER)
ON_THIS_HUB = sa.or_(
    assets.c.data.not_like("%://%"),
    *(assets.c.data.ilike(f"http://{host}%") for host in ("127.0.0.1", "localhost", "[::1]")),
)
"""As `core.gallery.images` tells them, but for a file that is gone."""


def around(store: Database, registry: Registry, request: RunRequest) -> Around:
    """Facts about a request. Of a project on Ango Hub only what the store has; the rest is None."""
    try:
        plugin: Plugin | None = registry.get(request.plugin)
    except UnknownName:
        plugin = None
    runs = Runs(store)
    equal = runs.list(fingerprint=request.fingerprint, limit=5)
    past = runs.list(plugin=request.plugin, states=("succeeded",), limit=20)
    live = registry.liveness().get(request.plugin, Liveness())
    with store.read() as tx:
        its_project = find_project(tx, request.project)
        if its_project is None:
            return Around(plugin, live, None, equal=equal, past=past)
        project = read_project({"project": loads(its_project.document)})
        if its_project.backend != SANDBOX:  # its classes and batches are what Ango Hub has by now
            project = replace(project, schema=None, batches=None)
            return Around(plugin, live, project, equal=equal, past=past)
        count = sa.select(asset_batches.c.batch, sa.func.count().label("assets"))
        count = count.join(assets, assets.c.id == asset_batches.c.asset)
        count = count.where(assets.c.project == request.project).group_by(asset_batches.c.batch)
        counted = {row.batch: row.assets for row in tx.execute(count)}
        chosen = scope(tx, request) if request.assets is None else request.assets
        carrying = sa.select(tasks.c.asset).where(tasks.c.project == request.project)
        carrying = carrying.where(tasks.c.answer.is_not(None) & tasks.c.answer.not_in(BARE))
        labelled = {row.asset for row in tx.execute(carrying)}
        here = sa.select(assets.c.id).where((assets.c.project == request.project) & ON_THIS_HUB)
        kept = {row.id for row in tx.execute(here)}
        of_batch = sa.select(asset_batches.c.batch).distinct()
        of_batch = of_batch.where(asset_batches.c.asset.in_(here))
        pictured = {row.batch for row in tx.execute(of_batch)}
        fresh = of_batch.where(asset_batches.c.asset.not_in(carrying))
        waiting = {row.batch for row in tx.execute(fresh)}
    batches = {batch.id: counted.get(batch.id, 0) for batch in project.batches or ()}
    return Around(
        plugin=plugin,
        live=live,
        project=project,
        batch_assets=batches,
        assets=len(chosen),
        labelled=len(labelled.intersection(chosen)),
        elsewhere=len(set(chosen) - kept),
        with_images=tuple(one.name for one in project.batches or () if one.id in pictured),
        unlabelled=tuple(one.name for one in project.batches or () if one.id in waiting),
        equal=equal,
        past=past,
    )


def labelled_batches(store: Database, project: str, stages: Collection[str]) -> dict[str, int]:
    """Assets with labels whose images this hub keeps, by batch id, most first.

    Args:
        store: The hub's state.
        project: Id of a project.
        stages: Ids of the stages in which their tasks are.
    """
    carrying = (
        sa.select(tasks.c.asset)
        .where((tasks.c.project == project) & tasks.c.stage.in_(stages))
        .where(tasks.c.answer.is_not(None) & tasks.c.answer.not_in(BARE))
    )
    many = sa.func.count().label("assets")
    query = sa.select(asset_batches.c.batch, many)
    query = query.join(assets, assets.c.id == asset_batches.c.asset)
    query = query.where((assets.c.project == project) & ON_THIS_HUB & assets.c.id.in_(carrying))
    query = query.group_by(asset_batches.c.batch).order_by(many.desc(), asset_batches.c.batch)
    with store.read() as tx:
        return {row.batch: row.assets for row in tx.execute(query)}


def last_change(store: Database, project: str) -> str:
    """When a task of a project changed last, "" before one did: what is told of them is as new."""
    query = sa.select(sa.func.max(tasks.c.updated_at)).where(tasks.c.project == project)
    with store.read() as tx:
        return tx.scalar(query) or ""
