"""The documents that the command line prints; pages offer the same ones for download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.stages import Logic
from core.routing.engine.split import Split
from core.routing.explain.trace import Trace
from core.routing.observed.conformance import Behaviour
from core.routing.observed.forecast import Coming
from core.routing.plan.shares import Plan
from core.routing.plan.stage_share import StagePlan
from core.routing.versions.compare import ArrivalChange, Comparison
from core.routing.versions.golden import GoldenVerdict, golden_document
from core.routing.versions.moved_tasks import Move
from core.routing.versions.stages import StageChange
from core.tasks.facts import Honesty

DIGITS = 9
"""Decimals of a printed mean; what follows is the noise of adding floats."""


def split_document(
    result: Split,
    dialect: Dialect,
    problems: Iterable[RuleDiagnostic],
    honesty: Honesty,
    coming: Coming | None = None,
) -> dict[str, Any]:
    """What `split --json` prints (docs/semantics.md); the next tasks are added if asked."""
    return {
        "tasks": result.tasks,
        "seed": result.seed,
        "dialect": dialect.as_dict(),
        "outputs": [
            {
                "output": output.position,
                "rule": output.sentence,
                "type": output.type,
                "next": output.target,
                "certain": output.count.certain,
                "expected": round(output.count.expected, DIGITS),
                "low": output.count.low,
                "high": output.count.high,
                "drawn": output.count.drawn,
                "share": round(output.count.share, DIGITS),
                **({"uncertain": True} if output.count.uncertain else {}),
                "reaching": round(output.reaching, DIGITS),
                **({} if output.chance is None else {"chance": output.chance}),
            }
            for output in result.outputs
        ],
        "problems": [_problem(problem) for problem in problems],
        "honesty": asdict(honesty),
        **({} if coming is None else {"next": _next_document(coming)}),
    }


def _next_document(coming: Coming) -> dict[str, Any]:
    weeks = coming.weeks
    return {
        "tasks": coming.tasks,
        "outputs": [asdict(count) for count in coming.outputs],
        "backtest": {
            "weeks": [
                {
                    "first": week.first.isoformat(),
                    "tasks": week.tasks,
                    "before": week.before,
                    "outputs": [asdict(count) for count in week.outputs],
                }
                for week in weeks.weeks
            ],
            "inside": weeks.inside,
            "counts": weeks.counts,
            "undated": weeks.undated,
            "p": weeks.p,
            "alike": weeks.alike,
        },
        "sentences": list(coming.sentences),
    }


def trace_document(result: Trace, names: Names) -> dict[str, Any]:
    """What `trace --json` prints."""
    facts = result.facts
    return {
        "task": facts.task,
        "facts": {
            "external_id": facts.external_id,
            "stage": facts.stage,
            "classes": None if facts.classes is None else list(facts.classes),
            "annotators": list(map(names.of_person, facts.annotators)),
            "duration_ms": facts.duration_ms,
            "batches": list(facts.batches),
            "last_at": facts.last_at.isoformat() if facts.last_at else None,
            "history": [
                {
                    "stage": stage,
                    "by": person and names.of_person(person),
                    "duration_ms": took,
                    "review": review,
                }
                for stage, person, took, review in facts.passes
            ],
        },
        "rules": [asdict(step) for step in result.steps[:-1]],
        "output": result.output,
        "probabilities": list(result.probabilities),
    }


def compare_document(
    result: Comparison, moved: Sequence[Move], before: Logic, after: Logic, seed: int
) -> dict[str, Any]:
    """What `compare --json` prints.

    Args:
        result: The comparison.
        moved: Examples.
        before: The first version.
        after: The second, under the rule ids of the first.
        seed: Of the draw that the examples come from.
    """
    wired = [list(stage.targets) for stage in (before, after)]
    return {
        "tasks": result.tasks,
        "seed": seed,
        "matrix": result.matrix.tolist(),
        "targets": list(result.targets),
        "stages": result.stages.tolist(),
        "moved": asdict(result.moved),
        "rerouted": asdict(result.rerouted),
        "outputs": [_change(change) for change in result.outputs],
        "arrivals": [
            {"stage": target, **_change(change)}
            for target, change in zip(result.targets, result.arrivals, strict=True)
        ],
        "examples": [
            {
                "task": move.task,
                "from": wired[0][move.before],
                "to": wired[1][move.after],
                "from_output": move.before,
                "to_output": move.after,
                "because": move.because,
            }
            for move in moved
        ],
        **({"uncertain": True} if result.uncertain else {}),
    }


def _change(change: ArrivalChange) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "expected_before": change.expected_before,
        "expected_after": change.expected_after,
        "expected": change.expected,
        "low": change.low,
        "high": change.high,
        "independent_low": change.independent_low,
        "independent_high": change.independent_high,
        **({"uncertain": True} if change.uncertain else {}),
    }


def _problem(problem: RuleDiagnostic) -> dict[str, Any]:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "rule": problem.subject,
        "where": problem.place,
        "message": problem.message,
        "hint": problem.hint,
    }


def check_document(
    problems: Iterable[RuleDiagnostic], verdicts: Sequence[GoldenVerdict] = ()
) -> dict[str, Any]:
    """What `check --json` prints."""
    return {
        "problems": [_problem(problem) for problem in problems],
        "golden": golden_document(verdicts),
    }


def plan_document(result: Plan) -> dict[str, Any]:
    """What `plan --json` prints."""
    return {
        "settings": [{"rule": rule, "value": chance} for rule, chance in result.settings],
        "reached": list(result.reached),
        "possible": result.possible,
        "message": result.message,
        "keep": result.keep,
        "whole": {
            "settings": [{"rule": rule, "value": chance} for rule, chance in result.whole],
            "reached": list(result.whole_reached),
        },
    }


def stage_plan_document(
    result: StagePlan, name: str, changes: Iterable[StageChange]
) -> dict[str, Any]:
    """What `plan --want-stage --json` prints; shares are of all tasks, from 0 to 1."""
    return {
        "stage": result.target,
        "name": name,
        "wanted": result.wanted,
        "now": round(result.now, DIGITS),
        "rule": result.rule,
        "change": result.change,
        "reached": round(result.reached, DIGITS),
        "possible": result.possible,
        "message": result.message,
        "stages": [
            {
                "stage": change.stage,
                "before": round(change.before, DIGITS),
                "after": round(change.after, DIGITS),
            }
            for change in changes
        ],
    }


def behaving_document(behaviour: Behaviour) -> dict[str, Any]:
    """What `behaving --json` prints: a row per output; those of one stage share its count."""
    rows = [
        {
            "output": output,
            "observed": count.observed,
            "expected": None if count.expected is None else round(count.expected, DIGITS),
            "low": count.low,
            "high": count.high,
            "p": count.p,
            "adjusted": count.adjusted,
            "told": count.told,
            **({"together": list(count.outputs)} if len(count.outputs) > 1 else {}),
        }
        for count in behaviour.counts
        for output in count.outputs
    ]
    return {
        "behaving": behaviour.behaving,
        "basis": behaviour.basis,
        "counts": sorted(rows, key=lambda row: row["output"]),
        "sentences": list(behaviour.sentences),
    }
