"""Images on which the labels of a run lie over those of people, with how they came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.gallery.draw import Mark
from core.gallery.geometry import outlines
from core.gallery.images import kept_file
from core.model.figures import decimals
from core.model.names import Names
from core.quality.columns import LabelColumns, score_of
from core.quality.mistakes import Spotted
from core.run_quality import RunAgainstPeople, labels_of
from core.store.hub import HubStore
from core.store.tables.hub import assets


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """One asset of a comparison.

    Args:
        asset: Its id.
        name: Its external id.
        file: Its image, None where the hub does not keep it.
        many: Labels on it that are looked for.
        marks: Labels of people, then of the run, which are dashed. Those that are looked for have
            their class as text, the run's with its score.
        undrawn: Labels that are looked for and have no place on the image, such as answers.
    """

    asset: str
    name: str
    file: Path | None
    many: int
    marks: tuple[Mark, ...]
    undrawn: tuple[str, ...]


def checked_images(
    store: HubStore, files: Path, sides: RunAgainstPeople, some: Sequence[Spotted], names: Names
) -> tuple[CheckedImage, ...]:
    """The images of some assets, in their order.

    Args:
        store: The hub's state.
        files: Folder of the hub's files.
        sides: The comparison.
        some: Assets, with the labels on them that are looked for.
        names: Of classes.
    """
    ids = [sides.both.assets[one.asset] for one in some]
    labels = labels_of(store, sides, ids)
    with store.read() as tx:
        query = sa.select(assets.c.id, assets.c.external_id, assets.c.data)
        rows = {row.id: row for row in tx.execute(query.where(assets.c.id.in_(ids)))}
    images = []
    for asset, one in zip(ids, some, strict=True):
        row, there = rows.get(asset), labels.get(asset)
        if there is None or row is None:
            continue  # gone, or changed since it was compared
        people = _marks(there.people, sides.both.people, one.people, names, dashed=False)
        run = _marks(there.run or {}, sides.both.run, one.run, names, dashed=True)
        images.append(
            CheckedImage(
                asset, row.external_id or asset, kept_file(row.data, files), one.many,
                (*people[0], *run[0]), (*people[1], *run[1]),
            )
        )  # fmt: skip
    return tuple(images)


def _marks(
    labels: Mapping[str, Any], columns: LabelColumns, meant: frozenset[int], names: Names,
    dashed: bool,
) -> tuple[list[Mark], list[str]]:  # fmt: skip
    """The labels of one side of an asset: those with a place, and texts of those without one."""
    places = {int(columns.place[n]) for n in meant}
    tools = labels.get("tools") or []
    marks, undrawn = [], []
    for place, label in enumerate((*tools, *(labels.get("classifications") or []))):
        if not isinstance(label, dict):
            continue
        text = _text(label, names, dashed) if place in places else ""
        drawn = outlines([label]) if place < len(tools) else ()
        if drawn:
            marks.append(Mark(drawn[0], text, dashed))
        elif text:
            undrawn.append(f"{text}: {label.get('answer')}" if "answer" in label else text)
    return marks, undrawn


def _text(label: Mapping[str, Any], names: Names, of_run: bool) -> str:
    name = names.of_class(str(label.get("schemaId") or label.get("title") or ""))
    if not of_run:
        return name
    score = score_of(label)
    return name if isnan(score) else f"{name} {decimals(score, 2)}"
