"""What `up` still brings while its first page is there already: the hub, and the demo on it."""

from __future__ import annotations

import time

import streamlit as st

from core.launcher.demo_project import DONE
from pages._ui.demo_copy import demo_copy, demo_on_hub
from pages._ui.services import connected_hub, services
from pages._ui.state import DEMO, current

MOST_SECONDS = 120.0
"""What has not come by then is not waited for; the pages say what is missing."""
_BEGAN = time.monotonic()


def is_awaited() -> bool:
    """Whether the demo on show is not the local hub's yet, but will be."""
    late = time.monotonic() - _BEGAN > MOST_SECONDS
    return services().settings.beside_hub and current().workspace == DEMO and not late and _misses()


def await_the_hub() -> None:
    """Say that it is on its way, and show the page anew as it comes."""
    if is_awaited():
        _watch(_there())


def _there() -> tuple[bool, bool, bool]:
    """Whether the hub runs, the demo was added to it, and the pages have read that."""
    added = services().hub.note(DONE) is not None
    return connected_hub() is not None, added, demo_copy() is not None


def _misses() -> bool:
    runs, added, is_read = _there()
    return not (runs and added and (is_read or demo_on_hub() is None))


@st.fragment(run_every="1s")
def _watch(before: tuple[bool, bool, bool]) -> None:
    if _there() != before:
        st.rerun()
    st.caption(":material/hourglass_top: The local hub is starting")
