"""Names and landmarks that Streamlit's markup lacks, for those who hear a page.

Streamlit writes an icon as a word of its font, which is read aloud in front of a button's name, and
marks no part of the page as its navigation or its content. `landmarks.js` adds what is missing.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._ui.keys import key

_JS = (Path(__file__).parent / "landmarks.js").read_text(encoding="utf-8")


def landmarks() -> None:
    """Keep names and landmarks right while the page changes."""
    mount = st.components.v2.component("switchyard_landmarks", html="<div></div>", js=_JS)
    mount(key=key("frame.landmarks"))
