"""Annotator: any of some people has annotated the task."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.phrases import joined
from core.model.project import Project
from core.model.rules import Condition, Note
from core.rule_types.asked import Asked, any_of
from core.rule_types.base import Fact, Json, RuleType, remark, texts
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.table import person_key
from core.tasks.task_facts import TaskFacts


@dataclass(frozen=True, slots=True)
class Annotator(Condition):
    """Matches when any of these people annotated the task; nobody listed matches none."""

    people: tuple[str, ...] = ()
    kind: ClassVar[str] = "Annotator"


class AnnotatorRule(RuleType[Annotator]):
    """Its meaning, spelling and words; who annotated is a matter of the dialect."""

    of = Annotator
    label = "Annotator"
    facts: ClassVar[frozenset[Fact]] = frozenset({"annotators"})

    def read(self, value: Json, notes: list[Note]) -> Annotator:
        """A list of addresses."""
        return Annotator(texts(value, "people"))

    def write(self, condition: Annotator, absent: str, before: Json) -> Json:
        """A list of addresses."""
        return list(condition.people)

    def sentence(self, condition: Annotator, names: Names, dialect: Dialect) -> str:
        """`annotated by a@b.c or d@e.f`."""
        chosen = [names.of_person(person.strip()) for person in condition.people]
        return f"annotated by {joined(chosen, 'or')}" if chosen else "annotated by nobody listed"

    def matching(self, condition: Annotator, facts: Facts) -> Bits:
        """Addresses are compared whatever their case."""
        keys = map(person_key, condition.people)
        return bits.union((facts.people.get(key) for key in keys), facts.tasks)

    def because(self, condition: Annotator, task: TaskFacts, facts: Facts, names: Names) -> str:
        """Who annotated it, of those that are asked for where there are any."""
        wanted = {person_key(person) for person in condition.people}
        hits = [person for person in task.annotators if person_key(person) in wanted]
        who = ", ".join(map(names.of_person, hits or task.annotators))
        return f"annotated by {who}" if who else "nobody is known to have annotated it"

    def asked(self, condition: Annotator, dialect: Dialect, project: Project | None) -> Asked:
        """Any of the people."""
        return any_of("people", map(person_key, condition.people))

    def normal(self, condition: Annotator, dialect: Dialect) -> Hashable:
        """The people, in any order and case."""
        return frozenset(person.strip().casefold() for person in condition.people)

    def new(self, dialect: Dialect, names: Names) -> Annotator:
        """The first of the project's people."""
        return Annotator(tuple(names.people[:1]))

    def named(self, condition: Annotator) -> tuple[str, ...]:
        """Addresses."""
        return condition.people

    def matches_none(self, condition: Annotator) -> bool:
        """Nobody is listed."""
        return not condition.people

    def remarks(
        self, condition: Annotator, names: Names, dialect: Dialect, project: Project | None
    ) -> Iterator[RuleDiagnostic]:
        """People who are not of the project."""
        if not condition.people:
            yield remark(
                "rule.empty",
                "warning",
                "Nobody is chosen, so no task matches.",
                "Choose at least one annotator.",
            )
        if project is None or project.people is None:
            return
        known = {person_key(person.email) for person in project.people}
        for person in condition.people:
            if person_key(person) not in known:
                name = names.of_person(person.strip()) if person.strip() else "A blank name"
                yield remark(
                    "person.unknown",
                    "error",
                    f"{name} is not assigned to the project.",
                    "Choose one of the project's people.",
                )
