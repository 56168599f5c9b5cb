"""A probe: a dry run that asks what a model finds, not what the project would get of it.

Each class of the model gets a schema ID of its own, so that unmapped classes are seen, too. The IDs
are made for one probe and belong to no project: what has one can reach no task.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from core.errors import InputError
from core.model.names import Names
from core.model.project import Project
from core.plugin_runs.model import DEADLINE_SECONDS, Pair, Plugin, RunRequest

NO_CLASSES = "has no list of its model's classes, so a probe cannot tell them apart."
PROBED = (
    "Labels of a probe have no class of the project: they are counted, compared with those of "
    "people, and shown nowhere."
)
NOT_APPLIED = "is a probe: its labels have no class of the project, and are never stored."


def new_schema_id() -> str:
    """A schema ID as Ango Hub makes them: 24 hexadecimal digits."""
    return secrets.token_hex(12)


def minted(
    classes: Iterable[str], taken: Collection[str], draw: Callable[[], str] = new_schema_id
) -> tuple[Pair, ...]:
    """A schema ID of its own for each class of a model.

    Args:
        classes: Names, each taken once.
        taken: IDs that are somebody's already.
        draw: Makes an ID.
    """
    ids: dict[str, str] = {}
    for name in dict.fromkeys(classes):
        while (schema_id := draw()) in taken or schema_id in ids:
            pass
        ids[schema_id] = name
    return tuple(Pair(schema_id, name) for schema_id, name in ids.items())


def probe_request(
    plugin: Plugin,
    project: Project,
    batches: tuple[str, ...] = (),
    config: str | None = None,
    limit: int | None = None,
    deadline: float | None = DEADLINE_SECONDS,
) -> RunRequest:
    """What a probe asks of a plugin: all of its classes, under IDs that are made here.

    Args:
        plugin: The plugin.
        project: The project, with its classes.
        batches: Ids of batches; none means every asset.
        config: Config text; None: the plugin's default.
        limit: Only the first so many assets, or None.
        deadline: Seconds from sending within which it must answer.

    Raises:
        InputError: The plugin has no list of classes.
    """
    if not plugin.classes:
        hint = f"Add it with `plugin edit {plugin.id} --class NAME`."
        raise InputError("plugin", f"{plugin.name} {NO_CLASSES}", hint)
    return RunRequest(
        plugin=plugin.id,
        project=project.id,
        batches=batches,
        mapping=minted(plugin.classes, schema_ids(project)),
        config=plugin.config if config is None else config,
        dry_run=True,
        limit=limit,
        deadline=deadline,
        probe=True,
    )


def renewed(request: RunRequest, taken: Collection[str]) -> RunRequest:
    """The request of a probe with fresh IDs for the same classes.

    Args:
        request: Of a probe.
        taken: IDs that are somebody's already.
    """
    before = request.mapping or ()
    used = {*taken, *(pair.schema_id for pair in before)}
    return replace(request, mapping=minted((pair.model_class for pair in before), used))


def names_in(request: RunRequest, names: Names) -> Names:
    """The names of a project; for a probe also those of the model's classes, which it counts."""
    if not request.probe:
        return names
    own = {pair.model_class: pair.model_class for pair in request.mapping or ()}
    return replace(names, classes={**own, **names.classes})


def unminted(request: RunRequest, text: str) -> str:
    """What a plugin said, with the model's classes in place of the IDs that a probe made."""
    for pair in (request.mapping or ()) if request.probe else ():
        text = text.replace(pair.schema_id, pair.model_class)
    return text


def schema_ids(project: Project) -> frozenset[str]:
    """The schema IDs of a project: of its classes, of those below them, of their options."""
    classes = tuple(project.schema.walk()) if project.schema is not None else ()
    options = (option.schema_id for one in classes for option in one.options)
    return frozenset((*(one.schema_id for one in classes), *options))
