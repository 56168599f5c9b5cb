"""What is clicked while a file uploads waits for the file.

The server hears of a file once it has arrived in full. A button that works with it and is clicked
before would work without it, or with the file that was there before, and say nothing.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._ui.keys import key

_JS = (Path(__file__).parent / "uploads.js").read_text(encoding="utf-8")


def uploads() -> None:
    """Hold a primary button's click back until the files beside it have arrived."""
    mount = st.components.v2.component("switchyard_uploads", html="<div></div>", js=_JS)
    mount(key=key("frame.uploads"))
