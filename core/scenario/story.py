"""One scenario for a meeting: levers, large numbers against a baseline, assumptions in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.errors import InputError
from core.model.dialect import FINAL
from core.model.figures import counted
from core.model.phrases import as_sentence
from core.model.stages import Logic
from core.routing.dialect_text import at_words, missing
from core.scenario.cost import (
    Costing,
    LookCount,
    StoryCost,
    cost_assumptions,
    costing,
    look_count,
)
from core.scenario.lever_table import LeverTable, lever_table
from core.scenario.lever_texts import GONE, lever_of, lever_value
from core.scenario.levers import (
    COST_KINDS,
    MOST_LEVERS,
    Lever,
    Placed,
    edited,
    place,
    propose,
    within_limit,
)
from core.workspace import Workspace

LARGE = 4
"""Numbers that are shown large."""

MOST_NOTES = 4_000
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Story:
    """What is kept of a story.

    Args:
        levers: At most four of rules and tasks, and one of each kind of costs.
        notes: For the presenter alone.
    """

    levers: tuple[Lever, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class StageNumber:
    """One target stage.

    Args:
        stage: Its id, None for outputs that are not wired.
        name: As people call it.
        before: Expected tasks in the baseline.
        expected: Expected tasks where the levers stand.
        large: Whether it is one of the large numbers.
    """

    stage: str | None
    name: str
    before: float
    expected: float
    large: bool


@dataclass(frozen=True, eq=False)
class Board:
    """All that a story shows.

    Args:
        tasks: How many tasks there are.
        rules: The rules that the levers move.
        levers: Where they may stand and where they do.
        table: What they do, counted.
        numbers: Target stages in order of appearance; those of the baseline alone come last.
        assumptions: In words.
        lost: A sentence for each lever that moves something that is gone.
        cost: What the cost is told from; None without a lever of costs.
    """

    tasks: int
    rules: Logic
    levers: tuple[Placed, ...]
    table: LeverTable
    numbers: tuple[StageNumber, ...]
    assumptions: tuple[str, ...]
    lost: tuple[str, ...] = ()
    cost: Costing | None = None

    @property
    def costs(self) -> tuple[StoryCost, StoryCost] | None:
        """Cost where the levers stand and of the baseline; None where none can be told."""
        if self.cost is None:
            return None
        return self.cost.both(self.table.expected(self.levers), self.levers)

    def edited(self, workspace: Workspace) -> Logic:
        """The rules as the levers have them."""
        return edited(self.rules, self.levers, workspace.dialect)


Counting = Callable[[Workspace, Logic, tuple[Placed, ...]], LeverTable]
Looking = Callable[[Workspace], LookCount]


def count(workspace: Workspace, rules: Logic, levers: tuple[Placed, ...]) -> LeverTable:
    """The table of all tasks of a workspace."""
    return lever_table(workspace.matcher, rules, workspace.everything, levers)


def board(
    workspace: Workspace,
    rules: Logic,
    baseline: tuple[Workspace, Logic],
    levers: Iterable[Lever] | None = None,
    assumptions: Sequence[str] = (),
    counting: Counting = count,
    looking: Looking = look_count,
) -> Board:
    """Put a story together.

    Args:
        workspace: What is asked.
        rules: The rules that the levers move.
        baseline: What the numbers are held against: a version, and what it is asked of.
        levers: Which, None for those that are proposed.
        assumptions: The scenario's own, which come first.
        counting: Gives the table, from memory where there is one.
        looking: Gives what reviews showed, likewise; asked where the cost is told.
    """
    tasks = len(workspace.table)
    wanted = propose(workspace, rules) if levers is None else within_limit(levers)
    looks = looking(workspace) if any(lever.of_cost for lever in wanted) else None
    rate = looks.rate if looks else None
    placed = [place(lever, rules, workspace.dialect, tasks, rate) for lever in wanted]
    standing = tuple(one for one in placed if one is not None)
    table = counting(workspace, rules, standing)
    other, first = baseline
    before = {target: one.expected for target, one in other.split(first).stages}
    targets = table.targets
    cost = costing(workspace, targets, before, standing, looks) if looks else None
    rests = cost_assumptions(cost, targets, workspace.names) if cost else ()
    return Board(
        tasks=tasks,
        rules=rules,
        levers=standing,
        table=table,
        numbers=_numbers(workspace, table, standing, before),
        assumptions=(*assumptions, *_assumptions(workspace, rules), *rests),
        lost=(GONE,) if len(standing) < len(placed) else (),
        cost=cost,
    )


def _numbers(
    workspace: Workspace,
    table: LeverTable,
    levers: tuple[Placed, ...],
    before: dict[str | None, float],
) -> tuple[StageNumber, ...]:
    """Large are the stages that the levers can change most, then those with most tasks."""
    expected = table.expected(levers)
    own = [replace(one, at=one.own) for one in levers]
    usual = table.expected(own)
    reach = [0.0] * len(expected)
    for turn, lever in enumerate(own):
        if not lever.lever.rule:
            continue
        for end in (0, len(lever.positions) - 1):
            ends = table.expected([*own[:turn], replace(lever, at=end), *own[turn + 1 :]])
            reach = [
                max(r, round(abs(a - b), 6)) for r, a, b in zip(reach, ends, usual, strict=True)
            ]
    order = sorted(range(len(expected)), key=lambda i: (-reach[i], -usual[i]))
    large = {table.targets[i] for i in order[:LARGE]}
    now = dict(zip(table.targets, expected, strict=True))
    return tuple(
        StageNumber(
            target,
            workspace.names.of_stage(target),
            before.get(target, 0.0),
            now.get(target, 0.0),
            target in large,
        )
        for target in dict.fromkeys([*now, *before])
    )


def _assumptions(workspace: Workspace, rules: Logic) -> tuple[str, ...]:
    """What every story rests on."""
    dialect, tasks = workspace.dialect, counted(len(workspace.table))
    when = at_words(dialect.at, workspace.names)
    seen = "as they are now" if dialect.at == FINAL else f"each as it was {when}"
    unknown = missing(workspace.facts.honesty, when, rules, dialect)
    return (
        f"The numbers are about the {tasks} tasks of this project, {seen}; tasks that are still "
        "to come are taken to be like them.",
        "Each number is what to expect on average; a single month may bring a few more or fewer.",
        "Where tasks are picked at random, every task has the same chance.",
        *(as_sentence(f"{counted(many)} {what}.") for many, what in unknown if many),
    )


def story_value(story: Story) -> dict[str, Any]:
    """A story as a scenario file has it."""
    return {"levers": [lever_value(lever) for lever in story.levers], "notes": story.notes}


def story_of(value: Any, source: str) -> Story:
    """The story that a scenario file has.

    Raises:
        InputError: It cannot be used; says where.
    """
    if not isinstance(value, dict) or set(value) - {"levers", "notes"}:
        raise InputError(source, "expected an object with levers and notes.", where="story")
    levers, notes = value.get("levers", []), value.get("notes", "")
    if not isinstance(levers, list) or _too_many(levers):
        message = f"expected a list of at most {MOST_LEVERS} levers, and of one of each price."
        raise InputError(source, message, where="story.levers")
    if not isinstance(notes, str):
        raise InputError(source, "expected text.", where="story.notes")
    read = tuple(lever_of(lever, f"{source}, story.levers") for lever in levers)
    return Story(read, notes[:MOST_NOTES])


def _too_many(levers: list[Any]) -> bool:
    kinds = [lever.get("kind") if isinstance(lever, dict) else None for lever in levers]
    of_cost = [kind for kind in kinds if kind in COST_KINDS]
    return len(kinds) - len(of_cost) > MOST_LEVERS or len(set(of_cost)) < len(of_cost)


def story_document(story: Board, baseline: str) -> dict[str, Any]:
    """What `story --json` prints.

    Args:
        story: The board.
        baseline: What the numbers are held against.
    """
    return {
        "tasks": story.tasks,
        "baseline": baseline,
        "levers": [
            {
                "id": placed.lever.id,
                "name": placed.lever.name,
                "kind": placed.lever.kind,
                "rule": placed.lever.rule,
                "low": placed.positions[0],
                "high": placed.positions[-1],
                "step": placed.lever.step,
                "own": placed.positions[placed.own],
                "value": placed.value if placed.is_set else None,
                "text": placed.text,
            }
            for placed in story.levers
        ],
        "numbers": [
            {
                "stage": number.stage,
                "name": number.name,
                **_held(number.expected, number.before),
                "large": number.large,
            }
            for number in story.numbers
        ],
        **({} if story.cost is None else {"cost": _cost_value(story, story.cost)}),
        "assumptions": list(story.assumptions),
        "lost": list(story.lost),
    }


def _cost_value(story: Board, cost: Costing) -> dict[str, Any]:
    costs = cost.costs(story.levers)
    now, before = story.costs or (None, None)
    return {
        **_held(now.money if now else None, before.money if before else None),
        "escaped": _held(now.escaped if now else None, before.escaped if before else None),
        "prices": costs and asdict(costs.prices),
        "rate": costs and costs.rate,
        "break_even": costs and costs.break_even,
        "looks": cost.looks.looks,
        "wrong": cost.looks.wrong,
        "words": cost.words(story.levers),
    }


def _held(now: float | None, before: float | None) -> dict[str, float | None]:
    """A number beside the baseline's; None where none can be told."""
    if now is None or before is None:
        return dict.fromkeys(("baseline", "expected", "difference"))
    return {
        "baseline": round(before, DIGITS),
        "expected": round(now, DIGITS),
        "difference": round(now - before, DIGITS),
    }
