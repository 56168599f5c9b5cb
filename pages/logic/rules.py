import streamlit as st

from core.charts.split import not_drawn, split_bars, split_sankey, split_table, stage_table
from core.routing import edit
from core.rule_types.registry import TYPES, type_label
from pages._ui import drafting, frame, scenarios
from pages._ui.figure import data_table, figure, ink
from pages._ui.golden import golden_line
from pages._ui.honesty import findings
from pages._ui.keys import key
from pages._ui.state import current, opened
from pages.logic.parts import presence
from pages.logic.parts.cards import ELSE_ID, base_of, cards_of, rule_in_hand
from pages.logic.parts.rule_editor import rule_editor
from pages.logic.parts.rule_list import rule_list, take_action
from pages.logic.parts.stage_json import stage_json
from pages.logic.parts.stage_totals import stage_totals

LIST = key("rules-list")
state, here = current(), opened()
presence.watch()


def add_rule() -> None:
    kind = st.session_state["rules.add"]
    st.session_state["rules.add"] = None
    if kind is not None:
        stage = drafting.stage_in_hand(here)
        dialect, taken = here.workspace.dialect, drafting.known_ids(here)
        edited, state.rule = edit.add_new(stage, kind, dialect, here.names, taken)
        drafting.save(here, edited)
        state.notice = edit.rewritten(stage, edited, [state.rule]) or state.notice


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
    st.header("Rules")
    work = here.workspace
    result = work.split(stage, state.seed, here.within)
    problems = work.check(stage)
    colors = drafting.colors(here, stage)
    stood = scenarios.standing(here, stage)
    cards, otherwise = cards_of(stage, result, problems, here.names, work.dialect, colors, stood)
    chosen = rule_in_hand(stage, state.rule)
    stage_totals(here, result, stood)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        tools = st.container(horizontal=True, vertical_alignment="center", gap="small")
        tools.selectbox(
            "Add a rule",
            list(TYPES),
            index=None,
            format_func=type_label,
            placeholder="Add a rule",
            label_visibility="collapsed",
            key="rules.add",
            on_change=add_rule,
        )
        steps = (state.draft.undo, state.draft.redo) if state.draft else (0, 0)
        for label, icon, left_over, act_on in (
            ("Undo", "undo", steps[0], drafting.undo),
            ("Redo", "redo", steps[1], drafting.redo),
        ):
            tools.button(
                "", icon=f":material/{icon}:", help=label, disabled=not left_over,
                on_click=act_on, key=key("rules.step", icon),
            )  # fmt: skip
        rule_list(cards, otherwise, chosen.id if chosen else ELSE_ID, key=LIST)
        with st.container(border=True):
            golden_line(here, stage)
            findings(problems, stage)
    with right:
        with st.container(border=True):
            rule_editor(here, stage, chosen, base_of(result).get(chosen.id, "") if chosen else "")
        chart, flow, rows, text = st.tabs(["Split", "Flow", "Table", "JSON"])
        with chart:
            bars = split_bars(result, here.names, colors, ink(), sentences=False)
            st.plotly_chart(bars, key="rules.bars", config={"displayModeBar": False})
        with flow:
            sankey = split_sankey(result, here.names, colors, ink())
            figure(sankey, stage_table(result, here.names), key("rules.flow"))
            st.caption(not_drawn(result))
        with rows:
            data_table(split_table(result, here.names), key("rules.split"))
        with text:
            stage_json(here, stage)
    if not frame.is_true():  # the first edit makes a draft, which the line above the page names
        st.rerun()


workbench()
