"""Annotation type: classes that a task must have, and such that it must not have."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import DIALECT_WORDS, Dialect
from core.model.names import Names
from core.model.phrases import joined
from core.model.project import Project
from core.model.rules import Condition, Note
from core.rule_types.asked import NEVER, Asked, Classes
from core.rule_types.base import Fact, Json, NotDefined, RuleType, remark
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.task_facts import TaskFacts

NEGATIVE_WORDS = ("notExists", "not exists", "not-exists", "not_exists", "doesNotExist")
"""Spellings of "the class is absent" that are read alike; Ango Hub's own is not public."""

NESTED = (
    f"Change “{DIALECT_WORDS['nested'][0]}” above a page (--dialect nested=on) if your Ango Hub "
    "counts them."
)
"""Where people say whether nested answers count."""


@dataclass(frozen=True, slots=True)
class ClassFilter:
    """A class that a task must have (`present`) or must not have."""

    schema_id: str
    present: bool = True


@dataclass(frozen=True, slots=True)
class AnnotationType(Condition):
    """Matches when every filter holds; no filter at all matches every task."""

    filters: tuple[ClassFilter, ...] = ()
    kind: ClassVar[str] = "AnnotationType"


class AnnotationTypeRule(RuleType[AnnotationType]):
    """Its meaning, spelling and words."""

    of = AnnotationType
    label = "Annotation type"
    facts: ClassVar[frozenset[Fact]] = frozenset({"classes"})

    def read(self, value: Json, notes: list[Note]) -> AnnotationType:
        """`{"tools": [{"schemaId": …, "filter": ["exists"]}]}`."""
        if not isinstance(value, dict) or not isinstance(value.get("tools"), list):
            raise NotDefined("its value has no list of tools")
        extra = sorted(set(value) - {"tools"})
        if extra:
            raise NotDefined(f'the key "{extra[0]}" of its value has no known meaning')
        return AnnotationType(tuple(f for entry in value["tools"] for f in _filters_of(entry)))

    def write(self, condition: AnnotationType, absent: str, before: Json) -> Json:
        """One tool per filter; those that stood in `before` are taken from there as they are."""
        known = [(tuple(_filters_of(entry)), entry) for entry in before["tools"]] if before else []
        tools: list[Json] = []
        filters, at = condition.filters, 0
        while at < len(filters):
            tool = next((k for k in known if filters[at : at + len(k[0])] == k[0]), None)
            if tool is None:
                word = "exists" if filters[at].present else absent
                tool = (filters[at],), {"schemaId": filters[at].schema_id, "filter": [word]}
            else:
                known.remove(tool)
            tools.append(tool[1])
            at += len(tool[0])
        return {"tools": tools}

    def sentence(self, condition: AnnotationType, names: Names, dialect: Dialect) -> str:
        """`has Ferry, no Person`."""
        has = [names.of_class(f.schema_id) for f in condition.filters if f.present]
        lacks = [names.of_class(f.schema_id) for f in condition.filters if not f.present]
        parts = [f"has {joined(has, 'and')}"] if has else []
        parts += [f"no {joined(lacks, 'and no')}"] if lacks else []
        return ", ".join(parts) or "any task (no class chosen)"

    def matching(self, condition: AnnotationType, facts: Facts) -> Bits:
        """Of the tasks whose annotations are known."""
        known = facts.answered
        matched = bits.everything(facts.tasks) if known is None else known.copy()
        for wanted in condition.filters:
            has = facts.classes.get(wanted.schema_id)
            if wanted.present:
                matched = matched & has if has is not None else bits.nothing(facts.tasks)
            elif has is not None:
                matched = matched & ~has
        return matched

    def because(
        self, condition: AnnotationType, task: TaskFacts, facts: Facts, names: Names
    ) -> str:
        """`has Ferry, has no Person`."""
        if task.classes is None:
            return "its annotations were not loaded"
        compared = [
            f"{'has' if f.schema_id in task.schema_ids else 'has no'} {names.of_class(f.schema_id)}"
            for f in condition.filters
        ]
        return ", ".join(dict.fromkeys(compared)) or "no class is asked for"

    def asked(self, condition: AnnotationType, dialect: Dialect, project: Project | None) -> Asked:
        """All filters; a class that must be there and must not is not to be had."""
        literals = frozenset((f.schema_id, f.present) for f in condition.filters)
        contradicts = any((schema_id, not wanted) in literals for schema_id, wanted in literals)
        return NEVER if contradicts else Classes(literals)

    def normal(self, condition: AnnotationType, dialect: Dialect) -> Hashable:
        """The filters, in any order."""
        return frozenset(condition.filters)

    def new(self, dialect: Dialect, names: Names) -> AnnotationType:
        """The first class; an empty rule would take every task at once."""
        return AnnotationType(tuple(ClassFilter(s) for s in islice(names.classes, 1)))

    def named(self, condition: AnnotationType) -> tuple[str, ...]:
        """Schema IDs."""
        return tuple(f.schema_id for f in condition.filters)

    def remarks(
        self, condition: AnnotationType, names: Names, dialect: Dialect, project: Project | None
    ) -> Iterator[RuleDiagnostic]:
        """Classes that the project does not have or count, and contradictions."""
        if not condition.filters:
            yield remark(
                "rule.empty",
                "warning",
                "No class is chosen, so every task matches.",
                "Choose a class, or move the rule to the end.",
            )
        schema = project.schema if project else None
        known = {c.schema_id for c in schema.walk()} if schema else None
        top = {c.schema_id for c in schema.top_level} if schema else set()
        for schema_id in dict.fromkeys(self.named(condition)):
            if known is not None and schema_id not in known:
                yield remark(
                    "schema.unknown",
                    "error",
                    f"The project has no class with the schema ID {schema_id}.",
                    "Choose one of the project's classes.",
                )
            elif known is not None and schema_id not in top:
                yield remark(
                    "schema.nested",
                    "note",
                    f"{names.of_class(schema_id)} is a nested classification; it counts only "
                    "where nested ones do.",
                    NESTED,
                )
        has = {f.schema_id for f in condition.filters if f.present}
        lacks = {f.schema_id for f in condition.filters if not f.present}
        for schema_id in sorted(has & lacks):
            title = names.of_class(schema_id)
            yield remark(
                "rule.contradiction",
                "warning",
                f"A task cannot have {title} and not have it, so the rule matches no task.",
                "Remove one of the two.",
            )


def _filters_of(entry: Json) -> list[ClassFilter]:
    if not isinstance(entry, dict) or not isinstance(entry.get("schemaId"), str):
        raise NotDefined("one of its tools has no schemaId")
    extra = sorted(set(entry) - {"schemaId", "filter", "exists"})
    if extra:
        raise NotDefined(f'the key "{extra[0]}" of a tool has no known meaning')
    words = entry.get("filter", [])
    if not isinstance(words, list):
        raise NotDefined("the filter of a tool is not a list")
    if "exists" in entry:
        words = [*words, {"exists": entry["exists"]}]
    if not words:
        raise NotDefined("a tool has no filter")
    return [ClassFilter(entry["schemaId"], _is_present(word)) for word in words]


def _is_present(word: Json) -> bool:
    if isinstance(word, dict) and set(word) == {"exists"} and isinstance(word["exists"], bool):
        return bool(word["exists"])
    if word == "exists":
        return True
    if isinstance(word, str) and word in NEGATIVE_WORDS:
        return False
    raise NotDefined(f"the filter {word!r} has no known meaning")
