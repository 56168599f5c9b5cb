"""How many tasks leave a Logic stage through each output: certain, expected, interval, drawn.

Random rules do not look at a task, so a task's way depends only on which rule would take it for
certain. Tasks with the same such rule share all their probabilities, and every count below is an
exact sum of binomials; nothing is simulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from core.model.dialect import Dialect
from core.model.figures import counted, group_labels, percent, share_labels
from core.model.names import Names
from core.model.rules import Rule, RuleNumber, Unknown
from core.model.stages import Logic
from core.routing.engine.binomial import interval
from core.routing.engine.chances import Flags, by_any, probabilities, reach
from core.routing.engine.evaluate import Matcher, first_match
from core.routing.engine.shape import by_fate
from core.routing.sentence import ELSE, sentence
from core.rule_types.registry import chance_of
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import Floats


@dataclass(frozen=True, slots=True)
class Count:
    """The distribution of a number of tasks, in short.

    Args:
        certain: Tasks that go there whatever the draws.
        expected: Mean of the count.
        low: Lower end of the exact central 95 % interval.
        high: Upper end.
        drawn: The count in the draw of the seed.
        share: Expected count over all tasks looked at, from 0 to 1.
        uncertain: A rule that cannot be simulated may take some, or send some here.
    """

    certain: int
    expected: float
    low: int
    high: int
    drawn: int
    share: float
    uncertain: bool = False

    @property
    def exact(self) -> bool:
        """Whether neither chance nor a rule that cannot be simulated plays a part."""
        return not self.uncertain and self.low == self.high == self.certain


@dataclass(frozen=True, slots=True)
class Output:
    """One output of the stage; the last is Else.

    Args:
        position: From 0, top to bottom, among the rules that take part.
        number: Place of the rule from 1, switched-off ones counted; None for Else.
        rule_id: Stable id of the rule, "" for Else: no rule has that, and one may have any other.
        type: Ango Hub's name of the rule's type, or "Else".
        sentence: The rule in words.
        target: Stage id behind the output, None when it is not wired.
        count: How many tasks.
        chance: Of a random rule, the chance at which it takes a task that gets there; else None.
        reaching: Expected tasks that get there, past all outputs above.
    """

    position: int
    number: RuleNumber | None
    rule_id: str
    type: str
    sentence: str
    target: str | None
    count: Count
    chance: float | None = None
    reaching: float = 0.0


@dataclass(frozen=True, slots=True)
class Split:
    """What a Logic stage does with a set of tasks.

    Args:
        tasks: How many tasks are looked at.
        seed: Seed of the draw.
        outputs: Top to bottom, Else last.
        stages: (stage id or None, count) per distinct target, in order of appearance.
    """

    tasks: int
    seed: int
    outputs: tuple[Output, ...]
    stages: tuple[tuple[str | None, Count], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Share of each output, `33.4%`; as they are shown they add up to 100 %."""
        return share_labels([output.count.share for output in self.outputs])

    @property
    def bases(self) -> tuple[str, ...]:
        """What each random rule's percentage is of, "" for the others.

        `30 % of the 2,325 that get here = 13.9 % of all`.
        """
        return tuple(
            ""
            if output.chance is None
            else f"{percent(output.chance)} of the {counted(output.reaching)} that get here"
            f" = {label} of all"
            for output, label in zip(self.outputs, self.labels, strict=True)
        )

    @property
    def stage_labels(self) -> tuple[str, ...]:
        """The same per stage: what the labels of the outputs that lead there make together."""
        members = [
            [place for place, output in enumerate(self.outputs) if output.target == target]
            for target, _ in self.stages
        ]
        return group_labels([output.count.share for output in self.outputs], members)


def split(matcher: Matcher, stage: Logic, within: Bits, names: Names, seed: int = 0) -> Split:
    """Split the tasks of a table.

    Args:
        matcher: The facts, with remembered answers.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        names: For the sentences.
        seed: Seed of the drawn realisation.
    """
    rules = stage.active
    fates = by_fate(matcher, stage, within)
    taken = first_match([matcher.drawn(rule, seed) for rule in rules], within)
    return split_of_counts(
        [bits.count(won) for won in fates],
        [bits.count(won) for won in taken],
        stage,
        matcher.facts.dialect,
        names,
        seed,
    )


def split_of_counts(
    fates: Sequence[int],
    drawn: Sequence[int],
    stage: Logic,
    dialect: Dialect,
    names: Names,
    seed: int = 0,
) -> Split:
    """Split tasks that were counted, whoever counted them.

    Args:
        fates: Tasks by the rule that takes them for certain, 100 % at random included; last Else.
        drawn: Tasks by output in the draw of the seed; last Else.
        stage: As of `split`.
        dialect: The readings in force.
        names: For the sentences.
        seed: Of the draw.
    """
    rules, tasks = stage.active, sum(fates)
    count = partial(_count, fates, probabilities(rules, dialect), reach(rules, dialect), tasks)
    targets = stage.targets
    doubtful = _first_unknown(rules)
    numbers = [*stage.numbers, None]
    counts = [count([i], drawn[i], i >= doubtful) for i in range(len(targets))]
    chances = [*(chance_of(rule.condition, dialect) for rule in rules), None]
    outputs = tuple(
        Output(
            position=position,
            number=numbers[position],
            rule_id=rules[position].id if position < len(rules) else "",
            type=rules[position].type if position < len(rules) else "Else",
            sentence=sentence(rules[position].condition, names, dialect)
            if position < len(rules)
            else ELSE,
            target=targets[position],
            count=counts[position],
            chance=chances[position],
            reaching=max(0.0, tasks - sum(above.expected for above in counts[:position])),
        )
        for position in range(len(targets))
    )
    stages = []
    for target in dict.fromkeys(targets):
        members = [i for i, other in enumerate(targets) if other == target]
        all_drawn = sum(drawn[i] for i in members)
        stages.append((target, count(members, all_drawn, max(members) >= doubtful)))
    return Split(tasks, seed, outputs, tuple(stages))


def _first_unknown(rules: Sequence[Rule]) -> int:
    unknown = (i for i, rule in enumerate(rules) if isinstance(rule.condition, Unknown))
    return next(unknown, len(rules) + 1)


def _count(
    fates: Sequence[int],
    ways: Floats,
    may: Flags,
    tasks: int,
    members: list[int],
    drawn: int,
    uncertain: bool,
) -> Count:
    """Tasks that leave through any of some outputs."""
    chances, sure = by_any(members, ways, may)
    groups = [(n, float(p)) for n, p in zip(fates, chances, strict=True) if n]
    certain = sum(n for n, s in zip(fates, sure.tolist(), strict=True) if s)
    expected = float(sum(n * p for n, p in groups))
    low, high = interval([(n, p) for n, p in groups if p > 0])
    share = expected / tasks if tasks else 0.0
    return Count(certain, expected, low, high, drawn, share, uncertain)
