"""What is not known, said beside the numbers that it touches."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import FINAL
from core.model.figures import counted
from core.model.rules import Unknown
from core.model.stages import Logic
from core.routing.dialect_text import at_words, missing, readings
from core.routing.sentence import rule_title
from pages._ui.histories import history_offer
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened

MOST = 50
"""Findings that are shown at once."""

ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}


def findings(problems: Sequence[RuleDiagnostic], stage: Logic) -> None:
    """All problems of a stage with their next step."""
    if not problems:
        st.caption(":material/check_circle: No findings.")
    for problem in problems[:MOST]:
        place = "Stage" if problem.subject is None else rule_title(stage.numbers[problem.subject])
        words = plain(f"{problem.message} {problem.hint}")
        st.markdown(f"{ICONS[problem.severity]} **{place}**: {words}")
    if len(problems) > MOST:
        st.caption(f"and {counted(len(problems) - MOST)} more; `python -m core check` lists all.")


def honesty_panel(opened: Opened, stage: Logic) -> None:
    """Unknown durations, missing history, rules that cannot be simulated, dialect in force."""
    honesty = opened.workspace.facts.honesty
    blind = sum(isinstance(rule.condition, Unknown) for rule in stage.active)
    dialect = opened.workspace.dialect
    lines = list(missing(honesty, plain(at_words(dialect.at, opened.names)), stage, dialect))
    if blind:
        lines.append((blind, "rules that cannot be simulated; all outputs below are uncertain"))
    st.markdown(
        f"Of all {counted(len(opened.table))} tasks of this workspace, as far as the rules ask:"
    )
    bullets = [f"- **{counted(count)}** {text}" for count, text in lines] or [
        "- nothing is missing"
    ]
    st.markdown("\n".join(bullets))
    history_offer(opened)
    words = [f"{label}: {value}" for label, value in readings(dialect, opened.names)]
    st.caption(f"Assumptions about Ango Hub: {plain('; '.join(words))}.")
    when = "those of the file, at the end of each task's way; the Logic stage saw them earlier"
    if dialect.at != FINAL:
        when = "taken from each task's history; batches are those of today"
    st.caption(f"Facts are {when}. Ango Hub draws random samples afresh each time.")
