"""Whether a plugin can be given a run, in one word and colour; and whether the hub runs."""

from __future__ import annotations

import streamlit as st

from core.charts.runs import when
from core.plugin_runs.model import Liveness
from pages._ui.markdown_escape import plain
from pages._ui.services import local_hub

_SHOWN = {
    "live": ("Connected", "green", "check_circle"),
    "wrong secret": ("Wrong secret", "orange", "key_off"),
    "absent": ("Not connected", "gray", "radio_button_unchecked"),
    "unknown": ("Not known", "gray", "help"),
}
HOW_TO_START = (
    "Start it with `make run`, or with `python -m core hub` in the folder of Switchyard. "
    "What is prepared here is kept; a run that is started waits for the hub."
)


def badge(live: Liveness) -> None:
    """The state as a coloured word."""
    words, color, icon = _SHOWN[live.state]
    st.badge(words, color=color, icon=f":material/{icon}:")  # type: ignore[arg-type]


def sentence(live: Liveness) -> str:
    """The state in words, with its time, as Markdown."""
    since = f" since {when(live.since)} UTC" if live.since else ""
    words = {
        "live": f"Connected and authorised{since}.",
        "wrong secret": f"Connected with a wrong secret{since}; it gets no run.",
        "absent": f"Not connected{since}. Start its script.",
        "unknown": "The local hub does not run, so nobody can say whether it is connected.",
    }[live.state]
    if live.processes > 1:
        words += f" {live.processes} processes say that they are this plugin; the newest gets runs."
    return plain(f"{words} {live.note}".strip())


def hub_notice() -> str | None:
    """The local hub's address; without one, how to start it is said."""
    url = local_hub()
    if url is None:
        st.warning(f"The local hub does not run. {HOW_TO_START}", icon=":material/power_off:")
    return url
