"""A text area for JSON with line numbers, colours and a mark at the first mistake.

Whatever is typed comes back as it stands, character for character. A text that changes for another
reason (a form, a button, another window) replaces what is on show.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import streamlit as st

from pages._ui.keys import Key, part

_HERE: Final = Path(__file__).parent
_HTML: Final = '<div class="json"></div>'
_CSS: Final = (_HERE / "json_editor.css").read_text(encoding="utf-8")
_JS: Final = (_HERE / "json_editor.js").read_text(encoding="utf-8")


def json_editor(
    text: str, *, key: Key, label: str, mark: tuple[int, int] | None = None, height: int = 260
) -> None:
    """Show the editor.

    Args:
        text: What it holds; what was typed is kept until another text is given.
        key: Key of the widget.
        label: For those who cannot see it.
        mark: Line and column of the first mistake, from 1.
        height: In pixels.
    """
    memory = _memory(key)
    if memory["text"] != text:
        memory["text"], memory["epoch"] = text, memory["epoch"] + 1
    mount = st.components.v2.component("switchyard_json_editor", html=_HTML, css=_CSS, js=_JS)
    place = None if mark is None else {"line": mark[0], "column": mark[1]}
    data = {
        "text": text,
        "epoch": memory["epoch"],
        "mark": place,
        "height": height,
        "label": label,
    }
    mount(key=key, data=data, on_edit_change=_nothing)


def take_edit(key: Key) -> str | None:
    """The text that was typed since the last run, once; None when nothing was.

    Ask before the editor is drawn, so that what depends on the text is drawn from it.
    """
    memory = _memory(key)
    edit = (st.session_state.get(key) or {}).get("edit") or {}
    if not edit or edit.get("nonce") == memory["nonce"]:
        return None
    memory["nonce"] = edit["nonce"]
    if edit.get("epoch") != memory["epoch"]:
        return None  # typed into a text that has been replaced meanwhile
    memory["text"] = str(edit["text"])
    return str(edit["text"])


def _memory(key: Key) -> dict[str, Any]:
    fresh: dict[str, Any] = {"text": None, "epoch": 0, "nonce": None}
    # not a trigger value, and not in the session state itself: see the rule list
    memory: dict[str, Any] = st.session_state.setdefault(part(key, "memory"), fresh)
    return memory


def _nothing() -> None:
    """A callback makes the value part of the session."""
