"""A project's workflow and tasks as a hub had them at one moment, and the code of what counts."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from core.bulk.operation import Operation, fitting
from core.gateway.limits import Cancel, never
from core.gateway.protocol import Gateway, HubTask, Report, Requeueing, silent
from core.model.project import Project
from core.model.stages import Consensus, Logic, Webhook
from core.tasks.table import TaskTable

MOST_CHANGES = 5
"""Tasks that a sentence about changes names."""


@dataclass(frozen=True, eq=False, slots=True)
class Situation:
    """What was looked at.

    Args:
        project: With the workflow.
        tasks: Every task, parts of a Consensus among them.
        answers: Whether annotations were counted.
        table: The tasks with their histories; None where those were not asked for, or where the
            hub gives no export.
    """

    project: Project
    tasks: tuple[HubTask, ...]
    answers: bool = False
    table: TaskTable | None = None

    @property
    def own(self) -> int:
        """Tasks without parts of a Consensus: as many as people count."""
        return sum(not task.part for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to be read beside the list of tasks, for one operation.

    Args:
        answers: Annotations, to be counted.
        histories: Stage histories.
    """

    answers: bool = False
    histories: bool = False

    def covers(self, other: Needs) -> bool:
        """Whether all that another asks for is read with this."""
        return self.answers >= other.answers and self.histories >= other.histories


def needs_of(operation: Operation, project: Project) -> Needs:
    """What a preview of an operation has to read."""
    change = operation.change
    if not isinstance(change, Requeueing):
        return Needs()
    to = next((stage for stage in project.stages or () if stage.id == change.to), None)
    onward = isinstance(to, (Logic, Webhook, Consensus))
    return Needs(change.remove_annotations, change.remove_history or onward)


def look(
    gateway: Gateway,
    project: Project,
    needs: Needs,
    report: Report = silent,
    cancelled: Cancel = never,
) -> Situation:
    """Read it from the hub.

    The list comes first: whoever changes a task after it changes its code as well.

    Args:
        gateway: The hub.
        project: As `read_project` gave it just now.
        needs: What beside the list is read.
        report: Told how far it is.
        cancelled: Asked now and then.
    """
    tasks = gateway.read_hub_tasks(project, needs.answers, cancelled)
    table = None
    if needs.histories:
        with TemporaryDirectory() as folder:  # what an earlier reading left there would be old
            read = gateway.read_tasks(project, Path(folder), report, cancelled)
        table = read.table if read.way == "export" else None
    return Situation(project, tasks, needs.answers, table)


def fingerprint(operation: Operation, situation: Situation) -> str:
    """A code that is equal while the workflow and the tasks that fit the filter are the same."""
    digest = blake2b(digest_size=12)
    digest.update(repr([stage.source for stage in situation.project.stages or ()]).encode())
    for task in sorted(fitting(operation.filter, situation.tasks), key=lambda one: one.id):
        digest.update(repr(_row(task)).encode())
    return digest.hexdigest()


def _row(task: HubTask) -> tuple[object, ...]:
    return (
        *(task.id, task.stage, task.assignee, task.priority, task.status, task.updated_at),
        *(task.batches, task.external_id, task.asset, task.part),
    )


def differences(
    operation: Operation, before: Situation, after: Situation, stage_name: dict[str, str]
) -> tuple[str, ...]:
    """What is not as it was, as sentences; a few tasks by name."""
    sentences = []
    sources = [[stage.source for stage in one.project.stages or ()] for one in (before, after)]
    if sources[0] != sources[1]:
        sentences.append("The workflow is another.")
    was, now = ({t.id: t for t in fitting(operation.filter, one.tasks)} for one in (before, after))
    for each in dict.fromkeys([*was, *now]):
        old, new = was.get(each), now.get(each)
        if old is None and new is not None:
            sentences.append(f"{new.name} fits the filter now.")
        elif old is not None and new is None:
            sentences.append(f"{old.name} no longer fits the filter.")
        elif old is not None and new is not None and _row(old) != _row(new):
            stages = [stage_name.get(one.stage, one.stage) for one in (old, new)]
            moved = f"is in {stages[1]}, it was in {stages[0]}" if old.stage != new.stage else ""
            sentences.append(f"{new.name} {moved or 'was changed'}.")
    more = len(sentences) - MOST_CHANGES
    return (*sentences[:MOST_CHANGES], *([f"And {more} more."] if more > 0 else []))
