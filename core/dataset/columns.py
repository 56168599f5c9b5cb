"""What rules see of a task, as expressions over the columns of a table, under project and dialect.

The same meanings as in `core.tasks.facts`, worked out by the engine as part of each question. Names
of rules are looked up among the names of the table first; only those that some task may have become
part of an expression, as texts that the engine quotes. A bit is never NULL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from math import isfinite
from typing import Any

from core.dataset.engines import CountingEngine
from core.errors import InputError
from core.model.dialect import FINAL, Dialect
from core.model.project import Project
from core.routing.engine import draw
from core.tasks.facts import labelling_stages
from core.tasks.table import TaskTable, person_key

Bit = Any
"""A truth per task, as an expression of Ibis; `&`, `|` and `~` combine them."""


class TaskColumns:
    """The facts of all tasks as expressions.

    Args:
        rows: The tasks, as `CountingEngine.rows` gives them.
        engine: What will work them out.
        names: The names of the table.
        project: As of `core.tasks.facts.resolve`.
        dialect: The readings in force.

    Raises:
        InputError: The dialect asks for facts of an earlier time, which only memory answers.
    """

    def __init__(
        self,
        rows: Any,
        engine: CountingEngine,
        names: TaskTable,
        project: Project | None,
        dialect: Dialect,
    ) -> None:
        if dialect.at != FINAL:
            raise InputError(
                f"--engine {engine.name}",
                f"facts as of leaving a stage (--dialect at={dialect.at}) are worked out in "
                "memory only.",
                "Leave --engine out, or read the final facts.",
            )
        self.rows, self.engine, self.names, self.dialect = rows, engine, names, dialect
        label, unknown = labelling_stages(names.stages, project)
        self._label, self._unknown = sorted(label), sorted({*unknown, -1})
        self.people = {person_key(address): address for address in names.people}

    def all(self) -> Bit:
        """Every task."""
        return self.engine.constant(True)

    def none(self) -> Bit:
        """No task."""
        return self.engine.constant(False)

    @property
    def answered(self) -> Bit:
        """Tasks whose annotations are known."""
        return self._sure(self.rows.answer_loaded)

    def has_class(self, schema_id: str) -> Bit:
        """Tasks that have a class, whatever else is known of them."""
        if schema_id not in self.names.schema_ids:
            return self.none()
        top = self._sure(self.rows.schema_ids.contains(schema_id))
        if self.dialect.nested == "off":
            return top
        return top | self._sure(self.rows.nested_schema_ids.contains(schema_id))

    @property
    def class_lists(self) -> Any:
        """Schema IDs of each task."""
        if self.dialect.nested == "off":
            return self.rows.schema_ids
        return self.rows.schema_ids.concat(self.rows.nested_schema_ids)

    @property
    def annotators(self) -> Any:
        """Who annotated each task, as addresses; of nobody a list of NULL."""
        assigned = self.engine.listed(self.rows.assignee)
        if self.dialect.annotator == "assignee":
            return assigned
        named = self._named.map(lambda entry: entry.completed_by)
        who = self.engine.listed(_last(named)) if self.dialect.annotator == "last" else named
        return self._any(self._named).ifelse(who, assigned)

    def annotated_by(self, people: Iterable[str]) -> Bit:
        """Tasks that any of these annotated, given as `person_key` has them."""
        wanted = [self.people[key] for key in sorted(people) if key in self.people]
        if not wanted:
            return self.none()
        assigned = self._sure(self.rows.assignee.isin(wanted))
        if self.dialect.annotator == "assignee":
            return assigned
        if self.dialect.annotator == "last":
            last = _last(self._named.map(lambda entry: entry.completed_by))
            took_part = self._sure(last.isin(wanted))
        else:
            theirs = self._named.filter(lambda entry: entry.completed_by.isin(wanted))
            took_part = self._any(theirs)
        return took_part | (~self._any(self._named) & assigned)

    def in_batch(self, batches: Iterable[str]) -> Bit:
        """Tasks in any of these batches, as the file spells them."""
        inside = self.none()
        for name in sorted(set(batches).intersection(self.names.batch_names)):
            inside = inside | self._sure(self.rows.batches.contains(name))
        return inside

    def took(self, low: float, high: float) -> Bit:
        """Tasks of a known duration from low to high milliseconds, both included."""
        inside = self.duration >= low
        if isfinite(high):
            inside = inside & (self.duration <= high)
        return self._sure(inside) & ~self._sure(self.duration.isnan())

    def drawn(self, rule: str, chance: float, seed: int) -> Bit:
        """Tasks that pass a rule of this id and chance in the draw of the seed."""
        key = draw.key_of(rule, seed)
        mixed = self.engine.mixed(self.rows.id_hash, key, draw.STEPS, draw.LAST_SHIFT)
        above = self.engine.above(mixed, draw.DROPPED_BITS)
        return self._sure(above < draw.limit_of(chance))

    @cached_property
    def duration(self) -> Any:
        """Milliseconds under the dialect, NULL unknown."""
        if self.dialect.duration == "labelling":
            timed = self._labelling.filter(lambda entry: entry.duration_ms.notnull())
            return timed.map(lambda entry: entry.duration_ms).sums()
        if self.dialect.duration == "last":
            return _last(self._labelling.map(lambda entry: entry.duration_ms))
        return self.rows.total_duration_ms

    @property
    def unknowns(self) -> dict[str, Bit]:
        """Tasks of which something is not known, by the names of `Honesty`."""
        somebody = self._sure(self.rows.assignee.notnull())
        if self.dialect.annotator != "assignee":
            somebody = somebody | self._any(self._named)
        return {
            "unknown_duration": ~self._sure(self.duration.notnull()),
            "no_history": ~self._any(self.rows.history),
            "no_answer_loaded": ~self.answered,
            "unknown_annotator": ~somebody,
        }

    @cached_property
    def _labelling(self) -> Any:
        """The entries of each history that are labelling."""

        def is_labelling(entry: Any) -> Bit:
            no_review = entry.review_status.coalesce("") == ""
            unknown = entry.stage_code.isin(self._unknown) & no_review
            return entry.stage_code.isin(self._label) | unknown if self._label else unknown

        return self.rows.history.filter(is_labelling)

    @cached_property
    def _named(self) -> Any:
        """Those that say by whom."""
        return self._labelling.filter(lambda entry: entry.completed_by.notnull())

    def _any(self, entries: Any) -> Bit:
        """Whether a list has entries; Spark says -1 of a list that is NULL."""
        return self._sure(entries.length() > 0)

    def _sure(self, bit: Bit) -> Bit:
        """NULL, of a missing value or from a list that holds one, is no match."""
        return bit.coalesce(False)


def _last(values: Any) -> Any:
    """The last value of each list, NULL of an empty one; Ibis counts wrongly from Spark's ends."""
    many = values.length()
    return (many > 0).ifelse(values[many - 1], None)


def columns_in_order(bits: Sequence[Bit], prefix: str) -> dict[str, Bit]:
    """Columns named by the prefix and their place, from 0."""
    return {f"{prefix}{place}": bit for place, bit in enumerate(bits)}
