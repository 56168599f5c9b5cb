"""A forecast beside what came: sentences, charts, what was learnt, and findings."""

from __future__ import annotations

import streamlit as st

from core.charts.reality import (
    band_table,
    begins_bars,
    cycle_lines,
    cycle_table,
    distances_table,
    learnt_table,
    under_way_lines,
)
from core.flow.logs.document import reality_words
from core.flow.logs.reality import Reality
from core.model.figures import share_text
from core.model.phrases import hours_text
from pages._ui.figure import data_table, figure, ink
from pages._ui.honesty import ICONS, MOST
from pages._ui.keys import key
from pages._ui.markdown_escape import plain


def words_view(result: Reality) -> None:
    """The large numbers, and what they say."""
    cycle = result.distances.get("cycle_hours")
    columns = st.columns(4)
    columns[0].metric(
        "Cycle times differ by",
        "–" if cycle is None else hours_text(cycle.mean),
        help="How far the times of cases would have to be moved, on the average, to turn those of "
        "the forecast into those that came (earth mover's distance).",
    )
    if cycle is not None:
        columns[0].caption(f"{hours_text(cycle.luck)} by luck alone")
    ngram = result.distances.get("ngram_2")
    columns[1].metric(
        "Ways differ by",
        "–" if ngram is None else share_text(ngram.mean),
        help="Part of all pairs of activities in a row that would have to be others.",
    )
    if ngram is not None:
        columns[1].caption(f"{share_text(ngram.luck)} by luck alone")
    columns[2].metric("Band held, cases under way", share_text(result.under_way.held))
    columns[2].caption("nine in ten should")
    columns[3].metric("Band held, begins", share_text(result.begins.held))
    columns[3].caption("nine in ten should")
    st.markdown(" ".join(plain(sentence) for sentence in reality_words(result)))


def charts_view(result: Reality) -> None:
    """Cycle times, cases under way, begins, and all distances."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**How long cases take**")
        figure(cycle_lines(result, ink()), cycle_table(result), key("reality.cycle"))
    with right:
        st.markdown("**Cases under way**")
        table = band_table(result.under_way)
        figure(under_way_lines(result, ink()), table, key("reality.progress"))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Cases that begin**")
        figure(begins_bars(result, ink()), band_table(result.begins), key("reality.begins"))
    with right:
        st.markdown("**Distances**")
        data_table(distances_table(result), key("reality.distances"))
        st.caption(
            "0 is the same. Low and high hold nine in ten replications; luck is how far two "
            "replications are from each other. First part: its cases, taken for the forecast as "
            "they are; where they are nearer, the workflow that was learnt does not help."
        )


def learnt_view(result: Reality) -> None:
    """What the first part shows of each activity."""
    with st.expander("What the first part teaches"):
        data_table(learnt_table(result), key("reality.learnt"))
        st.caption(
            "Minutes are working time. A delay is working time that a case waited though whoever "
            "then took it was free: for other work, for a file, for an answer."
        )


def reality_findings(result: Reality) -> None:
    """What was wrong, assumed, or is known too little."""
    st.subheader("Findings and assumptions")
    if not result.problems:
        st.caption(":material/check_circle: No findings.")
    for problem in result.problems[:MOST]:
        st.markdown(f"{ICONS[problem.severity]} {plain(f'{problem.message} {problem.hint}')}")
