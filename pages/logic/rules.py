import streamlit as st

from core.charts.split import not_drawn, split_sankey, split_table, stage_table
from core.routing import edit
from pages._ui import drafting, frame, scenarios
from pages._ui.figure import data_table, figure, ink
from pages._ui.golden import golden_line
from pages._ui.honesty import findings
from pages._ui.keys import key
from pages._ui.state import current, opened
from pages.logic.parts import presence
from pages.logic.parts.cards import ELSE_ID, base_of, cards_of, rule_in_hand
from pages.logic.parts.output_bars import output_bars
from pages.logic.parts.rule_editor import rule_editor
from pages.logic.parts.rule_list import rule_list, take_action
from pages.logic.parts.rule_tools import rule_tools, ways_on
from pages.logic.parts.stage_json import stage_json
from pages.logic.parts.stage_totals import stage_totals

LIST = key("rules-list")
state, here = current(), opened()
presence.watch()


def act(name: str, rule: str, to: int | None) -> None:
    stage = drafting.stage_in_hand(here)
    if name == "select":
        state.rule = rule
    elif name == "move" and to is not None:
        state.rule = rule  # the selection goes with the rule, not with its place
        drafting.save(here, edit.move(stage, rule, to))
    elif name == "toggle":
        drafting.save(here, edit.switch(stage, rule))
    elif name == "remove":
        edited = edit.remove(stage, rule)
        if rule == state.rule:  # the one that takes its place is selected
            below = edited.rules[(edit.position_of(stage, rule) or 0) :]
            state.rule = below[0].id if below else ELSE_ID
        drafting.save(here, edited)
    elif name == "duplicate":
        edited, copy = edit.duplicate(stage, rule, drafting.known_ids(here))
        state.rule = copy
        drafting.save(here, edited)


@st.fragment
def workbench() -> None:
    stage = drafting.stage_in_hand(here)
    action = take_action(LIST, [rule.id for rule in stage.rules], ELSE_ID)
    if action is not None:
        act(action.name, action.rule, action.to)
        stage = drafting.stage_in_hand(here)
    frame.notice()
    work = here.workspace
    result = work.split(stage, state.seed, here.within)
    problems = work.check(stage)
    colors = drafting.colors(here, stage)
    stood = scenarios.standing(here, stage)
    cards, otherwise = cards_of(stage, result, problems, here.names, work.dialect, colors, stood)
    chosen = rule_in_hand(stage, state.rule)
    stage_totals(here, stage, result, stood)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        rule_tools(here)
        rule_list(cards, otherwise, chosen.id if chosen else ELSE_ID, key=LIST)
        with st.container(border=True):
            golden_line(here, stage)
            findings(problems, stage)
    with right:
        with st.container(border=True):
            rule_editor(here, stage, chosen, base_of(result).get(chosen.id, "") if chosen else "")
        views = st.tabs(["Split", "Flow", "Table", "JSON"], on_change="rerun", key="rules.views")
        chart, flow, rows, text = views  # what nobody looks at is not drawn
        if chart.open:
            with chart:
                output_bars(result, here.names, colors)
        if flow.open:
            with flow:
                sankey = split_sankey(result, here.names, colors, ink())
                figure(sankey, stage_table(result, here.names), key("rules.flow"))
                st.caption(not_drawn(result))
        if rows.open:
            with rows:
                data_table(split_table(result, here.names), key("rules.split"))
        if text.open:
            with text:
                stage_json(here, stage)
    if not frame.is_true():  # the first edit makes a draft, which the line above the page names
        st.rerun()


head, beside = st.columns([1, 1], vertical_alignment="bottom")
head.header("Rules")
with beside:
    ways_on()
workbench()
