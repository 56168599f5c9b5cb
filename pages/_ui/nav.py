"""The table of pages, in the order of the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its section, file below `pages`, title and Material icon."""

    section: str
    file: str
    title: str
    icon: str


PAGES = (
    Entry("Project", "project/overview.py", "Overview", "space_dashboard"),
    Entry("Project", "project/tasks.py", "Tasks", "table_rows"),
    Entry("Project", "project/connect.py", "Connect", "link"),
    Entry("Logic", "logic/rules.py", "Rules", "alt_route"),
    Entry("Logic", "logic/split.py", "Split", "stacked_bar_chart"),
    Entry("Logic", "logic/explain.py", "Explain", "manage_search"),
    Entry("Logic", "logic/plan.py", "Plan", "tune"),
    Entry("Logic", "logic/compare.py", "Compare", "compare_arrows"),
    Entry("Logic", "logic/publish.py", "Publish", "publish"),
    Entry("Share", "share/report.py", "Report", "summarize"),
)
"""The address of a page is its file's stem, so stems are unique."""


def navigation() -> StreamlitPage:
    """Build the navigation and return the page that was asked for."""
    sections: dict[str, list[StreamlitPage]] = {}
    for entry in PAGES:
        page = st.Page(
            f"pages/{entry.file}",
            title=entry.title,
            icon=f":material/{entry.icon}:",
            default=entry is PAGES[0],
        )
        sections.setdefault(entry.section, []).append(page)
    return st.navigation(sections, position="top")
