"""Whether people can keep up with tasks that come for ever: the load of each, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from core.flow.absorbing import solve
from core.flow.chain import Chain
from core.flow.flow import worth_of
from core.flow.plan import WorkPlan, plan_problem
from core.flow.queueing.network import Desk
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import percent
from core.tasks.table import Floats


def visits_of(chain: Chain) -> Floats:
    """Expected visits of one task to each stage; infinite in a loop without a way out.

    A sub-stage has those of its Consensus.
    """
    graph = chain.graph
    solved = solve(chain, worth_of(graph))
    each = np.where(solved.loops, np.inf, solved.visits)
    total = chain.tasks.sum()
    share = chain.tasks / total if total else np.full(len(chain.tasks), 1 / len(chain.tasks))
    present = share > 0
    visits: Floats = share[present] @ each[present]
    for place, subs in enumerate(graph.subs):
        visits[list(subs)] = visits[place]
    return visits


def loads_of(chain: Chain, plan: WorkPlan, desks: Sequence[Desk]) -> tuple[float | None, ...]:
    """Work that comes to each desk, as a share of what its people can do; from 1 on queues grow.

    None where tasks do not come for ever, or nobody works.
    """
    if plan.arrivals.kind != "poisson":
        return (None,) * len(desks)
    visits, per_minute = visits_of(chain), plan.arrivals.per_hour / 60
    return tuple(
        per_minute
        * _product(visits[desk.stage], desk.service.mean)
        / (desk.people * desk.open_share)
        if desk.people
        else None
        for desk in desks
    )


def _product(visits: float, minutes: float) -> float:
    return visits * minutes if minutes else 0.0


def capacity_problems(
    chain: Chain, desks: Sequence[Desk], loads: Sequence[float | None]
) -> Iterator[RuleDiagnostic]:
    """Desks whose people cannot keep up."""
    for desk, load in zip(desks, loads, strict=True):
        if load is not None and load >= 1:
            name = chain.graph.stages[desk.stage].name
            how = f"{percent(round(load, 4))} of" if np.isfinite(load) else "without end beyond"
            message = (
                f"More work comes to “{name}” than its people can do: {how} their time. Its queue "
                "grows for ever, so waits there and the time of a task have no mean."
            )
            hint = "Plan more people or shorter visits there, or fewer tasks."
            place = f"stages.{desk.staff.stage}"
            yield plan_problem("load.above_capacity", "error", place, message, hint)
