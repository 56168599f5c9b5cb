"""What to say before a run starts: each finding stands beside the field that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from core.model.problems import Severity
from core.model.project import Project
from core.plugin_runs.config.check import LARGE, mistakes
from core.plugin_runs.model import Liveness, Plugin, Run, RunRequest, deadline_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know before the start.

    Args:
        field: `plugin`, `project`, `batches`, `mapping`, `config`, `mode` or `deadline`.
        severity: `error` blocks the start.
        message: One sentence.
        hint: The next step, or "".
        run: Session of the run that the finding is about, or None.
    """

    field: str
    severity: Severity
    message: str
    hint: str = ""
    run: str | None = None


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
        equal: Runs with the same fingerprint, newest first.
        past: Succeeded runs of the plugin, newest first.
    """

    plugin: Plugin | None
    live: Liveness = field(default_factory=Liveness)
    project: Project | None = None
    batch_assets: Mapping[str, int] = field(default_factory=dict)
    assets: int | None = None
    labelled: int | None = None
    equal: Sequence[Run] = ()
    past: Sequence[Run] = ()


def facts_findings(request: RunRequest, around: Around) -> list[Finding]:
    """What plugin, project, batches, deadline and earlier runs say; see `ready.py` beside it."""
    found = [*_plugin(around), *_project(request, around), *_before(request, around)]
    if deadline_of(request.seconds) is None:
        message = "The deadline is not a time after the start, within a year."
        found.append(Finding("deadline", "error", message, "Give it in seconds, such as 3600."))
    return found


def is_blocked(findings: Sequence[Finding]) -> bool:
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


def config_findings(config: str) -> list[Finding]:
    """What is wrong or doubtful in a config's text; the place is said by line and column."""
    found = [Finding("config", "error", str(one), "Mend it there.") for one in mistakes(config)]
    size = len(config.encode("utf-8", "surrogatepass"))
    if not found and size > LARGE:
        message = f"The config has {size / 2**20:.1f} MiB; plugins take seconds to receive it."
        found.append(Finding("config", "warning", message))
    return found


def _plugin(around: Around) -> list[Finding]:
    plugin = around.plugin
    if plugin is None:
        return [Finding("plugin", "error", "There is no such plugin.", "Register it first.")]
    if plugin.archived_at is not None:
        hint = "Take it out of the archive."
        return [Finding("plugin", "error", f"{plugin.name} is archived.", hint)]
    if around.live.state == "live":
        return _processes(plugin.name, around.live.processes)
    hint = "The run waits in the queue until then."
    if around.live.state == "unknown":
        message = "The local hub does not run, so nobody can say whether the plugin is connected."
        return [Finding("plugin", "warning", message, f"Start the hub. {hint}")]
    if around.live.state == "wrong secret":
        message = f"{plugin.name} is connected with a wrong secret."
        return [Finding("plugin", "warning", message, f"Start it with the right one. {hint}")]
    message = f"{plugin.name} is not connected."
    return [Finding("plugin", "warning", message, f"Start its script. {hint}")]


def _processes(name: str, processes: int) -> list[Finding]:
    if processes < 2:
        return []
    message = f"{processes} processes are connected as {name}; the newest gets the run."
    return [Finding("plugin", "warning", message, "End those that are not meant.")]


def _project(request: RunRequest, around: Around) -> list[Finding]:
    if around.project is None:
        return [Finding("project", "error", "There is no such project on the hub.")]
    found = []
    listed = around.project.batches
    names = None if listed is None else {batch.id: batch.name for batch in listed}
    for batch in request.batches:
        if names is not None and batch not in names:
            message = f"The project has no batch {batch}."
            found.append(Finding("batches", "error", message, "Choose another."))
        elif around.batch_assets.get(batch) == 0:
            message = f"The batch {(names or {}).get(batch, batch)} is empty."
            found.append(Finding("batches", "warning", message))
    if around.assets == 0:
        hint = "Choose other batches, or add assets."
        found.append(Finding("batches", "error", "There is no asset to look at.", hint))
    return found


def _before(request: RunRequest, around: Around) -> list[Finding]:
    found = []
    if around.labelled:
        message = f"{around.labelled:,} of these assets have tasks that carry labels already."
        what = "replaces what earlier runs imported" if request.importing == "replace" else "adds"
        found.append(Finding("mode", "note", message, f"The run {what}."))
    for run in around.equal[:1]:
        word = {"no_answer": "without an answer"}.get(run.state, run.state)
        what = "dry run" if run.request.dry_run else "run"
        message = (
            f"An equal {what} has been done already: {word}, "
            f"{run.labelled:,} of {run.requested:,} tasks labelled."
        )
        severity: Severity = "note" if run.request.dry_run else "warning"
        found.append(Finding("mode", severity, message, "", run.session))
    seconds = None if around.assets is None else estimate(around.past, around.assets)
    if seconds is not None:
        found.append(Finding("mode", "note", f"It may take {_duration(seconds)}.", "", None))
        if seconds > request.seconds:
            message = "The deadline is shorter than earlier runs lead to expect."
            found.append(Finding("deadline", "warning", message, "Give it more time."))
    return found


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"
