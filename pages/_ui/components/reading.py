"""A progress bar for what takes more than a second."""

from __future__ import annotations

import time

import streamlit as st

from core.gateway.protocol import Progress, Report

PATIENCE_SECONDS = 1.0


def progress_bar() -> Report:
    """A place on the page that shows how far a reading is."""
    began, place = time.monotonic(), st.empty()

    def show(progress: Progress) -> None:
        if time.monotonic() - began < PATIENCE_SECONDS:
            return
        share = progress.done / progress.total if progress.total else 0.0
        amount = f"{progress.done:,} {progress.unit}".strip()
        if progress.unit == "bytes":
            amount = f"{progress.done / 2**20:,.1f} MiB"
        place.progress(min(share, 1.0), text=f"{progress.doing}: {amount}")

    return show
