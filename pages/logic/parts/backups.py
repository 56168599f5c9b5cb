"""Earlier workflows: what restoring one would change, and the question before it is written."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.access.actions import Action
from core.model.phrases import moment_text
from core.model.project import Project
from core.publish.backup import Backup
from core.publish.preview import Preview, preview
from pages._ui.confirm import name_typed
from pages._ui.keys import Key, key, part
from pages._ui.long_text import long_lines
from pages._ui.markdown_escape import plain
from pages._ui.may import opened_to
from pages._ui.state import Opened
from pages.logic.parts.touched import touched_view


def preview_view(here: Opened, shows: Preview, at: Key, nothing: str) -> None:
    """The difference rule by rule, the tasks that will meet the rules, and what is left behind."""
    lines = [str(change) for change in shows.changes]
    long_lines(lines, "Change", part(at, "changes"), lambda line: st.markdown(f"- {plain(line)}"))
    if not shows.changes:
        st.caption(f":material/check_circle: {nothing}")
    if shows.touched:
        st.subheader("What it touches")
    for place, one in enumerate(shows.touched):
        touched_view(here, one, part(at, place))
    for lost in shows.lost:
        st.warning(plain(lost.sentence), icon=":material/warning:")


def backups_view(
    here: Opened,
    seen: Project,
    saved: tuple[Backup, ...],
    allowed: bool,
    write: Callable[..., None],
) -> None:
    """The backups, latest first; a button shows what restoring one would change, and asks.

    Args:
        here: The open project.
        seen: What the hub has now.
        saved: The backups.
        allowed: Whether the hub may be written to, once its project's name is typed.
        write: Restores one.
    """
    st.subheader("Earlier workflows")
    if not saved:
        st.caption("None yet; each publish keeps one.")
    for backup in saved:
        label, button = st.columns([4, 1], vertical_alignment="center")
        label.markdown(f"{moment_text(backup.taken_at, seconds=True)}, {plain(backup.reason)}")
        if button.button("Restore …", key=key("publish.restore", backup.path.name)):
            _ask(here, seen, backup, allowed, write)


@st.dialog("Restore this workflow?", width="large")
def _ask(
    here: Opened, seen: Project, backup: Backup, allowed: bool, write: Callable[..., None]
) -> None:
    st.caption(
        "What the hub has now against what it had on "
        f"{moment_text(backup.taken_at, seconds=True)}, {plain(backup.reason)}."
    )
    shows = preview(here.workspace, seen, backup.stages, within=here.within)
    preview_view(here, shows, key("publish.back"), "Nothing; the hub has this workflow.")
    if not allowed:
        st.caption("Switch on first that you want to change this project, on the page.")
    at = key("publish.back-name", backup.path.name)
    ready = name_typed(seen.name or seen.id, at, "to allow it") and allowed
    if st.button(
        "Restore it",
        type="primary",
        key="publish.restore-it",
        **opened_to(Action.RESTORE, not allowed or not shows.writes),
    ):
        if ready:
            write(backup)
        else:
            st.warning(
                "Nothing is written yet. Type the project's name as it stands above, then press "
                "Restore it again.",
                icon=":material/edit_off:",
            )
