"""What stands above every page, in one line: project, draft, scenario, and what the page obeys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from core.dataset.opening import on_disk
from core.errors import InputError
from core.gateway.cache import age_text
from core.gateway.hosts import is_loopback
from core.model.dialect import CHOICES, DIALECT_WORDS, FINAL, Dialect
from core.model.figures import counted
from core.model.names import distinct, labels
from core.model.text import cut, one_line
from core.routing.dialect_text import AT_LABEL, at_words
from core.tasks.select import Selection, batch_choices, days, stage_choices
from core.tasks.table import TaskTable
from pages._ui.arriving import await_the_hub
from pages._ui.bound_widget import held
from pages._ui.demo_copy import is_demo_copy, place_words
from pages._ui.demo_reading import keep_demo_read
from pages._ui.drafts_menu import drafts_menu, in_hand
from pages._ui.keys import key, part
from pages._ui.markdown_escape import host_name, plain
from pages._ui.named import MOST_DELETED, deleted, name_and_delete
from pages._ui.nav import Entry
from pages._ui.opening import open_dialog
from pages._ui.outage import show_outage
from pages._ui.purging import purge_dialog
from pages._ui.runs import leave_run
from pages._ui.scenario_menu import scenario_menu
from pages._ui.services import services
from pages._ui.state import DEMO, Opened, current, open_workspace, opened, write_link

MOST = 40
"""Characters of a name in the line."""
DRAWN = key("frame.drawn")


def line(entry: Entry) -> None:
    """Draw the line above a page; a notice left by an action is shown once."""
    _open_data_folder()
    leave_run(entry)
    notice()
    keep_demo_read()  # before anything asks what is on show
    here, state = opened(), current()
    state.asks = entry.asks
    if not here.table.in_memory:
        with st.spinner(f"Reading what rules see of {counted(len(here.table))} tasks"):
            _ = here.workspace.facts
    st.session_state[DRAWN] = _in_hand()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="frame-line"):
        demo = " · demo" * (state.workspace == DEMO)
        with _menu("folder_open", f"**{_short(here.name)}**{demo}", "project"):
            _workspace_picker()
        with _menu("edit_note", _short(in_hand(here)), "draft"):
            drafts_menu(here)
        name = state.scenario.name if state.scenario is not None else ""
        with _menu("bookmark", _short(name) or "No scenario", "scenario"):
            scenario_menu(here)
        if "tasks" in entry.obeys:
            with _menu("filter_alt", _tasks(here), "tasks"):
                _selector(here)
        if "readings" in entry.obeys:
            changed = " (changed)" * (state.dialect != Dialect())
            with _menu("translate", f"Assumptions about Ango Hub{changed}", "readings"):
                _dialect(here)
        _left_out(here.table)
        if not here.table.in_memory:
            with _menu("hard_drive", "Tasks stay on disk", "on_disk"):
                st.markdown(on_disk(here.table))
        await_the_hub()
    write_link()


def is_true() -> bool:
    """Whether the line still says what is in hand; where it does not, the page is to be rerun."""
    return st.session_state.get(DRAWN) == _in_hand()


def _in_hand() -> tuple[str | None, str | None]:
    state = current()
    scenario = state.scenario.id if state.scenario is not None else None
    return state.draft.id if state.draft is not None else None, scenario


def _menu(icon: str, label: str, name: str) -> Any:
    """A menu of the line; it closes when another workspace is opened."""
    return st.popover(
        f":material/{icon}: {label}",
        key=part(key("frame.menu", name), current().turn),
        type="tertiary",
    )


def _short(name: str) -> str:
    return plain(cut(one_line(name), MOST, ""))


def _tasks(here: Opened) -> str:
    every, looked_at = counted(len(here.table)), counted(here.tasks)
    return f"{looked_at} of {every} tasks" if looked_at != every else f"All {every} tasks"


def _open_data_folder() -> None:
    """Open it, or end every page with the sentence that says why it cannot be used."""
    try:
        services()
    except InputError as error:
        show_outage(error)
        st.stop()


def notice() -> None:
    """Show the sentence that an action left, once."""
    state = current()
    if state.notice:
        st.toast(plain(state.notice), icon=":material/info:", duration="long")
        state.notice = None


def _workspace_picker() -> None:
    state = current()
    files, hubs = services().files.recent(), services().hubs
    kept_there = {hubs.id_of(copy): copy for copy in hubs.all() if not is_demo_copy(copy)}
    names = labels(distinct(
        {DEMO: "Demo project"}
        | {workspace: copy.name for workspace, copy in kept_there.items()}
        | {file.id: file.name for file in files},
        {workspace: copy.host for workspace, copy in kept_there.items()},
    ))  # fmt: skip
    workspace = held(key("frame.workspace"), state.workspace)
    choices = list(names)
    st.selectbox(
        "Workspace",
        choices,
        index=choices.index(workspace.value) if workspace.value in names else None,
        format_func=lambda chosen: names.get(chosen, "Opened file"),
        placeholder="Opened file",
        key=workspace.key,
        on_change=workspace.then(open_workspace),
    )
    if st.button(
        "Open an export", icon=":material/folder_open:", width="stretch", key="frame.open"
    ):
        open_dialog()
    in_files = next((file for file in files if file.id == state.workspace), None)
    if in_files is not None:
        at = key("frame.file", in_files.id)
        name_and_delete("workspace", in_files.name, at, _rename_file, _delete_file)
    gone = services().files.recent(MOST_DELETED, deleted=True)
    deleted({file.id: file.name for file in gone}, key("frame.file-gone"), _restore_file)
    if state.workspace == DEMO:
        st.badge("DEMO", icon=":material/science:", color="orange")
        st.caption(f"Made-up data. {place_words()}")
    copy = kept_there.get(state.workspace)
    if copy is not None:
        if is_loopback(urlsplit(copy.host).hostname or ""):
            st.badge("Local hub", icon=":material/computer:", color="violet")
        else:
            st.badge("Ango Hub", icon=":material/cloud:", color="blue")
        st.caption(f"{host_name(copy.host)}, {age_text(copy.age_seconds(hubs.now()))}")
    if state.workspace != DEMO and st.button(
        "Purge from this machine",
        icon=":material/delete_forever:",
        key="frame.purge",
        width="stretch",
    ):
        purge_dialog()
    _pseudonyms()


def _pseudonyms() -> None:
    always = services().settings.pseudonyms
    chosen = held(key("frame.hidden"), always or current().hidden)
    st.toggle(
        "People under pseudonyms",
        chosen.value,
        key=chosen.key,
        on_change=chosen.then(_hide),
        disabled=always,
        help="SWITCHYARD_PSEUDONYMS is set here, so it is always so."
        if always
        else "On all pages, in reports and tables that are downloaded, and in the link. The same "
        "person has the same name everywhere.",
    )


def _hide(hidden: bool) -> None:
    current().hidden = hidden


def _rename_file(name: str) -> None:
    services().files.rename(current().workspace, name)


def _delete_file() -> None:
    workspace = current().workspace
    name = services().files.get(workspace).name
    services().files.delete(workspace)
    open_workspace(DEMO)
    current().notice = f"{name} is deleted with its drafts. The menu of projects restores it."


def _restore_file(workspace: str) -> None:
    services().files.restore(workspace)
    open_workspace(workspace)


def _selector(here: Opened) -> None:
    table, selection = here.table, here.selection
    st.caption("Which tasks the numbers of this page are about.")
    stages = stage_choices(table, here.names)
    at = held(
        key("frame.stages"), [name for name, ids in stages.items() if ids & {*selection.stages}]
    )
    st.multiselect(
        "Stage now",
        list(stages),
        at.value,
        placeholder="Any stage",
        key=at.key,
        on_change=at.then(
            lambda names: _select(stages=tuple(sorted(s for name in names for s in stages[name])))
        ),
    )
    batches = batch_choices(table, here.names)
    inside = held(
        key("frame.batches"), [name for name, raw in batches.items() if raw & {*selection.batches}]
    )
    st.multiselect(
        "Batch",
        list(batches),
        inside.value,
        placeholder="Any batch",
        key=inside.key,
        on_change=inside.then(
            lambda names: _select(batches=tuple(sorted(r for name in names for r in batches[name])))
        ),
    )
    span = days(table)
    if span is not None:
        chosen = _days(selection, span)
        # the first of two clicks gives one day, which must stay until the second
        during = held(key("frame.days"), chosen, keep=lambda shown: len(shown) == 1)
        st.date_input(
            "Last activity (UTC)",
            during.value,
            min_value=min(span[0], *chosen),  # a link may name any day
            max_value=max(span[1], *chosen),
            format="YYYY-MM-DD",
            key=during.key,
            on_change=during.then(lambda picked: _select_days(picked, span)),
        )
    if here.tasks < len(table):
        st.button("Look at all tasks", key="frame.all", on_click=_all, width="stretch")


def _days(selection: Selection, span: tuple[date, date]) -> tuple[date, date]:
    """The days looked at; where only one end was chosen, the other may not be beyond it."""
    first, last = selection.first or span[0], selection.last or span[1]
    return min(first, selection.last or first), max(last, selection.first or last)


def _left_out(table: TaskTable) -> None:
    """What reading the file had to leave out, for as long as it is open."""
    if not table.notes:
        return
    skipped = table.counts.skipped
    title = (
        f"{counted(skipped)} item{'s' * (skipped != 1)} skipped" if skipped else "Notes on the file"
    )
    with _menu("warning", title, "notes"):
        st.markdown("\n".join(f"- {plain(note)}" for note in table.notes[:10]))


def _all() -> None:
    current().selection = Selection()


def _select(**changes: Any) -> None:
    """Change a part of the selection; what another menu has chosen stays."""
    state = current()
    state.selection = replace(state.selection, **changes)


def _select_days(picked: Sequence[date], span: tuple[date, date]) -> None:
    """Look at the days between two clicks; all of them is no choice, one click is not yet one."""
    if len(picked) == 1:
        return
    first, last = picked if len(picked) == 2 else (None, None)
    _select(first=None if first == span[0] else first, last=None if last == span[1] else last)


def _dialect(here: Opened) -> None:
    dialect = current().dialect
    st.caption("Ango Hub does not publish these; choose what your project shows.")
    for name, (label, words) in DIALECT_WORDS.items():
        at, choices = held(key("frame.dialect", name), getattr(dialect, name)), CHOICES[name]
        st.selectbox(
            label,
            choices,
            choices.index(at.value),
            format_func=words.__getitem__,
            key=at.key,
            on_change=at.then(partial(_set_dialect, name)),
        )
    stages = [stage_id or name for stage_id, name in
              (here.table.stages[code] for code in here.table.stages_passed)]  # fmt: skip
    moments = list(dict.fromkeys([FINAL, *stages, dialect.at]))
    when = held(key("frame.dialect", "at"), dialect.at)
    st.selectbox(
        AT_LABEL,
        moments,
        moments.index(when.value),
        format_func=lambda moment: at_words(moment, here.names),
        key=when.key,
        on_change=when.then(partial(_set_dialect, "at")),
        help="A rule saw each task before later stages changed it; histories tell how it was.",
    )


def _set_dialect(name: str, value: str) -> None:
    state = current()
    changes: dict[str, Any] = {name: value}
    state.dialect = replace(state.dialect, **changes)
