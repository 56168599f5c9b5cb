"""What follows from an operation and is easily overlooked, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.bulk.onward import passes_on
from core.bulk.operation import Assigning, BulkChange, Operation
from core.flow.graph import Graph, graph_of
from core.gateway.protocol import HubTask, Requeueing
from core.model.figures import counted
from core.model.names import Names
from core.model.phrases import as_sentence, joined
from core.model.project import Project
from core.model.stages import (
    Complete,
    Consensus,
    Hold,
    Label,
    Logic,
    PluginStage,
    Review,
    Stage,
    Start,
    Webhook,
)

if TYPE_CHECKING:
    from core.bulk.preview import Losses


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing to know before it is carried out."""

    severity: Literal["warning", "note"]
    sentence: str


def _warning(sentence: str) -> Consequence:
    return Consequence("warning", sentence)


def _note(sentence: str) -> Consequence:
    return Consequence("note", sentence)


def of_filter(operation: Operation, fits: int, own: int) -> Iterator[Consequence]:
    """That it is every task of the project, or none."""
    if operation.filter.whole:
        many = f"{counted(own)} task{'s' * (own != 1)}"
        yield Consequence(
            "warning", f"No filter is set: this is every task of the project, {many}."
        )
    elif not fits:
        yield _warning("No task fits the filter.")


def of_change(
    change: BulkChange, project: Project, chosen: Sequence[HubTask], names: Names
) -> Iterator[Consequence]:
    """What the change brings with it for the tasks that it would touch."""
    if not chosen:
        return
    if isinstance(change, Requeueing):
        yield from _of_requeue(change, project, names)
    else:
        parts = sum(task.part for task in chosen)
        if parts:
            yield _note(f"{_are(parts)} judgments in a Consensus.")
    if isinstance(change, Assigning):
        yield from _of_person(change.person, project, chosen, names)


def _of_requeue(change: Requeueing, project: Project, names: Names) -> Iterator[Consequence]:
    graph = graph_of(project.stages)
    place = graph.find(change.to)
    assert place is not None, "it was checked that the workflow has it"
    to = graph.stages[place]
    yield _warning("A requeue cannot be taken back.")
    yield from _at(to, names)
    meet = _logic_behind(graph, place)
    again = [names.of_stage(stage.id) for stage in meet if stage.id != to.id]
    if again:
        whose = "its rules decide" if len(again) == 1 else "their rules decide"
        words = f"From there tasks may meet {joined(again, 'and')} again; {whose} anew."
        yield _note(words)
    yield _note("A requeue leaves no entry in the stage history.")
    if not change.remove_assignee and not passes_on(to) and not isinstance(to, Consensus):
        yield _note("Whoever has a task keeps it, in that stage as well.")
    elif not change.remove_history and (passes_on(to) or isinstance(to, Consensus)):
        yield Consequence(
            "note", "A task comes back to whoever worked on it in the stage where it ends."
        )


def _at(to: Stage, names: Names) -> Iterator[Consequence]:
    """What the stage does with the tasks that are put into it."""
    name = names.of_stage(to.id)
    if isinstance(to, Logic):
        words = "decide at once where tasks go on; Ango Hub does not say whether it does the same"
        yield _warning(f"The rules of {name} {words}.")
    elif isinstance(to, Webhook):
        yield _warning(f"{name} posts each task again and passes it on.")
    elif isinstance(to, PluginStage):
        words = "its plugin does not run by a requeue. Somebody must press Re-Run, for all in it"
        yield _warning(f"Tasks wait in {name}: {words}.")
    elif isinstance(to, Consensus):
        yield Consequence(
            "warning", f"In {name} each sub-stage gets a new copy of each task to judge."
        )
    elif isinstance(to, Start):
        yield Consequence(
            "warning", f"Tasks wait in {name} until they are forwarded, or assets come."
        )
    elif isinstance(to, Hold):
        yield _warning(f"Tasks wait in {name} until somebody forwards them.")
    elif isinstance(to, Complete):
        later = " They cannot be requeued from there." if to.prevent_requeue else ""
        words = "nobody labels or reviews them before"
        yield _warning(f"Tasks are complete in {name} at once; {words}.{later}")
    elif not isinstance(to, (Label, Review)):
        yield _warning(f"What Ango Hub does with tasks in {name} is not known.")


def _logic_behind(graph: Graph, place: int) -> list[Stage]:
    """The Logic stages that some exits lead to from a stage."""
    seen, waiting = {place}, [place]
    while waiting:
        here = waiting.pop()
        behind = {one.target for one in graph.exits if one.stage == here and one.target is not None}
        for target in behind - seen:
            seen.add(target)
            waiting.append(target)
    return [graph.stages[one] for one in sorted(seen) if isinstance(graph.stages[one], Logic)]


def _of_person(
    person: str, project: Project, chosen: Sequence[HubTask], names: Names
) -> Iterator[Consequence]:
    stages = {stage.id: stage for stage in reversed(project.stages or ())}
    closed = [
        task
        for task in chosen
        if isinstance(stage := stages.get(task.stage), (Label, Review))
        and stage.assigned_to
        and person.casefold() not in {one.strip().casefold() for one in stage.assigned_to}
    ]
    if closed:
        where = joined(sorted({names.of_stage(task.stage) for task in closed}), "and")
        yield Consequence(
            "warning", f"{_are(len(closed))} in {where}, into which they are not allowed."
        )
    idle = [task for task in chosen if not isinstance(stages.get(task.stage), (Label, Review))]
    if idle:
        yield _note(f"{_are(len(idle))} in stages where nobody labels or reviews.")


def of_losses(change: BulkChange, losses: Losses) -> Iterator[Consequence]:
    """What would be gone."""
    if losses.annotations is None:
        yield _warning("Annotations are removed; the hub does not say how many.")
    elif losses.annotations:
        words = f"{_many(losses.annotations, 'annotation')} of {_many(losses.annotated, 'task')}"
        yield Consequence(
            "warning", f"{words} {_is(losses.annotations)} removed and do not come back."
        )
    if losses.history is None:
        yield _warning("Stage histories are removed; how many entries is not known.")
    elif losses.history:
        words = f"{_many(losses.history, 'history entry', 'history entries')}"
        yield Consequence(
            "warning", f"{words} {_is(losses.history)} removed, with who worked how long."
        )
    if losses.judgments:
        done = f", {counted(losses.submitted)} of them submitted" if losses.submitted else ""
        words = f"{_many(losses.judgments, 'judgment')} in a Consensus {_is(losses.judgments)} lost"
        yield Consequence(
            "warning", f"{words}{done}. Ango Hub may refuse it while issues are open there."
        )
    if losses.assignees:
        act = "lose whoever has them" if isinstance(change, Requeueing) else "are taken from others"
        one = "loses whoever has it" if isinstance(change, Requeueing) else "is taken from another"
        verb = act if losses.assignees != 1 else one
        yield _note(as_sentence(f"{_many(losses.assignees, 'task')} {verb}."))


def _many(count: int, one: str, more: str = "") -> str:
    return f"{counted(count)} {one if count == 1 else more or f'{one}s'}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _are(count: int) -> str:
    return f"{_many(count, 'task')} {_is(count)}"
