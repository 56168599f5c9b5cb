"""What has a name that people give it: renamed in place, deleted, and brought back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.errors import UnknownName
from core.model.text import visible
from pages._ui.bound_widget import held
from pages._ui.keys import Key, part
from pages._ui.markdown_escape import plain
from pages._ui.state import current

LONGEST = 80
MOST_DELETED = 3
"""Of what was deleted last, so many can be brought back from a menu; commands list all."""


def name_and_delete(
    what: str, name: str, at: Key, rename: Callable[[str], None], delete: Callable[[], None]
) -> None:
    """Its name to edit, and the button that puts it away.

    Args:
        what: What it is, such as `draft`.
        name: As it is called, "" for none.
        at: Key of the widgets.
        rename: Gives it another name.
        delete: Puts it away.
    """
    box = held(part(at, "name"), visible(name))
    st.text_input(
        f"Name of this {what}",
        box.value,
        placeholder="No name yet",
        max_chars=LONGEST,
        key=box.key,
        on_change=box.then(lambda text: or_notice(lambda: rename(text))),
    )
    st.button(
        f"Delete this {what}",
        icon=":material/delete:",
        width="stretch",
        key=part(at, "delete"),
        on_click=or_notice,
        args=(delete,),
    )


def deleted(names: Mapping[str, str], at: Key, restore: Callable[[str], None]) -> None:
    """What was deleted last, each with the button that brings it back.

    Args:
        names: By id, the latest first.
        at: Key of the buttons.
        restore: Brings the one of an id back.
    """
    if names:
        st.caption("Deleted")
    for each, name in names.items():
        st.button(
            f"Restore {plain(name)}",
            icon=":material/restore_from_trash:",
            width="stretch",
            key=part(at, each),
            on_click=or_notice,
            args=(lambda each=each: restore(each),),
        )


def or_notice(act: Callable[[], None]) -> None:
    """Do it; where another window was first and it is gone, that is said."""
    try:
        act()
    except UnknownName as error:
        current().notice = str(error)
