"""Tasks that a new workflow leaves behind: in removed stages, or where no way leads any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.ango_json.stages import read_stages, write_stages
from core.model.figures import counted
from core.model.stages import Stage, Start, sub_stages
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.table import TaskTable


@dataclass(frozen=True, slots=True)
class Stranded:
    """A stage that loses its place in the workflow, and the tasks in it.

    Args:
        stage: Its id.
        name: Its name.
        tasks: How many tasks are in it.
        why: Whether it is removed, or has no way in any more.
    """

    stage: str
    name: str
    tasks: int
    why: Literal["removed", "no way in"]

    @property
    def sentence(self) -> str:
        """In words, with the next step."""
        many = "1 task is" if self.tasks == 1 else f"{counted(self.tasks)} tasks are"
        if self.why == "removed":
            step = " Requeue them to another stage first." if self.tasks else ""
            return f"{self.name} is removed; {many} in it.{step}"
        step = " They go on from there, but no task follows." if self.tasks else ""
        return f"No way leads to {self.name} any more; {many} in it.{step}"


def tasks_by_stage(table: TaskTable, stages: Sequence[Stage]) -> dict[str, int]:
    """Tasks per stage id; the table may know a stage by its id or only by its name."""
    counts = np.bincount(table.stage + 1, minlength=len(table.stages) + 1)[1:].tolist()
    waiting: Counter[str] = Counter()
    for known, tasks in zip(_ids_of(table, stages), counts, strict=True):
        waiting[known] += tasks
    return {stage: tasks for stage, tasks in waiting.items() if tasks}


def _ids_of(table: TaskTable, stages: Sequence[Stage]) -> list[str]:
    """The id of each stage of the table, or its name where the workflow does not know it."""
    ids = {stage.id for stage in stages}
    names = Counter(stage.name for stage in stages)
    by_name = {stage.name: stage.id for stage in stages if names[stage.name] == 1}
    return [
        stage_id or (name if name in ids else by_name.get(name, name))
        for stage_id, name in table.stages
    ]


def stranded(
    tasks: Mapping[str, int], before: Sequence[Stage], after: Sequence[Stage]
) -> tuple[Stranded, ...]:
    """The stages that lose their place, in the order of the old workflow.

    Args:
        tasks: Tasks per stage id.
        before: What is there.
        after: What shall be there.
    """
    stays = {stage.id for stage in after}
    entered, stays_entered = _entered(before), _entered(after)
    left_behind = []
    for stage in before:
        if stage.id not in stays:
            left_behind.append(Stranded(stage.id, stage.name, tasks.get(stage.id, 0), "removed"))
        elif stage.id in entered and stage.id not in stays_entered:
            left_behind.append(Stranded(stage.id, stage.name, tasks.get(stage.id, 0), "no way in"))
    return tuple(left_behind)


def tasks_on_the_way(
    table: TaskTable, before: Sequence[Stage], after: Sequence[Stage], stage_id: str
) -> Bits:
    """Tasks in stages from which this stage can still be reached: its new rules will route them.

    Args:
        table: The tasks.
        before: The workflow that the table knows.
        after: The workflow by which they go on.
        stage_id: Of the Logic stage.
    """
    on_the_way = _leading_to(after, stage_id)
    leads = [known in on_the_way for known in _ids_of(table, before)]
    flags = np.array([False, *leads])[table.stage + 1]
    return bits.pack(flags)


def _leading_to(stages: Sequence[Stage], stage_id: str) -> set[str]:
    """Ids of the stages from which a way leads to one, itself among them."""
    targets_of = {stage.id: stage.next for stage in read_stages(write_stages(stages))}
    reaching, grown = {stage_id}, True
    while grown:
        more = {s for s, targets in targets_of.items() if reaching & set(targets)} - reaching
        reaching |= more
        grown = bool(more)
    return reaching


def _entered(stages: Sequence[Stage]) -> set[str]:
    """Ids of the stages that a task can come to."""
    written = read_stages(write_stages(stages))  # with the rules' own targets as outputs
    by_id = {stage.id: stage for stage in written}
    starts = [stage.id for stage in written if isinstance(stage, Start)]
    if not starts:
        return {target for stage in written for target in stage.next if target}
    seen, waiting = set(starts), starts
    while waiting:
        stage = by_id.get(waiting.pop())
        if stage is None:
            continue
        inner = (sub.id for sub in sub_stages(written, stage.id))
        for target in (*stage.next, *inner):
            if target and target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen
