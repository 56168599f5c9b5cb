"""What the next tasks do, and beside it what each week would have told of the next."""

from __future__ import annotations

import streamlit as st

from core.charts.split import next_table
from core.charts.weeks import weeks_chart, weeks_table
from core.model.figures import counted
from core.model.stages import Logic
from core.routing.engine.split import Split
from core.routing.observed.backtest import Weeks
from core.routing.observed.conformance import output_labels
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.state import Opened
from pages._ui.verdict import verdict

MOST_NEXT = 100_000_000


def coming_view(here: Opened, stage: Logic, result: Split) -> None:
    """Ask how many come next, and say what they do."""
    many, like = st.columns([1, 3], vertical_alignment="bottom")
    wanted = number_field(
        "Next", key("split.next"), here.tasks, unit="tasks", low=1, high=MOST_NEXT, whole=True,
        place=many,
    )  # fmt: skip
    if wanted is None:
        return
    like.caption(
        f"What the next {counted(wanted)} tasks do when they are of the same kind of work as these "
        f"{counted(here.tasks)}. The 95 % intervals hold both what a sample of "
        f"{counted(here.tasks)} tells of "
        "that kind, and chance."
    )
    coming = here.workspace.coming(stage, wanted, here.within)
    data_table(next_table(result, coming.outputs, here.names), key("split.coming"))
    st.markdown("**Has one week told the next?**")
    verdict("good" if coming.weeks.alike else "not possible", coming.sentences[:1])
    for sentence in coming.sentences[1:]:
        st.caption(plain(sentence))
    if coming.weeks.weeks:
        _weeks(coming.weeks, output_labels(stage))


def _weeks(weeks: Weeks, labels: list[str]) -> None:
    outputs = [count.output for count in weeks.weeks[-1].outputs]
    if not outputs:
        return
    missed = dict.fromkeys(outputs, 0)
    for week in weeks.weeks:
        for count in week.outputs:
            missed[count.output] += not count.inside
    worst = max(outputs, key=lambda output: missed[output])
    output = st.selectbox(
        "Weeks of",
        outputs,
        index=outputs.index(worst),
        format_func=lambda one: f"{labels[one]}: {missed[one]} of {len(weeks.weeks)} not as told",
        key=key("split.weeks-of"),
    )
    st.caption(
        "Share of a week's tasks that may take the output, whatever chance does. Bars: the 95 % "
        "interval that all weeks before would have told."
    )
    chart = weeks_chart(weeks, output, ink())
    figure(chart, weeks_table(weeks, labels), key("split.weeks"))
