"""What a write would do, before it is made: the difference, tasks touched and left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.ango_json.stages import write_stage
from core.model.project import Project
from core.model.stages import Logic, Stage
from core.publish.diff import WorkflowChange, diff, same_json
from core.publish.stranded import Stranded, stranded, tasks_by_stage
from core.publish.touched import Touched, touched
from core.routing.versions.stages import StageChange
from core.tasks.bits import Bits
from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Preview:
    """What writing a workflow would do.

    Args:
        changes: Stage by stage and rule by rule.
        touched: Of each Logic stage that differs, the tasks that will meet its rules.
        lost: Stages that lose their place.
    """

    changes: tuple[WorkflowChange, ...]
    touched: tuple[Touched, ...]
    lost: tuple[Stranded, ...]

    @property
    def writes(self) -> bool:
        """Whether the hub would be changed."""
        return any(change.writes for change in self.changes)

    def as_dict(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "writes": self.writes,
            "changes": [
                {"kind": c.kind, "stage": c.stage, "rule": c.rule, "sentence": c.sentence}
                for c in self.changes
            ],
            "touched": [
                {
                    "stage": one.stage,
                    "waiting": one.waiting,
                    "total": one.total,
                    "changes": [_row(change) for change in one.changes],
                    "what_if": [_row(change) for change in one.what_if],
                }
                for one in self.touched
            ],
            "stranded": [
                {"stage": one.stage, "tasks": one.tasks, "why": one.why} for one in self.lost
            ],
        }


def _row(change: StageChange) -> dict[str, Any]:
    return {"stage": change.stage, "before": change.before, "after": change.after}


def preview(
    workspace: Workspace,
    seen: Project,
    wanted: Sequence[Stage],
    stage_id: str | None = None,
    within: Bits | None = None,
) -> Preview:
    """Work it out.

    Args:
        workspace: The tasks.
        seen: The project as the hub has it.
        wanted: The workflow as it would be written.
        stage_id: Of a Logic stage whose tasks are asked for though nothing differs.
        within: Tasks of the what-if, None for all.
    """
    known = seen.stages or ()
    logic = {stage.id: stage for stage in known if isinstance(stage, Logic)}
    differ = [
        (logic[new.id], new)
        for new in wanted
        if isinstance(new, Logic) and new.id in logic
        if new.id == stage_id or not same_json(write_stage(logic[new.id]), write_stage(new))
    ]
    return Preview(
        diff(known, wanted, workspace.names, workspace.dialect),
        tuple(touched(workspace, known, wanted, old, new, within) for old, new in differ),
        stranded(tasks_by_stage(workspace.table, known), known, wanted),
    )
