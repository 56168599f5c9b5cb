"""Tasks whose id came before, in an earlier part: they are counted and taken out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.dataset.layout import Dataset, Part
from core.export.reader import read_path
from core.tasks.parquet import write_parquet


def without_repeats(dataset: Dataset) -> Dataset:
    """The same table, in which each id stands once: where it came first.

    Within a part no id stands twice already. Memory stays bounded, but for 8 bytes per repeated
    task; the parts that lose some are written again.

    Raises:
        InputError: A part is damaged.
    """
    if len(dataset.parts) < 2:
        return dataset
    positions = _repeated(dataset)
    if not len(positions):
        return dataset
    parts = tuple(_without(dataset, part, positions) for part in dataset.parts)
    counts, many = dataset.names.counts, len(positions)
    counts = replace(counts, skipped=counts.skipped + many, repeated=counts.repeated + many)
    return Dataset(dataset.folder, parts, replace(dataset.names, counts=counts))


def _repeated(dataset: Dataset) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Positions of the tasks whose id came before, ascending."""
    from core.dataset.engines import open_engine  # commands that need no engine start faster

    with open_engine("duckdb") as engine:
        rows = engine.rows(dataset).select("id_hash", "position")
        per_id = rows.group_by("id_hash").aggregate(
            first=rows.position.min(), many=rows.position.count()
        )
        several = per_id.filter(per_id.many > 1)
        joined = rows.inner_join(several, "id_hash")
        later = joined.filter(joined.position > joined.first).select("position")
        answer = engine.answer(later, dataset)
    return np.sort(answer["position"].to_numpy())


def _without(
    dataset: Dataset, part: Part, positions: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Part:
    start, end = np.searchsorted(positions, (part.first, part.first + part.tasks))
    if start == end:
        return part
    path = dataset.folder / part.name
    table = read_path(path, ours=True)
    kept = np.ones(part.tasks, np.bool_)
    kept[positions[start:end] - part.first] = False
    counts, many = table.counts, int(end - start)
    counts = replace(counts, skipped=counts.skipped + many, repeated=counts.repeated + many)
    write_parquet(table.keep(kept, counts), path, part.first)
    return replace(part, tasks=part.tasks - many, size=path.stat().st_size)
