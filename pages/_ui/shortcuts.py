"""Keys everywhere: `g` and a letter opens a page, `?` lists them, Ctrl+Z takes an edit back.

The first tab stop of every page skips navigation and line, to the page's heading.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._ui.keys import key
from pages._ui.nav import PAGES, address

_HERE = Path(__file__).parent
_JS = (_HERE / "shortcuts.js").read_text(encoding="utf-8")
_CSS = (_HERE / "shortcuts.css").read_text(encoding="utf-8")


def shortcuts() -> None:
    """Listen for keys; the page that is drawn offers undo and redo if it has them."""
    mount = st.components.v2.component("switchyard_shortcuts", html="<div></div>", css=_CSS, js=_JS)
    pages = [
        {"letter": entry.letter, "title": entry.title, "path": f"/{address(entry)}"}
        for entry in PAGES
    ]
    mount(key=key("frame.shortcuts"), data={"pages": pages})
