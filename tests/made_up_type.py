"""A rule type that Ango Hub does not have, added by this module and one line in a table."""

from dataclasses import dataclass
from math import nextafter

from core.model.phrases import duration_text
from core.model.rules import Condition, Malformed
from core.rule_types.asked import NEVER, Span
from core.rule_types.base import RuleType, number, remark, written_number
from core.tasks import bits


@dataclass(frozen=True, slots=True)
class Quick(Condition):
    """Matches tasks of known duration that took less than so much, in the dialect's unit."""

    below: float
    kind = "Quick"


class QuickRule(RuleType[Quick]):
    of = Quick
    label = "Quick task"
    facts = frozenset({"duration"})

    def read(self, value, notes):
        below = number(value, "value", notes)
        return Malformed("Quick", "the limit is not a number") if below is None else Quick(below)

    def write(self, condition, absent, before):
        return written_number(condition.below)

    def sentence(self, condition, names, dialect):
        return f"took less than {duration_text(dialect.milliseconds(condition.below))}"

    def matching(self, condition, facts):
        return bits.pack(facts.duration < facts.dialect.milliseconds(condition.below))

    def because(self, condition, task, facts, names):
        took = task.duration_ms
        return "its duration is not known" if took is None else f"took {duration_text(took)}"

    def asked(self, condition, dialect, project):
        most = dialect.milliseconds(condition.below)
        return Span(0.0, nextafter(most, 0.0)) if most > 0 else NEVER

    def normal(self, condition, dialect):
        return condition.below

    def new(self, dialect, names):
        return Quick(60_000)

    def remarks(self, condition, names, dialect, project):
        if condition.below <= 0:
            yield remark("quick.empty", "warning", "No task is so quick.", "Raise the limit.")
