"""The workflow that is assumed where there is only a plan of work: its stages, one by one."""

from __future__ import annotations

from itertools import pairwise

from core.errors import InputError
from core.flow.plan import WorkPlan, plan_problem
from core.model.diagnostics import RuleDiagnostic
from core.model.project import Project
from core.model.stages import Complete, Label, Start


def assumed_project(plan: WorkPlan) -> Project:
    """A project of the plan's stages in their order.

    Raises:
        InputError: The plan names no stage.
    """
    names = [staff.stage for staff in plan.staff if staff.stage not in ("Start", "Complete")]
    if not names:
        hint = "Give --project, or stages with their people."
        raise InputError(plan.source, "names no stage, and there is no project.", hint, "stages")
    ways = pairwise(["Start", *names, "Complete"])
    start, *labels = (
        Label(id=name, name=name, next=(behind,))
        if name != "Start"
        else Start(id=name, name=name, next=(behind,))
        for name, behind in ways
    )
    end = Complete(id="Complete", name="Complete")
    return Project(id="", name="", stages=(start, *labels, end))


def assumed_problems(plan: WorkPlan) -> tuple[RuleDiagnostic, ...]:
    """What to know about such a workflow."""
    message = "No project is given: tasks go through the plan's stages one after another."
    problems = [plan_problem("workflow.assumed", "note", "stages", message, "Give --project.")]
    if plan.rates:
        message = "Without a project no stage has a second way out: rates are left out."
        problems.append(plan_problem("rates.unused", "note", "rates", message, "Give --project."))
    return tuple(problems)
