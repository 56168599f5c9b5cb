"""The split beside the rules: a bar per output, which the browser draws without a script."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.charts.split import color_of, count_text, number_of, range_text
from core.model.names import Names
from core.report.bar_list import BarRow, bar_table
from core.routing.engine.split import Output, Split


def output_bars(split: Split, names: Names, colors: Mapping[str, str]) -> None:
    """Draw expected tasks per output, with whiskers over the 95 % interval."""

    def bar(output: Output, share: str) -> BarRow:
        count = output.count
        interval = "" if count.exact else f", 95 % interval: {range_text(count)}"
        return BarRow(
            number_of(output),
            count.expected,
            f"{count_text(count)} · {share}",
            f"{output.sentence} → {names.of_stage(output.target)}{interval}",
            color_of(output, colors),
            (count.low, count.high) if count.low < count.high else None,
        )

    bars = [bar(output, share) for output, share in zip(split.outputs, split.labels, strict=True)]
    st.html(bar_table(bars, "Output", "tasks"))
