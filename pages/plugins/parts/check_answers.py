"""How a run's labels came out: in total, by class, and who was taken for whom."""

from __future__ import annotations

import streamlit as st

from core.charts.quality import (
    MOST_SIDE,
    confusion_heat,
    confusion_table,
    quality_table,
    shares_chart,
)
from core.model.figures import counted, decimals, share_text
from core.model.names import Names
from core.model.phrases import joined
from core.quality.check import IOU, Quality
from core.quality.document import measured_text
from core.quality.overlap import LEAST
from core.quality.resample import DRAWS, Measured
from core.run_quality import RunAgainstPeople
from pages._ui import answered, judged
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import key
from pages._ui.markdown_escape import plain

INTERVALS = (
    f"95 % intervals from {counted(DRAWS)} draws of whole assets, since labels of one asset are "
    "not independent; always the same draws."
)
SCORES = "Ango Hub documents no field for scores: `confidence` or `score` of a label is taken."
HEAT = "check.heat"


def controls(sides: RunAgainstPeople) -> tuple[float, float | None]:
    """Ask from which overlap and which score on labels count; None where none has a score."""
    left, right = st.columns(2)
    iou = answered.slide(
        left, "Least overlap (IoU) of a match", key("check.iou"), IOU, LEAST, 1.0, 0.05,
        help="Area that both labels share, divided by the area that they cover together. Of two "
        "points: 1 at the same pixel, 0 from 20 pixels on.",
    )  # fmt: skip
    if not sides.both.has_scores:
        right.caption(f"None of the run's labels has a score. {SCORES}")
        return iou, None
    least = answered.slide(
        right, "Leave out labels with a score below", key("check.least"), 0.0, 0.0, 1.0, 0.02,
        help=SCORES,
    )  # fmt: skip
    return iou, least or None


def answers(asked: judged.Question, iou: float, least: float | None, names: Names) -> None:
    """Show the numbers, a chart of them by class, and the confusion matrix."""
    sides, result = judged.sides(asked), judged.judged(asked, iou, least)
    total = result.total
    st.caption(
        f"{_many(total.labels, 'label')} of the run and {_many(total.people, 'label')} of people "
        f"on {_many(len(sides.both.assets), 'asset')}. {_left_out(sides)}"
    )
    row = st.columns(5)
    for place, title, share, about in (
        (0, "Precision", total.precision, "Of the run's labels, those that are right."),
        (1, "Recall", total.recall, "Of people's labels, those that the run has right."),
        (2, "F1", total.f1, "Harmonic mean of both."),
        (3, "Mean overlap", total.iou, "Of the labels that are right."),
    ):
        row[place].metric(title, _value(share), help=f"{about} {INTERVALS}")
        row[place].caption(_interval(share))
    ap = judged.precision_of(asked, iou) if sides.both.has_scores else None
    if ap is not None and ap.mean_over is not None:
        row[4].metric(
            "AP", share_text(ap.mean_over),
            help="Average precision as COCO defines it, mean over the overlaps 0.5, 0.55 … 0.95 "
            "and all classes; the least score does not change it.",
        )  # fmt: skip
        row[4].caption(f"{share_text(ap.mean_at or 0.0)} at an overlap of {decimals(iou, 2)}")
    left, right = st.columns([5, 5], gap="large")
    with left:
        st.subheader("By class")
        chart = shares_chart(result, names, ink())
        figure(chart, quality_table(result, names, ap), key("check.classes"))
    with right:
        st.subheader("Taken for what")
        _heat(result, names)


def _heat(result: Quality, names: Names) -> None:
    chosen = cell_in_hand(result)
    st.plotly_chart(
        confusion_heat(result, names, chosen, ink()), key=HEAT, on_select=_clicked,
        selection_mode="points", config={"displayModeBar": False}, width="stretch",
    )  # fmt: skip
    st.caption("Click a field to see its images. Green: right. “Nothing there”: made up, missed.")
    if len(result.schema_ids) > MOST_SIDE:
        st.caption(f"The {counted(MOST_SIDE)} classes with most labels; the table has all.")
    with st.popover("Table", icon=":material/table:", type="tertiary"):
        data_table(confusion_table(result, names), key("check.confusion"), {})


CELL = key("check.cell")


def cell_in_hand(result: Quality) -> tuple[int, int] | None:
    """Row and column of the field whose images are looked at."""
    ids = [*result.schema_ids, None]
    row, column = (*answered.listed(CELL), False, False)[:2]
    if row in ids and column in ids:
        return ids.index(row), ids.index(column)
    return None


def look_at_cell(cell: tuple[str | None, str | None] | None) -> None:
    """Look at a field: class of people and class of the run, None for nothing there."""
    answered.keep_list(CELL, cell)


def _clicked() -> None:
    points = st.session_state[HEAT]["selection"]["points"]
    places = [point["customdata"] for point in points if "customdata" in point]
    ids = st.session_state.get("check.ids") or []
    if places and max(places[-1][:2]) < len(ids):
        look_at_cell((ids[int(places[-1][0])], ids[int(places[-1][1])]))


def _value(share: Measured) -> str:
    return "–" if share.value is None else share_text(share.value)


def _interval(share: Measured) -> str:
    if share.value is None:
        return "nothing to divide by"
    if share.low is None or share.high is None:
        return "one asset tells nothing of others"
    return measured_text(share).partition("(")[2].removesuffix(")")


def _many(many: int, what: str) -> str:
    return f"{counted(many)} {what}{'' if many == 1 else 's'}"


def _left_out(sides: RunAgainstPeople) -> str:
    """What takes no part, in a sentence each."""
    words = [
        f"{_many(many, 'asset')} take{'s' if many == 1 else ''} no part: {why}."
        for why, many in sides.no_truth.items() if many
    ]  # fmt: skip
    for side, whose in (("run", "of the run"), ("people", "of people")):
        some = sides.both.left_out.get(side, {})
        kinds = [f"{counted(many)} {kind}" for kind, many in some.items() if many]
        if kinds:
            words.append(f"Labels {whose} that cannot be compared: {joined(kinds, 'and')}.")
    return plain(" ".join(words))
