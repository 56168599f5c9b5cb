"""Everything to say before a start, each finding with the field that it stands beside.

The one judgment of a start: the page shows it, and `run start` obeys it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.plugin_runs.config.check import mistakes
from core.plugin_runs.draft import declared_tools
from core.plugin_runs.mapping.doctor import LastOutput, diagnose
from core.plugin_runs.model import Run, RunRequest
from core.plugin_runs.preflight import Around, Finding, config_findings, facts_findings

WORST = {"error": 0, "warning": 1, "note": 2}
LISTED = 5
"""So many classes are named in a sentence about more."""


def ready(request: RunRequest, around: Around) -> tuple[Finding, ...]:
    """Findings about the facts, the mapping and the config, errors first.

    Args:
        request: What would be started.
        around: What is known about it.
    """
    found = [
        *facts_findings(request, around),
        *_mapping(request, around),
        *_config(request, around),
    ]
    return tuple(dict.fromkeys(sorted(found, key=lambda one: WORST[one.severity])))


def _mapping(request: RunRequest, around: Around) -> Iterator[Finding]:
    plugin, project = around.plugin, around.project
    classes = plugin.classes if plugin else ()
    tools = declared_tools(plugin) if plugin else {}
    schema = project.schema if project else None
    here = project.id if project else None
    last = last_output([run for run in around.past if run.request.project == here])
    problems = diagnose(request.mapping or (), classes, schema, tools, last)
    for problem in problems:
        if problem.code != "mapping.left_out":
            yield Finding("mapping", problem.severity, problem.message, problem.hint)
    left_out = [problem.where for problem in problems if problem.code == "mapping.left_out"]
    if left_out:
        names = ", ".join(f"“{name}”" for name in left_out[:LISTED]) + (
            " …" if len(left_out) > LISTED else ""
        )
        message = f"{len(left_out):,} of {len(classes):,} model classes are left out: {names}"
        yield Finding("mapping", "note", message if message.endswith("…") else f"{message}.")


def _config(request: RunRequest, around: Around) -> Iterator[Finding]:
    wrong = mistakes(request.config, around.plugin.config_schema if around.plugin else None)
    for mistake in wrong:
        yield Finding("config", "error", str(mistake), "Mend it in the editor.")
    if not wrong:
        yield from config_findings(request.config)


def last_output(past: Sequence[Run]) -> LastOutput | None:
    """What the newest run sent, and how much of it had no class of the project."""
    if not past:
        return None
    run = past[0]
    refused = sum(count for why, count in run.refused.items() if "no class" in why)
    return LastOutput(sum(run.per_class.values()) + refused, refused)
