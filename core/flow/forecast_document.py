"""The document that `forecast` prints; a page offers the same one for download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.flow.answers import PeopleNeeded, Sensitivity
from core.flow.queueing.forecast import Forecast, StageForecast
from core.flow.queueing.priorities import PartForecast
from core.flow.queueing.remaining import Remaining
from core.flow.queueing.spread import Spread
from core.routing.document import DIGITS, check_document


def forecast_document(result: Forecast) -> dict[str, Any]:
    """What `forecast --json` prints (docs/semantics.md, Forecasts)."""
    p10, p50, p90 = map(_rounded, result.finish)
    return {
        "stages": [_stage(one) for one in result.stages],
        "cycle_hours": _spread(result.cycle),
        "throughput_per_hour": _rounded(result.throughput),
        "finish_hours": {"p10": p10, "p50": p50, "p90": p90},
        "cost": _rounded(result.cost),
        "bottleneck": result.bottleneck,
        "next_bottleneck": result.next_bottleneck,
        "replications": result.replications,
        **_priorities(result.priorities),
        "problems": check_document(result.problems)["problems"],
    }


def _priorities(priorities: Sequence[PartForecast]) -> dict[str, Any]:
    rows = [
        {
            "priority": one.number,
            "tasks": _rounded(one.tasks),
            "cycle_hours": {name: _rounded(getattr(one, name)) for name in ("mean", "low", "high")},
        }
        for one in priorities
    ]
    return {"priorities": rows} if rows else {}


def remaining_document(result: Remaining) -> dict[str, Any]:
    """What `ongoing --plan` adds; pairs are before and after the edit."""
    return {
        "remaining_hours": [_spread(look.cycle) for look in result.looks],
        "finish_hours": [
            dict(zip(("p10", "p50", "p90"), map(_rounded, look.finish), strict=True))
            for look in result.looks
        ],
        "stages_remaining": [
            {
                "id": one.stage,
                "remaining_hours": [
                    {name: _rounded(getattr(hours, name)) for name in ("mean", "low", "high")}
                    for hours in one.hours
                ],
            }
            for one in result.stages
        ],
        "problems": check_document(
            tuple(dict.fromkeys(one for look in result.looks for one in look.problems))
        )["problems"],
    }


def needed_document(result: PeopleNeeded) -> dict[str, Any]:
    """What `forecast --need` adds."""
    return {
        "stage": result.stage,
        "people": result.people,
        "within_hours": result.hours,
        "certainty": result.certainty,
        "tried": [
            {"people": one.people, "in_time": one.share, "finish_p50": _rounded(one.finish)}
            for one in result.tried
        ],
        "bottleneck": result.limit,
    }


def sensitivity_document(result: Sensitivity | None) -> dict[str, Any] | None:
    """What `forecast --sensitivity` adds; null where the outcome is not known."""
    if result is None:
        return None
    return {
        "outcome": result.outcome,
        "now_hours": _rounded(result.now),
        "changes": [
            {
                "stage": bar.stage,
                "what": bar.what,
                "less_hours": _rounded(bar.low),
                "more_hours": _rounded(bar.high),
            }
            for bar in result.bars
        ],
    }


def _stage(one: StageForecast) -> dict[str, Any]:
    return {
        "id": one.stage.id,
        "name": one.stage.name,
        "people": one.people,
        "utilisation": _rounded(one.utilisation),
        "load": _rounded(one.load),
        "wait_minutes": _spread(one.wait),
        "queue": {"mean": _rounded(one.queue)},
        "done": _rounded(one.done),
        "cost": _rounded(one.cost),
    }


def _spread(spread: Spread) -> dict[str, Any]:
    names = ("mean", "p50", "p90", "p95", "low", "high")
    return {name: _rounded(getattr(spread, name)) for name in names}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
