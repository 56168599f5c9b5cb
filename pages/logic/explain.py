import streamlit as st

from core.model.figures import counted
from core.model.rules import Unknown
from core.routing.sentence import rules_text
from pages._ui import drafting
from pages._ui.empty import no_rules, nothing_to_show
from pages._ui.markdown_escape import plain
from pages._ui.state import opened
from pages.logic.parts.explain import (
    else_view,
    findings_view,
    hits_view,
    order_view,
    overlap_view,
)

here = opened()
work = here.workspace
stage = drafting.stage_in_hand(here)
st.header("Explain")
if not stage.active:
    no_rules("what each rule takes and loses")
    st.stop()
if not here.tasks:
    nothing_to_show(here, "what each rule takes and loses")
    st.stop()

rule_hits, study = work.hits(stage, here.within), work.study(stage)
which = plain(drafting.which(here))
st.caption(
    f"{counted(here.tasks)} tasks through “{plain(stage.name)}”, by {which}, rule by rule in "
    "order. What depends on random rules is an expected number and says “about”."
)
blind = [
    n for n, r in zip(stage.numbers, stage.active, strict=True) if isinstance(r.condition, Unknown)
]
if blind:
    st.warning(
        f"{rules_text(blind, capital=True)} cannot be simulated; no task is counted for it.",
        icon=":material/help:",
    )
hits, overlap, findings, order, rest = st.tabs(
    ["Hits", "Overlap", "Findings", "Safe to reorder?", "What falls into Else"],
    key="explain.tab",
    on_change="rerun",  # what no one looks at is not drawn: a browser is slow with 60 rules
)
if hits.open:
    with hits:
        hits_view(rule_hits, drafting.colors(here, stage))
if overlap.open:
    with overlap:
        overlap_view(rule_hits)
if findings.open:
    with findings:
        findings_view(work.findings(stage, here.within), study)
if order.open:
    with order:
        order_view(here, stage, rule_hits, study)
if rest.open:
    with rest:
        else_view(here, stage, work.else_groups(stage, here.within), rule_hits)
