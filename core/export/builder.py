"""Turns items into columns, one after the other; what it keeps per task are numbers and bytes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import md5
from math import isnan, nan
from typing import Any

import numpy as np
from msgspec import UNSET

from core.export.columns import LabelSet, ListColumn, NameBooks, TextColumn
from core.export.older_forms import MAX_TIME, given_time, one_pass
from core.export.schema import Answer, Classification, Entry, Item, Task, kind_of
from core.tasks.table import UNKNOWN_TIME, Counts, History, TaskTable, person_key

MAX_NOTES = 20
MILLISECONDS = 1_000


class TableBuilder:
    """Collects items; `finish` gives the table. One builder makes one table.

    Args:
        known: A table whose names keep their numbers in this one, or None.
    """

    def __init__(self, known: TaskTable | None = None) -> None:
        self.skipped = 0
        self.no_task = 0
        self.odd = 0
        self.notes: list[str] = []
        self.first_skipped = ""
        self._where = ""
        self._ids, self._external = TextColumn(), TextColumn()
        self._hashes = bytearray()
        self._stage, self._assignee = array("i"), array("i")
        self._total, self._at = array("d"), array("q")
        self._answered = bytearray()
        self._classes, self._nested, self._batches = ListColumn(), ListColumn(), ListColumn()
        self._entry_ends = array("q", [0])
        self._entry_stage, self._entry_person, self._entry_review = (
            array("i"),
            array("i"),
            array("i"),
        )
        self._entry_duration, self._entry_at = array("d"), array("q")
        self._entry_labels = array("i")
        self._spelled: dict[str, int] = {}  # a person's code by each spelling
        books = NameBooks(known)
        self._stages, self._people, self._schema = books.stages, books.people, books.schema
        self._titles, self._label_sets = books.titles, books.label_sets
        self._batch_names, self._reviews = books.batches, books.reviews

    def __len__(self) -> int:
        return len(self._answered)

    def skip(self, where: str, reason: str) -> None:
        """Count an item that cannot be used and keep the first sentences about such."""
        self.skipped += 1
        self.first_skipped = self.first_skipped or f"{where}: {reason}"
        self.note(where, f"{reason}; it was skipped.")

    def note(self, where: str, sentence: str) -> None:
        """Keep a sentence about one place of the file."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(f"{where}: {sentence}")

    def mended(self, where: str, clause: str) -> None:
        """Count something odd that did not cost the item."""
        self.odd += 1
        if len(self.notes) < MAX_NOTES // 2:  # so that lost items always have a place
            self.note(where, f"{clause}.")

    def add(self, item: Item, where: str) -> None:
        """Add the task or tasks of one item; `where` names the item in sentences."""
        self._where = where
        if item.task:
            self._add_task(item.task, item, item.task.taskId, item.task)
        elif item.tasks and any(task is not None for task in item.tasks):
            for task in item.tasks:
                if task is not None:
                    self._add_task(task, item, task.taskId, task)
        elif item.task is not UNSET or item.tasks is not UNSET:
            self.no_task += 1
        elif item.stages is not None:
            self.skip(where, "expected a task, found a project")
        elif item.hub_id is not None:
            self._add_task(item, item, item.hub_id, item.answer, "_id")
        elif item.taskId is not None:
            self._add_task(item, item, item.taskId, item)
        elif item.asset is not None or item.externalId is not None:
            self.no_task += 1
        else:
            self.skip(where, "expected an asset with its task, or a task with an id")

    def _add_task(
        self, task: Task, item: Item, given_id: Any, answer: Answer | None, name: str = "taskId"
    ) -> None:
        task_id = self._id(given_id)
        if task_id is None:
            instead = "empty text" if given_id == "" else kind_of(given_id)
            self.skip(self._where, f"expected a task id ({name}), found {instead}")
            return
        self._ids.append(task_id)
        self._hashes += md5(task_id.encode("utf-8", "replace"), usedforsecurity=False).digest()[:8]
        self._external.append(self._external_id(item))
        self._stage.append(self._stage_code(task.stage, task.stageId))
        self._assignee.append(self._person(task.assignee, "assignee"))
        self._answered.append(answer is not None)
        present, nested = self._present(answer)
        self._classes.append(present)
        self._nested.append(nested)
        self._batches.append(self._batch_codes(item.batches))
        entries, given = task.stageHistory or [], nan
        is_older = name != "_id" and not any(entries)
        if is_older:
            given = self._duration(*given_time(task, item))
            entries = one_pass(task, answer, given)
        latest, summed = self._add_history(entries, answer, (present, nested))
        total = self._duration(task.totalDuration, "totalDuration")
        total = summed if isnan(total) and name != "_id" else total
        if isnan(total):  # looked up where it is needed: nine tasks in ten have a total
            total = given if is_older else self._duration(*given_time(task, item))
        self._total.append(total)
        if latest == UNKNOWN_TIME:
            given_times = ("completedAt", "updatedAt", "createdAt")
            latest = max(self._time(getattr(task, each), each) for each in given_times)
        self._at.append(latest)

    def _id(self, value: Any) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value if isinstance(value, str) and value else None

    def _external_id(self, item: Item) -> str | None:
        value = item.externalId
        if value is None and isinstance(item.asset, dict):
            value = item.asset.get("externalId")
        if isinstance(value, str):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        if value is not None:
            self._note_odd("externalId", "text", value)
        return None

    def _text(self, value: Any, name: str) -> str:
        if isinstance(value, str):
            return value
        if value is not None:
            self._note_odd(name, "text", value)
        return ""

    def _note_odd(self, name: str, expected: str, value: Any) -> None:
        kind = kind_of(value)
        self.mended(self._where, f"{name} is {kind}, expected {expected}; taken as absent")

    def _duration(self, value: Any, name: str) -> float:
        """Milliseconds; NaN for what is absent, negative or not a number (docs/semantics.md)."""
        if type(value) is int and 0 <= value <= MAX_TIME:
            return value
        if value is None:
            return nan
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if 0 <= value <= MAX_TIME:
                return float(value)
            what = "negative" if value < 0 else "too large"
            expected = "expected milliseconds from 0 to 2^53"
            self.mended(self._where, f"{name} is {what}, {expected}; taken as absent")
            return nan
        self._note_odd(name, "a number of milliseconds", value)
        return nan

    def _time(self, value: Any, name: str) -> int:
        """Milliseconds since 1970; `UNKNOWN_TIME` for what is absent or no ISO 8601 time."""
        if value is None or value == "":
            return UNKNOWN_TIME
        try:
            time = datetime.fromisoformat(value)
            if time.tzinfo is None:
                time = time.replace(tzinfo=UTC)
            return round(time.timestamp() * MILLISECONDS)
        except (TypeError, ValueError, OverflowError):
            what = "another text" if isinstance(value, str) else kind_of(value)
            expected = "expected a time such as 2026-09-01T08:00:00Z"
            self.mended(self._where, f"{name} is {what}, {expected}; taken as absent")
            return UNKNOWN_TIME

    def _stage_code(self, name: Any, stage_id: Any) -> int:
        if isinstance(stage_id, str) and isinstance(name, str):
            known = self._stages.by_key.get((stage_id, name))
            if known is not None:
                return known
        key = (self._text(stage_id, "stageId"), self._text(name, "stage"))
        return -1 if key == ("", "") else self._stages.of(key, key)

    def _person(self, value: Any, name: str) -> int:
        if value is None:
            return -1
        known = self._spelled.get(value) if isinstance(value, str) else None
        if known is not None:
            return known
        text = self._text(value, name)
        key = person_key(text)
        code = self._people.of(key, text.strip()) if key else -1
        self._spelled[text] = code
        return code

    def _schema_code(self, schema_id: Any, title: Any) -> int:
        known = self._schema.by_key.get(schema_id) if isinstance(schema_id, str) else None
        if known is not None:
            return known
        text = self._id(schema_id)
        if text is None:
            if schema_id is not None:
                self._note_odd("schemaId", "text", schema_id)
            return -1
        code = self._schema.of(text, text)
        self._titles.setdefault(code, self._text(title, "title"))
        return code

    def _present(self, answer: Answer | None) -> tuple[set[int], set[int]]:
        present: set[int] = set()
        nested: set[int] = set()
        if answer is None:
            return present, nested
        for tools in (answer.tools, answer.objects):
            for tool in tools or ():
                if tool is None:
                    continue
                present.add(self._schema_code(tool.schemaId, tool.title))
                if tool.classifications:
                    self._add_nested(tool.classifications, nested)
        for classification in answer.classifications or ():
            if classification is None:
                continue
            if is_answer(classification.answer):
                present.add(self._schema_code(classification.schemaId, classification.title))
            if classification.classifications:
                self._add_nested(classification.classifications, nested)
        present.discard(-1)
        nested.discard(-1)
        return present, nested

    def _add_nested(self, classifications: list[Classification | None], nested: set[int]) -> None:
        waiting = list(classifications)
        for classification in waiting:
            if classification is None:
                continue
            if is_answer(classification.answer):
                nested.add(self._schema_code(classification.schemaId, classification.title))
            waiting += classification.classifications or ()

    def _batch_codes(self, value: Any) -> list[int]:
        if value is None:
            return []
        if not isinstance(value, list):
            self._note_odd("batches", "a list", value)
            return []
        names = [self._batch_name(entry) for entry in value if entry is not None]
        return list(dict.fromkeys(self._batch_names.of(name, name) for name in names if name))

    def _batch_name(self, entry: Any) -> str:
        if isinstance(entry, dict):
            entry = entry.get("_id") or entry.get("name")
        return self._text(entry, "a batch")

    def _add_history(
        self, entries: Iterable[Entry | None], final: Answer | None, present: LabelSet
    ) -> tuple[int, float]:
        """Add the entries; returns the latest time and the sum of the known durations.

        What was seen before is looked up here and now: nine calls in ten would find just that.
        Most entries hold no annotations, or the very ones of the task (`final`, which has the
        classes `present`).
        """
        latest, summed, is_known = UNKNOWN_TIME, 0.0, False
        final_code, add_labels = -1, self._entry_labels.append
        final_tools, final_answers, final_objects = (
            (final.tools, final.classifications, final.objects) if final else (None, None, None)
        )
        stages, people = self._stages.by_key, self._spelled
        for entry in entries:
            if entry is None:
                continue
            at = self._time(entry.completedAt, "completedAt")
            latest = at if at > latest else latest
            try:
                stage = stages.get((entry.stageId, entry.stage))
                person = people.get(entry.completedBy)
            except TypeError:  # a list or an object where a text should be
                stage = person = None
            if stage is None:
                stage = self._stage_code(entry.stage, entry.stageId)
            if person is None:
                person = self._person(entry.completedBy, "completedBy")
            took = entry.duration
            if type(took) is not int or not 0 <= took <= MAX_TIME:
                took = self._duration(took, "stageHistory.duration")
            if took == took:
                summed, is_known = summed + took, True
            self._entry_stage.append(stage)
            self._entry_person.append(person)
            self._entry_duration.append(took)
            self._entry_at.append(at)
            status = entry.reviewStatus
            self._entry_review.append(0 if status is None else self._review_code(status))
            tools, answers, objects = entry.tools, entry.classifications, entry.objects
            if not tools and not answers and not objects:
                nothing = tools is None and answers is None and objects is None
                add_labels(-1 if nothing else 0)
            elif tools is final_tools and answers is final_answers and objects is final_objects:
                if final_code < 0:
                    final_code = self._label_sets.of(present)
                add_labels(final_code)
            else:
                add_labels(self._label_sets.of(self._present(entry)))
        self._entry_ends.append(len(self._entry_stage))
        return latest, summed if is_known else nan

    def _review_code(self, value: Any) -> int:
        status = self._review(value)
        return self._reviews.of(status, status)

    def _review(self, value: Any) -> str:
        """An entry with a review status of a wrong type still counts as a review."""
        if isinstance(value, str):
            return value
        kind = kind_of(value)
        self.mended(self._where, f"reviewStatus is {kind}, expected text; taken as unknown")
        return kind

    def finish(self) -> TaskTable:
        """The table of everything added; a task whose id came before is left out and counted."""
        hashes = np.frombuffer(bytes(self._hashes), ">u8").astype(np.uint64)
        ids = self._ids.to_arrow()
        table = TaskTable(
            ids=ids,
            external_ids=self._external.to_arrow(),
            hashes=hashes,
            stage=_array(self._stage, np.int32),
            assignee=_array(self._assignee, np.int32),
            total=_array(self._total, np.float64),
            at=_array(self._at, np.int64),
            answered=np.frombuffer(bytes(self._answered), np.bool_),
            classes=self._classes.to_lists(),
            nested=self._nested.to_lists(),
            batches=self._batches.to_lists(),
            history=History(
                _array(self._entry_ends, np.int64),
                _array(self._entry_stage, np.int32),
                _array(self._entry_person, np.int32),
                _array(self._entry_duration, np.float64),
                _array(self._entry_at, np.int64),
                _array(self._entry_review, np.int32),
                _array(self._entry_labels, np.int32),
            ),
            label_sets=self._label_sets.to_sets(),
            stages=tuple(self._stages.names),
            people=tuple(self._people.names),
            schema_ids=tuple(self._schema.names),
            schema_titles=tuple(self._titles.get(c, "") for c in range(len(self._schema.names))),
            batch_names=tuple(self._batch_names.names),
            review_words=tuple(self._reviews.names),
            counts=Counts(self.skipped, 0, self.no_task, self.odd),
            notes=tuple(self.notes),
        )
        first = _first_of_each(hashes)
        repeated = len(hashes) - int(first.sum())
        counts = Counts(self.skipped + repeated, repeated, self.no_task, self.odd)
        return table.keep(first, counts) if repeated else table


def _array(values: array[Any], kind: type[np.generic]) -> np.ndarray[Any, Any]:
    """A column without a copy of it; the builder ends here."""
    return np.frombuffer(values, kind) if values else np.empty(0, kind)


def _first_of_each(hashes: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, Any]:
    """Flags the first task of each id; 64 bits of md5 stand for the id."""
    flags = np.zeros(len(hashes), np.bool_)
    flags[np.unique(hashes, return_index=True)[1]] = True
    return flags


def is_answer(value: Any) -> bool:
    """Whether a classification is answered: not null, not "", not a list of only such values."""
    if not isinstance(value, list):
        return value is not None and value != ""
    waiting = list(value)
    for entry in waiting:
        if isinstance(entry, list):
            waiting += entry
        elif entry is not None and entry != "":
            return True
    return False
