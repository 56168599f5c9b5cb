"""Is the hub behaving: counts typed, pasted or read from histories, against the scenario."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.charts import plan as charts
from core.charts.split import number_of
from core.errors import InputError
from core.logic.behaving import Behaviour, behaviour, read_counts
from core.logic.readings import AT_LABEL
from core.logic.shape import shape_of
from core.logic.split import Split
from core.model.dialect import FINAL
from core.model.rules import Unknown
from core.model.stages import Logic
from core.tasks import bits
from core.tasks.passed import Passed, passed
from core.workspace import Workspace
from pages._ui import cached
from pages._ui.components.figure import data_table, ink
from pages._ui.components.verdict import verdict
from pages._ui.keys import key
from pages._ui.plain import plain
from pages._ui.state import Opened

TYPED, READ = "Typed or pasted", "From task histories"


def behaving_view(here: Opened, stage: Logic, split: Split) -> None:
    """Ask for counts and judge them."""
    st.caption(
        "What the hub did, against these rules. Each count is tested by its exact distribution; "
        "several are judged together, so that a hub that behaves is called off at most one time "
        "in twenty."
    )
    if any(isinstance(rule.condition, Unknown) for rule in stage.active):
        st.warning(
            "A rule cannot be simulated; counts from it down say nothing.",
            icon=":material/help:",
        )
    source = st.segmented_control(
        "Counts", [TYPED, READ], default=TYPED, key="plan.source", label_visibility="collapsed"
    )
    try:
        if source == READ:
            _from_histories(here, stage)
        else:
            _typed(here, stage, split)
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")


def _typed(here: Opened, stage: Logic, split: Split) -> None:
    labels = [
        "Else" if number_of(output) == "Else" else f"Rule {number_of(output)}"
        for output in split.outputs
    ]
    text = st.text_area(
        "Tasks seen per output, top to bottom, Else last",
        placeholder="\n".join(f"{label}: 0" for label in labels),
        help="One line per output with its number last, or the numbers alone: 31, 69",
        key="plan.seen",
        height=34 + 26 * min(len(labels), 10),
    )
    if not text.strip():
        st.caption("Type or paste the counts, for example out of Ango Hub's stage list.")
        return
    observed = read_counts(text, labels)
    shape = shape_of(here.workspace.matcher, stage, here.within)
    _verdict(behaviour(shape, [[i] for i in range(len(labels))], labels, observed))


def _from_histories(here: Opened, stage: Logic) -> None:
    project = here.project
    if project is None or project.stages is None:
        st.info("Histories are read with the workflow; open an export with its project JSON.")
        return
    went = passed(here.table, stage, project.stages, here.within)
    followed = bits.count(went.tasks)
    if not followed:
        st.info("No task of the selection has a history that leads through this stage.")
        return
    lost = f" {went.lost:,} others came here and could not be followed." if went.lost else ""
    st.caption(f"First passes of {followed:,} tasks, per stage behind.{lost}")
    found = _judged(here.workspace, stage, went)
    _verdict(found)
    if not found.behaving and here.workspace.dialect.at == FINAL:
        _by_facts_of_then(here.workspace, stage, went)


def _by_facts_of_then(work: Workspace, stage: Logic, went: Passed) -> None:
    """Say when the facts that the rules saw explain what the final ones do not."""
    around = (work.project.stages if work.project else None) or ()
    for before in (other for other in around if stage.id in other.next):
        then = cached.read_otherwise(work, replace(work.dialect, at=before.id))
        try:
            found = _judged(then, stage, went)
        except InputError:  # no task left that stage
            continue
        if found.behaving:
            st.info(
                f"With the facts of when tasks left {plain(before.name)}, which is what the rules "
                f"saw, chance explains all counts: choose them under “{AT_LABEL}” in the sidebar.",
                icon=":material/history:",
            )


def _judged(work: Workspace, stage: Logic, went: Passed) -> Behaviour:
    """Counts per stage behind, against the rules and facts of a workspace."""
    targets = [*(rule.target for rule in stage.active), stage.otherwise]
    names = list(went.by_target)
    members = [[i for i, target in enumerate(targets) if target == name] for name in names]
    shape = shape_of(work.matcher, stage, went.tasks)
    labels = [work.names.of_stage(name) for name in names]
    return behaviour(shape, members, labels, list(went.by_target.values()))


def _verdict(found: Behaviour) -> None:
    verdict("good" if found.behaving else "bad", found.sentences)
    about = (
        f"The {found.total:,} tasks seen are taken for the tasks looked at"
        if found.basis == "these tasks"
        else f"The {found.total:,} tasks seen are taken for others like the tasks looked at"
    )
    st.caption(f"{about}. Bars: exact 95 % intervals of the scenario.")
    st.plotly_chart(
        charts.behaviour_chart(found, ink()), key="plan.behaving", config={"displayModeBar": False}
    )
    data_table(charts.behaviour_table(found), key("plan.behaviour"))
