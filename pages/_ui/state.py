"""One typed object per session: what this browser tab looks at and edits. Nothing per task."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import streamlit as st

from core.errors import InputError, UnknownName
from core.gateway.cache import CachedProject
from core.gateway.job import Job
from core.gateway.protocol import ProjectEntry
from core.model.dialect import FINAL, Dialect
from core.model.names import Names
from core.model.project import Project
from core.model.stages import Logic
from core.sampling.benchmark import ComparedAnswers
from core.secret import Secret
from core.store.drafts import Draft
from core.store.scenarios import SavedScenario
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.select import Selection, known
from core.tasks.snapshot import stage_codes
from core.tasks.table import TaskTable
from core.workspace import Workspace
from pages._ui import cached, link
from pages._ui.demo_copy import demo_copy
from pages._ui.nav import ASKS
from pages._ui.services import services

DEMO = "demo"
EMPTY_STAGE = Logic(id="", name="Logic")


@dataclass(frozen=True, slots=True)
class Focus:
    """Tasks of two rules that another page asked to look at, by the rules' ids.

    Args:
        upper: The upper rule.
        lower: The lower rule.
        taken: Only those that the upper one takes, instead of all that both match.
    """

    upper: str
    lower: str
    taken: bool


@dataclass(slots=True)
class State:
    """What a tab remembers.

    Args:
        workspace: `demo` or the id of an opened file.
        dialect: Readings in force.
        selection: Which tasks are looked at, as it was asked for.
        hidden: Whether people are shown under pseudonyms.
        seed: Seed of draws.
        stage: Id of the Logic stage in hand, None is the first.
        draft: The saved draft in hand, None before the first edit.
        rule: Id of the rule whose editor is open, `else`, or None.
        scenario: The opened scenario, None for the project's rules.
        base: The scenario that edits are compared with, None for the project's rules.
        parted: The draft that another window changed first, so that `draft` goes its own way.
        notice: A sentence to show once.
        editor: Names this tab in the store.
        began: When the session began, seconds since 1970.
        keys: API keys by host, in memory only.
        connected: Host that was tested, None before.
        projects: What the key sees there.
        seen: The project as the hub has it, read for publishing; None before.
        jobs: Work that goes on behind the page, by name.
        start: Id of the saved draft of a start in hand, or None.
        run: Session of the run on show, or None.
        focus: What the Tasks page is narrowed to, None for nothing.
        looked_at: Id of the stage of the map that is looked at, None before one was.
        rates: Of Review and Consensus stages, where they were set on the map, by stage id.
        work_plan: The plan of work of the forecast as JSON, None for the proposed one.
        levers: Those of the story as the address has them, empty for those that are proposed.
        notes: The presenter's notes while they are not kept, None for those of the scenario.
        benchmark: Answers to benchmark tasks that were taken: name, what names them exactly, and
            they themselves; None before.
        answers: What was answered to questions of pages, by the key of the question.
        asks: How the keys of the questions of the page on show begin, empty for one without.
        left: Drafts that were in hand in other Logic stages of the project, by stage.
        away: What was in hand in other workspaces, by workspace.
        turn: How often another workspace was opened.
    """

    workspace: str = DEMO
    dialect: Dialect = field(default_factory=Dialect)
    selection: Selection = field(default_factory=Selection)
    hidden: bool = False
    seed: int = 0
    stage: str | None = None
    draft: Draft | None = None
    rule: str | None = None
    scenario: SavedScenario | None = None
    base: SavedScenario | None = None
    parted: str | None = None
    notice: str | None = None
    editor: str = field(default_factory=lambda: secrets.token_hex(6))
    began: float = field(default_factory=time.time)
    keys: dict[str, Secret] = field(default_factory=dict)
    connected: str | None = None
    projects: tuple[ProjectEntry, ...] = ()
    seen: Project | None = None
    jobs: dict[str, Job[Any]] = field(default_factory=dict)
    start: str | None = None
    run: str | None = None
    focus: Focus | None = None
    looked_at: str | None = None
    rates: dict[str, float] = field(default_factory=dict)
    work_plan: dict[str, Any] | None = None
    levers: tuple[str, ...] = ()
    notes: str | None = None
    benchmark: tuple[str, str, ComparedAnswers] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    asks: str = ""
    left: dict[str, str] = field(default_factory=dict)
    away: dict[str, State] = field(default_factory=dict)
    turn: int = 0


def current() -> State:
    """The session's state; a new session begins where its link points."""
    if "state" not in st.session_state:
        parameters = _parameters()
        state = st.session_state["state"] = _from_link(parameters)
        here = opened()
        state = st.session_state["state"]  # another one where the link leads to nothing
        if usable(state.dialect, here) != state.dialect:
            state.notice = (
                f"No task here left {state.dialect.at}; tasks are shown as they are at the end."
            )
            state.dialect = usable(state.dialect, here)
    state_now: State = st.session_state["state"]
    return state_now


def _parameters() -> link.Parameters:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _from_link(parameters: link.Parameters) -> State:
    state = State(
        dialect=link.to_dialect(parameters),
        selection=link.to_selection(parameters),
        seed=link.to_seed(parameters),
        hidden=link.to_hidden(parameters),
        start=st.query_params.get("start"),
        run=st.query_params.get("run"),
        levers=tuple(st.query_params.get_all("lever")),
        answers=link.to_answers(parameters, ASKS),
    )
    for name, field_name in (("scenario", "scenario"), ("baseline", "base")):
        if asked_for := st.query_params.get(name):
            try:
                saved = services().scenarios.get(asked_for)
                cached.scenario(saved.document)  # refused where a newer Switchyard kept it
                setattr(state, field_name, saved)
            except (UnknownName, InputError) as error:
                state.notice = str(error)
    state.draft = _draft_of_link(state)
    if state.draft is not None:
        state.workspace, state.stage = state.draft.workspace, state.draft.stage
    elif state.scenario is not None:
        state.workspace, state.stage = state.scenario.workspace, state.scenario.stage
        scenario = cached.scenario(state.scenario.document)
        state.dialect = link.to_dialect(parameters, scenario.dialect)
        state.seed = link.to_seed(parameters, scenario.seed)
    else:
        state.workspace = st.query_params.get("workspace", DEMO)
    try:
        if state.workspace != DEMO and services().hubs.by_id(state.workspace) is None:
            services().files.get(state.workspace)
    except UnknownName as error:
        return State(notice=str(error))
    return state


def _draft_of_link(state: State) -> Draft | None:
    """The draft that the link names; what else it names is opened though this one is gone."""
    named = st.query_params.get("draft")
    try:
        draft = services().drafts.get(named) if named else None
        if draft is not None:
            cached.draft(draft.document)  # refused where a newer Switchyard kept it
        return draft
    except (UnknownName, InputError) as error:
        state.notice = str(error)
        return None


def write_link() -> None:
    """Put what is on show into the address, so that the link shows the same numbers."""
    state = current()
    wanted = {} if state.workspace == DEMO else {"workspace": [state.workspace]}
    if state.draft is not None:
        wanted["draft"] = [state.draft.id]
    for name, saved in (("scenario", state.scenario), ("baseline", state.base)):
        if saved is not None:
            wanted[name] = [saved.id]
    usual = Dialect()
    if state.scenario is not None and state.draft is None:
        usual = cached.scenario(state.scenario.document).dialect
    if state.seed or state.scenario is not None:
        wanted["seed"] = [str(state.seed)]
    wanted |= link.of_dialect(state.dialect, usual) | link.of_selection(opened().selection)
    wanted |= {"start": [state.start]} if state.start else {}
    wanted |= {"run": [state.run]} if state.run else {}
    wanted |= {"lever": list(state.levers)} if state.levers else {}
    wanted |= link.of_hidden(state.hidden) | link.of_answers(state.answers, state.asks)
    if _parameters() != wanted:
        st.query_params.from_dict(wanted)


def open_workspace(workspace: str) -> None:
    """Look at another workspace, with the draft and scenario that were in hand there."""
    state = current()
    if workspace != state.workspace:
        away = {**state.away, state.workspace: replace(state, away={})}
        before = away.pop(workspace, State())
        st.session_state["state"] = State(
            workspace=workspace,
            dialect=replace(state.dialect, at=FINAL),  # its stages are of one project
            seed=state.seed,
            hidden=state.hidden,
            stage=before.stage,
            draft=_still_there(before),
            scenario=before.scenario,
            base=before.base,
            benchmark=before.benchmark,
            answers=_answers_in(before, state),
            asks=state.asks,
            left=before.left,
            away=away,
            turn=state.turn + 1,
            editor=state.editor,
            began=state.began,
            keys=state.keys,
            connected=state.connected,
            projects=state.projects,
            jobs=state.jobs,
            start=state.start,
            run=state.run,
        )


def _answers_in(before: State, state: State) -> dict[str, str]:
    """Those about tasks as they were there; a run and the part of a page on show stay."""
    of_tasks = {name: text for name, text in before.answers.items() if _is_of_tasks(name)}
    return of_tasks | {name: text for name, text in state.answers.items() if not _is_of_tasks(name)}


def _is_of_tasks(question: str) -> bool:
    return question.startswith("review.") and not question.endswith(".section")


def _still_there(state: State) -> Draft | None:
    """The draft that was in hand, as it is now; None where it was deleted since."""
    try:
        return services().drafts.get(state.draft.id) if state.draft is not None else None
    except UnknownName:
        return None


@dataclass(frozen=True)
class Opened:
    """The workspace on show.

    Args:
        name: Of the project or file.
        workspace: What questions are asked of.
        asked: Which of its tasks are asked for.
        hub: Where it was read, None for demo and files.
    """

    name: str
    workspace: Workspace
    asked: Selection
    hub: CachedProject | None = None

    @property
    def table(self) -> TaskTable:
        """Its tasks."""
        return self.workspace.table

    @property
    def project(self) -> Project | None:
        """Its project, if known."""
        return self.workspace.project

    @property
    def names(self) -> Names:
        """Names for ids."""
        return self.workspace.names

    @cached_property
    def selection(self) -> Selection:
        """What is asked for, as far as there is such a thing here."""
        return known(self.table, self.asked)

    @cached_property
    def within(self) -> Bits:
        """The tasks looked at."""
        return cached.selected(self.table, self.selection)

    @cached_property
    def tasks(self) -> int:
        """How many tasks are looked at."""
        return bits.count(self.within)


def usable(dialect: Dialect, here: Opened) -> Dialect:
    """The dialect, with final facts where no task here left the stage that it names."""
    if dialect.at == FINAL:
        return dialect
    try:
        stage_codes(here.table, here.project, dialect.at)
    except InputError:
        return replace(dialect, at=FINAL)
    return dialect


def opened(reading: Dialect | None = None) -> Opened:
    """The workspace on show in this session, in another dialect if one is given.

    Where its tasks are gone or cannot be read, the demo is on show instead, and it is said why.
    """
    state = current()
    try:
        here = _opened(state, reading or state.dialect)
        if not (state.hidden or services().settings.pseudonyms):
            return here
        return replace(here, workspace=cached.under_pseudonyms(here.workspace))
    except (UnknownName, InputError) as error:
        if state.workspace == DEMO:
            raise
        st.session_state["state"] = State(keys=state.keys, hidden=state.hidden, notice=str(error))
        return opened()


def _opened(state: State, dialect: Dialect) -> Opened:
    copy = demo_copy() if state.workspace == DEMO else None
    if copy is not None:
        workspace = cached.hub_workspace(copy, services().hubs.project_text(copy), dialect)
        return Opened(copy.name, workspace, state.selection, copy)
    if state.workspace == DEMO:
        workspace = cached.demo_workspace(dialect)
        name = workspace.project.name if workspace.project else "Demo"
        return Opened(name, workspace, state.selection)
    hubs = services().hubs
    project = hubs.by_id(state.workspace)
    if project is not None:
        workspace = cached.hub_workspace(project, hubs.project(project).source, dialect)
        return Opened(project.name, workspace, state.selection, project)
    file = services().files.get(state.workspace)
    workspace = cached.file_workspace(file.table_fingerprint, file.project, dialect)
    name = workspace.project.name if workspace.project else file.name
    return Opened(name, workspace, state.selection)
