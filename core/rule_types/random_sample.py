"""Random sample: each task by a chance of its own."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import DIALECT_WORDS, Dialect
from core.model.figures import percent, whole_number
from core.model.names import Names
from core.model.phrases import as_sentence
from core.model.project import Project
from core.model.rules import Condition, Malformed, Note
from core.rule_types.asked import NEVER, Always, Asked, Sometimes
from core.rule_types.base import Fact, Json, RuleType, number, remark, written_number
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts
from core.tasks.task_facts import TaskFacts

FIRST_CHANCE = 0.2
"""What a new random rule starts with."""

SCALE = f" (“{DIALECT_WORDS['random'][0]}” above a page, or --dialect random=)"
"""Where people say in which scale percentages are read."""


@dataclass(frozen=True, slots=True)
class RandomSample(Condition):
    """Matches each task by an independent chance.

    Args:
        value: As Ango Hub holds it; `Dialect.chance` tells the chance that it means.
    """

    value: float = FIRST_CHANCE
    kind: ClassVar[str] = "RandomSample"


class RandomSampleRule(RuleType[RandomSample]):
    """Its meaning, spelling and words."""

    of = RandomSample
    label = "Random sample"
    facts: ClassVar[frozenset[Fact]] = frozenset({"draw"})

    def read(self, value: Json, notes: list[Note]) -> RandomSample | Malformed:
        """A number from 0 to 100."""
        share = number(value, "value", notes)
        if share is None:
            return Malformed(self.of.kind, "the percentage is not a number")
        if not 0 <= share <= 100:
            reason = f"the percentage {whole_number(share)} is not between 0 and 100"
            return Malformed(self.of.kind, reason)
        return RandomSample(share)

    def write(self, condition: RandomSample, absent: str, before: Json) -> Json:
        """A number."""
        return written_number(condition.value)

    def sentence(self, condition: RandomSample, names: Names, dialect: Dialect) -> str:
        """`20 % at random`."""
        if dialect.is_chance(condition.value):
            return f"{percent(dialect.chance(condition.value))} at random"
        return f"{self.label} that matches nothing: {_no_fraction(condition.value)}"

    def matching(self, condition: RandomSample, facts: Facts) -> Bits:
        """At 100 % every task, else none for certain."""
        whole = facts.dialect.chance(condition.value) >= 1
        return bits.everything(facts.tasks) if whole else bits.nothing(facts.tasks)

    def because(self, condition: RandomSample, task: TaskFacts, facts: Facts, names: Names) -> str:
        """The chance, which is the same for each task."""
        if not facts.dialect.is_chance(condition.value):
            return _no_fraction(condition.value)
        return f"each task passes with {percent(facts.dialect.chance(condition.value))}"

    def asked(self, condition: RandomSample, dialect: Dialect, project: Project | None) -> Asked:
        """Nothing of the task."""
        chance = dialect.chance(condition.value)
        if chance in (0.0, 1.0):
            return Always() if chance else NEVER
        return Sometimes()

    def normal(self, condition: RandomSample, dialect: Dialect) -> Hashable:
        """The chance."""
        if not dialect.is_chance(condition.value):
            return "no chance", condition.value
        return round(dialect.chance(condition.value), 12)

    def new(self, dialect: Dialect, names: Names) -> RandomSample:
        """20 %, as a fraction; `edit.add_new` writes it in the scale of the stage."""
        return RandomSample(FIRST_CHANCE)

    def chance(self, condition: RandomSample, dialect: Dialect) -> float:
        """In the scale that the dialect reads."""
        return dialect.chance(condition.value)

    def remarks(
        self, condition: RandomSample, names: Names, dialect: Dialect, project: Project | None
    ) -> Iterator[RuleDiagnostic]:
        """Values that are no chance in the scale that is read, or that take all or nothing."""
        if not dialect.is_chance(condition.value):
            yield remark(
                "value.malformed",
                "error",
                f"{as_sentence(_no_fraction(condition.value))}; the rule matches no task.",
                f"Correct the value, or say that it is percent{SCALE}.",
            )
            return
        chance = dialect.chance(condition.value)
        if condition.value == 1 and dialect.random == "auto":
            yield remark(
                "random.doubtful",
                "warning",
                "The value 1 is read as 100 %; Ango Hub may mean 1 %.",
                "Write 0.01 for 1 %, or 100 for 100 %.",
            )
        if chance == 0:
            yield remark(
                "random.zero",
                "warning",
                "0 % matches no task.",
                "Raise the percentage, or switch the rule off.",
            )
        if chance == 1:
            yield remark(
                "rule.always",
                "warning",
                "100 % takes every task that gets here.",
                "Lower the percentage, or leave this to Else.",
            )


def _no_fraction(value: float) -> str:
    """Why a value is no chance where values are read as fractions."""
    return f"the percentage {whole_number(value)} is not a fraction from 0 to 1"
