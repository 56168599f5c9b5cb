"""Ways from Home to what it names."""

from __future__ import annotations

import time

import streamlit as st

from core.gateway.cache import age_text
from core.model.names import names_of
from core.plugin_runs.model import Run
from core.recently import Concern
from core.report.bar_list import tally_table
from pages._ui import drafting, starting
from pages._ui.runs import open_run

MOST_CLASSES = 6
OTHERS = "others"


def ago(at: float) -> str:
    """How long ago it was, in words."""
    return age_text(max(0.0, time.time() - at)).replace(" old", " ago")


def labels_chart(run: Run) -> None:
    """Labels of a run per class, as many rows as stand beside the chart of stages."""
    names = names_of(starting.read(starting.projects().get(run.request.project))).to_show()
    rows = [(names.of_class(schema_id), many) for schema_id, many in run.per_class.items() if many]
    rows.sort(key=lambda row: -row[1])
    rest = sum(many for _, many in rows[MOST_CLASSES:])
    shown = [*rows[:MOST_CLASSES], *([(OTHERS, rest)] if rest else [])]
    if shown:
        st.html(tally_table(tuple(shown), "Class", "labels", rest=(OTHERS,)))


def open_draft(draft: str) -> None:
    """Take a draft in hand and show its rules."""
    drafting.load(draft)
    st.switch_page("pages/logic/rules.py")


def open_where(concern: Concern) -> None:
    """Show what needs attention on its page."""
    if concern.where == "run":
        open_run(concern.id)
    pages = {"rules": "pages/logic/rules.py", "registry": "pages/plugins/registry.py"}
    st.switch_page(pages[concern.where])
