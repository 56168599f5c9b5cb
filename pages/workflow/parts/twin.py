"""The workflow of the project with the rules in hand, sent through once per change."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import streamlit as st

from core.ango_json.stages import write_stage
from core.ango_json.text import dumps
from core.flow.flow import ExactFlow, flow_of
from core.flow.graph import Graph, graph_of
from core.model.dialect import Dialect
from core.tasks.bits import Bits
from core.workspace import Workspace
from pages._ui import drafting
from pages._ui.honesty import ICONS, MOST
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened, current


def graph_in_hand(here: Opened, by_project: bool = False) -> Graph:
    """The project's workflow, in which the Logic stage that is edited is as it is edited.

    Args:
        here: The workspace.
        by_project: Whether the project's own rules are meant.
    """
    edited = drafting.baseline(here) if by_project else drafting.stage_in_hand(here)
    around = (here.project.stages if here.project else None) or ()
    return graph_of(
        tuple(replace(edited, position=s.position) if s.id == edited.id else s for s in around)
    )


def typed_rates(graph: Graph) -> dict[int, float]:
    """Rates that were set on the page, by the place of their stage."""
    rates = current().rates
    return {place: rates[s.id] for place, s in enumerate(graph.stages) if s.id in rates}


def exact_flow(here: Opened, by_project: bool = False) -> ExactFlow:
    """Where the tasks looked at go, by the rates that were set and the rules in hand."""
    graph = graph_in_hand(here, by_project)
    typed = typed_rates(graph)
    written = dumps([write_stage(stage) for stage in graph.stages])
    tasks = blake2b(here.within.tobytes(), digest_size=16).digest()
    work = here.workspace
    return _flow(
        work.table.fingerprint, work.dialect, written, tasks, tuple(sorted(typed.items())),
        work.pseudonyms is not None, work, graph, here.within,
    )  # fmt: skip


@st.cache_resource(max_entries=32, show_spinner="Following the tasks through the workflow")
def _flow(
    fingerprint: str,  # noqa: ARG001
    dialect: Dialect,  # noqa: ARG001
    written: str,  # noqa: ARG001
    tasks: bytes,  # noqa: ARG001
    typed: tuple[tuple[int, float], ...],
    hidden: bool,  # noqa: ARG001
    _workspace: Workspace,
    _graph: Graph,
    _within: Bits,
) -> ExactFlow:
    return flow_of(_workspace, dict(typed), _graph, _within)


def flow_findings(flow: ExactFlow, here: Opened) -> None:
    """What is wrong with the workflow or assumed, each with its stage and its next step."""
    st.subheader("Findings and assumptions")
    if not flow.problems:
        st.caption(":material/check_circle: No findings.")
    for problem in flow.problems[:MOST]:
        stage = plain(here.names.of_stage(problem.place.split(" ")[0]))
        words = plain(f"{problem.message} {problem.hint}")
        st.markdown(f"{ICONS[problem.severity]} **{stage}**: {words}")
    st.caption(
        "A task keeps its facts on its way: certain rules answer the same at each pass, random "
        "ones draw afresh. Rates hold for all tasks alike. A task that is requeued by hand leaves "
        "no entry in its history, so nothing here knows of it."
    )
