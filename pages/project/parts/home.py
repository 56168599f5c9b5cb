"""Ways from Home to what it names."""

from __future__ import annotations

import time
from typing import Literal

import streamlit as st

from core.gateway.cache import age_text
from pages._ui import drafting


def ago(at: float) -> str:
    """How long ago it was, in words."""
    return age_text(max(0.0, time.time() - at)).replace(" old", " ago")


def open_draft(draft: str) -> None:
    """Take a draft in hand and show its rules."""
    drafting.load(draft)
    st.switch_page("pages/logic/rules.py")


def open_where(place: Literal["rules", "registry"]) -> None:
    """Show the page of a concern."""
    pages = {"rules": "pages/logic/rules.py", "registry": "pages/plugins/registry.py"}
    st.switch_page(pages[place])
