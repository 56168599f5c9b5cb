"""A scenario as a value: rules, readings, assumptions and golden tasks under one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.dialect import FINAL, Dialect
from core.model.figures import counted
from core.model.stages import Logic
from core.routing.lint.check import has_errors
from core.routing.versions.golden import Golden
from core.scenario.story import Story
from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that gives the same numbers again, but the tasks.

    Args:
        name: As people call it.
        rules: The Logic stage, switched-off rules included.
        dialect: The readings in force.
        seed: Seed of the draw.
        project_id: Of the project that it was made on, "" without one.
        project_name: Its name.
        table: Fingerprint of the task table.
        tasks: How many tasks the table had.
        assumptions: What it rests on, one sentence each.
        golden: Tasks that must go to a certain stage.
        story: How it is shown in a meeting, None where nobody chose.
    """

    name: str
    rules: Logic
    dialect: Dialect = Dialect()  # noqa: RUF009  a frozen value
    seed: int = 0
    project_id: str = ""
    project_name: str = ""
    table: str = ""
    tasks: int = 0
    assumptions: tuple[str, ...] = ()
    golden: tuple[Golden, ...] = ()
    story: Story | None = None


def scenario_of(
    workspace: Workspace,
    rules: Logic,
    name: str,
    seed: int = 0,
    assumptions: Sequence[str] = (),
    golden: Sequence[Golden] = (),
    story: Story | None = None,
) -> Scenario:
    """The scenario of what is on show."""
    project = workspace.project
    return Scenario(
        name=name,
        rules=rules,
        dialect=workspace.dialect,
        seed=seed,
        project_id=project.id if project else "",
        project_name=project.name if project else "",
        table=workspace.table.fingerprint,
        tasks=len(workspace.table),
        assumptions=tuple(assumptions),
        golden=tuple(golden),
        story=story,
    )


def misfits(scenario: Scenario, workspace: Workspace) -> tuple[str, ...]:
    """In what a scenario does not fit the tasks and the project at hand, and what is possible.

    It can be opened all the same; each sentence says what to expect.
    """
    sentences = []
    project, table = workspace.project, workspace.table
    project_id = project.id if project else ""
    if scenario.project_id and scenario.project_id != project_id:
        name = scenario.project_name or scenario.project_id
        other = f"this is {project.name}" if project else "no project is open here"
        problems = workspace.check(scenario.rules)
        unknown = "; rules that name what is not here are marked" if has_errors(problems) else ""
        taken = f"the rules are taken as they are{unknown}"
        sentences.append(f"It was made for the project {name}, {other}: {taken}.")
    if scenario.table and scenario.table != table.fingerprint:
        sentences.append(
            f"Its numbers came from another task table ({counted(scenario.tasks)} tasks; here "
            f"{counted(len(table))}): everything is computed anew and may differ from what was "
            "reported."
        )
    known = {name for code in table.stages_passed for name in table.stages[code]}
    if scenario.dialect.at not in {FINAL} | known:
        sentences.append(
            f"It looks at tasks when they left {scenario.dialect.at}, which none of these did: "
            "they are taken as they are at the end."
        )
    lost = sum(table.row_of(golden.task) is None for golden in scenario.golden)
    if lost:
        sentences.append(
            f"Not in this table: {counted(lost)} of its {counted(len(scenario.golden))} pinned "
            "tasks."
        )
    return tuple(sentences)
