"""Images of what a run did, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from core.gallery.geometry import Outline, outlines
from core.gallery.images import kept_file
from core.plugin_runs.doubles import doubles
from core.plugin_runs.label_changes import Difference, change, no_labels
from core.plugin_runs.model import KeptLabels
from core.store.hub import HubStore
from core.store.tables.hub import assets


@dataclass(frozen=True, slots=True)
class Scene:
    """One asset of a run.

    Args:
        asset: Its id.
        name: Its external id.
        file: Its image, None when the hub does not keep it.
        before: Labels without the run.
        after: Labels with the run.
        added: How many labels the run added.
        doubles: How many of these lie where one of the same class lies already.
    """

    asset: str
    name: str
    file: Path | None
    before: tuple[Outline, ...]
    after: tuple[Outline, ...]
    added: int
    doubles: int = 0


def scenes(store: HubStore, files: Path, labels: Sequence[KeptLabels]) -> tuple[Scene, ...]:
    """The assets of some tasks of a run.

    Args:
        store: The hub's state.
        files: Folder of the hub's files.
        labels: What the run did.
    """
    asset_ids = [one.asset for one in labels]
    with store.read() as tx:
        query = sa.select(assets.c.id, assets.c.data).where(assets.c.id.in_(asset_ids))
        links = {row.id: row.data for row in tx.execute(query)}
    return tuple(_scene(one, kept_file(links.get(one.asset), files)) for one in labels)


def _scene(one: KeptLabels, file: Path | None) -> Scene:
    before, run = one.before or no_labels(), Difference(one.added, one.removed)
    after, _ = change(before, run)
    twice = [new for new, _ in doubles(before, run)]
    known = {id(new) for new in twice}
    once = [label for label in after.get("tools") or () if id(label) not in known]
    return Scene(
        one.asset,
        one.external_id or one.asset,
        file,
        outlines(before.get("tools") or ()),
        (*outlines(once), *(replace(outline, twice=True) for outline in outlines(twice))),
        sum(len(labels) for labels in one.added.values()),
        len(twice),
    )
