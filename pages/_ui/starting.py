"""The start in hand: kept in the store, named in the link, changed field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.ango_json.text import loads
from core.errors import UnknownName
from core.model.project import Project
from core.plugin_runs.draft import StartDraft, read_start, start_of, write_start
from core.plugin_runs.model import Plugin, Run
from core.plugin_runs.preflight import Around
from core.plugin_runs.request import ORGANISATION
from core.store.hub import SANDBOX, HubProject, all_projects
from pages._ui import cached
from pages._ui.services import services
from pages._ui.state import current, opened, write_link

KEPT, PAST = "start.kept", "start.past"
MOST_UNDO = 50


def projects() -> dict[str, HubProject]:
    """Projects of the local hub by id, those in its store whether it runs or not."""
    with services().hub.read() as tx:
        return {project.id: project for project in all_projects(tx)}


def project_names() -> dict[str, str]:
    """Names of the hub's projects by id."""
    return {project.id: project.name for project in projects().values()}


def plugin_names() -> dict[str, str]:
    """Names of all plugins by id, archived ones included."""
    return {plugin.id: plugin.name for plugin in services().registry.list(archived=True)}


def in_hand() -> StartDraft:
    """The start in hand; a fresh one is for the first plugin and the project on show."""
    state = current()
    if state.start is not None:
        try:
            return read_start(services().starts.get(state.start))
        except UnknownName as error:
            state.start, state.notice = None, str(error)
    plugins, here = services().registry.list(), opened().project
    known = list(projects())
    opened_id = here.id if here is not None and here.id in known else ""
    return StartDraft(plugins[0].id if plugins else "", opened_id or (known[0] if known else ""))


def pictured(project: Project | None, facts: Around) -> tuple[str, ...]:
    """Batches with images on this hub, where other assets have theirs elsewhere; else none.

    Where some of these images wait for labels, the batches of those.
    """
    if project is None or not facts.elsewhere:
        return ()
    return tuple(batch.id for batch in project.batches or () if batch.name in facts.worth_a_look)


def save(start: StartDraft) -> None:
    """Keep a changed start; its link reopens it."""
    state = current()
    document = write_start(start)
    if state.start is None:
        state.start = services().starts.add(document)
    else:
        services().starts.save(state.start, document)
    _kept()[(start.plugin, start.project)] = state.start
    write_link()


def edit(**changes: Any) -> None:
    """Change some fields of the start in hand; `undo` takes it back."""
    before = latest()
    save(replace(before, **changes))
    _past().append(write_start(before))
    del _past()[:-MOST_UNDO]


def can_undo() -> bool:
    """Whether something was edited in this window that can be taken back."""
    return bool(_past())


def undo() -> None:
    """Take the last edit back."""
    if _past():
        save(read_start(_past().pop()))


def _past() -> list[str]:
    """The start in hand before each edit of this window, oldest first."""
    past: dict[str | None, list[str]] = st.session_state.setdefault(PAST, {})
    return past.setdefault(current().start, [])


def show(start: StartDraft) -> StartDraft:
    """Note the start that is drawn, for the edits of its widgets."""
    st.session_state["start.shown"] = start
    return start


def latest() -> StartDraft:
    """The start that an edit builds on: as it is kept, else as it was drawn.

    What is drawn may be older: a second edit, or another window, need not wait for the page.
    """
    on_page: StartDraft = st.session_state["start.shown"]
    if current().start is None:
        return on_page
    stored = in_hand()
    return replace(
        stored,
        chosen=on_page.chosen if stored.chosen is None else stored.chosen,
        config=on_page.config if stored.config is None else stored.config,
    )


def read(project: HubProject | None) -> Project | None:
    """A project of the hub as a value; of one on Ango Hub, what is known of it here."""
    if project is None:
        return None
    local = cached.project(project.document)
    if project.backend == SANDBOX:
        return local
    here = opened()
    if here.hub is not None and here.project is not None and here.project.id == project.id:
        return here.project
    return replace(local, schema=None, batches=None)


def organisation(project: HubProject) -> str:
    """Id of a project's organization, as the plugin receives it."""
    return str(loads(project.document).get("organization") or "") or ORGANISATION


def begin(plugin: str, project: str | None = None) -> None:
    """Prepare a start of another plugin or project; what was prepared for it before comes back."""
    state, now = current(), in_hand()
    wanted = project or now.project
    known = _kept().get((plugin, wanted))
    state.start = known
    if known is None:
        save(StartDraft(plugin, wanted))
    write_link()


def clone(run: Run, plugin: Plugin | None) -> None:
    """Prepare a start like an earlier run."""
    current().start = None
    save(start_of(run.request, plugin))


def _kept() -> dict[tuple[str, str], str]:
    answers: dict[tuple[str, str], str] = st.session_state.setdefault(KEPT, {})
    return answers
