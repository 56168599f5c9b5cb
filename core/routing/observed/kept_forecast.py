"""What the next tasks that come to a Logic stage are forecast to do, as it is kept at a publish.

It is told by the tasks that came to the stage before, each with the facts that it came with first;
where too few histories tell of that, by the tasks as they stand, of which every rule knows what it
asks. What is kept are few numbers: the law of each output (`NextLaw`), from which an interval
follows for any number of tasks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from core.errors import InputError
from core.model.dialect import FINAL, Dialect
from core.model.project import Project
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import Shape, shape_of
from core.routing.observed.conformance import first_doubtful, output_labels
from core.routing.observed.followed import facts_unknown
from core.routing.observed.forecast import NextLaw, laws_of_next
from core.tasks import bits
from core.tasks.facts import facts_as_they_stand
from core.tasks.snapshot import at_leaving
from core.tasks.table import TaskTable
from core.tasks.transitions import first_comings

Source = Literal["came", "table"]
FEW = 30
"""Fewer tasks that came before tell less than the table as it stands."""
MOST_TASKS = 200_000
"""More are not looked at while somebody waits for a publish: every second, third, … is."""
VERSION = 1
UNKNOWN = "No task here has the facts that these rules ask for."
NOT_SIMULATED = "a rule that cannot be simulated stands here or above"


@dataclass(frozen=True, slots=True)
class KeptOutput:
    """The forecast of an output.

    Args:
        label: What the output is called.
        target: Id of the stage behind it; None where it is not wired.
        law: How many of the next tasks leave through it; None where that cannot be told.
        why: Why not, "" where it can.
    """

    label: str
    target: str | None
    law: NextLaw | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """The forecast of a publish.

    Args:
        outputs: Top to bottom, Else last; none where nothing can be forecast.
        tasks: How many tasks told it.
        source: Whether these are tasks that came to the stage before, or the table as it stands.
        why: Why nothing can be forecast, "" where something can.
    """

    outputs: tuple[KeptOutput, ...]
    tasks: int
    source: Source
    why: str = ""


def nothing(why: str) -> KeptForecast:
    """A forecast that could not be made."""
    return KeptForecast((), 0, "table", why)


def forecast_to_keep(
    table: TaskTable, project: Project, dialect: Dialect, stage: Logic
) -> KeptForecast:
    """Forecast the next tasks that come to a stage for the first time.

    Args:
        table: The tasks at hand.
        project: With the workflow around the stage.
        dialect: The readings in force, but for `at`: a coming has facts of its own.
        stage: The rules as they are published.
    """
    readings = replace(dialect, at=FINAL)
    few = _some_of(table)
    came, known = _of_comings(few, project, readings, stage), None
    if came.tasks < FEW:
        known = _as_they_stand(few, project, readings, stage)
    use = came if known is None or came.tasks >= known.tasks else known
    if not use.tasks:
        return nothing(UNKNOWN)
    doubtful, labels = first_doubtful(stage), output_labels(stage)
    targets = stage.targets
    laws = laws_of_next(use, [rule.condition for rule in stage.active])
    outputs = tuple(
        KeptOutput(label, target, law if place < doubtful else None,
                   "" if place < doubtful else NOT_SIMULATED)
        for place, (label, target, law) in enumerate(zip(labels, targets, laws, strict=True))
    )  # fmt: skip
    return KeptForecast(outputs, use.tasks, "came" if use is came else "table")


def _some_of(table: TaskTable) -> TaskTable:
    """The table, or tasks at equal distances of one that is too large to be waited for."""
    if len(table) <= MOST_TASKS:
        return table
    return table.take(np.arange(0, len(table), -(-len(table) // MOST_TASKS)))


def _of_comings(table: TaskTable, project: Project, dialect: Dialect, stage: Logic) -> Shape:
    """Tasks that came, each with the facts that it came with first."""
    first = first_comings(table, stage, project.stages or (), len(stage.active) + 1)
    then, _ = at_leaving(table, first.entry)
    facts = facts_as_they_stand(then, project, dialect)
    known = (first.entry >= 0) & ~facts_unknown(then, facts, stage)
    return shape_of(Matcher(facts), stage, bits.pack(known))


def _as_they_stand(table: TaskTable, project: Project, dialect: Dialect, stage: Logic) -> Shape:
    """All tasks as the table has them, but those of which a rule asks what is not known."""
    facts = facts_as_they_stand(table, project, dialect)
    return shape_of(Matcher(facts), stage, bits.pack(~facts_unknown(table, facts, stage)))


def kept_document(forecast: KeptForecast) -> str:
    """A forecast as text, for `read_kept`."""
    return json.dumps({"version": VERSION, **asdict(forecast)}, separators=(",", ":"))


def read_kept(text: str) -> KeptForecast:
    """A forecast from its text.

    Raises:
        InputError: A newer Switchyard has kept it.
    """
    document: dict[str, Any] = json.loads(text)
    if document.pop("version") != VERSION:
        raise InputError("The forecast", "was kept by a newer Switchyard.", "Update this one.")
    rows: Sequence[dict[str, Any]] = document.pop("outputs")
    outputs = [
        KeptOutput(**{**row, "law": None if row["law"] is None else NextLaw(**row["law"])})
        for row in rows
    ]
    return KeptForecast(tuple(outputs), **document)
