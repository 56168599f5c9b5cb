"""Everything to say before a start, each finding with the field that it stands beside."""

from __future__ import annotations

from collections.abc import Sequence

from core.config.check import mistakes
from core.mapping.doctor import LastOutput, diagnose
from core.runs.model import Run, RunRequest
from core.runs.preflight import Around, Finding, preflight
from core.starting.draft import declared_tools

WORST = {"error": 0, "warning": 1, "note": 2}


def ready(request: RunRequest, around: Around) -> tuple[Finding, ...]:
    """Findings of preflight, of the mapping's doctor and of the config's check, errors first.

    Args:
        request: What would be started.
        around: What is known about it.
    """
    found = [one for one in preflight(request, around) if one.field not in ("mapping", "config")]
    plugin, project = around.plugin, around.project
    if plugin is not None and project is not None and project.schema is not None:
        last = last_output([run for run in around.past if run.request.project == project.id])
        found += [
            Finding("mapping", problem.severity, problem.message, problem.hint)
            for problem in diagnose(
                request.mapping or (), plugin.classes, project.schema, declared_tools(plugin), last
            )
        ]
    else:
        found += [one for one in preflight(request, around) if one.field == "mapping"]
    schema = plugin.config_schema if plugin else None
    wrong = mistakes(request.config, schema)
    if wrong:
        hint = "Mend it in the editor."
        found += [Finding("config", "error", str(mistake), hint) for mistake in wrong]
    else:
        found += [one for one in preflight(request, around) if one.field == "config"]
    return tuple(sorted(found, key=lambda one: WORST[one.severity]))


def last_output(past: Sequence[Run]) -> LastOutput | None:
    """What the newest run sent, and how much of it had no class of the project."""
    if not past:
        return None
    run = past[0]
    refused = sum(count for why, count in run.refused.items() if "no class" in why)
    return LastOutput(sum(run.per_class.values()) + refused, refused)
