"""Logic stages that review each group at its own chance, out of rules that cannot say both at once.

A rule asks for a group or draws, never both. So rules alternate: a draw lets a part of all tasks
go on unreviewed, then those of the groups with the highest share go to review, then a further draw,
then the groups with the next share, and so on: what gets past the draws up to a group is its share.
Tasks of no group, those of people who come later among them, are last; where there is none yet,
they get the smallest share. Where they are to have a larger share than the last group, a stage
before this one parts them from all others, and draws for them by itself. A task of several groups
has the largest of their shares, since the first rule that matches takes it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from math import floor
from typing import Protocol

from core.ango_json.stages import write_stages
from core.ango_json.text import Json
from core.errors import InputError
from core.flow.graph import Graph, graph_of
from core.model.dialect import Dialect
from core.model.project import Project
from core.model.rules import Condition, Rule, fresh_id
from core.model.stages import Logic, Review
from core.routing.edit import CHANCE_DIGITS, set_chances
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.rule_types.random_sample import RandomSample

BUDGET, QUOTAS = "Review budget", "Review quotas"
"""What the stages are called."""
_SAME = 1e-9
"""Shares that are nearer to each other count as equal."""


class ReviewGroup(Protocol):
    """Tasks that are to be reviewed with one chance."""

    @property
    def condition(self) -> Condition | None:
        """What a rule asks to find them; None for those that no group has."""


class ReviewSpread(Protocol):
    """Groups, and the chance of review of each group's tasks."""

    @property
    def groups(self) -> Sequence[ReviewGroup]:
        """The groups; at most one of them has no condition."""

    @property
    def shares(self) -> Sequence[float]:
        """Their shares, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class ReviewStages:
    """The stages, in the order in which a task gets to them.

    Args:
        stages: One Logic stage, or two in a row.
        shares: What each group gets by their rules.
        review: Id of the stage that reviews.
        done: Where tasks go that are not reviewed, None where that is not wired.
    """

    stages: tuple[Logic, ...]
    shares: tuple[float, ...]
    review: str
    done: str | None

    def written(self) -> list[Json]:
        """As Ango JSON."""
        return write_stages(self.stages)


def review_stage(project: Project | None, named: str | None = None) -> tuple[Review, str | None]:
    """The stage that reviews, and where accepted tasks go: the first that tasks get to.

    Args:
        project: With its workflow.
        named: Id or name of another one.

    Raises:
        InputError: There is none.
    """
    graph: Graph = graph_of(project.stages if project else None)
    places = [graph.find(named)] if named is not None else sorted(graph.reached)
    for place in places:
        stage = None if place is None else graph.stages[place]
        if isinstance(stage, Review):
            return stage, stage.next[0] if stage.next else None
    what = f"“{named}” is no Review stage." if named else "the workflow has no Review stage."
    raise InputError("--project", what, "Tasks that are drawn need a stage that reviews.")


def stages_of(
    spread: ReviewSpread,
    project: Project | None,
    dialect: Dialect,
    whole: bool = False,
    review: str | None = None,
    *,
    name: str = BUDGET,
    up: bool = False,
) -> ReviewStages:
    """Make the stages.

    Args:
        spread: The groups and their shares.
        project: With its workflow, for the stages behind and free ids.
        dialect: The scale of percentages.
        whole: Whether every percentage of a rule is a whole one; then shares are rounded.
        review: As of `review_stage`.
        name: Of the stages.
        up: Whether no group may get less than its share, however that is written.

    Raises:
        InputError: As of `review_stage`.
    """
    stage, done = review_stage(project, review)
    groups, shares = spread.groups, spread.shares
    levels = _levels(spread)
    rest = next((p for p, group in enumerate(groups) if group.condition is None), None)
    last = levels[-1][0] if levels else 0.0
    apart = rest is not None and bool(levels) and shares[rest] > last + _SAME
    ids = _free_ids(project, name, 2 if apart else 1)
    given = list(shares)
    ladder = _Ladder(whole, up, stage.id, done)
    end = last if rest is None or apart else shares[rest]
    for share, places in levels:
        conditions = [] if abs(share - end) <= _SAME else _conditions(spread, places)
        given_here = ladder.level(conditions, share)
        for place in places:
            given[place] = given_here
    left = ladder.rest(end, levels != [] and abs(last - end) <= _SAME)
    if rest is not None and not apart:
        given[rest] = left
    stages = [ladder.stage(ids[-1], name if not apart else f"{name}, by group", dialect)]
    if apart and rest is not None:
        first = _Ladder(whole, up, stage.id, done)
        everybody = [place for _, places in levels for place in places]
        first.pass_on(_conditions(spread, everybody), ids[-1])
        given[rest] = first.rest(shares[rest])
        stages.insert(0, first.stage(ids[0], name, dialect))
    return ReviewStages(tuple(stages), tuple(given), stage.id, done)


def drawn_again(
    project: Project | None, made: ReviewStages, at: str | None = None
) -> tuple[str, ...]:
    """Says so where tasks that are done can come again, so that shares hold for visits only.

    A task that the review rejects comes again, too, but it was drawn already.

    Args:
        project: With its workflow.
        made: The stages.
        at: Id of the Logic stage whose place they take; without it they stand before the review.
    """
    graph = graph_of(project.stages if project else None)
    begin = None if made.done is None else graph.find_id(made.done)
    behind = frozenset[int]() if begin is None else graph.reached_from(begin)
    places = [None if at is None else graph.find_id(at), graph.find_id(made.review)]
    again = next((place for place in places if place in behind), None)
    if begin is None or again is None:
        return ()
    names = [graph.stages[place].name for place in (begin, again)]
    way = f"go to “{names[0]}” and can get to “{names[1]}” again"
    way = f"go back to “{names[1]}”" if begin == again else way
    return (
        f"Tasks that the review accepts or that are not drawn {way}: the percentages are those of "
        "a visit, and of all tasks more are reviewed.",
    )


def _levels(spread: ReviewSpread) -> list[tuple[float, list[int]]]:
    """Groups that rules can ask for, by their share, the highest first."""
    levels: list[tuple[float, list[int]]] = []
    named = [place for place, group in enumerate(spread.groups) if group.condition is not None]
    for place in sorted(named, key=lambda place: -spread.shares[place]):
        share = spread.shares[place]
        if levels and levels[-1][0] - share <= _SAME:
            levels[-1][1].append(place)
        else:
            levels.append((share, [place]))
    return levels


def _conditions(spread: ReviewSpread, places: Sequence[int]) -> list[Condition]:
    """As few conditions as ask for any of some groups."""
    each = [one for place in places if (one := spread.groups[place].condition) is not None]
    people = [name for one in each if isinstance(one, Annotator) for name in one.people]
    batches = [name for one in each if isinstance(one, Batch) for name in one.batches]
    together = [Annotator(tuple(people))] if people else []
    others = [one for one in each if not isinstance(one, Annotator | Batch)]
    return [*together, *([Batch(tuple(batches))] if batches else []), *others]


def in_place_of(made: Logic, stage: Logic, taken: Set[str] = frozenset()) -> Logic:
    """The rules of a stage that was made, in a stage of the project.

    Args:
        made: One of `ReviewStages.stages`.
        stage: Keeps its id, its name and its place.
        taken: Ids of rules that none of the new ones may have, since they are others.
    """
    ids, rules = set(taken), []
    for rule in made.rules:
        rules.append(replace(rule, id=fresh_id(rule.condition.kind, ids)))
        ids.add(rules[-1].id)
    return replace(stage, rules=tuple(rules), otherwise=made.otherwise)


class _Ladder:
    """Rules that are added from the top; draws let go what is not to be reviewed."""

    def __init__(self, whole: bool, up: bool, review: str, done: str | None) -> None:
        self.rules: list[tuple[Condition | float, str | None]] = []
        self._whole, self._up, self._review, self._done = whole, up, review, done
        self._left = 1.0
        self._otherwise = done

    def level(self, conditions: Sequence[Condition], share: float) -> float:
        """Add groups with at most the share of those before; returns what they get.

        Without a condition they are left for the end.
        """
        if share <= 0:
            self.pass_on(conditions, self._done)
            return 0.0
        self._draw(share)
        self.pass_on(conditions, self._review)
        return self._left

    def pass_on(self, conditions: Sequence[Condition], target: str | None) -> None:
        """Send whatever they ask for somewhere."""
        self.rules += [(condition, target) for condition in conditions]

    def rest(self, share: float, drawn: bool = False) -> float:
        """End with all others; returns what they get.

        Args:
            share: Chance of review.
            drawn: Whether those before have the same, so that no further draw is needed.
        """
        if share <= 0:
            return 0.0
        if not drawn:
            self._draw(share)
        self._otherwise = self._review
        return self._left

    def _draw(self, share: float) -> None:
        skipped = max(0.0, 1 - share / self._left)
        if self._up:  # what is let go is rounded down, so that no share is below what was asked
            steps = 100 if self._whole else 10**CHANCE_DIGITS
            skipped = floor(steps * skipped + _SAME) / steps
        elif self._whole:
            skipped = min(0.99, round(100 * skipped) / 100)
        if skipped > _SAME:
            self.rules.append((skipped, self._done))
            self._left *= 1 - skipped

    def stage(self, stage_id: str, name: str, dialect: Dialect) -> Logic:
        """The rules as a stage."""
        rules: list[Rule] = []
        chances: dict[str, float] = {}
        taken: set[str] = set()
        for asked, target in self.rules:
            condition = RandomSample() if isinstance(asked, float) else asked
            rule = Rule(fresh_id(condition.kind, taken), condition, target)
            taken.add(rule.id)
            rules.append(rule)
            if isinstance(asked, float):
                chances[rule.id] = asked
        logic = Logic(id=stage_id, name=name, rules=tuple(rules), otherwise=self._otherwise)
        return set_chances(logic, chances, dialect)


def _free_ids(project: Project | None, name: str, many: int) -> list[str]:
    taken = {stage.id for stage in (project.stages if project else None) or ()}
    stem, number = name.lower().replace(" ", "-"), 0
    ids: list[str] = []
    while len(ids) < many:
        one = f"{stem}-{number}" if number else stem
        if one not in taken:
            ids.append(one)
        number += 1
    return ids
