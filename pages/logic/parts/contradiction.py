"""Whether the tasks' histories contradict the rules, said before their numbers."""

from __future__ import annotations

import streamlit as st

from core.errors import InputError
from core.launcher.start_over import started_over_at
from core.model.figures import counted
from core.model.phrases import moment_text
from core.model.stages import Logic
from core.publish.backup import other_rules_until
from core.recently import published_in
from core.tasks.select import Selection
from pages._ui import cached, drafting
from pages._ui.keys import Key, key
from pages._ui.services import services
from pages._ui.state import DEMO, Opened, current
from pages._ui.verdict import verdict

MOST = 200_000
"""Tasks up to which the histories are followed as the page opens; it takes a second or two."""


def contradiction(here: Opened, stage: Logic) -> None:
    """Say it in one line; nothing where they agree. What they are not held against is said, too."""
    if here.workspace.facts.honesty.no_history == len(here.table):
        return  # none to be asked; Plan says what is missing
    if stage != drafting.baseline(here):
        st.caption(
            "The histories are what the project's own rules did; they are not held against these."
        )
        return
    if until := earlier_rules_until(here, stage):
        st.caption(until)
        return
    at = key("split.histories", here.table.fingerprint)
    if len(here.table) > MOST and at not in st.session_state:
        words, button = st.columns([4, 1], vertical_alignment="center")
        words.caption(
            f"Whether the histories agree is asked by itself up to {counted(MOST)} tasks; of these "
            f"{counted(len(here.table))} it takes some seconds."
        )
        button.button("Ask now", on_click=_ask, args=(at,), key="split.ask", width="stretch")
        return
    # where a task is now, and when it was last worked on, depend on where the rules sent it
    within = cached.selected(here.table, Selection(batches=here.selection.batches))
    try:
        behaviour = cached.behaved(here.workspace, stage, within)
    except InputError:
        return  # no histories; Plan says what is missing
    if not behaviour.behaving:
        first, *more = behaviour.sentences[: behaviour.concluded]
        verdict("bad", [f"The histories contradict these numbers. {first}"])
        if more:
            st.caption("Plan says the rest: Is the hub behaving?")


def earlier_rules_until(here: Opened, stage: Logic) -> str:
    """Up to when histories were made by other rules, as a sentence; "" where none are known of."""
    hub = here.hub
    if hub is None:
        return ""
    saved = published_in(services().settings.backups, hub.host, hub.project_id)
    if current().workspace == DEMO:  # put back as it was packaged, it was never otherwise
        began = started_over_at(services().hub)
        saved = tuple(backup for backup in saved if backup.taken_at.timestamp() >= began)
    until = other_rules_until(saved, stage)
    if until is None:
        return ""
    return (
        f"Up to {moment_text(until)} the hub had other rules here; histories hold what those did, "
        "too, so they are not held against these."
    )


def _ask(at: Key) -> None:
    st.session_state[at] = True
