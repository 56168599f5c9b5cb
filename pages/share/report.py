import streamlit as st

from core.model.figures import counted
from core.model.phrases import day_text
from core.model.text import file_name, visible
from core.report.report import Against, report
from pages._ui import cached, drafting, scenarios
from pages._ui.empty import nothing_to_show
from pages._ui.markdown_escape import plain
from pages._ui.state import current, opened

state, here = current(), opened()
stage, base = drafting.stage_in_hand(here), scenarios.pinned(here)
st.header("Report")
if not len(here.table):
    nothing_to_show(here, "the report of these rules")
    st.stop()
st.caption(
    "One HTML file that opens anywhere, without network: a headline, what changes against "
    f"{plain(base.name)}, rules, findings and assumptions; proofs in an appendix. It is over all "
    f"{counted(len(here.table))} tasks of the workspace, whatever is selected on other pages."
)
kept = cached.scenario(state.scenario.document) if state.scenario else None
left, right = st.columns([2, 3], gap="medium")
name = left.text_input(
    "Title", value=visible(kept.name if kept else stage.name), key="report.title"
)
author = left.text_input("Author", placeholder="Who reports", key="report.author")
day = left.date_input("Date", value="today", format="YYYY-MM-DD", key="report.date")
text = right.text_area(
    "Assumptions, one a line",
    value=visible("\n".join(kept.assumptions)) if kept else "",
    placeholder="The next month's tasks look like these.",
    height=80,
    key="report.assumptions",
)
assumptions = [line.strip() for line in text.splitlines() if line.strip()]
scenario = scenarios.in_hand(here, name.strip() or "Report", assumptions)
same = base.stage == stage and base.workspace.dialect == here.workspace.dialect
against = None if same else Against(base.name, base.workspace, base.stage)
page = report(scenario, here.workspace, against, day_text(day) if day else "", author.strip())
left.download_button(
    "Download",
    page.encode("utf-8", "replace"),
    file_name=file_name(scenario.name, ".html"),
    mime="text/html",
    type="primary",
    icon=":material/download:",
    on_click="ignore",
    key="report.download",
)
if same:
    right.caption(f"Nothing differs from {plain(base.name)}, so the report has no comparison.")
st.iframe(page, height=900)
