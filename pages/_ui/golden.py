"""Golden tasks on the pages: pinning one, and what fails."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.model.figures import about_percent
from core.model.glossary import PINNED_TASK
from core.model.stages import Logic
from core.routing.versions.golden import Golden, GoldenVerdict, least_of, stage_chances
from pages._ui import scenarios
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened


def golden_pin(here: Opened, stage: Logic, task: str) -> None:
    """Say where a task must go, or that it no longer must."""
    pins = {one.task: one for one in scenarios.golden(here)}
    row = here.table.row_of(task)
    if row is None:
        return
    with st.popover(
        "Pinned task" if task in pins else "Pin to a stage",
        icon=":material/push_pin:",
        help=PINNED_TASK,
        width="stretch",
    ):
        if task in pins:
            (verdict,) = here.workspace.golden(stage, [pins[task]])
            _line(verdict)
            if st.button("Unpin", key="golden.unpin"):
                scenarios.unpin(here, task)
                st.rerun()
            return
        chances = stage_chances(here.workspace.matcher, stage, row)
        wired = dict.fromkeys([*(r.target for r in stage.active), stage.otherwise])
        targets = sorted((t for t in wired if t), key=lambda t: -chances.get(t, 0))
        if not targets:
            st.caption("No output leads anywhere yet.")
            return
        target = st.selectbox(
            "This task must go to", targets, format_func=here.names.of_stage, key="golden.stage"
        )
        least = least_of(chances.get(target, 0.0))
        how = "whatever chance does" if least == 1 else f"with at least {about_percent(least)}"
        st.caption(f"Checked at every edit, on the command line and before publishing: {how}.")
        if st.button("Pin", type="primary", key="golden.pin"):
            scenarios.pin(here, Golden(task, target, least))
            st.rerun()


def golden_line(here: Opened, stage: Logic) -> None:
    """One line about all golden tasks, and one for each that fails."""
    verdicts = scenarios.verdicts(here, stage)
    failed = [verdict for verdict in verdicts if not verdict.ok]
    if verdicts and not failed:
        many = "The pinned task goes where it must."
        many = (
            many if len(verdicts) == 1 else f"All {len(verdicts)} pinned tasks go where they must."
        )
        st.caption(f":material/push_pin: {many}")
    for verdict in failed:
        _line(verdict)


def golden_gate(here: Opened, stage: Logic) -> None:
    """Golden tasks before publishing: what fails blocks until it is waived with a reason."""
    verdicts = scenarios.verdicts(here, stage)
    if not verdicts:
        return
    st.subheader("Pinned tasks", help=PINNED_TASK)
    golden_line(here, stage)
    for verdict in verdicts:
        if verdict.ok:
            continue
        golden = verdict.golden
        reason = st.text_input(
            f"Why {plain(golden.task)} may go elsewhere",
            value=golden.waived,
            placeholder="A reason lets you publish all the same",
            key=key("golden.waive", golden.task),
        ).strip()
        if reason != golden.waived:
            scenarios.pin(here, replace(golden, waived=reason))
            st.rerun()


def _line(verdict: GoldenVerdict) -> None:
    if verdict.ok:
        icon = ":material/check_circle:"
    else:
        icon = ":material/info:" if verdict.golden.waived else ":material/error:"
    waived = f" Waived: {plain(verdict.golden.waived)}" if verdict.golden.waived else ""
    st.markdown(f"{icon} **Pinned task**: {plain(verdict.sentence)}{waived}")
