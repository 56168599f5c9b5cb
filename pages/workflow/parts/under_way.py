"""The tasks under way by the project's rules and by the rules in hand, worked out once per edit."""

from __future__ import annotations

from hashlib import blake2b

import streamlit as st

from core.ango_json.stages import write_stage
from core.ango_json.text import dumps
from core.flow.in_flight import InFlight, in_flight
from core.model.dialect import Dialect
from pages._ui.state import Opened, current
from pages.workflow.parts.forecasting import Plan, past_of
from pages.workflow.parts.twin import graph_in_hand


def look(here: Opened) -> InFlight:
    """Every task looked at that is under way, by both versions of the workflow."""
    return _look(*_asked(here), here)


def asked_of_flight(here: Opened, plan: Plan) -> str:
    """Names what is asked of these tasks under a plan of work."""
    asked = repr((_asked(here), sorted(plan.items()))).encode("utf-8", "surrogatepass")
    digest = blake2b(asked, digest_size=16)
    return f"left {digest.hexdigest()}"


def _asked(here: Opened) -> tuple[str, Dialect, str, bytes, tuple[tuple[str, float], ...]]:
    """All that an answer depends on."""
    graphs = graph_in_hand(here, by_project=True), graph_in_hand(here)
    written = dumps([[write_stage(stage) for stage in graph.stages] for graph in graphs])
    tasks = blake2b(here.within.tobytes(), digest_size=16).digest()
    rates = tuple(sorted(current().rates.items()))
    work = here.workspace
    return work.table.fingerprint, work.dialect, written, tasks, rates


@st.cache_resource(max_entries=16, show_spinner="Looking at the tasks that are under way")
def _look(
    fingerprint: str,  # noqa: ARG001
    dialect: Dialect,  # noqa: ARG001
    written: str,  # noqa: ARG001
    tasks: bytes,  # noqa: ARG001
    rates: tuple[tuple[str, float], ...],
    _here: Opened,
) -> InFlight:
    before, after = graph_in_hand(_here, by_project=True), graph_in_hand(_here)
    minutes = {s: float(past.mean()) for s, past in past_of(_here).items() if len(past)}
    return in_flight(_here.workspace, before, after, dict(rates), minutes, _here.within)
