"""A start that somebody is preparing; it is kept, so that a refresh or another browser finds it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from core.ango_json.text import dumps, kept, loads
from core.errors import InputError
from core.model.numbers import is_number
from core.model.project import Project
from core.plugin_runs.config.check import mistakes
from core.plugin_runs.mapping.pairs import chosen_of, pairs_of
from core.plugin_runs.mapping.suggest import suggest
from core.plugin_runs.model import DEADLINE_SECONDS, Importing, Plugin, RunRequest, deadline_of

MOST_ASSETS = 2**53 - 1
"""More than any project has, and the most that a browser can hold."""
TOOLS_KEY = "x-tools"


@dataclass(frozen=True, slots=True)
class StartDraft:
    """A start as it stands.

    Args:
        plugin: Id, or "" before one is chosen.
        project: Id, or "".
        batches: Ids; none means every asset.
        chosen: Schema id by model class, None where one stays without; () before the first look.
        config: Text of the config; None before the first look: the plugin's default.
        limit: Only the first so many assets, or None.
        assets: Only these asset ids, or None.
        deadline: Seconds.
        importing: What labels do to those of earlier runs.
    """

    plugin: str = ""
    project: str = ""
    batches: tuple[str, ...] = ()
    chosen: tuple[tuple[str, str | None], ...] | None = None
    config: str | None = None
    limit: int | None = None
    assets: tuple[str, ...] | None = None
    deadline: float = DEADLINE_SECONDS
    importing: Importing = "add"

    @property
    def mapping(self) -> dict[str, str | None]:
        """The choice as a dictionary."""
        return dict(self.chosen or ())


def write_start(start: StartDraft) -> str:
    """JSON text of a start."""
    return dumps(asdict(start))


def read_start(text: str) -> StartDraft:
    """Read the text of `write_start`; keys of a later version are passed over."""
    fields = {name: value for name, value in kept(text).items() if name in StartDraft.__slots__}
    for name in ("batches", "assets"):
        if fields.get(name) is not None:
            fields[name] = tuple(fields[name])
    if fields.get("chosen") is not None:
        fields["chosen"] = tuple((name, schema) for name, schema in fields["chosen"])
    fields["deadline"] = deadline_of(fields.get("deadline")) or DEADLINE_SECONDS
    limit = fields.get("limit")
    if not (isinstance(limit, int) and is_number(limit) and 0 < limit <= MOST_ASSETS):
        fields["limit"] = None
    return StartDraft(**fields)


def with_plugin(start: StartDraft, plugin: Plugin, project: Project | None) -> StartDraft:
    """The start with what a plugin and a project bring along, where nothing was chosen yet.

    Sure suggestions are taken; a class that the plugin has learned since is added.
    """
    schema = project.schema if project else None
    if start.chosen is None and schema is not None:
        offered = suggest(plugin.classes, schema, declared_tools(plugin))
        start = replace(
            start,
            chosen=tuple((one.model_class, one.taken) for one in offered),
        )
    known = start.mapping
    missing = [(name, None) for name in plugin.classes if name not in known]
    if start.chosen is not None and missing:
        start = replace(start, chosen=(*start.chosen, *missing))
    if start.config is None:
        start = replace(start, config=plugin.config)
    return start


def declared_tools(plugin: Plugin) -> dict[str, str]:
    """The type of tool that a plugin makes, by model class, where it declares one.

    It stands in the plugin's JSON Schema under `x-tools`, a key that schemas leave to us.
    """
    try:
        schema = loads(plugin.config_schema or "{}")
    except InputError:
        return {}
    declared = schema.get(TOOLS_KEY) if isinstance(schema, dict) else None
    tools = declared if isinstance(declared, dict) else {}
    return {name: tool for name, tool in tools.items() if isinstance(tool, str)}


def request_of(start: StartDraft, dry_run: bool, run_by: str = "local user") -> RunRequest:
    """What is asked of the plugin; the config goes as it stands."""
    return RunRequest(
        plugin=start.plugin,
        project=start.project,
        batches=start.batches,
        mapping=pairs_of(start.mapping) or None,
        config=start.config or "{}",
        dry_run=dry_run,
        limit=start.limit,
        assets=start.assets,
        deadline=start.deadline,
        importing=start.importing,
        run_by=run_by,
    )


def start_of(request: RunRequest, plugin: Plugin | None) -> StartDraft:
    """A start like an earlier run, to be edited."""
    classes = plugin.classes if plugin else ()
    return StartDraft(
        plugin=request.plugin,
        project=request.project,
        batches=request.batches,
        chosen=None if request.probe else tuple(chosen_of(request.mapping or (), classes).items()),
        config=request.config,
        limit=request.limit,
        assets=request.assets,
        deadline=request.seconds,
        importing=request.importing,
    )


def is_readable(config: str) -> bool:
    """Whether a config is JSON."""
    return not mistakes(config)
