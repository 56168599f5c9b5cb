"""What would be left to correct, had labels below a score been left out, and at what price."""

from __future__ import annotations

import streamlit as st

from core.charts.thresholds import cheapest_table, sweep_lines, sweep_table, work_areas
from core.errors import InputError
from core.model.figures import decimals
from core.model.names import Names
from core.plugin_runs.model import Run
from core.quality.score_field import score_field, with_least_score
from core.quality.thresholds import AtScore, Prices, cheapest
from core.sampling.cost import MOST_PRICE
from pages._ui import answered, judged, starting
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services

ASKED = (("remove", "Remove one"), ("add", "Add one"), ("move", "Move one"),
         ("rename", "Rename one"))  # fmt: skip


def thresholds_view(asked: judged.Question, iou: float, run: Run, names: Names) -> None:
    """Show it where labels have scores."""
    if not judged.sides(asked).both.has_scores:
        return
    st.subheader(
        "What if the least score were …",
        help="Labels of the run with a lower score would not be there. Those without a score stay.",
    )
    prices = _prices()
    by_class = judged.at_scores(asked, iou)
    rows = by_class[None]
    best, now = cheapest(rows, prices), rows[0]
    tasks = max(1, now.tasks)
    st.markdown(
        f"Corrections cost least from **{decimals(best.least, 2)}** on: "
        f"{decimals(best.cost(prices) / tasks, 2)} per task, instead of "
        f"{decimals(now.cost(prices) / tasks, 2)} with all labels."
    )
    _write(run, best)
    left, right = st.columns(2, gap="large")
    with left:
        figure(sweep_lines(rows, best.least, ink()), sweep_table(rows, prices), key("check.sweep"))
    with right:
        chosen = {one: cheapest(some, prices) for one, some in by_class.items()
                  if one is not None and some[0].people}  # fmt: skip
        st.plotly_chart(work_areas(rows, prices, best.least, ink()), width="stretch",
                        key="check.work", config={"displayModeBar": False})  # fmt: skip
        with st.popover("Cheapest by class", icon=":material/table:", type="tertiary"):
            data_table(cheapest_table(chosen, prices, names), key("check.cheapest"))


def _prices() -> Prices:
    usual = Prices()
    columns = st.columns(4)
    given = {
        name: answered.number(
            f"{title} costs", key("check.price", name), getattr(usual, name), low=0,
            high=MOST_PRICE, place=column, help="In any unit, such as seconds or cents.",
        )
        for column, (name, title) in zip(columns, ASKED, strict=True)
    }  # fmt: skip
    return Prices(**{name: one for name, one in given.items() if one is not None})


def _write(run: Run, best: AtScore) -> None:
    """Offer a start like this run's with the cheapest score in its config."""
    plugin = next((one for one in services().registry.list() if one.id == run.request.plugin), None)
    field = score_field(run.request.config)
    if field is None or plugin is None:
        st.caption("The run's config has no field for a least score that is known here.")
        return
    if st.button(
        f"Start like this run, with “{plain(field)}” at {decimals(best.least, 2)}",
        icon=":material/edit_note:", key="check.write",
    ):  # fmt: skip
        try:
            config = with_least_score(run.request.config, best.least)
        except InputError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        starting.clone(run, plugin)
        starting.show(starting.in_hand())
        starting.edit(config=config)
        st.switch_page("pages/plugins/start.py")
