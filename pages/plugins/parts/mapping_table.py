"""The mapping as a table: one row per model class, with what is offered for it and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted
from core.model.names import labels
from core.model.project import Project
from core.model.schema import CategorySchema
from core.plugin_runs.draft import StartDraft, declared_tools
from core.plugin_runs.mapping.doctor import UNMAPPED_POLICY, diagnose
from core.plugin_runs.mapping.pairs import pairs_of
from core.plugin_runs.mapping.preset import Owner
from core.plugin_runs.mapping.suggest import Suggestion, safe, suggest, targets, to_look_at
from core.plugin_runs.model import Plugin
from core.plugin_runs.preflight import Around, last_output
from core.quality.evidence import Evidence
from core.store.hub import SANDBOX
from pages._ui import starting
from pages._ui.bound_widget import held, page_number
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages.plugins.parts.mapping_evidence import Shown, evidence_of, probe_bar, shown_of
from pages.plugins.parts.mapping_presets import presets_menu

ROWS = 20
AT_ONCE, HEIGHT = 8, 480
"""More rows than that scroll in a window of so many pixels, and the page stays as short."""
SHOWN = 3
"""So many classes that fit equally well have a button; the others stand in the list."""
REASONS = {
    "exact": "same name",
    "normalised": "same word",
    "synonym": "another word for it",
    "near": "close to it",
    "part": "a part of the name",
    "kind": "a kind of it",
    "none": "nothing found",
}
WIDTHS = [4, 6, 4, 3]
HEADINGS = ("Model class", "Project class", "By name, by labels", "Status")
LEFT_OUT = ""
GONE = "A class that is gone"


def mapping_section(
    start: StartDraft, plugin: Plugin, project: Project | None, around: Around
) -> None:
    """Show the mapping with its presets, or why there is none."""
    schema = project.schema if project else None
    if project is None or schema is None:
        st.caption(
            "The project's classes are not known here, so nothing can be mapped. Open it from "
            "Ango Hub on the page Connect."
        )
        return
    if not plugin.classes and not start.chosen:
        st.caption("The plugin declares no classes; it decides by itself which ones it uses.")
        return
    last = last_output([run for run in around.past if run.request.project == start.project])
    pairs, tools = pairs_of(start.mapping), declared_tools(plugin)
    problems = diagnose(pairs, plugin.classes, schema, tools, last)
    hub_project = starting.projects().get(start.project)
    shown = shown_of(plugin, hub_project)
    mapping_table(start, plugin, schema, problems, shown)
    if hub_project is not None and hub_project.backend == SANDBOX:
        probe_bar(start, plugin, project, shown, _take)
    presets_menu(start, plugin, Owner(project.id, project.name), schema)


def mapping_table(
    start: StartDraft,
    plugin: Plugin,
    schema: CategorySchema,
    problems: Sequence[RuleDiagnostic],
    shown: Shown,
) -> None:
    """Show the table and take its edits.

    Args:
        start: The start in hand.
        plugin: Whose classes are mapped.
        schema: The project's classes.
        problems: What the doctor says; `where` names the model class.
        shown: What a probe shows.
    """
    chosen = start.mapping
    tools = declared_tools(plugin)
    suggestions = suggest(list(chosen), schema, tools)
    offered = {one.model_class: one for one in suggestions}
    names = class_names(schema)
    sure, left = safe(suggestions, chosen), to_look_at(suggestions, chosen)
    tools_row = st.container(horizontal=True, vertical_alignment="center")
    many = f"Take {counted(len(sure))} safe suggestion{'' if len(sure) == 1 else 's'}"
    tools_row.button(
        many if sure else "No safe suggestion left", disabled=not sure,
        on_click=_take, args=(sure,), key="start.map.take",
        help="The same name, or another word for it, where one class alone fits. What you chose "
        "stays.",
    )  # fmt: skip
    tools_row.button(
        "Leave all out", disabled=not pairs_of(chosen), on_click=_take,
        args=(dict.fromkeys(chosen),), key="start.map.clear",
    )  # fmt: skip
    wanted = list(chosen)
    if len(chosen) > ROWS:
        part = tools_row.text_input("Find", key="start.map.find", placeholder="Find a class",
                            label_visibility="collapsed")  # fmt: skip
        wanted = [name for name in chosen if part.casefold() in name.casefold()]
    if left and tools_row.toggle(
        f"Only the {counted(len(left))} left to look at", key="start.map.left"
    ):
        wanted = [name for name in wanted if name in left]
    wanted = _page(wanted)
    for column, heading in zip(st.columns(WIDTHS), HEADINGS, strict=True):
        column.caption(heading)
    with st.container(height=HEIGHT if len(wanted) > AT_ONCE else "content", key="start-map-rows"):
        for name in wanted:
            own_problems = [problem for problem in problems if problem.place == name]
            _row(name, chosen[name], offered[name], names, tools.get(name), own_problems,
                 shown.by_class.get(name))  # fmt: skip
    out = sum(schema_id is None for schema_id in chosen.values())
    left_out = f"{counted(out)} of {counted(len(chosen))} left out. " if out else ""
    st.caption(f"{left_out}{UNMAPPED_POLICY}")


def class_names(schema: CategorySchema) -> dict[str, str]:
    """Classes that can be mapped to, by id: title and type of tool, told apart where equal."""
    titles = {one.schema_id: f"{one.title}, {one.tool}" for one in targets(schema)}
    return labels(titles)


def _page(names: list[str]) -> list[str]:
    pages = (len(names) + ROWS - 1) // ROWS
    number = page_number(pages, key("start.map.page"))
    return names[(number - 1) * ROWS : number * ROWS]


def _row(
    name: str,
    schema_id: str | None,
    offered: Suggestion,
    names: Mapping[str, str],
    tool: str | None,
    problems: Sequence[RuleDiagnostic],
    evidence: Evidence | None,
) -> None:
    first, second, third, fourth = st.columns(WIDTHS, vertical_alignment="center")
    first.markdown(f"**{plain(name)}**" + (f"  \n{plain(tool)}" if tool else ""))
    at = key("start.map", name)
    chosen = held(at, schema_id or LEFT_OUT)
    options = [LEFT_OUT, *names]
    if schema_id is not None and schema_id not in names:
        options.insert(1, schema_id)
    second.selectbox(
        f"Project class for {plain(name)}", options, index=options.index(chosen.value),
        key=chosen.key, on_change=chosen.then(lambda picked: _take({name: picked or None})),
        format_func=lambda one: names.get(one, GONE) if one else "Left out",
        label_visibility="collapsed",
    )  # fmt: skip
    with third:
        _offers(name, schema_id, offered, names)
        evidence_of(name, schema_id, evidence, names, _take)
    severities = {problem.severity for problem in problems}
    if "error" in severities:
        fourth.markdown(":small[:red[:material/error: wrong]]")
    elif "warning" in severities:
        fourth.markdown(":small[:orange[:material/warning: doubtful]]")
    else:
        fourth.caption(":material/check: mapped" if schema_id else "left out")
    for problem in problems:
        if problem.severity != "note":
            color = "red" if problem.severity == "error" else "orange"
            st.markdown(f":small[:{color}[{plain(problem.message)} {plain(problem.hint)}]]")


def _offers(
    name: str, schema_id: str | None, suggestion: Suggestion, names: Mapping[str, str]
) -> None:
    """What is offered for a class, and why; of classes that fit equally well, each."""
    why = (
        f"{REASONS[suggestion.reason]} ({suggestion.score} of 100)"
        if suggestion.offered
        else REASONS[suggestion.reason]
    )
    if schema_id in suggestion.offered:
        st.caption(f":material/check: {why}")
        return
    for number, one in enumerate(suggestion.offered[:SHOWN]):
        st.button(
            plain(names.get(one, "")), type="tertiary", key=key("start.map.use", name, str(number)),
            on_click=_take, args=({name: one},), help=f"Use it: {why}",
        )  # fmt: skip
    more = len(suggestion.offered) - SHOWN
    if suggestion.ambiguous:
        why += f"; {len(suggestion.offered)} fit equally well"
    st.caption(f"{why}, {more} more in the list" if more > 0 else why)


def _take(changes: Mapping[str, str | None]) -> None:
    starting.edit(chosen=tuple({**starting.latest().mapping, **changes}.items()))
