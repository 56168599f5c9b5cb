"""What an output may get, whatever the unknown facts of tasks are: the least and the most.

Facts do not bind each other, and tasks do not either. So each task of which the duration, the
annotations or the annotators are not known is taken by itself: the rules that do not ask for this
fact say where it goes at the latest, `engine.possible` says which others could take it before, and
of these ways one gives the output most and one gives it least.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from core.model import names as naming
from core.model.figures import counted
from core.model.phrases import duration_text, joined
from core.model.stages import Logic
from core.routing.engine.chances import probabilities
from core.routing.engine.evaluate import Matcher, first_match
from core.routing.engine.hypothetical import Supposed
from core.routing.engine.possible import asked, one_annotator, possible
from core.rule_types.asked import Asked, Span
from core.rule_types.base import Fact
from core.rule_types.registry import type_of
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts


@dataclass(frozen=True, slots=True)
class Unknowns:
    """One fact that is not known of some tasks.

    Args:
        what: With the number of tasks: `Unknown durations of 30 tasks`.
        low: Expected tasks of the output where these facts give it least.
        low_at: Facts that do so.
        high: Where they give it most.
        high_at: Facts that do so.
    """

    what: str
    low: float
    low_at: str
    high: float
    high_at: str


def unknowns(
    matcher: Matcher, stage: Logic, within: Bits, output: int, names: naming.Names
) -> Iterator[Unknowns]:
    """Every fact that a rule asks for and that is not known of some tasks.

    Args:
        matcher: The facts.
        stage: Its switched-off rules take no part.
        within: The tasks looked at.
        output: Position of the output; the last is Else.
        names: For classes.
    """
    facts = matcher.facts
    for fact, title, blank in _blanks(facts):
        blank = blank & within
        many = bits.count(blank)
        if many and any(fact in type_of(rule.condition).facts for rule in stage.active):
            extremes = _Extremes(matcher, stage, within, blank, fact, output)
            what = f"{title} of {counted(many)} task{'' if many == 1 else 's'}"
            low, high = extremes.end(-1), extremes.end(1)
            yield Unknowns(
                what, low[0], _words(low[1], fact, names), high[0], _words(high[1], fact, names)
            )


def _blanks(facts: Facts) -> Iterator[tuple[Fact, str, Bits]]:
    """The tasks of which each fact is not known."""
    yield "duration", "Unknown durations", bits.pack(np.isnan(facts.duration))
    if facts.answered is not None:
        yield "classes", "Annotations not loaded", ~facts.answered
    somebody = bits.nothing(facts.tasks)
    for members in facts.people.values():
        somebody |= members
    yield "annotators", "Unknown annotators", ~somebody


class _Extremes:
    """Ways of the tasks with one unknown fact."""

    def __init__(
        self,
        matcher: Matcher,
        stage: Logic,
        within: Bits,
        blank: Bits,
        fact: Fact,
        output: int,
    ) -> None:
        facts, rules = matcher.facts, stage.active
        self.gets = probabilities(rules, facts.dialect)[:, output].tolist()
        sets = [matcher.matching(rule.condition) for rule in rules]
        known = first_match(sets, within & ~blank)
        self.rest = sum(bits.count(won) * p for won, p in zip(known, self.gets, strict=True))
        self.alone = one_annotator(facts.dialect)
        self.asks = {
            place: asked(rule.condition, facts.dialect, facts.project)
            for place, rule in enumerate(rules)
            if fact in type_of(rule.condition).facts
        }
        nothing = bits.nothing(facts.tasks)
        others = [nothing if place in self.asks else one for place, one in enumerate(sets)]
        latest = first_match(others, blank)
        self.groups = [
            (bits.count(won), self._ways(place, fact))
            for place, won in enumerate(latest)
            if won.any()
        ]

    def _ways(self, latest: int, fact: Fact) -> list[tuple[float, Supposed | None]]:
        """What the output gets of a task, by each rule that may take it, and a task that it would.

        Where nobody can tell whether there is such a task, there may be.
        """
        above = [place for place in self.asks if place < latest]
        known: tuple[Asked, ...] = (Span(0.0, inf),) if fact == "duration" else ()
        ways = []
        for place in (*above, latest):
            missed = tuple(self.asks[other] for other in above if other < place)
            matched = (*known, self.asks[place]) if place in above else known
            answer = possible(matched, missed, self.alone)
            if answer.task is not None or not answer.known:
                ways.append((self.gets[place], answer.task))
        return ways

    def end(self, sign: int) -> tuple[float, list[Supposed | None]]:
        """Expected tasks of the output at one end, and the tasks that decide."""
        total, witnesses = self.rest, []
        for many, ways in self.groups:
            best = max(ways, key=lambda way: sign * way[0])
            total += many * best[0]
            if len({gets for gets, _ in ways}) > 1:
                witnesses.append(best[1])
        return total, witnesses


def _words(tasks: list[Supposed | None], fact: Fact, names: naming.Names) -> str:
    """The facts that decide, where they are the same for all; else that they differ."""
    shown = {None if task is None else _fact(task, fact, names) for task in tasks}
    one = shown.pop() if len(shown) == 1 else None
    return one or "whatever gives it"


def _fact(task: Supposed, fact: Fact, names: naming.Names) -> str:
    if fact == "duration":
        return f"all took {duration_text(task.duration_ms or 0.0)}"
    if fact == "annotators":
        people = sorted(map(names.of_person, task.people))
        return f"all by {joined(people, 'and')}" if people else "by nobody listed"
    classes = sorted(names.of_class(name) for name in task.classes or ())
    return f"all have {joined(classes, 'and')}" if classes else "none has a class"
