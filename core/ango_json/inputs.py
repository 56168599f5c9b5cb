"""Finds the Logic stage in whatever JSON somebody has: stage, stages, project or scenario."""

from __future__ import annotations

from core.ango_json.drafts import read_draft
from core.ango_json.project import inner_project, read_project
from core.ango_json.stages import read_logic, read_stages
from core.ango_json.text import Json, dumps, loads
from core.errors import InputError, UnknownName
from core.model.project import Project
from core.model.stages import Logic

_EXPECTED = "Expected a Logic stage, a list of stages, or a get_project response."


def read_logic_input(
    text: str, source: str, wanted: str | None = None
) -> tuple[Logic, Project | None]:
    """Read a Logic stage and what is known around it.

    Args:
        text: JSON text.
        source: Names it in errors.
        wanted: Id or name of the stage, needed where there are several.

    Returns:
        The stage, and the project or the bare workflow that it stands in, or None.

    Raises:
        InputError: It is not JSON, or there is no Logic stage in it.
        UnknownName: No Logic stage is called `wanted`, or several are there and none was named.
    """
    data = loads(text, source)
    if isinstance(data, dict) and "switchyard" in data and "rules" in data:  # a scenario's own
        return read_draft(dumps(data["rules"]), source), None
    if isinstance(data, list):
        stages = read_stages(data)
        project = Project(id="", name="", stages=stages)
        return pick_logic(project.logic_stages, wanted, source), project
    if isinstance(data, dict) and _is_logic(data):
        return read_logic(data), None
    if inner_project(data) is not None:
        project = read_project(data, source)
        return pick_logic(project.logic_stages, wanted, source), project
    raise InputError(source, "holds no Logic stage.", _EXPECTED)


def _is_logic(data: dict[str, Json]) -> bool:
    logic = data.get("logic")
    if data.get("type") == "Logic":
        return True
    return "type" not in data and isinstance(logic, dict) and "conditions" in logic


def pick_logic(stages: tuple[Logic, ...], wanted: str | None, source: str) -> Logic:
    """One of several Logic stages: the only one, or the one of an id or name.

    Raises:
        InputError: There is none.
        UnknownName: None is called `wanted`, or several are there and none was named.
    """
    if not stages:
        raise InputError(source, "has no Logic stage.", _EXPECTED)
    names = ", ".join(f"{stage.name} ({stage.id})" for stage in stages)
    if wanted is None:
        if len(stages) > 1:
            raise UnknownName(f"{source} has {len(stages)} Logic stages: {names}.", "Name one.")
        return stages[0]
    fitting = [stage for stage in stages if stage.id == wanted] or [
        stage for stage in stages if stage.name == wanted
    ]
    if len(fitting) != 1:
        many = "Several Logic stages are" if fitting else "No Logic stage is"
        raise UnknownName(f"{many} called {wanted} in {source}.", f"There are: {names}.")
    return fitting[0]
