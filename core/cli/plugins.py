"""The commands `plugin …`: the registry, secrets, and which class each model class means."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.arguments import FINE, Command, settings_of
from core.cli.hub import store_of
from core.cli.inputs import text_of
from core.errors import InputError
from core.model.figures import counted
from core.plugin_runs.hosted import HOSTED, NOT_HOSTED
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.model.project import Project
    from core.plugin_runs.model import Plugin
    from core.store.plugins import NewPlugin, Registry


def register(_: Command, group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line; see `core.cli.hub.register`."""
    plugin = group("plugin", "Plugins of the local hub.")
    adding = plugin("add", _add, "Register a plugin of type Batch Model.")
    adding.add_argument("--name", required=True)
    listing = plugin("list", _list, "Plugins in the order of their registration.")
    listing.add_argument("--archived", action="store_true", help="archived ones, too")
    showing = plugin("show", _show, "One plugin; never its secret.")
    editing = plugin("edit", _edit, "Change what is given; the rest stays.")
    editing.add_argument("--name")
    secret = plugin("secret", _secret, "A new secret, shown once; the earlier one ends.")
    archiving = plugin("archive", _archive, "Put a plugin away; its runs stay.")
    archiving.add_argument("--back", action="store_true", help="take it back")
    mapping = plugin("map", _map, "Which class of a project each class of a model means.")
    mapping.add_argument("--plugin", metavar="ID", help="the classes that it declares")
    mapping.add_argument("--project", required=True, metavar="FILE_OR_ID")
    for one in (adding, editing):
        one.add_argument("--description")
        one.add_argument("--config", type=Path, help="file with the default config")
        one.add_argument("--schema", type=Path, help="file with a JSON Schema of the config")
        one.add_argument("--connector", choices=("ws", "rest"))
        one.add_argument("--url", help="where a REST plugin answers")
    for one in (adding, editing, mapping):
        _about_classes(one)
    for one in (showing, editing, secret, archiving):
        one.add_argument("plugin", metavar="ID")
    for one in (adding, listing, showing, editing, secret, archiving, mapping):
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def _about_classes(added: argparse.ArgumentParser) -> None:
    """Give a command its three ways to name classes."""
    added.add_argument("--classes", help='names without a comma: "Vehicle,Person"')
    added.add_argument("--class", dest="class_names", action="append", default=[], metavar="NAME",
                       help="one name as it stands; may be repeated")  # fmt: skip
    added.add_argument("--classes-file", type=Path, metavar="F",
                       help="names, one a line or a JSON list")  # fmt: skip


def classes_of(args: argparse.Namespace) -> tuple[str, ...] | None:
    """The classes that the arguments name, in the order of `--help`; None where none was used.

    Raises:
        InputError: The file cannot be read, or is not a list of names.
    """
    from core.plugin_runs.class_lists import read_class_list

    text = text_of(args.classes_file)
    if args.classes is None and not args.class_names and text is None:
        return None
    class_names = (args.classes or "").split(",") + args.class_names
    listed = () if text is None else read_class_list(text, str(args.classes_file))
    return (*(name.strip() for name in class_names if name.strip()), *listed)


def _registry(args: argparse.Namespace) -> Registry:
    from core.store.plugins import Registry

    return Registry(store_of(args), settings_of(args).data)


def _given(args: argparse.Namespace) -> dict[str, Any]:
    """What the arguments say of a plugin."""
    from core.plugin_runs.config.schema import require_schema

    schema = text_of(args.schema)
    if schema is not None and schema.strip():
        try:
            require_schema(schema)
        except InputError as error:
            raise InputError(str(args.schema), _without(error), error.hint) from error
    fields = {
        "name": args.name,
        "description": args.description,
        "classes": classes_of(args),
        "config": text_of(args.config),
        "config_schema": schema,
        "connector": args.connector,
        "url": args.url,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _without(error: InputError) -> str:
    """The sentence of an error without the source that it names."""
    return error.message.removeprefix(error.source).lstrip(", :")


def _keep(args: argparse.Namespace, act: Callable[[], Any]) -> Any:
    """Do what may refuse a value; the error names the file that the value came from."""
    try:
        return act()
    except InputError as error:
        file = {"config": args.config, "config schema": args.schema}.get(error.source)
        if file is None:
            raise
        raise InputError(str(file), _without(error), error.hint) from error


def _add(args: argparse.Namespace) -> int:
    registry = _registry(args)
    given = _given(args)
    made = _keep(args, lambda: registry.add(**given))
    note(f"{HOSTED} {NOT_HOSTED}")
    return _tell(args, made)


def _secret(args: argparse.Namespace) -> int:
    return _tell(args, _registry(args).rotate(args.plugin))


def _tell(args: argparse.Namespace, made: NewPlugin) -> int:
    if args.json:
        print_json({"id": made.plugin.id, "secret": made.secret.reveal()})
    else:
        say(f"{made.plugin.id}  {made.plugin.name}", f"Secret, shown once: {made.secret.reveal()}")
    return FINE


def _edit(args: argparse.Namespace) -> int:
    registry = _registry(args)
    plugin = registry.get(args.plugin)
    given = _given(args)
    if not given:
        raise InputError("plugin edit", "changes nothing.", "Give what is to change; see --help.")
    edited = _keep(args, lambda: registry.save(replace(plugin, **given)))
    return _print(args, registry, edited)


def _archive(args: argparse.Namespace) -> int:
    registry = _registry(args)
    return _print(args, registry, registry.archive(args.plugin, not args.back))


def _show(args: argparse.Namespace) -> int:
    registry = _registry(args)
    return _print(args, registry, registry.get(args.plugin))


def _list(args: argparse.Namespace) -> int:
    registry = _registry(args)
    plugins = registry.list(archived=args.archived)
    if args.json:
        print_json([_document(registry, plugin) for plugin in plugins])
    else:
        say(*(_line(registry, plugin) for plugin in plugins) if plugins else ("No plugin yet.",))
    return FINE


def _print(args: argparse.Namespace, registry: Registry, plugin: Plugin) -> int:
    if args.json:
        print_json(_document(registry, plugin))
    else:
        say(_line(registry, plugin), *(f"  {name}" for name in plugin.classes))
    return FINE


def _document(registry: Registry, plugin: Plugin) -> dict[str, Any]:
    """A plugin as the command line prints it; a secret is no part of it."""
    from core.plugin_runs.model import Liveness

    return {
        "id": plugin.id,
        "name": plugin.name,
        "description": plugin.description,
        "classes": list(plugin.classes),
        "config": plugin.config,
        "configSchema": plugin.config_schema,
        "connector": plugin.connector,
        "url": plugin.url,
        "createdAt": plugin.created_at,
        "archivedAt": plugin.archived_at,
        "runs": registry.runs_of(plugin.id),
        "state": registry.liveness().get(plugin.id, Liveness()).state,
    }


def _line(registry: Registry, plugin: Plugin) -> str:
    away = " (archived)" if plugin.archived_at is not None else ""
    runs = registry.runs_of(plugin.id)
    counts = (
        f"{counted(len(plugin.classes))} classes, {counted(runs)} run{'' if runs == 1 else 's'}"
    )
    return f"{plugin.id}  {plugin.name}{away}  {counts}"


def _map(args: argparse.Namespace) -> int:
    from core.plugin_runs.draft import declared_tools
    from core.plugin_runs.mapping.suggest import pairs_document, suggest

    named = classes_of(args)
    if (args.plugin is None) == (named is None):
        message = "needs the classes of a model: either --plugin, or names."
        raise InputError("plugin map", message, "Names: --class, --classes-file or --classes.")
    plugin = None if args.plugin is None else _registry(args).get(args.plugin)
    classes = plugin.classes if plugin else tuple(dict.fromkeys(named or ()))
    project = _project(args)
    if project.schema is None:
        message = "has no category schema, so there is nothing to map to."
        raise InputError(args.project, message, "Give a get_project response with one.")
    suggestions = suggest(classes, project.schema, declared_tools(plugin) if plugin else None)
    document = pairs_document(suggestions, project.schema)
    if args.json:
        print_json(document)
        return FINE
    for entry in document:
        target = entry["title"] if entry["schemaId"] else "-"
        why = f"{entry['score']} {entry['reason']}{', taken' if entry['taken'] else ''}"
        say(f"{entry['modelClass']} → {target}  {why}")
    return FINE


def _project(args: argparse.Namespace) -> Project:
    """The project of a file, or that of the data directory with this id."""
    from core.ango_json.project import read_project
    from core.ango_json.text import decoded, loads
    from core.store.hub import find_project

    path = Path(args.project)
    try:
        is_file = path.is_file()
    except OSError:  # longer than a file's name may be
        is_file = False
    if is_file:
        text = decoded(path.read_bytes(), args.project)
        return read_project(loads(text, args.project), args.project)
    with store_of(args).read() as tx:
        row = find_project(tx, args.project)
    if row is None:
        message = "is neither a file nor a project of the data directory."
        raise InputError(args.project, message, "Give a get_project response or an id.")
    return read_project({"project": loads(row.document)}, args.project)
