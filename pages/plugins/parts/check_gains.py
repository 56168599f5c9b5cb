"""Another run on the same assets: what this one does better and worse."""

from __future__ import annotations

import streamlit as st

from core.charts.gains import gains_chart, gains_table
from core.charts.runs import run_name
from core.errors import SwitchyardError
from core.model.figures import counted
from core.model.names import Names, labels
from core.plugin_runs.model import Run
from pages._ui import answered, judged, starting
from pages._ui.figure import figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services

NONE = ""


def two_runs(asked: judged.Question, iou: float, run: Run, names: Names) -> None:
    """Show it for a run that somebody chooses."""
    others = [
        one for one in services().runs.list(project=run.request.project, limit=200)
        if one.session != run.session and one.tasks and not one.request.probe
        and one.discarded_at is None
    ]  # fmt: skip
    if not others:
        return
    st.subheader("Better than another run?")
    plugins = starting.plugin_names()
    titles = labels({one.session: run_name(one, plugins) for one in others})
    chosen = answered.pick(
        st, "Against", [NONE, *titles], key("check.against", run.session),
        format_func=lambda one: titles.get(one, "Choose a run"),
    )  # fmt: skip
    if chosen == NONE:
        return
    other = next(one for one in others if one.session == chosen)
    before = judged.question(other, asked[1])
    try:
        shared = set(judged.sides(before).both.assets) & set(judged.sides(asked).both.assets)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    if not shared:
        st.info("The two runs share no asset with labels of people.", icon=":material/info:")
        return
    rows = judged.gains_of(before, asked, iou)
    total = rows[-1]
    st.caption(
        f"On {counted(len(shared))} shared assets: {counted(total.gained)} labels of people are "
        f"right in this run alone, {counted(total.lost)} in the other one alone. Where an interval "
        "holds 0, the runs may be equally good."
    )
    figure(gains_chart(rows, names, ink()), gains_table(rows, names), key("check.gains"))
