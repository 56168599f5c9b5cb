"""What a probe shows of the mapping: beside each model class, what its labels lie on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from core.access.actions import Action
from core.errors import SwitchyardError
from core.model.figures import counted
from core.model.names import names_of
from core.model.project import Project
from core.plugin_runs.draft import StartDraft
from core.plugin_runs.model import Plugin, Run
from core.plugin_runs.preflight import is_blocked, preflight
from core.plugin_runs.probe import probe_request
from core.plugin_runs.standing import progress
from core.quality.evidence import Evidence
from core.quality.truth import Truth
from core.store.hub import SANDBOX, HubProject
from core.store.run_around import around, labelled_batches
from pages._ui import judged
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.may import opened_to
from pages._ui.services import services
from pages._ui.state import current

WHAT = (
    "A dry run in which each class of the model is seen, mapped or not, over images that people "
    "labelled. It shows which class of the project each one lies on, and writes nothing."
)
Take = Callable[[Mapping[str, str | None]], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the last probe of a plugin shows of a project.

    Args:
        by_class: Evidence by model class; empty before a probe has ended.
        probe: That probe, or the one under way; None before one was started.
    """

    by_class: Mapping[str, Evidence]
    probe: Run | None = None

    def worth_taking(self, chosen: Mapping[str, str | None]) -> dict[str, str | None]:
        """What strong evidence would have otherwise."""
        return {
            name: one.schema_id
            for name, one in self.by_class.items()
            if one.trust == "strong" and name in chosen and chosen[name] != one.schema_id
        }


def shown_of(plugin: Plugin, hub_project: HubProject | None) -> Shown:
    """What the last probe of the plugin in a project shows; nothing for one on Ango Hub."""
    if hub_project is None or hub_project.backend != SANDBOX:
        return Shown({})
    runs = services().runs.list(plugin=plugin.id, project=hub_project.id, limit=50)
    probe = next((run for run in runs if run.request.probe), None)
    if probe is None or not probe.is_final or not probe.tasks:
        return Shown({}, probe)
    try:
        evidence = judged.shown_by(judged.question(probe, Truth()))
    except SwitchyardError:  # no Complete stage, or a project that is gone: there is none
        return Shown({}, probe)
    return Shown({one.model_class: one for one in evidence}, probe)


def probe_bar(
    start: StartDraft, plugin: Plugin, project: Project, shown: Shown, take: Take
) -> None:
    """Start a probe, say how far it is, and take what it shows."""
    stages = [stage.id for stage in project.stages or () if stage.kind == "Complete"]
    batches = labelled_batches(services().hub, project.id, stages)
    chosen = tuple(one for one in start.batches if one in batches) or tuple(batches)[:1]
    many = sum(batches[one] for one in chosen)
    with st.container(horizontal=True, vertical_alignment="center"):
        under_way = shown.probe is not None and not shown.probe.is_final
        st.button(
            "Probe the model", icon=":material/biotech:", key="start.probe",
            on_click=_probe, args=(replace(start, batches=chosen), plugin, project),
            **opened_to(Action.RUN_START, under_way or not many or not plugin.classes, WHAT),
        )  # fmt: skip
        better = shown.worth_taking(start.mapping)
        if better:
            st.button(
                f"Take {counted(len(better))} of the probe", key="start.probe.take",
                on_click=take, args=(better,),
                help="What its labels show clearly and the mapping has otherwise.",
            )  # fmt: skip
        if shown.probe is not None and under_way:
            _follow(shown.probe)
        else:
            st.caption(plain(_words(shown, project, chosen, many)))


def _words(shown: Shown, project: Project, batches: tuple[str, ...], many: int) -> str:
    """What was probed, or would be."""
    if shown.probe is not None:
        end = "" if shown.by_class else ". It tells nothing of the mapping"
        return f"Last probe: {progress(shown.probe)}{end}."
    if not many:
        return "No image on this hub was labelled by people, so a probe would show nothing."
    names = names_of(project).to_show()
    where = ", ".join(f"“{names.of_batch(one)}”" for one in batches)
    return f"Over {counted(many)} images of {where} that people labelled."


@st.fragment(run_every=1.0)
def _follow(probe: Run) -> None:
    now = services().runs.get(probe.session)
    if now.is_final:
        st.rerun(scope="app")
    st.caption(f":material/progress_activity: {plain(progress(now))}")


def _probe(start: StartDraft, plugin: Plugin, project: Project) -> None:
    """Start one with the config in hand."""
    try:
        request = probe_request(
            plugin, project, start.batches, start.config, start.limit, start.deadline
        )
        facts = around(services().hub, services().registry, request)
        findings = preflight(request, facts)
        if is_blocked(findings):
            wrong = next(one for one in findings if one.severity == "error")
            current().notice = f"{wrong.message} {wrong.hint}".strip()
            return
        services().runs.start(request)
    except SwitchyardError as error:
        current().notice = str(error)


def evidence_of(
    name: str, schema_id: str | None, evidence: Evidence | None, names: Mapping[str, str],
    take: Take,
) -> None:  # fmt: skip
    """What the labels of a model class lie on, beside what it is mapped to."""
    if evidence is None:
        return
    if evidence.schema_id is None:
        if evidence.of:
            st.caption(
                f":material/biotech: none of {counted(evidence.of)} lies on a label of people"
            )
        else:
            st.caption(":material/biotech: the probe saw none")
        return
    many = f"{counted(evidence.support)} of {counted(evidence.of)}"
    weak = "" if evidence.trust == "strong" else ", which is little to go by"
    if schema_id == evidence.schema_id:
        st.caption(f":material/biotech: {many} lie on it{weak}")
        return
    st.button(
        plain(names.get(evidence.schema_id, evidence.schema_id)), type="tertiary",
        icon=":material/biotech:", key=key("start.map.lie", name), on_click=take,
        args=({name: evidence.schema_id},), help="Map it to what its labels lie on",
    )  # fmt: skip
    mapped = names.get(schema_id, "a class that is gone") if schema_id else None
    instead = f"; it is mapped to {mapped}" if mapped else "; it is left out"
    words = plain(f"{many} lie there{weak}{instead}")
    strong = evidence.trust == "strong"
    st.markdown(f":small[:orange[{words}]]" if strong else f":small[{words}]")
