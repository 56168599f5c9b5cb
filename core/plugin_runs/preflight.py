"""Everything to say before a run starts, each finding with the field that it stands beside.

The one judgment of a start: the page shows it, and `run start` obeys it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from core.model.diagnostics import Diagnostic, Severity
from core.model.figures import counted, tenths
from core.model.phrases import rough_duration
from core.model.project import Project
from core.plugin_runs.config.check import LARGE, mistake_text, mistakes
from core.plugin_runs.draft import declared_tools
from core.plugin_runs.mapping.doctor import LastOutput, diagnose
from core.plugin_runs.model import Liveness, Plugin, Run, RunRequest, deadline_of
from core.plugin_runs.standing import progress

WORST = {"error": 0, "warning": 1, "note": 2}
Preflight = Diagnostic[str, str | None]
"""About `plugin`, `project`, `batches`, `mapping`, `config`, `mode` or `deadline`; an error blocks
the start, and `data` is the id of the run that it is about."""


def _finding(
    field: str, severity: Severity, message: str, hint: str = "", run: str | None = None
) -> Preflight:
    return Diagnostic(f"start.{field}", severity, field, "", message, hint, run)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the world when a run is about to start; None is not known.

    Args:
        plugin: The plugin, or None when there is none of this id.
        live: What the hub sees of the plugin.
        project: The project, or None when there is none.
        batch_assets: Assets per batch id.
        assets: Assets that the run addresses.
        labelled: Those of them whose tasks carry labels already.
        elsewhere: Those of them whose images lie elsewhere than on this hub.
        with_images: Names of batches with images on this hub.
        unlabelled: Those of them with an image that carries no label.
        equal: Runs with the same fingerprint, newest first.
        past: Succeeded runs of the plugin, newest first.
    """

    plugin: Plugin | None
    live: Liveness = field(default_factory=Liveness)
    project: Project | None = None
    batch_assets: Mapping[str, int] = field(default_factory=dict)
    assets: int | None = None
    labelled: int | None = None
    elsewhere: int | None = None
    with_images: tuple[str, ...] = ()
    unlabelled: tuple[str, ...] = ()
    equal: Sequence[Run] = ()
    past: Sequence[Run] = ()

    @property
    def worth_a_look(self) -> tuple[str, ...]:
        """Names of the batches in which a plugin finds something, and best something to do."""
        return self.unlabelled or self.with_images


def preflight(request: RunRequest, around: Around) -> tuple[Preflight, ...]:
    """Findings about the facts, the mapping and the config, errors first.

    Args:
        request: What would be started.
        around: What is known about it.
    """
    findings = [
        *_plugin(around),
        *_project(request, around),
        *_images(around),
        *_before(request, around),
        *_deadline(request),
        *_mapping(request, around),
        *_config(request, around),
    ]
    return tuple(dict.fromkeys(sorted(findings, key=lambda one: WORST[one.severity])))


def is_blocked(findings: Sequence[Preflight]) -> bool:
    """Whether a finding forbids the start."""
    return any(one.severity == "error" for one in findings)


def estimate(past: Sequence[Run], assets: int) -> float | None:
    """Seconds that a run over so many assets may take; None without a run to go by.

    The median, over earlier runs, of seconds per asset that the run was shown.
    """
    rates = [
        seconds / run.assets
        for run in past
        if run.assets and (seconds := run.elapsed(0.0)) is not None and run.finished_at
    ]
    return median(rates) * assets if rates else None


def config_findings(config: str) -> list[Preflight]:
    """What is wrong or doubtful in a config's text; the place is said by line and column."""
    findings = [
        _finding("config", "error", mistake_text(one), "Mend it there.") for one in mistakes(config)
    ]
    size = len(config.encode("utf-8", "surrogatepass"))
    if not findings and size > LARGE:
        message = f"The config has {tenths(size / 2**20)} MiB; plugins take seconds to receive it."
        findings.append(_finding("config", "warning", message))
    return findings


def _plugin(around: Around) -> list[Preflight]:
    plugin = around.plugin
    if plugin is None:
        return [_finding("plugin", "error", "There is no such plugin.", "Register it first.")]
    if plugin.archived_at is not None:
        hint = "Take it out of the archive."
        return [_finding("plugin", "error", f"{plugin.name} is archived.", hint)]
    if around.live.state == "live":
        return _processes(plugin.name, around.live.processes)
    hint = "The run waits in the queue until then."
    if around.live.state == "unknown":
        message = "The local hub does not run, so nobody can say whether the plugin is connected."
        return [_finding("plugin", "warning", message, f"Start the hub. {hint}")]
    if around.live.state == "wrong secret":
        message = f"{plugin.name} is connected with a wrong secret."
        return [_finding("plugin", "warning", message, f"Start it with the right one. {hint}")]
    message = f"{plugin.name} is not connected."
    return [_finding("plugin", "warning", message, f"Start its script. {hint}")]


def _processes(name: str, processes: int) -> list[Preflight]:
    if processes < 2:
        return []
    message = f"{processes} processes are connected as {name}; the newest gets the run."
    return [_finding("plugin", "warning", message, "End those that are not meant.")]


def _project(request: RunRequest, around: Around) -> list[Preflight]:
    if around.project is None:
        return [_finding("project", "error", "There is no such project on the hub.")]
    findings = []
    listed = around.project.batches
    names = None if listed is None else {batch.id: batch.name for batch in listed}
    for batch in request.batches:
        if names is not None and batch not in names:
            message = f"The project has no batch {batch}."
            findings.append(_finding("batches", "error", message, "Choose another."))
        elif around.batch_assets.get(batch) == 0:
            message = f"The batch {(names or {}).get(batch, batch)} is empty."
            findings.append(_finding("batches", "warning", message))
    if around.assets == 0:
        hint = "Choose other batches, or add assets."
        findings.append(_finding("batches", "error", "There is no asset to look at.", hint))
    return findings


def _images(around: Around) -> Iterator[Preflight]:
    """Whether the plugin finds images on this hub; those elsewhere it has to reach by itself."""
    if not around.elsewhere or not around.assets:
        return
    if around.elsewhere < around.assets:
        many = f"{counted(around.elsewhere)} of {counted(around.assets)} assets"
        yield _finding("batches", "note", f"{many} have their images elsewhere than on this hub.")
        return
    hint = "A plugin that cannot reach them where they lie has nothing to look at."
    if around.with_images:
        hint = f"{hint} These batches have some here: {', '.join(around.with_images)}."
    message = f"None of these {counted(around.assets)} assets has its image on this hub."
    yield _finding("batches", "warning", message, hint)


def _before(request: RunRequest, around: Around) -> list[Preflight]:
    findings = []
    if around.labelled:
        message = (
            f"{counted(around.labelled)} of these assets have tasks that carry labels already."
        )
        what = "replaces what earlier runs imported" if request.importing == "replace" else "adds"
        findings.append(_finding("mode", "note", message, f"The run {what}."))
    for run in around.equal[:1]:
        message = f"An equal {run.request.kind} has been asked for already: {progress(run)}."
        severity: Severity = "note" if run.request.dry_run else "warning"
        findings.append(_finding("mode", severity, message, "", run.session))
    seconds = None if around.assets is None else estimate(around.past, around.assets)
    if seconds is not None:
        findings.append(
            _finding("mode", "note", f"It may take {rough_duration(1_000 * seconds)}.", "", None)
        )
        if seconds > request.seconds:
            message = "The deadline is shorter than earlier runs lead to expect."
            findings.append(_finding("deadline", "warning", message, "Give it more time."))
    return findings


def _deadline(request: RunRequest) -> Iterator[Preflight]:
    if deadline_of(request.seconds) is None:
        message = "The deadline is not a time after the start, within a year."
        yield _finding("deadline", "error", message, "Give it in seconds, such as 3600.")


def _mapping(request: RunRequest, around: Around) -> Iterator[Preflight]:
    if request.probe:  # every class has a target, and none is the project's
        return
    plugin, project = around.plugin, around.project
    classes = plugin.classes if plugin else ()
    tools = declared_tools(plugin) if plugin else {}
    schema = project.schema if project else None
    here = project.id if project else None
    past = [one for one in around.past if one.request.project == here and not one.request.probe]
    last = last_output(past)
    problems = diagnose(request.mapping or (), classes, schema, tools, last)
    for problem in problems:
        yield _finding("mapping", problem.severity, problem.message, problem.hint)


def _config(request: RunRequest, around: Around) -> Iterator[Preflight]:
    wrong = mistakes(request.config, around.plugin.config_schema if around.plugin else None)
    for mistake in wrong:
        yield _finding("config", "error", mistake_text(mistake), "Mend it in the editor.")
    if not wrong:
        yield from config_findings(request.config)


def last_output(past: Sequence[Run]) -> LastOutput | None:
    """What the newest run sent, and how much of it had no class of the project."""
    if not past:
        return None
    run = past[0]
    refused = sum(count for why, count in run.refused.items() if "no class" in why)
    return LastOutput(sum(run.per_class.values()) + refused, refused)
