"""Bounded caches, keyed by fingerprints; what they hold is shared by all sessions, unchanged."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

import streamlit as st

from core import demo
from core.ango_json.drafts import read_draft
from core.ango_json.project import read_project
from core.ango_json.stages import write_stage
from core.ango_json.text import dumps, loads
from core.export.reader import read_path
from core.gateway.cache import CachedProject
from core.model.dialect import Dialect
from core.model.project import Project
from core.model.pseudonyms import Pseudonyms
from core.model.stages import Logic
from core.private import kept_key
from core.routing.observed.conformance import Behaviour
from core.scenario.file import read_scenario
from core.scenario.scenario import Scenario
from core.tasks.bits import Bits
from core.tasks.select import Selection, select
from core.tasks.table import TaskTable
from core.workspace import Workspace
from pages._ui.services import services


@st.cache_resource(show_spinner=False)
def _demo_table() -> TaskTable:
    return read_path(demo.EXPORT)


@st.cache_resource(max_entries=4, show_spinner="Opening the task table")
def _kept_table(fingerprint: str) -> TaskTable:
    return services().files.table(fingerprint)


@st.cache_resource(max_entries=8, show_spinner=False)
def _project(text: str) -> Project:
    return read_project(loads(text))


def project(document: str) -> Project:
    """A project by its JSON, without the envelope of a response."""
    return _project(document)


@st.cache_resource(show_spinner=False)
def _demo_project() -> Project:
    return _project(demo.PROJECT.read_text(encoding="utf-8"))


@st.cache_resource(max_entries=8, show_spinner=False)
def demo_workspace(dialect: Dialect) -> Workspace:
    """The packaged demo project under a dialect."""
    return Workspace(_demo_table(), _demo_project(), dialect, shown=True)


@st.cache_resource(max_entries=8, show_spinner=False)
def file_workspace(fingerprint: str, project: str | None, dialect: Dialect) -> Workspace:
    """An opened file under a dialect; `project` is its JSON text or None."""
    known = _project(project) if project is not None else None
    return Workspace(_kept_table(fingerprint), known, dialect, shown=True)


@st.cache_resource(max_entries=4, show_spinner="Opening the task table")
def _hub_table(copy: CachedProject) -> TaskTable:
    return services().hubs.table(copy)


@st.cache_resource(max_entries=8, show_spinner=False)
def hub_workspace(copy: CachedProject, project: str, dialect: Dialect) -> Workspace:
    """A project of Ango Hub as it was read; `project` is its JSON text."""
    return Workspace(_hub_table(copy), _project(project), dialect, shown=True)


@st.cache_resource(max_entries=8, show_spinner=False)
def _under_pseudonyms(
    fingerprint: str,  # noqa: ARG001
    project: str | None,  # noqa: ARG001
    dialect: Dialect,  # noqa: ARG001
    _workspace: Workspace,
) -> Workspace:
    key = kept_key(services().settings.pseudonyms_key)
    return _workspace.under(Pseudonyms(key))


def under_pseudonyms(workspace: Workspace) -> Workspace:
    """The same workspace, in which people are not called by their addresses."""
    source = workspace.project.source if workspace.project else None
    return _under_pseudonyms(workspace.table.fingerprint, source, workspace.dialect, workspace)


@lru_cache(maxsize=64)
def draft(document: str) -> Logic:
    """The stage that the text of a draft says."""
    return read_draft(document)


@lru_cache(maxsize=16)
def scenario(document: str) -> Scenario:
    """What the text of a kept scenario says."""
    return read_scenario(document)


@st.cache_resource(max_entries=64, show_spinner=False)
def _selected(fingerprint: str, selection: Selection, _table: TaskTable) -> Bits:  # noqa: ARG001
    return select(_table, selection)


def selected(table: TaskTable, selection: Selection) -> Bits:
    """The tasks of a selection."""
    return _selected(table.fingerprint, selection, table)


@st.cache_resource(max_entries=8, show_spinner="Working it out under other assumptions")
def _read_otherwise(
    fingerprint: str,  # noqa: ARG001
    project: str | None,  # noqa: ARG001
    dialect: Dialect,
    hidden: bool,  # noqa: ARG001
    _workspace: Workspace,
) -> Workspace:
    return replace(_workspace, dialect=dialect)


def read_otherwise(workspace: Workspace, dialect: Dialect) -> Workspace:
    """The same tasks and project under another dialect."""
    if dialect == workspace.dialect:
        return workspace
    source = workspace.project.source if workspace.project else None
    hidden = workspace.pseudonyms is not None
    return _read_otherwise(workspace.table.fingerprint, source, dialect, hidden, workspace)


@st.cache_resource(max_entries=16, show_spinner="Following the histories")
def _behaved(
    fingerprint: str,  # noqa: ARG001
    dialect: Dialect,  # noqa: ARG001
    written: str,  # noqa: ARG001
    tasks: bytes,  # noqa: ARG001
    _workspace: Workspace,
    _stage: Logic,
    _within: Bits,
) -> Behaviour:
    return _workspace.behaved(_stage, _within)


def behaved(workspace: Workspace, stage: Logic, within: Bits) -> Behaviour:
    """Whether the histories of some tasks are what a stage does."""
    written = dumps(write_stage(stage))
    tasks = blake2b(within.tobytes(), digest_size=16).digest()
    print_of = workspace.table.fingerprint
    return _behaved(print_of, workspace.dialect, written, tasks, workspace, stage, within)
