"""The mapping as a table: one row per model class, with what is offered for it and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.mapping.doctor import UNMAPPED_POLICY
from core.mapping.pairs import pairs_of
from core.mapping.suggest import Suggestion, suggest, targets
from core.model.names import distinct
from core.model.problems import Problem
from core.model.schema import CategorySchema
from core.runs.model import Plugin
from core.starting.draft import Start, declared_tools
from pages._ui import starting
from pages._ui.plain import plain

ROWS = 20
REASONS = {
    "exact": "the same name",
    "normalised": "the same but for spelling",
    "synonym": "another word for it",
    "fuzzy": "alike",
    "none": "nothing alike",
}
WIDTHS = [3, 4, 3, 4]
GONE = "A class that is gone"


def mapping_table(
    start: Start, plugin: Plugin, schema: CategorySchema, problems: Sequence[Problem]
) -> None:
    """Show the table and take its edits.

    Args:
        start: The start in hand.
        plugin: Whose classes are mapped.
        schema: The project's classes.
        problems: What the doctor says; `where` names the model class.
    """
    chosen = start.mapping
    tools = declared_tools(plugin)
    offered = {one.model_class: one for one in suggest(list(chosen), schema, tools)}
    names = class_names(schema)
    better = {
        name: one.schema_id
        for name, one in offered.items()
        if one.schema_id and chosen[name] != one.schema_id
    }
    a, b, c = st.columns([2, 2, 3], vertical_alignment="center")
    a.button(
        f"Take {len(better)} suggestion{'' if len(better) == 1 else 's'}", disabled=not better,
        on_click=_take, args=(better,), key="start.map.take", width="stretch",
        help="Also those that are only alike; each row says why.",
    )  # fmt: skip
    b.button(
        "Leave all out", disabled=not pairs_of(chosen), on_click=_take,
        args=(dict.fromkeys(chosen),), key="start.map.clear", width="stretch",
    )  # fmt: skip
    many = len(chosen) > ROWS
    wanted = list(chosen)
    if many:
        part = c.text_input("Find a class", key="start.map.find", placeholder="Find a class",
                            label_visibility="collapsed")  # fmt: skip
        wanted = [name for name in chosen if part.casefold() in name.casefold()]
    wanted = _page(wanted)
    for column, heading in zip(
        st.columns(WIDTHS), ("Model class", "Project class", "Suggested", "Status"), strict=True
    ):
        column.caption(heading)
    for name in wanted:
        mine = [problem for problem in problems if problem.where == name]
        _row(name, chosen[name], offered[name], names, tools.get(name), mine)
    st.caption(UNMAPPED_POLICY)


def class_names(schema: CategorySchema) -> dict[str, str]:
    """Classes that can be mapped to, by id: title and type of tool, told apart where equal."""
    titles = {one.schema_id: f"{one.title}, {one.tool}" for one in targets(schema)}
    return distinct(titles, {})


def _page(names: list[str]) -> list[str]:
    pages = (len(names) + ROWS - 1) // ROWS
    if pages < 2:
        return names
    number = int(st.number_input(f"Page of {pages}", 1, pages, key="start.map.page"))
    return names[(number - 1) * ROWS : number * ROWS]


def _row(
    name: str,
    schema_id: str | None,
    offered: Suggestion,
    names: Mapping[str, str],
    tool: str | None,
    problems: Sequence[Problem],
) -> None:
    first, second, third, fourth = st.columns(WIDTHS, vertical_alignment="center")
    first.markdown(f"**{plain(name)}**" + (f"  \n:gray[{plain(tool)}]" if tool else ""))
    key = f"start.map.{name}"
    st.session_state[key] = schema_id
    options = [None, *names]
    if schema_id is not None and schema_id not in names:
        options.insert(1, schema_id)
    second.selectbox(
        f"Project class for {name}", options, key=key, on_change=partial(_choose, name),
        format_func=lambda one: "Left out" if one is None else names.get(one, GONE),
        label_visibility="collapsed",
    )  # fmt: skip
    why = REASONS[offered.reason]
    if offered.schema_id is None:
        third.caption(why)
    elif offered.schema_id == schema_id:
        third.caption(f":material/check: {why}, {offered.score}")
    else:
        third.button(
            plain(names.get(offered.schema_id, "")), key=f"start.map.use.{name}", type="tertiary",
            on_click=_take, args=({name: offered.schema_id},),
            help=f"Use it: {why}, {offered.score}",
        )  # fmt: skip
        third.caption(f"{why}, {offered.score}")
    with fourth:
        _status(schema_id, problems)


def _status(schema_id: str | None, problems: Sequence[Problem]) -> None:
    worse = [problem for problem in problems if problem.severity != "note"]
    for problem in worse:
        icon = "error" if problem.severity == "error" else "warning"
        st.caption(f":material/{icon}: {plain(problem.message)} {plain(problem.hint)}")
    if not worse:
        st.caption(":material/check: mapped" if schema_id else "left out")


def _choose(name: str) -> None:
    _take({name: st.session_state[f"start.map.{name}"]})


def _take(changes: Mapping[str, str | None]) -> None:
    now: Start = st.session_state["start.shown"]
    starting.edit(chosen=tuple({**now.mapping, **changes}.items()))
