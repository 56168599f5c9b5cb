"""How often Review accepts and Consensus agrees: from the histories, as typed, or assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.flow.graph import Graph
from core.model.diagnostics import Diagnostic, RuleDiagnostic
from core.model.figures import counted
from core.model.numbers import number_of
from core.model.phrases import joined
from core.model.stages import Consensus, Review, Stage
from core.routing.engine.exact import proportion_interval
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import TaskTable
from core.tasks.transitions import stage_codes

Origin = Literal["history", "typed", "assumed"]
ASSUMED = 1.0
FEW = 30
"""Below so many passes a rate from the history is a guess, and the finding says so."""
ACCEPTING, REJECTING = frozenset({"accepted", "fixed"}), frozenset({"rejected"})


@dataclass(frozen=True, slots=True)
class Rate:
    """How often tasks leave a stage by its first exit.

    Args:
        value: From 0 to 1.
        origin: Where it comes from.
        first: Passes in the histories that took the first exit.
        of: Passes in the histories.
        low: Lower end of the exact 95 % interval (Clopper and Pearson 1934) of what the histories
            show; 0 without passes.
        high: Upper end; 1 without passes.
    """

    value: float
    origin: Origin
    first: int = 0
    of: int = 0
    low: float = 0.0
    high: float = 1.0


def word_of(stage: Stage) -> str | None:
    """What a stage's rate is called in a file of rates; None where it has none."""
    words = {"Review": "accepted", "Consensus": "agreement"}
    return words.get(stage.kind)


def rates_of(
    graph: Graph, table: TaskTable | None, within: Bits | None, typed: Mapping[int, float]
) -> dict[int, Rate]:
    """The rate of every Review and Consensus, by the stage's place.

    A typed one holds; else that of the histories, accepted passes over accepted and rejected ones
    (*Fixed* counts as accepted), all people and batches together; without a pass it is 1.

    Args:
        graph: The workflow.
        table: Tasks with histories, or None.
        within: The tasks looked at.
        typed: Rates by place, from 0 to 1.
    """
    rates = {}
    for place, stage in enumerate(graph.stages):
        if word_of(stage) is None:
            continue
        first, of = (0, 0) if table is None else seen(graph, table, within, place)
        low, high = proportion_interval(first, of)
        if place in typed:
            rates[place] = Rate(typed[place], "typed", first, of, low, high)
        elif of:
            rates[place] = Rate(first / of, "history", first, of, low, high)
        else:
            rates[place] = Rate(ASSUMED, "assumed")
    return rates


def seen(graph: Graph, table: TaskTable, within: Bits | None, place: int) -> tuple[int, int]:
    """Passes through a Review or Consensus that took its first exit, and all that tell one."""
    chosen = None if within is None else bits.unpack(within, len(table))
    first = of = 0
    for begin, piece in table.pieces():
        taken = _passes(graph, piece, place)
        flags = None if chosen is None else chosen[begin : begin + len(piece)]
        inside = taken if flags is None else taken[flags[piece.history.rows]]
        first += int((inside == 1).sum())
        of += int((inside >= 0).sum())
    return first, of


@dataclass(frozen=True, slots=True)
class PartRate:
    """What the histories of some of the tasks show of a stage.

    Args:
        name: Of the part, such as a batch or an annotator.
        first: Passes that took the first exit.
        of: Passes.
        low: Lower end of the exact 95 % interval of the share.
        high: Upper end.
    """

    name: str
    first: int
    of: int
    low: float
    high: float

    @property
    def enough(self) -> bool:
        """Whether there are passes enough to tell parts apart."""
        return self.of >= FEW


def rates_by(
    graph: Graph, table: TaskTable, parts: Mapping[str, Bits], within: Bits, place: int
) -> tuple[PartRate, ...]:
    """How often a Review or Consensus took its first exit, part by part, most passes first.

    Args:
        graph: The workflow.
        table: Tasks with histories.
        parts: Sets of tasks by name; a task may be in several.
        within: The tasks looked at.
        place: Of the stage.
    """
    size = len(table)
    counts = {name: np.zeros(2, np.int64) for name in parts}
    for begin, piece in table.pieces():
        taken = _passes(graph, piece, place)
        tells = np.flatnonzero(taken >= 0)
        rows = piece.history.rows[tells]
        for name, members in parts.items():
            here = bits.unpack(members & within, size)[begin : begin + len(piece)][rows]
            counts[name] += int((here & (taken[tells] == 1)).sum()), int(here.sum())
    rates = [
        PartRate(name, int(first), int(of), *proportion_interval(int(first), int(of)))
        for name, (first, of) in counts.items()
        if of
    ]
    return tuple(sorted(rates, key=lambda one: -one.of))


def _passes(graph: Graph, table: TaskTable, place: int) -> NDArray[np.int8]:
    """Per history entry: 1 took the stage's first exit, 0 its second, -1 tells nothing."""
    stage, codes = graph.stages[place], stage_codes(table, graph.stages)
    here = np.isin(table.history.stage, codes.get(stage.id, []))
    taken = np.full(len(here), -1, np.int8)
    if isinstance(stage, Review):
        words = [word.strip().casefold() for word in table.review_words]
        for names, value in ((ACCEPTING, 1), (REJECTING, 0)):
            telling = [code for code, word in enumerate(words) if word in names]
            taken[here & np.isin(table.history.review, telling)] = value
        return taken
    return _judged(graph, table, place, here, codes)


def _judged(
    graph: Graph,
    table: TaskTable,
    place: int,
    here: NDArray[np.bool_],
    codes: Mapping[str, list[int]],
) -> NDArray[np.int8]:
    """The exit of each pass through a Consensus, from where the task was seen next."""
    assert isinstance(graph.stages[place], Consensus)
    rows, taken = table.history.rows, np.full(len(here), -1, np.int8)
    is_last = np.ones(len(rows), np.bool_)
    is_last[:-1] = rows[1:] != rows[:-1]
    following = np.where(is_last, table.stage[rows], np.append(table.history.stage[1:], -1))
    left = here & ~np.isin(following, codes.get(graph.stages[place].id, []))
    first, second = (_seen_next(graph, exit_) for exit_ in graph.exits_of(place))
    for own, other, value in ((first, second, 1), (second, first, 0)):
        telling = [code for one in own - other for code in codes.get(one, [])]
        taken[left & np.isin(following, telling)] = value
    return taken


def _seen_next(graph: Graph, exit_: int) -> set[str]:
    """Stage ids where a task may be seen behind an exit: Logic and Webhook leave no entry."""
    stages: set[str] = set()
    done: set[int] = set()
    waiting = [graph.exits[exit_].target]
    while waiting:
        place = waiting.pop()
        if place is None or place in done:
            continue
        done.add(place)
        stages.add(graph.stages[place].id)
        if graph.stages[place].kind in ("Logic", "Webhook"):
            waiting += [one.target for one in graph.exits if one.stage == place]
    return stages


def problems_of(graph: Graph, rates: Mapping[int, Rate]) -> tuple[RuleDiagnostic, ...]:
    """Rates that nothing in the histories supports, or too little."""
    problems: list[RuleDiagnostic] = []
    for place, rate in rates.items():
        stage = graph.stages[place]
        if place not in graph.reached or rate.origin == "typed":
            continue
        act = "rejects" if isinstance(stage, Review) else "disagrees on"
        if rate.origin == "assumed":
            message = f"No history tells how often “{stage.name}” {act} a task; never is assumed."
            hint = f"Give its rate: {word_of(stage)}, from 0 to 1."
            problems.append(Diagnostic("rate.assumed", "warning", None, stage.id, message, hint))
        elif rate.of < FEW:
            message = f"Only {counted(rate.of)} passes tell how often “{stage.name}” {act} a task."
            hint = "Look at its interval, or give a rate."
            problems.append(Diagnostic("rate.few", "note", None, stage.id, message, hint))
    return tuple(problems)


def read_rates(value: Any, graph: Graph, where: str) -> dict[int, float]:
    """Rates as a file has them: `{"Review": {"accepted": 0.8}, "Consensus": {"agreement": 0.7}}`.

    Args:
        value: The JSON value.
        graph: The workflow that the stages are found in, by id, else by name.
        where: Name of the file, for errors.

    Raises:
        InputError: It is no such object, a stage has no rate, or a rate is not from 0 to 1.
    """
    example = 'For example {"Review": {"accepted": 0.8}}.'
    if not isinstance(value, dict):
        raise InputError(where, "is no object of rates.", example)
    rates = {}
    for named, entry in value.items():
        place = graph.find(named)
        word = None if place is None else word_of(graph.stages[place])
        if place is None or word is None:
            able = joined([s.name for s in graph.stages if word_of(s)], "and") or "none"
            message = f"“{named}” is no Review or Consensus of the workflow."
            raise InputError(where, message, f"It has {able}.")
        if not isinstance(entry, dict) or list(entry) != [word]:
            raise InputError(f"{where}, {named}", f"has no “{word}” alone.", example)
        try:
            rate = number_of(entry[word])
        except ValueError as error:
            raise InputError(f"{where}, {named}", f"“{word}” is not a number.", example) from error
        if not 0 <= rate <= 1:
            message = f"“{word}” is {entry[word]}, a rate is from 0 to 1."
            raise InputError(f"{where}, {named}", message, example)
        rates[place] = rate
    return rates
