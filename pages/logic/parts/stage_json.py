"""The stage as Ango JSON: copy, download, and take over from a paste or an upload."""

from __future__ import annotations

import streamlit as st

from core.ango_json.inputs import read_logic_input
from core.ango_json.stages import write_stage
from core.ango_json.text import decoded, dumps
from core.errors import SwitchyardError
from core.model.glossary import NEEDS_ADDRESSES
from core.model.stages import Logic
from core.model.text import file_name
from core.routing.lint.check import check
from pages._ui import drafting
from pages._ui.keys import key
from pages._ui.long_text import long_code
from pages._ui.markdown_escape import plain
from pages._ui.state import Opened, current


def stage_json(opened: Opened, stage: Logic) -> None:
    """Show the JSON and take another in its place."""
    off = len(stage.rules) - len(stage.active)
    if off:
        st.caption(f"{off} switched-off rule(s) and their outputs are left out.")
    around = (opened.project.stages if opened.project else None) or ()
    text = dumps(write_stage(stage, around), indent=2)
    hidden = opened.names.pseudonyms is not None
    shown = opened.names.without_people(text)
    long_code(shown, "logic.json", key("rules.json.text"), height=320)
    left, right = st.columns(2)
    left.download_button(
        "Download",
        shown,
        disabled=hidden,
        help=NEEDS_ADDRESSES if hidden else None,
        file_name=file_name(stage.name or "logic", ".json"),
        mime="application/json",
        icon=":material/download:",
        key="rules.json.download",
        on_click="ignore",
        width="stretch",
    )
    with right.popover("Replace", icon=":material/upload:", width="stretch"):
        _replace(opened, stage)


def _replace(opened: Opened, stage: Logic) -> None:
    st.caption("A Logic stage, a list of stages, or a whole project; its rules replace these.")
    pasted = st.text_area("Paste JSON", key="rules.json.paste", height=160)
    uploaded = st.file_uploader("Or upload", type=["json"], key="rules.json.upload")
    if not st.button("Take these rules", key="rules.json.take", type="primary"):
        return
    if uploaded and pasted.strip():
        st.error("Both a text and a file are given. Clear one of them.", icon=":material/error:")
        return
    source = uploaded.name if uploaded else "Pasted text"
    try:
        text = decoded(uploaded.getvalue(), source) if uploaded else pasted
        replacement, _ = read_logic_input(text, source, _wanted(text, source, stage))
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    drafting.save(opened, replacement)
    state, dialect = current(), opened.workspace.dialect
    state.rule = None
    problems = check(replacement, opened.names, dialect, opened.project)
    state.notice = f"Took {len(replacement.rules)} rules from {source}; {len(problems)} findings."
    st.rerun()


def _wanted(text: str, source: str, stage: Logic) -> str | None:
    """The stage in hand by its id, where the text has several."""
    try:
        read_logic_input(text, source, stage.id)
    except SwitchyardError:
        return None
    return stage.id
