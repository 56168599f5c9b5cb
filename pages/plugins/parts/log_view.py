"""The log of a run: level filter, search, follow. It holds every line and draws those in sight.

Lines travel once: the browser says which line it has last, and gets what comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import streamlit as st

from core.model.text import cut, one_line
from core.plugin_runs.log_text import details, line_text, time_text, whole_text
from core.plugin_runs.model import LogEntry
from pages._ui.keys import Key

PIECE = 4_000
ROW = 1_000
"""Characters of a line that stand in its row; a click shows all."""
_HERE: Final = Path(__file__).parent
_HTML: Final = '<div class="logs"></div>'
_CSS: Final = (_HERE / "log_view.css").read_text(encoding="utf-8")
_JS: Final = (_HERE / "log_view.js").read_text(encoding="utf-8")


def log_view(
    session: str,
    read: Callable[[int, int], Sequence[LogEntry]],
    *,
    key: Key,
    height: int = 320,
) -> None:
    """Show the log of a run.

    Args:
        session: The run's.
        read: Gives so many lines after a number, oldest first: `read(after, limit)`.
        key: Key of the widget.
        height: Of the lines, in pixels.
    """
    have: dict[str, Any] = (st.session_state.get(key) or {}).get("have") or {}
    same_run = have.get("run") == session
    after = int(have.get("last") or 0) if same_run else 0
    lines = read(after, PIECE) if same_run else ()
    mount = st.components.v2.component("switchyard_log_view", html=_HTML, css=_CSS, js=_JS)
    data = {
        "run": session,
        "instance": have.get("instance"),
        "after": after,
        "lines": [_wire(line) for line in lines],
        "height": height,
    }
    mount(key=key, data=data, on_have_change=_nothing)


def _wire(line: LogEntry) -> list[Any]:
    """Number, time, level, what stands in its row, and all of it where that is more, else ""."""
    text, whole = line_text(line.message), whole_text(line.message)
    more = "\n".join(part for part in (whole, details(line.extra)) if part)
    row = cut(text, ROW)
    return [line.number, time_text(line.at), one_line(line.level), row, more if more != row else ""]


def _nothing() -> None:
    """A callback makes the value part of the session."""
