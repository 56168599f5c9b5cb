"""A run at a glance, followed while it lasts: state, counts, last words."""

from __future__ import annotations

import time

import streamlit as st

from core.charts.runs import mode_words, took, when
from core.model.figures import counted
from core.model.names import Names
from core.plugin_runs.model import Run, State
from core.plugin_runs.standing import labelled_of, outcome, progress, total_of
from pages._ui.keys import key
from pages._ui.long_text import long_text
from pages._ui.markdown_escape import plain

CLASSES = 30
"""Classes that are counted in the head; the view of labels has all."""

COLORS: dict[State, tuple[str, str]] = {
    "queued": ("gray", "hourglass_empty"),
    "starting": ("blue", "send"),
    "running": ("blue", "play_arrow"),
    "cancelling": ("orange", "stop_circle"),
    "succeeded": ("green", "check_circle"),
    "failed": ("red", "error"),
    "cancelled": ("orange", "cancel"),
    "no_answer": ("red", "timer_off"),
    "interrupted": ("red", "power_off"),
}


def state_badge(run: Run) -> None:
    """How it stands as a coloured word."""
    color, icon = COLORS[run.state]
    if run.undone_at is not None or run.discarded_at is not None:
        color, icon = "gray", "undo" if run.undone_at is not None else "delete"
    st.badge(outcome(run), color=color, icon=f":material/{icon}:")  # type: ignore[arg-type]


def run_head(run: Run, names: Names, project: str) -> None:
    """Show where the run stands.

    Args:
        run: As it is now.
        names: Of the project's classes.
        project: The project's name, "" where it is gone.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        state_badge(run)
        request = f"{when(run.created_at)} UTC by {plain(run.request.run_by)}"
        where = f", in {plain(project)}" if project else ""
        st.caption(f"{mode_words(run)}{where}, asked for {request}")
    if run.message:
        at = key("runs.message", run.session)
        long_text(run.message, f"run-{run.session}.txt", at, st.success, icon=":material/chat:")
    if run.state == "cancelling":
        st.info("It stops as soon as the plugin calls the hub again; that may take a while.",
                icon=":material/hourglass_top:")  # fmt: skip
    if run.reason:
        bad = run.state in ("failed", "no_answer", "interrupted")
        show = st.error if bad else st.warning if run.state == "cancelled" else st.info
        at = key("runs.reason", run.session)
        long_text(run.reason, f"reason-{run.session}.txt", at, show, icon=":material/info:")
    if run.request.deadline is None:
        st.caption("Its deadline is not set: what was kept is no number. Four hours hold.")
    if run.discarded_at is not None:
        st.caption("The kept labels were discarded.")
    if run.undone_at is not None:
        st.caption(f"The import was undone {when(run.undone_at)} UTC.")
    if doubtful := sum(run.doubtful.values()):
        what = "label was" if doubtful == 1 else "labels were"
        warning = (
            f"{counted(doubtful)} {what} kept though not of the project's form; Labels says which."
        )
        st.warning(warning, icon=":material/rule:")
    a, b, c, d = st.columns(4)
    elapsed = run.elapsed(time.time())
    a.metric("Took" if run.is_final else "So far", took(elapsed) or "not sent yet")
    answered = f"{counted(run.labelled)} / {counted(run.requested)}"
    b.metric(
        "Labelled", labelled_of(run),
        help="Tasks with labels of the run, of the assets that it was shown. The hub has answered "
        f"its imports with {answered} tasks.",
    )  # fmt: skip
    c.metric("Labels", counted(sum(run.per_class.values())))
    refused = sum(run.refused.values())
    d.metric("Refused", counted(refused), help="Labels and calls that the hub did not accept")
    total = total_of(run)
    if total and not run.is_final:
        st.progress(min(1.0, run.tasks / total), progress(run))
    classes = sorted(run.per_class.items(), key=lambda one: -one[1])
    if classes:
        counts = [
            f"{counted(count)} {plain(names.of_class(one))}" for one, count in classes[:CLASSES]
        ]
        left = len(classes) - CLASSES
        st.caption(", ".join(counts) + (f" and {counted(left)} more classes" if left > 0 else ""))
