"""The total of each target stage, before and after, in one row that stays in view."""

from __future__ import annotations

import streamlit as st

from core.model.glossary import INTERVAL
from core.model.stages import Logic
from core.publish.touched import anew_words
from core.report.html import render
from core.routing.engine.split import Split
from core.routing.versions.stages import stage_changes
from pages._ui.markdown_escape import plain
from pages._ui.scenarios import Standing
from pages._ui.state import Opened


def stage_totals(here: Opened, stage: Logic, result: Split, stood: Standing | None) -> None:
    """Show where all tasks go, stage by stage.

    Args:
        here: The open project.
        stage: The rules in hand.
        result: The split of the rules in hand.
        stood: The baseline, None where nothing differs from it.
    """
    changes = stage_changes(stood.split if stood else result, result)
    shares = {
        target: share for (target, _), share in zip(result.stages, result.stage_labels, strict=True)
    }
    rows = [
        (
            here.names.of_stage(change.stage),
            change.words,
            "" if change.changed else shares.get(change.stage, ""),
        )
        for change in changes
    ]
    with st.container(key="rules.stages"):
        st.html(render("totals.html", rows=rows))
    words = f"Expected {anew_words(here.workspace, stage, here.within)}"
    before = f" Before: {plain(stood.name)}." if stood else ""
    st.caption(f"{plain(words)}.{before} A thin line is the 95 % interval.", help=INTERVAL)
