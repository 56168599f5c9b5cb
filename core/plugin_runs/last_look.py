"""What a run for real is about to do, in four lines, and the doubts that must be read first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.figures import counted
from core.model.names import names_of
from core.plugin_runs.model import RunRequest
from core.plugin_runs.preflight import Around, Preflight

NAMED = 6
"""So many batches or classes are named; of more, the rest is counted."""


@dataclass(frozen=True, slots=True)
class LastLook:
    """What somebody agrees to who starts a run for real.

    Args:
        lines: A heading and its sentence: plugin, project, tasks, what is written.
        doubts: What is doubtful, to be read before the start.
    """

    lines: tuple[tuple[str, str], ...]
    doubts: tuple[Preflight, ...]


def last_look(request: RunRequest, around: Around, findings: Sequence[Preflight]) -> LastLook:
    """Say what a run for real would do.

    Args:
        request: What would be started.
        around: What is known about it.
        findings: Of `preflight`, for the same two.
    """
    return LastLook(
        lines=(
            ("Plugin", around.plugin.name if around.plugin else request.plugin),
            ("Project", (around.project.name if around.project else "") or request.project),
            ("Tasks", _tasks(request, around)),
            ("Written", _written(request, around)),
        ),
        doubts=tuple(one for one in findings if one.severity == "warning"),
    )


def _tasks(request: RunRequest, around: Around) -> str:
    names = names_of(around.project)
    batches = _listed([names.of_batch(batch) for batch in request.batches])
    where = f"the batches {batches}" if len(request.batches) > 1 else f"the batch {batches}"
    where = where if request.batches else "the project"
    if request.assets is not None:
        return f"{counted(len(request.assets))} chosen assets of {where}."
    if request.limit is not None and (around.assets is None or request.limit <= around.assets):
        return f"Only the first {counted(request.limit)} assets of {where}."
    if around.assets is None:
        return f"All assets of {where}; how many is known on Ango Hub only."
    many = f"{counted(around.assets)} asset{'' if around.assets == 1 else 's'}"
    there = f"; {counted(around.labelled)} carry labels already" if around.labelled else ""
    return f"{many}, all of {where}{there}."


def _written(request: RunRequest, around: Around) -> str:
    kept = {
        "add": "Objects that are there stay; an answer to the same question is replaced.",
        "replace": "What earlier runs wrote is replaced; so is an answer to the same question, or "
        "an object of the same ID, whoever made it.",
    }[request.importing]
    if not request.mapping:
        return f"No class is mapped, so the plugin itself chooses what it labels. {kept}"
    names = names_of(around.project)
    classes = list(dict.fromkeys(names.of_class(pair.schema_id) for pair in request.mapping))
    many = "1 class" if len(classes) == 1 else f"{counted(len(classes))} classes"
    return f"Labels of {many}: {_listed(classes)}. {kept}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {counted(more)} more" if more > 0 else "")
