"""The whole log of a run as a file."""

from __future__ import annotations

import json
from functools import partial

import streamlit as st

from core.ango_json.text import dumps
from core.model.figures import counted
from core.plugin_runs.model import Run
from pages._ui.services import services

PIECE = 10_000


def download_log(run: Run) -> None:
    """Offer every kept line; it is put together when somebody asks for it."""
    st.download_button(
        "Download the log", partial(log_text, run.session), f"run-{run.session}.ndjson",
        "application/x-ndjson", icon=":material/download:", key="runs.log.download",
        on_click="ignore", disabled=not run.logs,
    )  # fmt: skip
    if run.dropped:
        st.caption(f"{counted(run.dropped)} more lines came than are kept; they were counted only.")


def log_text(session: str) -> str:
    """One JSON object a line, in the order of arrival."""
    lines, after = [], 0
    while some := services().runs.logs(session, after, limit=PIECE):
        after = some[-1].number
        lines += [
            dumps(
                {"at": one.at, "level": one.level, "message": one.message,
                 "extra": json.loads(one.extra or "{}")}
            )
            for one in some
        ]  # fmt: skip
    return "\n".join([*lines, ""])
