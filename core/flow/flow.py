"""The exact flow of a workflow: visits, tasks and exits of every stage, and how ways end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.flow.absorbing import Solved, solve, touches_law
from core.flow.chain import Chain, chain_of
from core.flow.graph import Graph, graph_of, takes_part
from core.flow.rates import Rate, problems_of, rates_of
from core.flow.repeats import SPREAD, Repeats, law_interval
from core.model.diagnostics import Diagnostic, RuleDiagnostic
from core.model.phrases import joined
from core.model.stages import Archive, Complete, Consensus, Label, Logic, Review, Stage
from core.tasks.bits import Bits
from core.tasks.table import Floats
from core.workspace import Workspace

MOST_SOLVED = 3_000_000
"""Small systems of equations that the law of all touches may take."""


@dataclass(frozen=True, slots=True, eq=False)
class ExitFlow:
    """One exit.

    Args:
        output: Place among the stage's outputs.
        to: Stage id as the workflow has it, None where it is not wired.
        count: How often it is taken by all tasks together.
    """

    output: int
    to: str | None
    count: Repeats


@dataclass(frozen=True, slots=True, eq=False)
class StageFlow:
    """One stage.

    Args:
        stage: As the workflow has it.
        visits: How often tasks come in.
        tasks: How many tasks come in at all.
        exits: In the order of its outputs.
        loop: Whether it is in a loop without a way out, which then ends a task's way.
    """

    stage: Stage
    visits: Repeats
    tasks: Repeats
    exits: tuple[ExitFlow, ...]
    loop: bool


@dataclass(frozen=True, eq=False)
class ExactFlow:
    """Where the tasks of a table go through a workflow, each of them once from its Start.

    Args:
        graph: The workflow.
        chain: Its chances, per group of tasks that rules see alike.
        rates: Of Review and Consensus, by the place of the stage.
        solved: What a task of each group does.
        problems: What is wrong or assumed; `place` is the id of a stage.
    """

    graph: Graph
    chain: Chain
    rates: Mapping[int, Rate]
    solved: Solved
    problems: tuple[RuleDiagnostic, ...]

    @property
    def tasks(self) -> int:
        """How many tasks are sent through."""
        return int(self.chain.tasks.sum())

    @cached_property
    def stages(self) -> tuple[StageFlow, ...]:
        """Every stage, in the order of the workflow."""
        parents = {sub: place for place, subs in enumerate(self.graph.subs) for sub in subs}
        return tuple(
            self._stage(place, parents.get(place)) for place in range(len(self.graph.stages))
        )

    def _stage(self, place: int, consensus: int | None) -> StageFlow:
        solved, of = self.solved, place if consensus is None else consensus
        visits = self._count(solved.ever[:, of], solved.again[:, of])
        exits = [
            ExitFlow(
                self.graph.exits[one].output,
                self.graph.exits[one].leads_to,
                self._count(solved.taken_ever[:, one], solved.taken_again[:, one]),
            )
            for one in self.graph.exits_of(place)
        ]
        if consensus is not None:
            exits = [ExitFlow(0, self.graph.stages[consensus].id, visits)]
        return StageFlow(
            self.graph.stages[place],
            visits,
            self._once(solved.ever[:, of]),
            tuple(exits),
            bool(solved.loops[:, place].any()),
        )

    def _count(self, ever: Floats, again: Floats) -> Repeats:
        return Repeats(self.chain.tasks, ever, again)

    def _once(self, ever: Floats) -> Repeats:
        return self._count(np.minimum(ever, 1.0), np.zeros(len(ever)))

    @cached_property
    def completed(self) -> Repeats:
        """Tasks that get to a Complete stage."""
        return self._once(self._ending(Complete))

    @cached_property
    def archived(self) -> Repeats:
        """Tasks that get to an Archive stage."""
        return self._once(self._ending(Archive))

    @cached_property
    def trapped(self) -> Repeats:
        """Tasks that do neither: behind an output that leads nowhere, or in a loop for ever."""
        nowhere = [place for place, one in enumerate(self.graph.exits) if one.target is None]
        lost = self.solved.taken[:, nowhere].sum(axis=1) + self.solved.stuck.sum(axis=1)
        return self._once(lost)

    def _ending(self, kind: type[Complete] | type[Archive]) -> Floats:
        ends = [place for place, stage in enumerate(self.graph.stages) if isinstance(stage, kind)]
        ever: Floats = self.solved.ever[:, ends].sum(axis=1)
        return ever

    @property
    def touches(self) -> float:
        """Expected visits to stages where people work, of all tasks."""
        return float(self.chain.tasks @ self.solved.touches[:, 0])

    @property
    def touches_variance(self) -> float:
        """Variance of the touches of all tasks."""
        return float(self.chain.tasks @ np.maximum(self.solved.touches[:, 1], 0.0))

    @property
    def rework(self) -> float:
        """Part of the touches by which a task is at a stage again, from 0 to 1."""
        places = [
            p for p, stage in enumerate(self.graph.stages) if isinstance(stage, Label | Review)
        ]
        first = sum(self.stages[place].tasks.mean for place in places)
        return 1 - first / self.touches if self.touches else 0.0

    @cached_property
    def touches_interval(self) -> tuple[int, int] | None:
        """Central 95 % interval of all touches, by the chain's generating function.

        None where that takes more than `MOST_SOLVED` systems of equations.
        """
        _, first, same = np.unique(
            self.chain.chances, axis=0, return_index=True, return_inverse=True
        )
        if len(first) * SPREAD * np.sqrt(self.touches_variance) > MOST_SOLVED:
            return None
        tasks = np.bincount(same.ravel(), self.chain.tasks).astype(np.int64)
        alike = replace(self.chain, chances=self.chain.chances[first], tasks=tasks)
        return law_interval(
            lambda z: touches_law(alike, self.solved.loops[first], worth_of(self.graph), z),
            self.touches,
            self.touches_variance,
        )


def flow_of(
    workspace: Workspace,
    typed: Mapping[int, float] | None = None,
    graph: Graph | None = None,
    within: Bits | None = None,
) -> ExactFlow:
    """Send the tasks of a table through their project's workflow on paper.

    Args:
        workspace: Tasks, project and readings.
        typed: Rates by place of a stage, where the histories shall not count.
        graph: Another workflow than the project's, such as one that is being edited.
        within: The tasks looked at, None for all.

    Raises:
        InputError: The project has no stages.
    """
    project = workspace.project
    graph = graph or graph_of(project.stages if project else None)
    inside = workspace.everything if within is None else within
    rates = rates_of(graph, workspace.table, inside, typed or {})
    chain = chain_of(graph, workspace.matcher, rates, inside)
    solved = solve(chain, worth_of(graph))
    problems = (
        *graph.problems,
        *_of_rules(workspace, graph),
        *problems_of(graph, rates),
        *_of_loops(graph, solved),
        *_after_consensus(graph),
    )
    return ExactFlow(graph, chain, rates, solved, problems)


def _of_rules(workspace: Workspace, graph: Graph) -> Iterator[RuleDiagnostic]:
    """What the check says of each Logic stage that tasks get to; notes are the Rules page's."""
    for place in sorted(graph.reached):
        stage = graph.stages[place]
        if isinstance(stage, Logic):
            for one in workspace.check(stage):
                if one.severity != "note":
                    yield replace(one, place=" ".join(filter(None, [stage.id, one.place])))


def _of_loops(graph: Graph, solved: Solved) -> Iterator[RuleDiagnostic]:
    looping = np.flatnonzero(solved.loops.any(axis=0))
    if len(looping):
        names = joined([f"“{graph.stages[place].name}”" for place in looping], "and")
        message = f"Tasks that get to {names} never leave: every way leads back."
        hint = "They count as trapped; each is counted once where it enters the loop."
        place = graph.stages[looping[0]].id
        yield Diagnostic("flow.endless", "error", None, place, message, hint)


def _after_consensus(graph: Graph) -> Iterator[RuleDiagnostic]:
    """Rules that do not work as expected behind a Consensus, by Ango Hub's own documentation."""
    for place in sorted(graph.reached):
        stage = graph.stages[place]
        if not isinstance(stage, Consensus):
            continue
        for other in sorted(_behind(graph, place)):
            logic = graph.stages[other]
            if not isinstance(logic, Logic):
                continue
            kinds = {r.condition.kind for r in logic.active} & {"Annotator", "Duration"}
            if kinds:
                what = joined(sorted(kinds), "and")
                message = f"{what} rules of “{logic.name}” look at tasks out of “{stage.name}”."
                hint = "Ango Hub says that they may not work as expected there."
                yield Diagnostic("rule.after_consensus", "warning", None, logic.id, message, hint)


def _behind(graph: Graph, place: int) -> set[int]:
    """Places of Logic stages that tasks get to from a stage, through Logic and Webhook alone."""
    places: set[int] = set()
    waiting = [place]
    while waiting:
        here = waiting.pop()
        for one in graph.exits:
            target = one.target
            if one.stage != here or target is None or target in places:
                continue
            if graph.stages[target].kind in ("Logic", "Webhook"):
                places.add(target)
                waiting.append(target)
    return places


def worth_of(graph: Graph) -> Floats:
    """Touches by people of one visit to each stage; of a Consensus one per Label sub-stage."""
    parts = [
        sum(isinstance(graph.stages[sub], Label) for sub in subs)
        if subs
        else isinstance(stage, Label | Review) and takes_part(stage)
        for stage, subs in zip(graph.stages, graph.subs, strict=True)
    ]
    return np.array(parts, np.float64)
