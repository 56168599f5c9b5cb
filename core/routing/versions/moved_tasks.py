"""The tasks that go elsewhere between two versions of a stage: which, why, and who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model.names import Names
from core.model.rules import Rule, RuleNumber
from core.routing.explain.trace import compared_values
from core.routing.sentence import rule_text, rule_title, sentence
from core.routing.versions.compare import Comparison, Side, moving_chances
from core.rule_types.registry import type_of
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import TaskTable
from core.tasks.task_facts import TaskFacts, task_facts


@dataclass(frozen=True, slots=True)
class Move:
    """One task that the draw of the seed sends elsewhere.

    Args:
        task: Task id.
        external_id: Asset's external id, "" when it has none.
        before: Position of the output that it left through.
        after: Position of the output that it leaves through now.
        because: What changed its way, as a sentence.
    """

    task: str
    external_id: str
    before: int
    after: int
    because: str


@dataclass(frozen=True, slots=True)
class MovedGroup:
    """How many tasks of a group move.

    Args:
        name: Of the batch, class, annotator or band.
        tasks: Its tasks among those looked at.
        certain: Those that move whatever the draws.
        expected: Sum of their chances to move.
    """

    name: str
    tasks: int
    certain: int
    expected: float


def moves(
    table: TaskTable, before: Side, after: Side, rows: Sequence[int], names: Names, seed: int
) -> tuple[Move, ...]:
    """What changed the way of these tasks in the draw of the seed.

    Args:
        table: The tasks.
        before: The first version.
        after: The second.
        rows: Positions of tasks in the table.
        names: For the sentences.
        seed: Of the draw.
    """
    everything = bits.everything(len(table))
    old, new = before.drawn(everything, seed), after.drawn(everything, seed)
    listed = []
    for row in rows:
        left, leaves = (_output(taken, row) for taken in (old, new))
        task = task_facts(table, before.matcher.facts, row, names)
        task_now = task_facts(table, after.matcher.facts, row, names)
        because = _Reason(before, after, task, task_now, names).of(left, leaves)
        listed.append(Move(task.task, task.external_id, left, leaves, because))
    return tuple(listed)


def moved_groups(
    before: Side,
    after: Side,
    comparison: Comparison,
    within: Bits,
    groups: Mapping[str, Bits],
) -> tuple[MovedGroup, ...]:
    """Who moves: one line per group in which a task may, most expected first."""
    chances = moving_chances(before, after, comparison, within)
    moved = []
    for name, members in groups.items():
        counts = [(bits.count(moving & members), chance, sure) for chance, sure, moving in chances]
        certain = sum(n for n, _, sure in counts if sure)
        expected = sum(n * chance for n, chance, _ in counts)
        if expected:
            moved.append(MovedGroup(name, bits.count(members & within), certain, expected))
    return tuple(sorted(moved, key=lambda group: (-group.expected, group.name)))


def _output(taken: Sequence[Bits], row: int) -> int:
    return next(place for place, members in enumerate(taken) if bits.has(members, row))


class _Reason:
    """Says which change sent a task from one output to another."""

    def __init__(
        self, before: Side, after: Side, task: TaskFacts, task_now: TaskFacts, names: Names
    ) -> None:
        self.before, self.after, self.names = before, after, names
        self.task, self.task_now = task, task_now
        self.old = {rule.id: place for place, rule in enumerate(before.rules)}
        self.new = {rule.id: place for place, rule in enumerate(after.rules)}

    def of(self, left: int, leaves: int) -> str:
        """The reason for one pair of outputs."""
        source = self.before.rules[left] if left < len(self.before.rules) else None
        taker = self.after.rules[leaves] if leaves < len(self.after.rules) else None
        if source is taker is None or (source and taker and source.id == taker.id):
            of_stage = self.names.of_stage
            was, now = of_stage(self.before.targets[left]), of_stage(self.after.targets[leaves])
            return f"{self._place(leaves).capitalize()} now leads to {now} instead of {was}."
        there = self.new.get(source.id, -1) if source else len(self.after.rules)
        if source is not None and there < 0:
            return f"{self._lost(left)}, so {self._taken_by(taker, leaves)}."
        if source is not None and there < leaves:
            return f"{self._edited(source.id)}, so {self._taken_by(taker, leaves)}."
        assert taker is not None  # Else stands last, so it cannot come first
        if taker.id not in self.old:
            return f"New {rule_text(self._number(leaves))} takes it: {self._asks(taker, True)}."
        if self.old[taker.id] < left:
            return f"{self._edited(taker.id)}, so it takes the task."
        above = self._place(there) if source else "Else"
        return f"{self._place(leaves).capitalize()} now stands above {above} and takes it."

    def _edited(self, rule: str) -> str:
        """A rule whose answer changed: because of its value, or of how the facts are read."""
        old, new = self.before.rules[self.old[rule]], self.after.rules[self.new[rule]]
        was, now = self._asks(old, False), self._asks(new, True)
        place = rule_title(self._number(self.new[rule]))
        compared = self._compared(new, True)
        if was != now:
            return f"{place} was “{was}”, now “{now}”{compared}"
        return f"{place}, “{now}”, reads other facts{self._compared(old, False)}, now{compared}"

    def _compared(self, rule: Rule, now: bool) -> str:
        if "draw" in type_of(rule.condition).facts:
            return ""
        side, task = (self.after, self.task_now) if now else (self.before, self.task)
        return f" ({compared_values(rule.condition, task, side.matcher.facts, self.names)})"

    def _asks(self, rule: Rule, now: bool) -> str:
        dialect = (self.after if now else self.before).matcher.facts.dialect
        return sentence(rule.condition, self.names, dialect)

    def _taken_by(self, taker: Rule | None, leaves: int) -> str:
        if taker is None:
            return "nothing takes it"
        return f"{rule_text(self._number(leaves))} takes it: {self._asks(taker, True)}"

    def _lost(self, left: int) -> str:
        """A rule that no longer takes part."""
        rule, number = self.before.rules[left], self.before.stage.numbers[left]
        exists = any(other.id == rule.id for other in self.after.stage.rules)
        what = "is switched off" if exists else "is gone"
        return f"Earlier {rule_text(number)}, “{self._asks(rule, False)}”, {what}"

    def _number(self, place: int) -> RuleNumber:
        return self.after.stage.numbers[place]

    def _place(self, place: int) -> str:
        return rule_text(self._number(place)) if place < len(self.after.rules) else "Else"
