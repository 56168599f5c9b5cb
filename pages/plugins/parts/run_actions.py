"""What can be done with a run: cancel, apply, discard, again, clone, retry, undo."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.errors import SwitchyardError
from core.model.figures import counted
from core.plugin_runs.doubles import ON_DOUBLES, Doubles, OnDoubles
from core.plugin_runs.model import Plugin, Run
from core.store.hub import SANDBOX, HubProject
from core.store.run_counts import left_count
from pages._ui import starting
from pages._ui.confirm import ask, confirm, name_typed
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.nav import CHECK
from pages._ui.services import services
from pages._ui.state import current, write_link
from pages.plugins.parts.applying import apply, is_applying

WAYS: dict[OnDoubles, str] = {"add": "Add", "replace": "Replace", "skip": "Leave out"}
CAPTIONS = (
    "The new ones lie beside those that are there.",
    "Those that are there go; undo gives them back.",
    "Only what lies nowhere yet is stored.",
)
GONE = "Its project is gone; its labels can only be discarded."


def cancel_button(run: Run) -> None:
    """Ask a run to stop."""
    if run.is_final:
        return
    cancelling = key("runs.cancelling", run.session)
    st.button(
        "Cancel the run", icon=":material/stop_circle:", on_click=ask, args=(cancelling,),
        key="runs.cancel", disabled=run.state == "cancelling",
    )  # fmt: skip
    kept = "is kept aside" if run.request.dry_run else "stays in the project"
    confirm(
        cancelling,
        f"Cancel this run? What it has imported so far {kept}; the plugin's next call is "
        "refused, and it cannot go on later.",
        "Cancel it",
        lambda: _do(lambda: services().runs.cancel(run.session), ""),
    )


def kept_labels(run: Run, project: HubProject | None) -> None:
    """Store or throw away what a dry run kept."""
    if is_applying(run) or not run.keeps_labels or not run.is_final:
        return
    labels, many = services().labels, sum(run.per_class.values())
    with st.container(border=True):
        words, a, b = st.columns([3, 2, 2], vertical_alignment="center")
        words.markdown(
            f"**{counted(many)} labels in {counted(run.tasks)} tasks are kept aside.** Nothing is "
            "written."
        )
        how, why_not = _doubles(run) if project is not None else (None, GONE)
        sure = how is not None
        if project is not None and project.backend != SANDBOX:
            name = project.name or project.id
            sure = name_typed(name, key("runs.confirm"), "to allow writing") and sure
        applying = key("runs.applying", run.session)
        misfits = sum(run.doubtful.values())
        act, given = (ask, (applying,)) if misfits else (apply, (run, how or "add"))
        a.button(
            "Apply these", type="primary", icon=":material/done_all:", width="stretch",
            key="runs.apply", disabled=not sure, on_click=act, args=given,
        )  # fmt: skip
        confirm(
            applying,
            f"{counted(misfits)} of these {counted(many)} labels are not of the project's form; "
            "the view Labels says which. Write all of them?",
            "Write them",
            lambda: apply(run, how or "add"),
        )
        discarding = key("runs.discarding", run.session)
        b.button("Discard", icon=":material/delete:", width="stretch", key="runs.discard",
                 on_click=ask, args=(discarding,))  # fmt: skip
        if why_not:
            st.caption(f":material/info: {why_not}")
        confirm(
            discarding,
            f"Throw {counted(many)} labels away? They cannot be brought back; the run stays.",
            "Discard them",
            lambda: _do(lambda: labels.discard(run.session), "The labels were discarded."),
        )


def _doubles(run: Run) -> tuple[OnDoubles | None, str]:
    """What becomes of labels that would lie on others, and why nothing can be applied, or ""."""
    try:
        doubles = _counted_doubles(run.session, run.tasks, run.state)
    except SwitchyardError as error:
        return None, plain(str(error))
    if doubles is None:
        return "add", ""  # on Ango Hub, which is not looked into
    if not doubles.labels:
        return None, "There is nothing to change: its classes or its tasks are gone."
    if not doubles.new:
        return "add", ""
    st.markdown(f":orange[:material/filter_none: {plain(doubles.words)}]")
    how: OnDoubles | None = st.radio(
        "What becomes of them?", ON_DOUBLES, index=None, format_func=WAYS.__getitem__,
        key=key("runs.doubles", run.session), horizontal=True, captions=CAPTIONS,
    )  # fmt: skip
    if how is None:
        return None, "Say first what becomes of the labels that would lie twice."
    if not doubles.left(how):
        return None, "There is nothing to change: every label lies there already."
    return how, ""


@st.cache_data(max_entries=64, ttl=5, show_spinner="Looking for labels that lie there already")
def _counted_doubles(session: str, tasks: int, state: str) -> Doubles | None:  # noqa: ARG001
    return services().labels.doubles(session)


def related(run: Run) -> None:
    """Ways to the run that this one repeats or stores, and to the one that stored its labels."""
    related_runs = {"See the run that it comes from": run.parent,
            "See the run that stored these labels": run.applied_by}  # fmt: skip
    with st.container(horizontal=True):
        for label, session in related_runs.items():
            if session is not None:
                st.button(label, type="tertiary", icon=":material/link:", on_click=_see,
                          args=(session,), key=key("runs.see", session))  # fmt: skip


def check_link(run: Run, project: HubProject | None) -> None:
    """The way to the page that holds a run against people, where that can be done."""
    known = project is not None and project.backend == SANDBOX and not run.request.probe
    if known and run.is_final and run.tasks and run.discarded_at is None and st.button(
        "Check against the labels of people", icon=":material/rule:", key="runs.check"
    ):  # fmt: skip
        st.switch_page(f"pages/{CHECK}")


def _see(session: str) -> None:
    current().run = session
    write_link()


def after_the_end(run: Run, plugin: Plugin | None, project: HubProject | None) -> None:
    """Start an equal run, one like it, or one over what was left; take an import back."""
    if not run.is_final:
        return
    runs = services().runs
    usable = plugin is not None and plugin.archived_at is None
    left = left_count(services().hub, run.session, run.request)
    row = st.container(horizontal=True)
    row.button(
        "Run again" if run.request.dry_run else "Run again for real",
        icon=":material/replay:", disabled=not usable,
        on_click=_go, args=(lambda: runs.again(run.session), "Started again."), key="runs.again",
    )  # fmt: skip
    if row.button("Clone and edit", icon=":material/content_copy:", disabled=not usable,
                  key="runs.clone"):  # fmt: skip
        starting.clone(run, plugin)
        st.switch_page("pages/plugins/start.py")
    row.button(
        f"Retry what got no label ({counted(left)})", icon=":material/rule:",
        disabled=not usable or not left, key="runs.retry", on_click=_go,
        args=(lambda: runs.retry(run.session), "Started over what was left."),
        help="Only these assets are shown to the plugin. It needs a plugin that asks the hub for "
        "its assets or tasks.",
    )  # fmt: skip
    wrote = not run.request.dry_run and bool(run.tasks) and run.undone_at is None
    sandbox = project is not None and project.backend == SANDBOX
    row.button(
        "Undo the import", icon=":material/undo:", disabled=not (wrote and sandbox),
        key="runs.undo", on_click=_undo, args=(run,),
        help="Takes this run's labels out of the project and puts back what they replaced.",
    )  # fmt: skip


def _undo(run: Run) -> None:
    def undo() -> None:
        _, stayed = services().labels.undo(run.session)
        more = f" {counted(stayed)} labels had been changed since and stay." if stayed else ""
        current().notice = f"The import was undone.{more}"

    _do(undo, "")


def _do(act: Callable[[], object], notice: str) -> None:
    try:
        act()
    except SwitchyardError as error:
        current().notice = str(error)
        return
    if notice:
        current().notice = notice


def _go(act: Callable[[], Run], notice: str) -> None:
    """Do it and show the run that came of it."""
    try:
        current().run = act().session
    except SwitchyardError as error:
        current().notice = str(error)
        return
    current().notice = notice
    write_link()
