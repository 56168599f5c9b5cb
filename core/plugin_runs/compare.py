"""In what two runs differ: what was asked, and what came of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.errors import InputError
from core.model.figures import counted
from core.model.names import Names
from core.plugin_runs.config.diff import difference
from core.plugin_runs.model import KeptLabels, Pair, Run
from core.plugin_runs.standing import MODE_WORDS

Pages = Callable[[int, int], tuple[KeptLabels, ...]]
"""Gives what a run did task by task: `pages(limit, offset)`."""
PAGE = 500
_NOT_GEOMETRY = frozenset({"objectId", "title", "schemaId", "metadata", "classifications"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that was asked differently: what, in the first run, in the second."""

    what: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class ClassDifference:
    """Labels of one class in both runs.

    Args:
        schema_id: The class.
        first: Labels of the first run.
        second: Labels of the second run.
        same: Labels that both made at the same place of the same task.
    """

    schema_id: str
    first: int
    second: int
    same: int


def asked_differently(first: Run, second: Run, names: Names) -> tuple[Asked, ...]:
    """The differences of two requests, in words."""
    a, b = first.request, second.request
    differences = []
    for what, one, other in (
        ("Project", a.project, b.project),
        ("Batches", _batches(a.batches, names), _batches(b.batches, names)),
        ("Mode", MODE_WORDS[a.kind], MODE_WORDS[b.kind]),
        ("Assets", _assets(first), _assets(second)),
        ("Labels of earlier runs", a.importing, b.importing),
    ):
        if one != other:
            differences.append(Asked(what, one, other))
    targets, others = _targets(a.project_mapping), _targets(b.project_mapping)
    for name in [*targets, *(name for name in others if name not in targets)]:
        if targets.get(name) != others.get(name):
            shown = [names.of_class(one) if one else "left out"
                     for one in (targets.get(name), others.get(name))]  # fmt: skip
            differences.append(Asked(f"Class {name}", *shown))
    try:
        changes = difference(a.config, b.config)
    except InputError:
        changes = ()
        if a.config != b.config:
            differences.append(Asked("Config", "another text", "another text"))
    differences += [Asked(f"Config {c.path}", c.before or "not there", c.after or "not there")
              for c in changes]  # fmt: skip
    return tuple(differences)


def _targets(mapping: tuple[Pair, ...] | None) -> dict[str, str]:
    return {pair.model_class: pair.schema_id for pair in mapping or ()}


def _batches(batches: tuple[str, ...], names: Names) -> str:
    return ", ".join(sorted(names.of_batch(batch) for batch in batches)) or "every asset"


def _assets(run: Run) -> str:
    if run.request.assets is not None:
        return f"{counted(len(run.request.assets))} chosen"
    return "all" if run.request.limit is None else f"the first {counted(run.request.limit)}"


def labelled_differently(first: Pages, second: Pages) -> tuple[ClassDifference, ...]:
    """How the labels of two runs differ class by class, most labels first."""
    ours, theirs = _labels(first), _labels(second)
    both = ours & theirs
    a, b, same = (_per_class(labels) for labels in (ours, theirs, both))
    ids = sorted(a.keys() | b.keys(), key=lambda schema: (-a[schema] - b[schema], schema))
    return tuple(ClassDifference(schema, a[schema], b[schema], same[schema]) for schema in ids)


def _labels(pages: Pages) -> Counter[tuple[str, str, str]]:
    """Task, class and place of every label, and how often it was made."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for kept in _all(pages):
        for labels in kept.added.values():
            for label in labels:
                place = {key: label[key] for key in label if key not in _NOT_GEOMETRY}
                shape = json.dumps(place, sort_keys=True)
                counts[(kept.task, str(label.get("schemaId")), shape)] += 1
    return counts


def _all(pages: Pages) -> Iterator[KeptLabels]:
    offset = 0
    while some := pages(PAGE, offset):
        yield from some
        offset += len(some)


def _per_class(labels: Counter[tuple[str, str, str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (_, schema, _), count in labels.items():
        counts[schema] += count
    return counts
