"""What review costs: the cheapest share, how much others cost, and when review pays at all."""

from __future__ import annotations

import streamlit as st

from core.charts.sampling import cost_curve, cost_table
from core.model.figures import about_percent, counted, decimals, money_digits
from core.sampling.cost import (
    MOST_PRICE,
    PRICE_TITLES,
    USUAL_PRICES,
    ReviewCost,
    ReviewPrices,
    SampleFirst,
)
from core.sampling.shares import Lot
from pages._ui import answered
from pages._ui.figure import figure, ink
from pages._ui.keys import key
from pages._ui.state import Opened
from pages.workflow.parts.review_history import rates_of
from pages.workflow.parts.review_lot import history_words, lot_in_hand


def cost_view(here: Opened) -> None:
    """The whole section."""
    lot = lot_in_hand(here, st.columns(3))
    history_words(here)
    prices = _prices()
    if lot is None or prices is None:
        return
    cost = ReviewCost(lot, prices)
    _numbers(cost)
    st.subheader("Cost by the share reviewed")
    figure(cost_curve(cost, ink()), cost_table(cost), key("review.cost"))
    _sample_first(here, lot, prices)


def _prices() -> ReviewPrices | None:
    given = {
        name: answered.number(
            title, key("review.price", name), getattr(USUAL_PRICES, name), low=0, high=MOST_PRICE,
            place=column, below=st,
            help="In any unit, such as minutes or euros; the same for all three.",
        )
        for (name, title), column in zip(PRICE_TITLES.items(), st.columns(3), strict=True)
    }  # fmt: skip
    return None if None in given.values() else ReviewPrices(**given)


def _numbers(cost: ReviewCost) -> None:
    columns = st.columns(4)
    low, high = cost.flat
    none, every = cost.of(0), cost.of(1)
    best = "any share" if none == every else "review all" if cost.cheapest else "review none"
    columns[0].metric("Cheapest", best)
    columns[0].caption(f"hardly dearer: {about_percent(low, 0)} to {about_percent(high, 0)}")
    columns[1].metric("Without review", money(none))
    columns[1].caption("all wrong ones slip through")
    columns[2].metric("All reviewed", money(every))
    columns[2].caption(f"{money(abs(every - none))} {'more' if every > none else 'less'}")
    rate = cost.break_even
    now = about_percent(cost.lot.errors)
    columns[3].metric("Review pays from", "never" if rate is None else about_percent(rate))
    columns[3].caption(f"it is {now} here" if rate is None else f"wrong tasks; it is {now} here")


def money(value: float) -> str:
    """A cost in the unit of the prices."""
    return decimals(value, money_digits(value))


@st.cache_data(max_entries=32, show_spinner="Trying samples of every size")
def _best_sample(first: SampleFirst) -> tuple[int, float, float]:
    many = first.cheapest
    return many, first.of(many), first.of(0)


def _sample_first(here: Opened, lot: Lot, prices: ReviewPrices) -> None:
    """A small sample first, and then all or nothing, where reviews tell how well we know."""
    looks = rates_of(here, "week").reviewed
    if not looks:
        return
    wrong = lot.errors * looks  # with Jeffreys' prior, as for the next tasks
    first = SampleFirst(lot.tasks, wrong + 0.5, looks - wrong + 0.5, lot.catch, prices)
    many, with_sample, without = _best_sample(first)
    st.subheader("A sample first?")
    if not many or money(with_sample) == money(without):
        st.markdown("No: the error rate is known well enough to decide at once.")
        return
    st.markdown(
        f"Review **{counted(many)}** tasks first, and then all of the rest or nothing: "
        f"{money(with_sample)} on average, instead of {money(without)} when it is decided now."
    )
