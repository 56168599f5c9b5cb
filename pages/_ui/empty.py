"""What a page says while it has nothing to show: what it will show, and the one button to there."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.tasks.select import Selection
from pages._ui.keys import Key, key
from pages._ui.opening import open_dialog
from pages._ui.services import services
from pages._ui.state import Opened, current


def empty(words: str, label: str, act: Callable[[], object], at: Key, icon: str) -> None:
    """Say it.

    Args:
        words: Why the page is empty, and what it shows once it is not.
        label: Of the button.
        act: What the button does.
        at: Key of the button.
        icon: Of the words.
    """
    st.info(words, icon=f":material/{icon}:")
    if st.button(label, type="primary", key=at):
        act()


def nothing_to_show(opened: Opened, shows: str) -> None:
    """Say why there is no number: a project or file without tasks, or a selection without.

    Args:
        opened: What is on show.
        shows: What the page shows of tasks, as the end of a sentence.
    """
    if len(opened.table):
        words = f"No task is in this selection. Widen it above to see {shows}."
        empty(words, "Look at all tasks", _all_tasks, key("empty.all"), "filter_alt")
    elif opened.hub is not None:
        words = (
            "This project has no task yet. Upload assets in Ango Hub, then read it again to see "
            f"{shows}."
        )
        empty(words, "Read it again on Connect", _connect, key("empty.read"), "sync")
    else:
        words = f"This workspace holds no task. Open an export that has some to see {shows}."
        empty(words, "Open an export", open_dialog, key("empty.open"), "folder_open")


def no_rules(shows: str) -> None:
    """Say that there is no rule, where a page is about rules.

    Args:
        shows: What the page shows of rules, as the end of a sentence.
    """
    words = f"There are no rules yet. Add one to see {shows}."
    empty(words, "Add a rule", _rules, key("empty.rules"), "alt_route")


def no_workflow() -> None:
    """Say that the project is not known, where a page is about its workflow."""
    words = (
        "This workspace has no workflow. Open an export together with its project JSON to see what "
        "your rules would change on the hub."
    )
    empty(words, "Open an export", open_dialog, key("empty.workflow"), "account_tree")


def nothing_to_start(has_plugin: bool) -> None:
    """Say what a run needs: a plugin, and a project on the local hub."""
    words = (
        "A run needs a plugin and a project on the local hub. Here you choose both, say which "
        "class is which, and start. `make run` brings the demo's along."
    )
    if has_plugin:
        st.info(f"{words} Add a project:", icon=":material/create_new_folder:")
        how_to_add_a_project()
    else:
        empty(words, "Register a plugin", _plugins, key("empty.plugins"), "extension")


def how_to_add_a_project() -> None:
    """The command that adds a project to the local hub of this data folder."""
    st.code(
        f'python -m core project add --name "My project" --project project.json '
        f"--tasks export.zip --data {services().settings.data}",
        language="sh",
        wrap_lines=True,
    )


def _all_tasks() -> None:
    current().selection = Selection()
    st.rerun()


def _connect() -> None:
    st.switch_page("pages/project/connect.py")


def _plugins() -> None:
    st.switch_page("pages/plugins/registry.py")


def _rules() -> None:
    st.switch_page("pages/logic/rules.py")
