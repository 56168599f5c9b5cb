"""The documents that the command line prints; pages offer the same ones for download."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from core.logic.plan import Plan
from core.logic.split import Split
from core.logic.trace import Trace
from core.model.dialect import Dialect
from core.model.problems import Problem
from core.tasks.facts import Honesty

DIGITS = 9
"""Decimals of a printed mean; what follows is the noise of adding floats."""


def split_document(
    result: Split, dialect: Dialect, problems: Iterable[Problem], honesty: Honesty
) -> dict[str, Any]:
    """What `split --json` prints (contract, Command line)."""
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
            }
            for output in result.outputs
        ],
        "problems": [asdict(problem) for problem in problems],
        "honesty": asdict(honesty),
    }


def trace_document(result: Trace) -> dict[str, Any]:
    """What `trace --json` prints."""
    facts = result.facts
    return {
        "task": facts.task,
        "facts": {
            "external_id": facts.external_id,
            "stage": facts.stage,
            "classes": None if facts.classes is None else list(facts.classes),
            "annotators": list(facts.annotators),
            "duration_ms": facts.duration_ms,
            "batches": list(facts.batches),
            "last_at": facts.last_at.isoformat() if facts.last_at else None,
            "history": [
                {"stage": stage, "by": person, "duration_ms": took, "review": review}
                for stage, person, took, review in facts.passes
            ],
        },
        "rules": [asdict(step) for step in result.steps[:-1]],
        "output": result.output,
        "probabilities": list(result.probabilities),
    }


def check_document(problems: Iterable[Problem]) -> dict[str, Any]:
    """What `check --json` prints."""
    return {"problems": [asdict(problem) for problem in problems], "golden": []}


def plan_document(result: Plan) -> dict[str, Any]:
    """What `plan --json` prints."""
    return {
        "settings": [{"rule": rule, "value": chance} for rule, chance in result.settings],
        "reached": list(result.reached),
        "possible": result.possible,
        "message": result.message,
    }
