"""The documents that `flow` and `ongoing` print."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.flow.flow import ExactFlow, ExitFlow, StageFlow
from core.flow.graph import Graph, output_name
from core.flow.in_flight import ENDS, InFlight, StageInFlight
from core.flow.rates import word_of
from core.flow.repeats import Repeats
from core.routing.document import DIGITS, check_document
from core.workspace import Workspace

EXAMPLES = 20


def flow_document(flow: ExactFlow) -> dict[str, Any]:
    """What `flow --json` prints (docs/semantics.md, Flow)."""
    tasks = flow.tasks
    return {
        "tasks": tasks,
        "stages": [_stage(one) for one in flow.stages],
        "completed": _share(flow.completed, tasks),
        "archived": _share(flow.archived, tasks),
        "trapped": _share(flow.trapped, tasks),
        "ends": {
            name: _count(count)
            for name, count in (
                ("completed", flow.completed),
                ("archived", flow.archived),
                ("trapped", flow.trapped),
            )
        },
        "touches": {
            "expected": round(flow.touches, DIGITS),
            "variance": round(flow.touches_variance, DIGITS),
            **_ends(flow.touches_interval),
            "per_task": round(flow.touches / tasks, DIGITS) if tasks else 0,
            "rework": round(flow.rework, DIGITS),
        },
        "rates": [
            {
                "stage": flow.graph.stages[place].id,
                "rate": word_of(flow.graph.stages[place]),
                "value": rate.value,
                "from": rate.origin,
                "seen": rate.first,
                "of": rate.of,
                "low": round(rate.low, DIGITS),
                "high": round(rate.high, DIGITS),
            }
            for place, rate in flow.rates.items()
        ],
        "groups": len(flow.chain.tasks),
        "problems": check_document(flow.problems)["problems"],
    }


def _stage(one: StageFlow) -> dict[str, Any]:
    return {
        "id": one.stage.id,
        "name": one.stage.name,
        "type": one.stage.kind,
        "visits": round(one.visits.mean, DIGITS),
        "tasks": round(one.tasks.mean, DIGITS),
        "counts": {"visits": _spread(one.visits), "tasks": _spread(one.tasks)},
        "exits": [_exit(one, exit_) for exit_ in one.exits],
        **({"endless": True} if one.loop else {}),
    }


def _exit(stage: StageFlow, one: ExitFlow) -> dict[str, Any]:
    return {
        "output": one.output,
        "name": output_name(stage.stage, one.output),
        "to": one.to,
        "expected": round(one.count.mean, DIGITS),
        **_spread(one.count),
    }


def _spread(count: Repeats) -> dict[str, Any]:
    return {"variance": round(count.variance, DIGITS), **_ends(count.interval)}


def _share(count: Repeats, tasks: int) -> float:
    return round(count.mean / tasks, DIGITS) if tasks else 0


def _count(count: Repeats) -> dict[str, Any]:
    return {"expected": round(count.mean, DIGITS), **_ends(count.interval)}


def _ends(interval: tuple[int, int] | None) -> dict[str, Any]:
    low, high = interval or (None, None)
    return {"low": low, "high": high}


def in_flight_document(workspace: Workspace, result: InFlight, before: Graph) -> dict[str, Any]:
    """What `ongoing --json` prints; pairs are before and after the edit."""
    first = np.flatnonzero(result.stranded)[:EXAMPLES].tolist()
    first += np.flatnonzero(result.changed & ~result.stranded)[: EXAMPLES - len(first)].tolist()
    ids = workspace.table.ids.take(result.rows[first]).to_pylist()
    return {
        "tasks": len(workspace.table),
        "ongoing": len(result.rows),
        "unknown": result.unknown,
        "changed": int(result.changed.sum()),
        "stranded": int(result.stranded.sum()),
        "ends": {
            name: [round(float(look.ends[:, place].sum()), DIGITS) for look in result.looks]
            for place, name in enumerate(ENDS)
        },
        "touches": [round(float(look.touches.sum()), DIGITS) for look in result.looks],
        "work_minutes": [round(float(look.minutes.sum()), DIGITS) for look in result.looks],
        "stages": [_under_way(one, before) for one in result.stages],
        "examples": [
            {
                "task": task,
                "stage": before.stages[result.at[place]].id,
                "stranded": bool(result.stranded[place]),
                "completed": [round(float(look.ends[place, 0]), DIGITS) for look in result.looks],
                "touches": [round(float(look.touches[place]), DIGITS) for look in result.looks],
                "work_minutes": [round(float(k.minutes[place]), DIGITS) for k in result.looks],
            }
            for task, place in zip(ids, first, strict=True)
        ],
    }


def _under_way(one: StageInFlight, before: Graph) -> dict[str, Any]:
    place = before.find_id(one.stage)
    return {
        "id": one.stage,
        "name": one.stage if place is None else before.stages[place].name,
        "tasks": one.tasks,
        **{name: [round(x, DIGITS) for x in one.ends[:, at]] for at, name in enumerate(ENDS)},
        "touches": [round(x, DIGITS) for x in one.touches],
        "work_minutes": [round(x, DIGITS) for x in one.minutes],
        "meet_rules": [round(x, DIGITS) for x in one.rules],
        "changed": one.changed,
        "stranded": one.stranded,
    }
