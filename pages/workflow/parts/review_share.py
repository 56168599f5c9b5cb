"""What a share of review buys: the large numbers, the curve, a fixed sample, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.charts.sampling import (
    CAUGHT,
    dot_rows,
    fixed_table,
    share_curve,
    share_table,
)
from core.errors import InputError
from core.model.dialect import of_percent
from core.model.figures import about_percent, between, counted, percent, share_text
from core.model.stages import Review
from core.rule_types.random_sample import RandomSample
from core.sampling.inverse import (
    ShareNeeded,
    share_for_escaped,
    share_for_margin,
    share_to_notice,
)
from core.sampling.shares import Lot, ShareBought, share_bought
from pages._ui import answered, drafting
from pages._ui.figure import figure, ink
from pages._ui.keys import Key, key
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened
from pages.workflow.parts.review_lot import history_words, lot_in_hand

USUAL_SHARE = 20.0
SHARE = (
    "Each task is drawn by itself with this chance. Begins with the first Random Sample in hand "
    "that leads to a Review stage."
)
KNOWN = (
    "Of the work as it goes on, of which these tasks are a part. How many of these very tasks are "
    "wrong is known once all were reviewed."
)
STEPS = 50
"""Parts of the curve."""


def share_view(here: Opened) -> None:
    """The whole section."""
    columns = st.columns(4)
    share = answered.number(
        "Review at random", key("review.share"), _share_now(here), unit="%", low=0, high=100,
        place=columns[0], below=st, help=SHARE,
    )  # fmt: skip
    lot = lot_in_hand(here, columns[1:])
    history_words(here)
    if lot is None or share is None:
        return
    bought = _bought(lot, of_percent(share))
    _numbers(bought)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("Caught and slipping through")
        points = _curve(lot)
        figure(share_curve(points, bought, ink()), share_table(points), key("review.curve"))
    with right:
        _beside_fixed(bought)
    _needed_view(lot)


def _share_now(here: Opened) -> float:
    """Percent of the first random rule in hand that leads to a Review stage; else the usual one."""
    stage, chance = drafting.stage_in_hand(here), here.workspace.dialect.chance
    stages = (here.project.stages if here.project else None) or ()
    reviews = {one.id for one in stages if isinstance(one, Review)}
    for rule in stage.active:
        if isinstance(rule.condition, RandomSample) and (not stages or rule.target in reviews):
            share = chance(rule.condition.value)
            if share > 0:
                return round(100 * share, 4)
    return USUAL_SHARE


@st.cache_data(max_entries=64, show_spinner=False)
def _bought(lot: Lot, share: float) -> ShareBought:
    return share_bought(lot, share)


@st.cache_data(max_entries=16, show_spinner="Drawing the curve")
def _curve(lot: Lot) -> list[ShareBought]:
    return [share_bought(lot, place / STEPS) for place in range(STEPS + 1)]


def _numbers(bought: ShareBought) -> None:
    columns = st.columns(5)
    for column, title, count in zip(
        columns,
        ("Reviewed", "Wrong ones caught", "Wrong ones slip through"),
        (bought.reviewed, bought.caught, bought.escaped),
        strict=False,
    ):
        column.metric(title, counted(count.expected))
        column.caption(f"{between(count.low, count.high)} in 95 of 100 draws")
    columns[3].metric("Chance that none is caught", about_percent(bought.none_caught))
    columns[3].caption(f"of {counted(bought.lot.wrong)} wrong ones")
    known = "Error rate will be known to"
    if bought.lot.catch < 1:
        known = "Rate of noticed errors will be known to"
    if not round(bought.reviewed.expected):
        columns[4].metric(known, "–")
        columns[4].caption("nothing is reviewed")
        return
    low, high = bought.margin
    columns[4].metric(known, f"± {share_text((high - low) / 2)}", help=KNOWN)
    columns[4].caption(f"{share_text(low)} to {share_text(high)}, 95 % sure")


def _beside_fixed(bought: ShareBought) -> None:
    st.subheader(
        "Beside a fixed sample",
        help="A Random Sample draws each task by itself, so how many it takes is luck, too. A "
        "fixed sample takes exactly so many.",
    )
    names = {
        "random": f"{percent(bought.share)} at random",
        "fixed": f"exactly {counted(bought.fixed.reviewed)}",
    }
    rows = [(names["random"], bought.caught), (names["fixed"], bought.fixed.caught)]
    chart = dot_rows(rows, "wrong tasks caught, 95 % ranges", CAUGHT, ink())
    figure(chart, fixed_table(bought, names), key("review.fixed"))


def _needed_view(lot: Lot) -> None:
    """The share for what is wanted."""
    st.subheader("Which share do I need?")
    columns = st.columns(3, gap="large")
    with columns[0]:
        _needed(
            key("review.notice"), "To notice an error rate of", 1.0, "%", 100,
            lambda wanted: share_to_notice(Lot(lot.tasks, of_percent(wanted), lot.catch), 0.95),
        )  # fmt: skip
    with columns[1]:
        _needed(
            key("review.few"), "For slipping through at most", lot.wrong // 10,
            "wrong tasks", lot.tasks, lambda wanted: share_for_escaped(lot, int(wanted)),
            whole=True,
        )  # fmt: skip
    with columns[2]:
        _needed(
            key("review.margin"), "To know the error rate to plus or minus", 2.0, "%", 100,
            lambda wanted: share_for_margin(lot, of_percent(wanted)), low=0.01,
        )  # fmt: skip
    st.caption("The first two with a chance of 95 %, the third at the expected numbers.")


def _needed(
    at: Key, label: str, begin: float, unit: str, high: float,
    ask: Callable[[Any], ShareNeeded], *, low: float = 0, whole: bool = False,
) -> None:  # fmt: skip
    wanted = answered.number(label, at, begin, unit=unit, low=low, high=high, whole=whole)
    if wanted is None:
        return
    try:
        needed = ask(wanted)
    except InputError as error:
        st.caption(plain(str(error)))
        return
    if needed.share is None:
        st.metric("Review", "more than all")
        st.caption("Even a review of every task would not do: so few tell no more of the work.")
        return
    st.metric("Review at random", about_percent(needed.share / 100))
    percents = f"{counted(needed.whole or 0)} % in whole percents"
    fixed = f", or exactly {counted(needed.fixed)} tasks" if needed.fixed is not None else ""
    st.caption(percents + fixed)
