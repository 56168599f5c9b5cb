"""Which run is looked at, and which labels of people count, each choice with its number."""

from __future__ import annotations

import streamlit as st

from core.charts.runs import run_name
from core.errors import SwitchyardError
from core.model.figures import counted
from core.model.names import labels, names_of
from core.model.phrases import joined
from core.plugin_runs.model import Run
from core.quality.truth import Truth
from core.run_quality import RunAgainstPeople
from core.store.hub import SANDBOX
from core.store.run_around import labelled_batches
from pages._ui import answered, judged, starting
from pages._ui.bound_widget import held
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import current, write_link

MOST_RUNS = 200
WHICH = "Which labels of people count as right"


def choose_run() -> Run | None:
    """Ask for a run that has labels; None where there is none."""
    here = {id for id, one in starting.projects().items() if one.backend == SANDBOX}
    usable = {
        run.session: run
        for run in services().runs.list(limit=MOST_RUNS)
        if run.request.project in here and _has_labels(run)
    }
    if not usable:
        return None
    state = current()
    if state.run not in usable:
        if state.run is not None:
            st.info(
                "The run of the link is not here, or has no labels to check; the latest that has "
                "is on show.", icon=":material/info:",
            )  # fmt: skip
        state.run = next(iter(usable))
        write_link()
    plugins = starting.plugin_names()
    titles = labels({session: run_name(run, plugins) for session, run in usable.items()})
    chosen = held(key("check.run"), state.run)
    st.selectbox(
        "Run", titles, list(titles).index(chosen.value), titles.__getitem__, chosen.key,
        on_change=chosen.then(_look_at),
    )  # fmt: skip
    return usable[state.run]


def _has_labels(run: Run) -> bool:
    return bool(run.tasks) and run.discarded_at is None and not run.request.probe


def _look_at(session: str) -> None:
    current().run = session
    write_link()


def truth_of(run: Run) -> Truth:
    """Ask which labels count; the tasks that are complete, where nobody says otherwise."""
    project = starting.read(starting.projects().get(run.request.project))
    if project is None:
        return Truth()
    names = names_of(project).to_show()
    asked = judged.question(run, Truth())
    many = judged.numbers(asked)
    complete = [stage.id for stage in project.stages or () if stage.kind == "Complete"]
    known = [stage.id for stage in project.stages or () if stage.id in many.stages]
    in_batches = [batch.id for batch in project.batches or () if batch.id in many.batches]
    with st.expander(WHICH, icon=":material/how_to_reg:", expanded=not complete):
        left, right = st.columns(2)
        stages = answered.several(
            left, "Tasks in these stages", known, key("check.stages", run.session),
            [one for one in complete if one in known],
            format_func=lambda one: f"{names.of_stage(one)}, {_assets(many.stages[one])}",
            placeholder="Complete" if complete else "None yet",
        )  # fmt: skip
        batches = answered.several(
            right, "In these batches", in_batches, key("check.batches", run.session),
            format_func=lambda one: f"{names.of_batch(one)}, {_assets(many.batches[one])}",
            placeholder="All batches",
        )  # fmt: skip
        reviewed = answered.switch(
            left.checkbox,
            f"Only tasks that a reviewer accepted or fixed ({counted(many.reviewed)})",
            key("check.reviewed", run.session),
            usual=False,
        )
        benchmark = answered.switch(
            right.checkbox,
            f"Only benchmark tasks ({counted(many.benchmark)})",
            key("check.benchmark", run.session),
            usual=False,
        )
        if not complete and not stages:
            st.info("This project has no Complete stage: choose stages whose tasks are labelled "
                    "rightly.", icon=":material/how_to_reg:")  # fmt: skip
            st.stop()
        people = _people(run, Truth(stages, batches, (), reviewed, benchmark))
        st.caption("Labels that a run wrote, and nobody changed since, never count.")
    return Truth(stages, batches, people, reviewed, benchmark)


def _assets(many: int) -> str:
    return f"{counted(many)} asset{'' if many == 1 else 's'}"


def _people(run: Run, everybody: Truth) -> tuple[str, ...]:
    """Ask whose labels count; whoever made none is not offered."""
    try:
        authors = judged.sides(judged.question(run, everybody)).authors
    except SwitchyardError:
        return ()  # the page says why, once
    titles = labels({one: judged.person_name(one) for one in authors})
    chosen = st.multiselect(
        "Made by", [one for one in titles if one],
        format_func=lambda one: f"{titles[one]}, {counted(authors[one])} labels",
        key=key("check.people", run.session), placeholder="Anybody",
        help="The link of this page leaves it out: it would hold addresses.",
    )  # fmt: skip
    return tuple(chosen)


def no_truth(run: Run, sides: RunAgainstPeople) -> None:
    """Say why there is nothing to compare, and offer a dry run where there would be."""
    why = [f"{_assets(many)}: {reason}" for reason, many in sides.no_truth.items()]
    if why:
        st.caption(f"Of this run, {plain(joined(why, 'and'))}.")
    batches = labelled_batches(services().hub, run.request.project, sides.truth.stages)
    if not batches:
        return
    first, many = next(iter(batches.items()))
    name = names_of(sides.project).to_show().of_batch(first)
    if st.button(
        f"Set up a dry run over “{plain(name)}”: {_assets(many)} that people labelled",
        icon=":material/play_circle:", type="primary", key="check.labelled",
    ):  # fmt: skip
        plugins = {one.id: one for one in services().registry.list()}
        starting.clone(run, plugins.get(run.request.plugin))
        starting.show(starting.in_hand())
        starting.edit(batches=(first,), assets=None)
        st.switch_page("pages/plugins/start.py")
