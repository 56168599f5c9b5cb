"""Which rules are in hand: the project's, or a saved draft, whose link reopens it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.launcher.start_over import started_over_at
from core.model.glossary import DRAFT
from core.model.phrases import moment_text
from core.model.text import visible
from pages._ui import drafting
from pages._ui.bound_widget import held
from pages._ui.keys import key
from pages._ui.named import MOST_DELETED, deleted, name_and_delete
from pages._ui.services import services
from pages._ui.state import DEMO, Opened, current

AS_PROJECT = ""


def drafts_menu(opened: Opened) -> None:
    """Choose the stage, and the draft of it."""
    state = current()
    stages = opened.project.logic_stages if opened.project else ()
    saved = {one.id: (one.saved_at, one.name) for one in services().drafts.recent(state.workspace)}
    if state.draft is not None:
        saved[state.draft.id] = state.draft.saved_at, state.draft.name
    if len(stages) > 1:
        names = {stage.id: opened.names.of_stage(stage.id) for stage in stages}
        stage = held(key("rules.stage"), drafting.baseline(opened).id)
        ids = list(names)
        st.selectbox(
            "Logic stage",
            ids,
            index=ids.index(stage.value),
            format_func=names.__getitem__,
            key=stage.key,
            on_change=stage.then(_other_stage),
        )
    draft = held(key("rules.draft"), state.draft.id if state.draft else AS_PROJECT)
    choices = [AS_PROJECT, *saved]
    labels = {draft: _label(draft, saved) for draft in saved}
    labels[AS_PROJECT] = "The project's rules" if stages else "No rules yet"
    if state.scenario is not None and state.draft is None:
        labels[AS_PROJECT] = f"“{visible(state.scenario.name)}” as it was saved"
    if state.draft is not None:
        labels[state.draft.id] = f"{visible(state.draft.name) or 'This draft'}, saved at every edit"
    st.selectbox(
        "Draft",
        choices,
        index=choices.index(draft.value),
        format_func=lambda draft: labels.get(draft, draft),
        key=draft.key,
        on_change=draft.then(lambda chosen: _other_draft(chosen, saved)),
        help=DRAFT,
    )
    if state.draft is not None:
        name_and_delete(
            "draft", state.draft.name, key("frame.draft", state.draft.id), _rename, _delete
        )
    put_away = services().drafts.recent(state.workspace, MOST_DELETED, deleted=True)
    gone = {one.id: (one.saved_at, one.name) for one in put_away}
    deleted({one: _label(one, gone) for one in gone}, key("frame.draft-gone"), _restore)


def _rename(name: str) -> None:
    state = current()
    if state.draft is not None:
        services().drafts.rename(state.draft.id, name)
        state.draft = replace(state.draft, name=name.strip())


def _delete() -> None:
    state = current()
    if state.draft is not None:
        name = state.draft.name or "The draft"
        services().drafts.delete(state.draft.id)
        drafting.load(None)
        state.notice = f"{name} is deleted. The menu of drafts restores it."


def _restore(draft: str) -> None:
    services().drafts.restore(draft)
    drafting.load(draft)


def _label(draft: str, saved: dict[str, tuple[float, str]]) -> str:
    saved_at, name = saved[draft]
    text = f"saved {moment_text(saved_at, seconds=True)}"
    text = f"{visible(name)}, {text}" if name else f"Draft {text}"
    if current().workspace == DEMO and saved_at < started_over_at(services().hub):
        text += ", before starting over"
    same = [other for other, (at, _) in saved.items() if int(at) == int(saved_at)]
    return text if len(same) == 1 else f"{text} ({same.index(draft) + 1} of {len(same)})"


def _other_draft(chosen: str, saved: dict[str, tuple[float, str]]) -> None:
    if chosen in saved or chosen == AS_PROJECT:  # not the label of a time that has passed
        drafting.load(chosen or None)


def _other_stage(chosen: str) -> None:
    drafting.to_stage(chosen)


def in_hand(opened: Opened) -> str:
    """What is in hand, in a few words."""
    state = current()
    if state.draft is not None:
        return visible(state.draft.name) or "A draft"
    return "The project's rules" if drafting.baseline(opened).rules else "No rules yet"
