"""What shall be done with many tasks, and with which: the form of the Bulk page."""

from __future__ import annotations

import streamlit as st

from core.bulk.operation import (
    LEAST,
    MOST,
    Assigning,
    BulkChange,
    BulkFilter,
    Operation,
    Prioritising,
)
from core.gateway.protocol import Requeueing
from core.model.figures import counted
from core.model.names import Names
from core.model.project import Project
from core.model.stages import takes_tasks
from pages._ui.keys import key
from pages._ui.number_field import number_field

REQUEUE, PRIORITY, ASSIGN = "Requeue", "Priority", "Assignment"
_IDS = (
    ("external_ids", "External ids"),
    ("tasks", "Task ids"),
    ("assets", "Asset ids"),
)


def bulk_form(project: Project, names: Names) -> Operation | None:
    """Ask; None while something is missing that has no default.

    Args:
        project: Whose stages, batches and people can be chosen.
        names: What these are called.
    """
    left, right = st.columns(2, gap="large")
    with left:
        change = _change(project, names)
    with right:
        chosen = _filter(project, names)
    return None if change is None else Operation(change, chosen)


def _change(project: Project, names: Names) -> BulkChange | None:
    st.subheader("What")
    what = st.segmented_control(
        "Operation",
        (REQUEUE, PRIORITY, ASSIGN),
        default=REQUEUE,
        required=True,
        key="bulk.what",
    )
    if what == PRIORITY:
        priority = number_field(
            "Priority",
            key("bulk.priority"),
            0,
            low=LEAST,
            high=MOST,
            whole=True,
            help=f"From {counted(LEAST)} to {counted(MOST)}; higher ones come first.",
        )
        return None if priority is None else Prioritising(int(priority))
    if what == ASSIGN:
        people = [one.email for one in project.people or ()]
        person = st.selectbox(
            "Assign to",
            people,
            index=None,
            format_func=names.of_person,
            placeholder="Nobody chosen" if people else "Nobody is assigned to the project",
            key="bulk.person",
        )
        return None if person is None else Assigning(person)
    to = st.selectbox(
        "Requeue to",
        [one.id for one in project.stages or () if takes_tasks(one) or one.kind == "Start"],
        index=None,
        format_func=names.of_stage,
        placeholder="No stage chosen",
        key="bulk.to",
    )
    removals = [
        st.checkbox(f"Remove {what}", key=key("bulk.remove", what))
        for what in ("annotations", "assignee", "stage history")
    ]
    return None if to is None else Requeueing(to, *removals)


def _filter(project: Project, names: Names) -> BulkFilter:
    st.subheader("Which tasks")
    stages = st.multiselect(
        "In stages",
        [one.id for one in project.stages or ()],
        format_func=names.of_stage,
        placeholder="Any",
        key="bulk.stages",
    )
    batches = st.multiselect(
        "Of batches",
        [one.id for one in project.batches or ()],
        format_func=names.of_batch,
        placeholder="Any",
        key="bulk.batches",
    )
    with st.expander("By ids"):
        ids = {
            name: st.text_area(label, key=key("bulk.ids", name), height=80, help="One per line.")
            for name, label in _IDS
        }
    lines = {name: _lines(text) for name, text in ids.items()}
    return BulkFilter(batches=tuple(batches) or None, stages=tuple(stages) or None, **lines)


def _lines(text: str) -> tuple[str, ...] | None:
    """Ids, one a line; None where nothing is typed. Blanks alone are an id that is empty."""
    if not text:
        return None
    return tuple(line.strip() for line in text.splitlines() if line.strip())
