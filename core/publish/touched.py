"""What publishing touches: the tasks that will meet the new rules, and where those would go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.figures import counted
from core.model.stages import Logic, Stage
from core.publish.stranded import tasks_on_the_way
from core.routing.versions.stages import StageChange, stage_changes
from core.tasks import bits
from core.tasks.bits import Bits
from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Touched:
    """What a new Logic stage does to the tasks of a project.

    Args:
        stage: Name of the Logic stage.
        waiting: Tasks that can still reach it.
        total: All tasks of the project.
        changes: Expected tasks per target stage of those that wait, before and after.
        looked_at: Tasks of the what-if.
        what_if: The same for those, as if each went through now, wherever it is.
    """

    stage: str
    waiting: int
    total: int
    changes: tuple[StageChange, ...]
    looked_at: int
    what_if: tuple[StageChange, ...]

    @property
    def sentence(self) -> str:
        """Who will meet the rules; the numbers of `changes` sum to this one."""
        if not self.waiting:
            return (
                f"None of the {counted(self.total)} tasks can still reach “{self.stage}”; the "
                "rules will meet only tasks that are still to come."
            )
        return (
            f"{counted(self.waiting)} of {counted(self.total)} tasks will meet these rules: they "
            f"can still reach “{self.stage}”, some only when they are sent back."
        )

    @property
    def what_if_sentence(self) -> str:
        """What the second table is, and that it will not happen."""
        return (
            f"A what-if: all {counted(self.looked_at)} tasks looked at, as if each went through "
            "anew. Tasks that are past the stage do not come back by publishing."
        )


def touched(
    workspace: Workspace,
    before: Sequence[Stage],
    after: Sequence[Stage],
    old: Logic,
    new: Logic,
    within: Bits | None = None,
) -> Touched:
    """Work it out, for the facts that the tasks have now.

    Args:
        workspace: The tasks.
        before: The stages as the hub has them.
        after: The stages as they would be written.
        old: The Logic stage as the hub has it.
        new: The Logic stage as it would be written.
        within: Tasks of the what-if, None for all; those that wait are counted among all.
    """
    waiting = tasks_on_the_way(workspace.table, before, after, new.id)
    chosen = workspace.everything if within is None else within
    changes, what_if = (
        stage_changes(workspace.split(old, within=tasks), workspace.split(new, within=tasks))
        for tasks in (waiting, chosen)
    )
    many = bits.count(waiting)
    total = len(workspace.table)
    return Touched(new.name, many, total, changes, bits.count(chosen), what_if)


def can_reach(workspace: Workspace, stage: Logic, within: Bits) -> int | None:
    """Tasks that can still reach a Logic stage by its own rules; None where the way is unknown.

    Args:
        workspace: The tasks and their project.
        stage: In place of the project's stage of its id.
        within: Tasks that are counted.
    """
    before = workspace.project.stages if workspace.project else None
    if not before or all(one.id != stage.id for one in before):
        return None
    after = [stage if one.id == stage.id else one for one in before]
    return bits.count(tasks_on_the_way(workspace.table, before, after, stage.id) & within)


def anew_words(workspace: Workspace, stage: Logic, within: Bits | None = None) -> str:
    """What a split over tasks means, as the end of a sentence.

    Such as `if all 5,048 tasks went through “Logic” anew; 424 of them can still reach it`.

    Args:
        workspace: The tasks and their project.
        stage: Its rules.
        within: Tasks that are looked at, None for all.
    """
    chosen = workspace.everything if within is None else within
    many, every = bits.count(chosen), len(workspace.table)
    tasks = f"all {counted(many)} tasks" if many == every else f"these {counted(many)} tasks"
    words = f"if {tasks} went through “{stage.name}” anew"
    reach = can_reach(workspace, stage, chosen)
    if reach is None or reach == many:
        return words
    return f"{words}; {counted(reach) if reach else 'none'} of them can still reach it"
