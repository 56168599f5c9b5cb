"""A `get_project` response: Ango JSON to a value and back."""

from __future__ import annotations

from core.ango_json.stages import read_stages, write_stages
from core.ango_json.text import Json, dumps, loads
from core.errors import InputError
from core.model.project import Person, Project, ProjectBatch
from core.model.schema import Category, CategoryKind, CategorySchema, Option


def _objects(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Json) -> str:
    return "" if value is None else str(value)


def inner_project(data: Json) -> dict[str, Json] | None:
    """The project inside a response `{"data": {"project": …}}`, `{"project": …}`, or bare."""
    for key in ("data", "project"):
        if isinstance(data, dict) and isinstance(data.get(key), dict):
            data = data[key]
    known = {"stages", "categorySchema", "batches"}
    return data if isinstance(data, dict) and known & set(data) else None


def read_project(data: Json, source: str = "project") -> Project:
    """Read a project.

    Raises:
        InputError: There is no project in it.
    """
    inner = inner_project(data)
    if inner is None:
        raise InputError(
            source,
            "this is not a project.",
            "Expected a get_project response with stages, categorySchema or batches.",
        )
    schema = inner.get("categorySchema")
    return Project(
        id=_text(inner.get("_id")),
        name=_text(inner.get("name")) or "Unnamed project",
        schema=read_schema(schema) if isinstance(schema, dict) else None,
        batches=_batches(inner["batches"]) if isinstance(inner.get("batches"), list) else None,
        people=_people(inner["assignedTo"]) if isinstance(inner.get("assignedTo"), list) else None,
        stages=read_stages(inner["stages"]) if isinstance(inner.get("stages"), list) else None,
        source=dumps(data),
    )


def _batches(value: list[Json]) -> tuple[ProjectBatch, ...]:
    """Old responses have `_id` and `name`, newer documentation shows the name alone."""
    return tuple(
        ProjectBatch(_text(b.get("_id")) or _text(b.get("name")), _text(b.get("name")))
        for b in _objects(value)
    )


def _people(value: list[Json]) -> tuple[Person, ...]:
    return tuple(
        Person(p["assignee"], _text(p.get("role")))
        for p in _objects(value)
        if isinstance(p.get("assignee"), str)
    )


def read_schema(data: dict[str, Json]) -> CategorySchema:
    """Read a category schema; entries that are not objects are left out."""
    return CategorySchema(
        tools=_categories(data.get("tools"), "tool"),
        classifications=_categories(data.get("classifications"), "classification"),
        relations=_categories(data.get("relations"), "relation"),
    )


def _categories(value: Json, kind: CategoryKind) -> tuple[Category, ...]:
    return tuple(
        Category(
            kind=kind,
            tool=_text(entry.get("tool")),
            title=_text(entry.get("title")),
            schema_id=_text(entry.get("schemaId")),
            required=entry.get("required") is True,
            options=tuple(
                Option(_text(o.get("value")), _text(o.get("schemaId")))
                for o in _objects(entry.get("options"))
            ),
            parent_option_id=_text(entry.get("parentOptionId")) or None,
            nested=_categories(entry.get("classifications"), "classification"),
            column_field=entry.get("columnField") is True,
        )
        for entry in _objects(value)
    )


def write_project(project: Project) -> Json:
    """A project as Ango JSON, in the envelope that it came in."""
    data = loads(project.source)
    inner = inner_project(data)
    if inner is not None and project.stages is not None:
        inner["stages"] = write_stages(project.stages)
    return data
