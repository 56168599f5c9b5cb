import streamlit as st

from core.errors import InputError
from pages._ui import answered
from pages._ui.empty import nothing_to_show
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import opened
from pages.workflow.parts.review_acceptance import acceptance_view
from pages.workflow.parts.review_budget import budget_view
from pages.workflow.parts.review_cost import cost_view
from pages.workflow.parts.review_coverage import coverage_view
from pages.workflow.parts.review_errors import errors_view
from pages.workflow.parts.review_share import share_view

SECTIONS = {
    "What a share buys": share_view,
    "Who errs": errors_view,
    "Where to look": budget_view,
    "Accept or refuse": acceptance_view,
    "Coverage": coverage_view,
    "Costs": cost_view,
}

here = opened()
st.header("Review")
if not here.tasks:
    nothing_to_show(here, "how much review is enough, and where it finds most")
    st.stop()
section = answered.segment(
    st, "Section", list(SECTIONS), key("review.section"), label_visibility="collapsed"
)
try:
    SECTIONS[section](here)
except InputError as error:
    st.error(plain(str(error)), icon=":material/error:")
