"""Saved mappings: a document that says for which project and plugin it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.ango_json.text import Json, dumps, loads
from core.errors import InputError
from core.model.schema import CategorySchema
from core.plugin_runs.mapping.pairs import Pairs
from core.plugin_runs.mapping.suggest import targets
from core.plugin_runs.model import Pair, as_pairs, read_pairs

KIND, VERSION = "mapping-preset", 1


@dataclass(frozen=True, slots=True)
class Owner:
    """A project or a plugin by id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PresetFile:
    """A mapping with what it was made for.

    Args:
        name: Given by whoever saved it.
        project: Whose classes it names; None in a plain list of pairs.
        plugin: Whose classes it maps; None in a plain list of pairs.
        pairs: The mapping.
        titles: Title and tool type by schema id, as they were.
    """

    name: str
    project: Owner | None
    plugin: Owner | None
    pairs: Pairs
    titles: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a preset can be used for a project and a plugin.

    Args:
        refused: Why it cannot, one sentence; "" when it can.
        pairs: All pairs when it fits, else those that could be taken over by class names.
        lost: Model classes that could not.
    """

    refused: str
    pairs: Pairs
    lost: tuple[str, ...]


def make_preset(
    name: str, project: Owner, plugin: Owner, pairs: Pairs, schema: CategorySchema
) -> PresetFile:
    """A preset of a mapping as it stands."""
    known = {c.schema_id: (c.title, c.tool) for c in targets(schema)}
    used = {p.schema_id: known[p.schema_id] for p in pairs if p.schema_id in known}
    return PresetFile(name, project, plugin, pairs, used)


def write_preset(preset: PresetFile) -> str:
    """JSON text of a preset."""
    document: dict[str, Json] = {"switchyard": KIND, "version": VERSION, "name": preset.name}
    for key, owner in (("project", preset.project), ("plugin", preset.plugin)):
        if owner is not None:
            document[key] = {"_id": owner.id, "name": owner.name}
    document["mapping"] = as_pairs(preset.pairs)
    document["classes"] = [
        {"schemaId": schema_id, "title": title, "tool": tool}
        for schema_id, (title, tool) in preset.titles.items()
    ]
    return dumps(document, indent=2)


def read_preset(text: str, source: str) -> PresetFile:
    """Read a preset, or a plain list of pairs as a plugin gets it.

    Raises:
        InputError: It is neither, or was written by a later version.
    """
    value = loads(text, source)
    if not isinstance(value, dict):
        return PresetFile(source, None, None, read_pairs(value, source) or (), {})
    if value.get("switchyard") != KIND:
        message = "is neither a mapping preset nor a list of pairs."
        raise InputError(source, message, "Export one on the page Start a run to see its form.")
    if value.get("version") != VERSION:
        message = f"is a preset of version {value.get('version')}; known is {VERSION}."
        raise InputError(source, message, "Use the Switchyard that wrote it.")
    titles = {}
    for entry in value.get("classes") or ():
        if isinstance(entry, dict) and isinstance(entry.get("schemaId"), str):
            titles[entry["schemaId"]] = (
                str(entry.get("title") or ""),
                str(entry.get("tool") or ""),
            )
    return PresetFile(
        str(value.get("name") or source),
        _owner(value.get("project")),
        _owner(value.get("plugin")),
        read_pairs(value.get("mapping"), source) or (),
        titles,
    )


def _owner(value: Json) -> Owner | None:
    if not isinstance(value, dict) or not isinstance(value.get("_id"), str):
        return None
    return Owner(value["_id"], str(value.get("name") or value["_id"]))


def fit(
    preset: PresetFile,
    project: Owner,
    plugin: Owner,
    model_classes: Sequence[str],
    schema: CategorySchema,
) -> Fit:
    """Whether a preset fits; one of another project or plugin is refused.

    Taken over by name is a pair whose model class the plugin has and whose class has, in this
    project, exactly one namesake of the same tool type.
    """
    sentence = ""
    if preset.project is not None and preset.project.id != project.id:
        sentence = f"This preset belongs to the project “{preset.project.name}”"
        sentence += f", not to “{project.name}”."
    elif preset.plugin is not None and preset.plugin.id != plugin.id:
        sentence = f"This preset belongs to the plugin “{preset.plugin.name}”"
        sentence += f", not to “{plugin.name}”."
    if not sentence:
        return Fit("", preset.pairs, ())
    schema_ids: dict[tuple[str, str], list[str]] = {}
    for category in targets(schema):
        schema_ids.setdefault((category.title, category.tool), []).append(category.schema_id)
    ids = {category.schema_id for category in targets(schema)}
    fitting, lost = [], []
    for pair in preset.pairs:
        same = schema_ids.get(preset.titles.get(pair.schema_id, ("", "")), [])
        if pair.schema_id in ids:
            same = [pair.schema_id]
        if pair.model_class in model_classes and len(same) == 1:
            fitting.append(Pair(same[0], pair.model_class))
        else:
            lost.append(pair.model_class)
    return Fit(sentence, tuple(fitting), tuple(lost))
