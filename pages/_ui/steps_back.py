"""The browser's Back leads to the page before, not to an older address of the same page.

What is on show stands in the address, and Streamlit makes each change of it a step of its own. A
step back then only took the address back, which the page put right at once by another step.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._ui.keys import key

_JS = (Path(__file__).parent / "steps_back.js").read_text(encoding="utf-8")


def one_step_a_page() -> None:
    """Let a page replace its own address."""
    mount = st.components.v2.component("switchyard_steps_back", html="<div></div>", js=_JS)
    mount(key=key("frame.steps-back"))
