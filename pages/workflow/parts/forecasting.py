"""Forecasts for the pages: worked out once per plan, behind the page where that takes longer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, TypeVar

import streamlit as st

from core.errors import Cancelled, SwitchyardError
from core.flow.chain import Chain
from core.flow.flow import ExactFlow
from core.flow.plan import WorkPlan
from core.flow.proposed import proposed_plan
from core.flow.queueing.priorities import by_priority
from core.flow.read_plan import read_plan
from core.gateway.job import Job
from core.gateway.protocol import Progress
from core.model.reached import Reached
from core.tasks.table import Floats
from pages._ui.reading import failed, follow
from pages._ui.state import Opened, current
from pages.workflow.parts.twin import graph_in_hand

Answer = TypeVar("Answer")
Plan = dict[str, Any]

KEPT_ANSWERS = 12
READY = "Getting the simulation ready; the first time takes some seconds"
STOPPED = "Stopped. Change something to simulate again."


def past_of(here: Opened) -> Mapping[str, Floats]:
    """Minutes of past visits by stage id."""
    source = here.project.source if here.project else None
    return _past(here.table.fingerprint, source, here)


@st.cache_resource(max_entries=8, show_spinner="Reading how long visits took")
def _past(fingerprint: str, source: str | None, _here: Opened) -> Mapping[str, Floats]:  # noqa: ARG001
    from core.flow.queueing.times import past_minutes

    return past_minutes(_here.table, (_here.project.stages if _here.project else None) or ())


def plan_in_hand(here: Opened) -> Plan:
    """The plan of this session, or the one that the histories propose."""
    kept = current().work_plan
    return kept or proposed_plan(graph_in_hand(here), here.table, here.within, past_of(here))


def read(plan: Plan) -> WorkPlan:
    """The plan as a value. Raises as `read_plan`."""
    return read_plan(plan, "The plan")


def prepared(flow: ExactFlow, plan: Plan, here: Opened) -> tuple[Chain, WorkPlan]:
    """The workflow and the plan as they are simulated. Raises as `read_plan`."""
    return by_priority(flow.chain, read(plan), here.table, here.project)


def asked_of(name: str, here: Opened, flow: ExactFlow, plan: Plan, more: object = None) -> str:
    """Names a question by all that its answer depends on, so that it is worked out once."""
    chain, graph = flow.chain, flow.graph
    parts = (
        here.table.fingerprint,  # how long visits took
        repr([(stage.id, stage.kind, stage.name) for stage in graph.stages]),
        repr((graph.start, graph.exits, graph.subs)),
        json.dumps(plan, sort_keys=True),
        repr(more),
    )
    digest = blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16)
    digest.update(chain.chances.tobytes() + chain.tasks.tobytes())
    return f"{name} {digest.hexdigest()}"


def worked_out(
    question: str,
    ask: Callable[[Reached], Answer],
    doing: str,
    stays: str = "The plan is as it was.",
) -> Answer | None:
    """The answer to a question; None while it is worked out, which is drawn, or where it failed."""
    known: dict[str, Any] = st.session_state.setdefault("forecast.answers", {})
    if question in known:
        before: Answer = known[question]
        return before
    jobs, name = current().jobs, f"forecast {question.partition(' ')[0]}"
    if st.session_state.get("forecast.asked", {}).get(name) != question:
        old = jobs.pop(name, None)
        if old is not None:
            old.stop()
        jobs[name] = Job(_work(ask, doing))
        st.session_state.setdefault("forecast.asked", {})[name] = question
    job = follow(name, STOPPED)
    if job is None:
        if name not in jobs:
            st.caption(STOPPED)
        return None
    try:
        answer: Answer = job.result()
    except SwitchyardError as error:
        failed(error, stays)
        return None
    while len(known) >= KEPT_ANSWERS:
        known.pop(next(iter(known)))
    known[question] = answer
    return answer


def _work(ask: Callable[[Reached], Answer], doing: str) -> Callable[..., Answer]:
    def work(tell: Callable[[Progress], None], stopped: Callable[[], bool]) -> Answer:
        tell(Progress(READY))

        def reached(done: int, total: int) -> None:
            if stopped():
                raise Cancelled("It was stopped.")
            tell(Progress(doing, done, total, "steps"))

        return ask(reached)

    return work
