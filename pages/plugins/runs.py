import streamlit as st

from pages.plugins.parts.liveness import hub_notice
from pages.plugins.parts.run_list import any_run, run_list
from pages.plugins.parts.runs_empty import runs_empty

st.header("Runs")
hub_notice()
if any_run():
    run_list()
else:
    runs_empty()
