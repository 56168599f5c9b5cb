"""A workflow as numbered stages and the exits that lead from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.model.diagnostics import Diagnostic, RuleDiagnostic, Severity
from core.model.phrases import joined
from core.model.stages import (
    Archive,
    Complete,
    Consensus,
    Label,
    Logic,
    Review,
    Stage,
    Start,
    UnknownStage,
    sub_stages,
    takes_tasks,
)
from core.routing.sentence import rule_text


@dataclass(frozen=True, slots=True)
class Exit:
    """One output of a stage, and where it leads.

    Args:
        stage: Place of the stage in `Graph.stages`.
        output: Place among the stage's outputs; behind the last rule, Else.
        target: Place of the stage behind; None where tasks are trapped, since nothing usable is.
        leads_to: Stage id as the workflow has it, None where nothing is wired.
    """

    stage: int
    output: int
    target: int | None
    leads_to: str | None


@dataclass(frozen=True, slots=True)
class Graph:
    """A workflow that tasks can be sent through on paper.

    Args:
        stages: In the order of the workflow's list.
        exits: By stage and output. Complete, Archive, stages of an unknown type and the sub-stages
            of a Consensus have none.
        start: Place of the stage where tasks begin.
        subs: Per stage the places of its sub-stages; empty but for a Consensus.
        problems: What is wrong with it; `place` is the id of the stage.
    """

    stages: tuple[Stage, ...]
    exits: tuple[Exit, ...]
    start: int
    subs: tuple[tuple[int, ...], ...]
    problems: tuple[RuleDiagnostic, ...]

    def exits_of(self, stage: int) -> tuple[int, ...]:
        """Places in `exits` of one stage's."""
        return tuple(place for place, one in enumerate(self.exits) if one.stage == stage)

    def find_id(self, stage_id: str) -> int | None:
        """Place of a stage by its id."""
        return next((p for p, stage in enumerate(self.stages) if stage.id == stage_id), None)

    def find(self, named: str) -> int | None:
        """Place of a stage by its id, else by its name."""
        place = self.find_id(named)
        by_name = (p for p, stage in enumerate(self.stages) if stage.name == named)
        return next(by_name, None) if place is None else place

    @property
    def reached(self) -> frozenset[int]:
        """Places of the stages that some exits lead to from the start, and their sub-stages."""
        return self.reached_from(self.start)

    def reached_from(self, place: int) -> frozenset[int]:
        """The same from another stage, which is one of them."""
        places, waiting = {place}, [place]
        while waiting:
            here = waiting.pop()
            behind = {one.target for one in self.exits if one.stage == here} - {None}
            for other in {*behind, *self.subs[here]} - places:
                if other is not None:
                    places.add(other)
                    waiting.append(other)
        return frozenset(places)


def outputs_of(stage: Stage) -> tuple[str | None, ...]:
    """What the outputs of a stage are wired to, in order; a missing one is there as None."""
    if isinstance(stage, Complete | Archive | UnknownStage) or not takes_part(stage):
        return ()
    if isinstance(stage, Logic):
        return stage.targets
    wanted = 2 if isinstance(stage, Review | Consensus) else 1
    return (*stage.next[:wanted], *[None] * (wanted - len(stage.next)))


def takes_part(stage: Stage) -> bool:
    """Whether tasks are at the stage themselves; a sub-stage has copies of them."""
    return getattr(stage, "consensus_id", None) is None


def output_name(stage: Stage, output: int) -> str:
    """What an output is called: *accepted*, *disagreement*, *rule 2*, *Else*."""
    if isinstance(stage, Review):
        return ("accepted", "rejected")[output]
    if isinstance(stage, Consensus):
        return ("agreement", "disagreement")[output]
    if isinstance(stage, Logic):
        return "Else" if output == len(stage.active) else rule_text(stage.numbers[output])
    return "submitted" if isinstance(stage, Label) else "next"


def graph_of(stages: Sequence[Stage] | None) -> Graph:
    """Number the stages and their exits.

    Args:
        stages: A workflow.

    Raises:
        InputError: There is no stage.
    """
    if not stages:
        message = "has no stages, so there is no workflow to send tasks through."
        raise InputError("The project", message, "Give a get_project response with its stages.")
    places: dict[str, int] = {}
    for place, stage in enumerate(stages):
        places.setdefault(stage.id, place)
    start, problems = _start(stages)
    exits = []
    for place, stage in enumerate(stages):
        for output, leads_to in enumerate(outputs_of(stage)):
            target = places.get(leads_to) if leads_to is not None else None
            if target is not None and not takes_part(stages[target]):
                target = None  # copies of tasks are made by their Consensus alone
            exits.append(Exit(place, output, target, leads_to))
    subs = tuple(
        tuple(places[sub.id] for sub in sub_stages(tuple(stages), stage.id))
        if isinstance(stage, Consensus)
        else ()
        for stage in stages
    )
    graph = Graph(tuple(stages), tuple(exits), start, subs, ())
    problems += [*_wiring(graph), *_repeated(stages), *_beside(graph)]
    return Graph(graph.stages, graph.exits, start, subs, tuple(problems))


def _start(stages: Sequence[Stage]) -> tuple[int, list[RuleDiagnostic]]:
    starts = [place for place, stage in enumerate(stages) if isinstance(stage, Start)]
    if len(starts) == 1:
        return starts[0], []
    if starts:
        first = stages[starts[0]]
        names = joined([f"“{stages[place].name}”" for place in starts], "and")
        message = f"The workflow has {len(starts)} Start stages: {names}."
        hint = f"Tasks begin at the first, “{first.name}”."
        return starts[0], [_problem("start.several", "error", first, message, hint)]
    led_to = {target for stage in stages for target in outputs_of(stage)}
    free = [p for p, s in enumerate(stages) if s.id not in led_to and outputs_of(s)]
    place = free[0] if free else 0
    message = "The workflow has no Start stage."
    hint = f"Tasks begin at “{stages[place].name}”."
    return place, [_problem("start.missing", "error", stages[place], message, hint)]


def _wiring(graph: Graph) -> Iterator[RuleDiagnostic]:
    """What is wrong behind the exits; those of Logic stages are the check's to tell."""
    for one in graph.exits:
        stage = graph.stages[one.stage]
        if one.target is not None or isinstance(stage, Logic) or one.stage not in graph.reached:
            continue
        output = f"“{stage.name}”, {output_name(stage, one.output)}"
        hint = "Tasks that leave by it count as trapped."
        if one.leads_to is None:
            yield _problem("output.unwired", "warning", stage, f"{output}: leads nowhere.", hint)
        elif any(other.id == one.leads_to and not takes_tasks(other) for other in graph.stages):
            message = f"{output}: leads into a Consensus."
            yield _problem("output.no_way_in", "warning", stage, message, hint)
        else:
            message = f"{output}: leads to {one.leads_to}, which the workflow does not have."
            yield _problem("output.unknown", "error", stage, message, hint)


def _repeated(stages: Sequence[Stage]) -> Iterator[RuleDiagnostic]:
    seen: set[str] = set()
    for stage in stages:
        if stage.id in seen:
            message = f"The id {stage.id} stands at two stages."
            yield _problem("stage.repeated", "error", stage, message, "The first one counts.")
        seen.add(stage.id)


def _beside(graph: Graph) -> Iterator[RuleDiagnostic]:
    reached = graph.reached
    for place, stage in enumerate(graph.stages):
        if place not in reached:
            message = f"Nothing leads to “{stage.name}”."
            yield _problem("stage.not_reached", "note", stage, message, "No task gets there.")
        elif isinstance(stage, UnknownStage):
            kind = f"of the type {stage.type}" if stage.type else "without a type"
            message = f"“{stage.name}” is a stage {kind}: what it does with tasks is not known."
            hint = "Tasks that get there count as trapped."
            yield _problem("stage.unknown_type", "warning", stage, message, hint)
        elif isinstance(stage, Start) and not stage.auto_forward:
            message = f"“{stage.name}” does not forward tasks by itself."
            hint = "They are sent on here as if somebody had forwarded them."
            yield _problem("start.waits", "note", stage, message, hint)
        elif isinstance(stage, Consensus) and not graph.subs[place]:
            message = f"“{stage.name}” has no sub-stage, so nobody judges its tasks."
            yield _problem("consensus.empty", "warning", stage, message, "They pass at once.")


def _problem(
    code: str, severity: Severity, stage: Stage, message: str, hint: str
) -> RuleDiagnostic:
    return Diagnostic(code, severity, None, stage.id, message, hint)
