"""An answer in a frame, with a sign that says whether it is good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from pages._ui.markdown_escape import plain

SIGNS = {
    "good": ":green[:material/check_circle:]",
    "not possible": ":orange[:material/warning:]",
    "bad": ":red[:material/crisis_alert:]",
}


def verdict(kind: Literal["good", "not possible", "bad"], lines: Sequence[str]) -> None:
    """Show sentences under one sign.

    Streamlit's own coloured boxes are left to errors: their green on green is hard to read.
    """
    with st.container(border=True):
        for line in lines:
            st.markdown(f"{SIGNS[kind]} {plain(line)}")
