"""What is to be known before a start, by field, and what the plugin would receive."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.ango_json.text import dumps
from core.model.figures import counted
from core.plugin_runs.model import Run, RunRequest
from core.plugin_runs.preflight import Preflight
from core.plugin_runs.request import preview
from pages._ui.keys import key
from pages._ui.long_text import long_code
from pages._ui.markdown_escape import plain
from pages._ui.runs import open_run

FIELDS = {
    "plugin": "Plugin",
    "project": "Project",
    "batches": "Batches",
    "mapping": "Mapping",
    "config": "Config",
    "mode": "Run",
    "deadline": "Deadline",
}
MOST = 6
"""Findings that are shown of one field; a thousand classes can have one each."""

SEVERITIES = ("error", "warning", "note")
ICONS = {"error": ":red[:material/error:]", "warning": ":orange[:material/warning:]",
         "note": ":green[:material/check:]"}  # fmt: skip


def preflight_card(findings: Sequence[Preflight]) -> None:
    """The findings of every field; a field without any is good."""
    st.markdown(f"**Before the start**  {summary(findings)}")
    for field, title in FIELDS.items():
        own_findings = [one for one in findings if one.subject == field]
        if not own_findings:
            st.markdown(f":green[:material/check:] {title}")
        if len(own_findings) > MOST:
            worst = sorted(own_findings, key=lambda one: SEVERITIES.index(one.severity))
            st.caption(f"{title}: the first {MOST} of {counted(len(own_findings))} findings.")
            own_findings = worst[:MOST]
        for one in own_findings:
            sentence = plain(f"{one.message} {one.hint}".strip())
            st.markdown(f"{ICONS[one.severity]} **{title}** {sentence}")
            if one.data is not None:
                st.button(
                    "See that run", type="tertiary", key=key("start.see", one.data),
                    on_click=_see, args=(one.data,),
                )  # fmt: skip
    if see := st.session_state.pop("start.see", None):
        open_run(see)


def _see(session: str) -> None:
    st.session_state["start.see"] = session


def summary(findings: Sequence[Preflight]) -> str:
    """Lines of the card that are good, doubtful and wrong, as counts."""
    severities = [one.severity for one in findings]
    wrong, doubtful = severities.count("error"), severities.count("warning")
    silent = set(FIELDS) - {one.subject for one in findings}
    good = len(silent) + severities.count("note")
    parts = [f"{good} good"] + ([f"{doubtful} doubtful"] if doubtful else [])
    return ", ".join([*parts, f"{wrong} wrong"] if wrong else parts)


def reasons(findings: Sequence[Preflight], field: str) -> None:
    """What is wrong with one field, beside it."""
    for one in findings:
        if one.subject == field and one.severity == "error":
            st.markdown(f":small[:red[:material/error: {plain(f'{one.message} {one.hint}')}]]")


def payload_preview(request: RunRequest, organisation: str) -> None:
    """The payload with its secrets masked."""
    with st.expander("What the plugin receives", icon=":material/outgoing_mail:"):
        st.caption("The key and the run's id are made when the run starts.")
        payload = preview(Run(session="", request=request), organisation)
        text = dumps(payload, indent=2)
        long_code(text, "payload.json", key("start.payload"), height=320)
