"""Which labels count as right: those of people, in the tasks that somebody chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.plugin_runs.label_changes import KINDS, Labels, told_apart
from core.quality.columns import listed

ACCEPTED: Final = ("Accepted", "Fixed")
"""Review statuses of a task whose labels a reviewer stands for."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a task must be for its labels to count; every condition that is set must hold.

    Args:
        stages: Ids of stages, one of which it must be in; none means the Complete stages.
        batches: Ids of batches, one of which its asset must be in; none means any.
        people: Only labels that one of these people made, by address; none means anybody's.
        reviewed: Only tasks that a reviewer accepted or fixed.
        benchmark: Only benchmark tasks.
    """

    stages: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    reviewed: bool = False
    benchmark: bool = False


def by_people(answer: Mapping[str, Any], by_runs: Sequence[Labels]) -> Labels:
    """The labels of a task that people made.

    Args:
        answer: Its annotations.
        by_runs: Labels that runs put there. One that stands there as a run wrote it is no label of
            a person; one that a person changed is.
    """
    labels: Labels = {}
    for kind in KINDS:
        there = listed(answer, kind)
        written = [label for labels_of_run in by_runs for label in listed(labels_of_run, kind)]
        if written:
            there = [label for label, is_new in told_apart(written, there) if is_new]
        labels[kind] = list(there)
    return labels


def of_some(labels: Labels, people: Sequence[str]) -> Labels:
    """The labels of some people by address; none means anybody's."""
    if not people:
        return labels
    return {kind: [one for one in some if author(one) in people] for kind, some in labels.items()}


def author(label: Any) -> str:
    """The address of who made a label, "" where it does not tell."""
    about = label.get("metadata") if isinstance(label, dict) else None
    return str(about.get("createdBy") or "") if isinstance(about, dict) else ""
