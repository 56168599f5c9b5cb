"""The table of pages, in the order of the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import streamlit as st

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

Selector = Literal["rules", "tasks", "readings"]
"""What a page obeys: the rules in hand, the tasks looked at, how Ango Hub is read."""

ALL: frozenset[Selector] = frozenset({"rules", "tasks", "readings"})
TASKS: frozenset[Selector] = frozenset({"tasks", "readings"})
NONE: frozenset[Selector] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One page.

    Args:
        section: Its heading in the navigation.
        file: Below `pages`.
        title: As the navigation and its heading have it.
        icon: Material icon.
        letter: Opens it behind `g`.
        obeys: Which selectors of the line above the page change it.
        asks: How the keys of its own questions begin, whose answers its link has.
    """

    section: str
    file: str
    title: str
    icon: str
    letter: str
    obeys: frozenset[Selector] = NONE
    asks: str = ""


PAGES = (
    Entry("", "project/home.py", "Home", "home", "h", ALL),
    Entry("Project", "project/overview.py", "Overview", "space_dashboard", "o", TASKS),
    Entry("Project", "project/tasks.py", "Tasks", "table_rows", "t", ALL),
    Entry("Project", "project/connect.py", "Connect", "link", "c"),
    Entry("Logic", "logic/rules.py", "Rules", "alt_route", "r", ALL),
    Entry("Logic", "logic/split.py", "Split", "stacked_bar_chart", "s", ALL),
    Entry("Logic", "logic/explain.py", "Explain", "manage_search", "e", ALL),
    Entry("Logic", "logic/plan.py", "Plan", "tune", "l", ALL),
    Entry("Logic", "logic/compare.py", "Compare", "compare_arrows", "m", ALL),
    Entry("Logic", "logic/publish.py", "Publish", "publish", "u", ALL),
    Entry("Workflow", "workflow/map.py", "Map", "account_tree", "w", ALL),
    Entry("Workflow", "workflow/forecast.py", "Forecast", "timeline", "d", ALL),
    Entry("Workflow", "workflow/in_flight.py", "In flight", "flight", "x", ALL),
    Entry("Workflow", "workflow/bulk.py", "Bulk", "dynamic_feed", "b"),
    Entry("Workflow", "workflow/reality.py", "Reality", "fact_check", "v"),
    Entry("Workflow", "workflow/sampling.py", "Review", "verified", "q", ALL, "review"),
    Entry("Pre-labelling", "plugins/registry.py", "Plugins", "extension", "p"),
    Entry("Pre-labelling", "plugins/start.py", "Start a run", "play_circle", "a"),
    Entry("Pre-labelling", "plugins/runs.py", "Runs", "history", "n"),
    Entry("Pre-labelling", "plugins/check.py", "Check", "rule", "k", asks="check"),
    Entry("Share", "share/story.py", "Story", "slideshow", "y", frozenset({"rules", "readings"})),
    Entry("Share", "share/report.py", "Report", "summarize", "f", frozenset({"rules", "readings"})),
    Entry("Share", "share/audit.py", "Audit", "policy", "i"),
)
"""The address of a page is its file's stem, so stems are unique, and so are letters."""

ASKS = frozenset(entry.asks for entry in PAGES if entry.asks)
"""How the keys of all questions begin whose answers links have."""

CHECK = "plugins/check.py"
"""Holds a run against people: the run on show, as its address says."""

RUN = Entry("Pre-labelling", "plugins/run.py", "Run", "history", "")
"""One run: it has an address and no place in the navigation, where *Runs* opens the list."""


def navigation(shown: bool = True) -> StreamlitPage:
    """Build the navigation and return the page that was asked for.

    Args:
        shown: Whether it is drawn; before somebody has signed in only addresses are known.
    """
    sections: dict[str, list[StreamlitPage]] = {}
    for entry in (*PAGES, RUN):
        page = st.Page(
            f"pages/{entry.file}",
            title=entry.title,
            icon=f":material/{entry.icon}:",
            default=entry is PAGES[0],
            visibility="hidden" if entry is RUN else "visible",
        )
        sections.setdefault(entry.section, []).append(page)
    return st.navigation(sections, expanded=True, position="sidebar" if shown else "hidden")


def entry_of(page: StreamlitPage) -> Entry:
    """The row of a page."""
    return next(entry for entry in (*PAGES, RUN) if entry.title == page.title)


def address(entry: Entry) -> str:
    """Path of a page, as the browser has it."""
    return "" if entry is PAGES[0] else entry.file.rpartition("/")[2].removesuffix(".py")
