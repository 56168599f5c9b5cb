"""The parts of the Compare page: totals per stage, the flow, the tasks that move."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

import streamlit as st

from core.charts import compare as charts
from core.charts.publish import shift_table
from core.charts.tables import written
from core.model.figures import between, counted, share_text
from core.model.glossary import DRAW
from core.model.phrases import as_sentence
from core.model.stages import Logic
from core.publish.diff import diff
from core.routing.explain.breakdown import BREAKDOWNS
from core.routing.versions.compare import Comparison, Side
from core.routing.versions.stages import StageChange, led_elsewhere, unchanged_words
from pages._ui import drafting, scenarios
from pages._ui.bound_widget import page_number
from pages._ui.figure import csv_button, data_table, figure, ink
from pages._ui.keys import key
from pages._ui.long_text import long_lines
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened, current, write_link

PAGE = 100
NOW = "As it is now"


def nothing_edited(here: Opened) -> None:
    """Say what the page will show, with the one button that brings it there."""
    st.info(
        "No task goes another way, since nothing is edited. Once a rule differs from "
        "what it is compared with, this page shows how many tasks each stage gets before and "
        "after, which way they take instead, and which tasks those are.",
        icon=":material/check_circle:",
    )
    if st.button(
        "Pin what is here now and edit a copy",
        type="primary",
        icon=":material/push_pin:",
        key="compare.fill",
    ):
        state = current()
        saved = scenarios.save(here, NOW, ())
        scenarios.open_scenario(here, None)
        state.base = saved
        state.notice = f"What is here now is pinned as the baseline “{NOW}”. Edit a rule below."
        write_link()
        st.switch_page("pages/logic/rules.py")


def edits_view(here: Opened, before: Logic, after: Logic) -> None:
    """Which rules differ, each said once."""
    same = replace(before, id=after.id, name=after.name, source=after.source)
    changes = diff([same], [after], here.names, here.workspace.dialect)
    of_rule = [list(each) for _, each in groupby(changes, lambda change: change.rule)]
    lines = [" ".join(as_sentence(change.sentence) for change in each) for each in of_rule]
    long_lines(lines, "Change", key("compare.edits"), lambda line: st.markdown(f"- {plain(line)}"))


def stages_view(here: Opened, changes: tuple[StageChange, ...]) -> None:
    """Expected tasks of each stage that changes, before and after."""
    same = unchanged_words(changes)
    if any(change.changed for change in changes):
        data_table(shift_table(changes, here.names), key("compare.totals"))
    st.caption("Expected tasks per stage" + (f"; {same}." if same else "."))


def amounts_view(result: Comparison) -> None:
    """How many tasks move."""
    moved, rerouted = result.moved, result.rerouted
    first, second, third = st.columns(3)
    first.metric("Tasks that move", counted(moved.expected), help="Their target stage differs")
    span = f"{between(moved.low, moved.high)} · {counted(moved.certain)} whatever chance does"
    first.caption("exact" if moved.low == moved.high else span)
    second.metric("Share of tasks", share_text(moved.expected / result.tasks))
    same = "Nothing changes for these tasks"
    third.metric("Same stage, other rule", counted(rerouted.expected), help=same)


def flow_view(here: Opened, stage: Logic, result: Comparison, sides: tuple[Side, Side]) -> None:
    """Which way tasks take instead: between stages first, then between rules."""
    names = here.names
    st.subheader("Which way instead")
    stay = st.toggle("Show tasks that stay, too", key="compare.stay")
    show = {"displayModeBar": False}
    kinds = ["From rule to rule", "Rules as a table", "Stages as a table"]
    between_stages = result.moved.expected > 0
    tabs = st.tabs([*(["From stage to stage"] if between_stages else []), *kinds])
    if between_stages:
        with tabs[0]:
            flow = charts.stage_sankey(result, names, ink(), stay)
            st.plotly_chart(flow, key="compare.stages.flow", config=show)
            few = charts.too_few(result, names)
            if few:
                st.caption(f"Too few to show: {plain('; '.join(few))}.")
    by_rule, as_matrix, by_stage = tabs[-3:]
    with by_rule:
        st.caption(
            "Colour: of the rule that takes them now. Grey: by Else, or to the same stage by "
            "another rule."
        )
        colors = drafting.colors(here, stage)
        flow = charts.migration_sankey(result, *sides, names, colors, ink(), stay)
        st.plotly_chart(flow, key="compare.flow", config=show)
    with as_matrix:
        data_table(charts.matrix_table(result, *sides, names), key("compare.matrix"), {})
    with by_stage:
        data_table(charts.stage_matrix_table(result, names), key("compare.between"), {})


def differences_view(here: Opened, result: Comparison, sides: tuple[Side, Side]) -> None:
    """The difference of each count with its intervals."""
    st.subheader("Difference of each count")
    st.caption(charts.BOTH_INTERVALS)
    outputs, arrivals = charts.change_labels(result, *sides, here.names)
    led = led_elsewhere(sides[0].stage, sides[1].stage, here.names)
    of_stages, of_outputs = st.tabs(["Stages", "Outputs"])
    for tab, changes, labels, place, edited in (
        (of_stages, result.arrivals, arrivals, key("compare.stages"), {}),
        (of_outputs, result.outputs, outputs, key("compare.outputs"), led),
    ):
        with tab:
            shown = [n for n, one in enumerate(changes) if one.changed or one.after in edited]
            kept, names = [changes[n] for n in shown], [labels[n] for n in shown]
            if shown:
                figure(
                    charts.change_bars(kept, names, ink()), charts.change_table(kept, names), place
                )
            if len(shown) < len(changes):
                st.caption(f"{counted(len(changes) - len(shown))} unchanged.")


def movers_view(here: Opened, sides: tuple[Side, Side], seed: int) -> None:
    """The tasks that move in one draw; one can be opened."""
    work = here.workspace
    many = work.moved_count(sides, here.within, seed)
    st.subheader("Tasks that move")
    head, turn = st.columns([4, 1], vertical_alignment="bottom")
    number = page_number(max(1, (many + PAGE - 1) // PAGE), key("compare.page"), place=turn)
    head.caption(
        f"Drawn, not expected: {counted(many)} move in draw {seed}, for what changed their way.",
        help=DRAW,
    )
    moves = work.moves(sides, here.within, seed, (number - 1) * PAGE, PAGE)
    shown = charts.moves_table(moves, *sides, here.names)
    event = st.dataframe(
        written(shown),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=300,
        column_config={"Because": st.column_config.TextColumn(width="large")},
        key="compare.moves",
    )
    csv_button(shown.reset_index(), key("compare.list"))
    picked = [row for row in event["selection"]["rows"] if row < len(shown)]
    if picked and st.button(
        f"Open {plain(shown['Asset'].iloc[picked[0]] or shown.index[picked[0]])}",
        icon=":material/open_in_new:", key="compare.open",
    ):  # fmt: skip
        st.session_state["tasks.text"] = shown.index[picked[0]]
        st.switch_page("pages/project/tasks.py")


def who_view(here: Opened, result: Comparison, sides: tuple[Side, Side]) -> None:
    """Who moves, by batch, class, annotator or duration."""
    st.subheader("Who moves")
    by = st.segmented_control("By", BREAKDOWNS, default=BREAKDOWNS[0], key="compare.by")
    groups = here.workspace.moved_groups(sides, result, here.within, by or BREAKDOWNS[0])
    st.caption(
        "Expected tasks that move, and their share of the group; a task may be in two groups."
    )
    data_table(charts.groups_table(groups, by or BREAKDOWNS[0]), key("compare.groups"))
