from functools import partial

import streamlit as st

from core.access.actions import TITLES
from core.charts.audit import audit_table
from core.charts.tables import written
from core.errors import SwitchyardError
from core.model.figures import counted
from core.model.phrases import entries_text
from core.store.audit import entries, since_text
from core.store.audit_export import exported
from core.store.audit_seen import look_at_record
from pages._ui.markdown_escape import plain
from pages._ui.services import services

MOST = 500
store, data = services().hub, services().settings.data
st.header("Audit")
st.caption(
    "Who changed what. The record is only added to; each entry holds the digest of the one before "
    "it. `python -m core audit` has the same."
)
left, middle, right = st.columns(3)
who = left.text_input("Who", placeholder="a part of a name", key="audit.who")
action = middle.selectbox(
    "Action", ["", *TITLES], format_func=lambda title: title or "Any", key="audit.action"
)
day = right.date_input("Since (UTC)", value=None, format="YYYY-MM-DD", key="audit.since")
since = since_text(day.isoformat() if day else "")
with store.read() as tx:
    shown = list(entries(tx, who.strip(), action, since, MOST + 1))
if not shown:
    st.info("No such change is recorded.", icon=":material/policy:")
    st.stop()
st.dataframe(written(audit_table(shown[:MOST])), hide_index=True, key="audit.table")
if len(shown) > MOST:
    st.caption(f"The latest {counted(MOST)}; the files have all that the filters let through.")


def whole(name: str) -> bytes:
    with store.read() as tx:
        return exported(list(entries(tx, who.strip(), action, since)), name)


with st.container(horizontal=True):
    for name in ("audit.csv", "audit.json"):
        st.download_button(
            "CSV" if name == "audit.csv" else "JSON",
            partial(whole, name),
            file_name=name,
            icon=":material/download:",
            on_click="ignore",
            key="audit.csv" if name == "audit.csv" else "audit.json",
        )
    looked = st.button("Is it whole?", icon=":material/verified:", key="audit.verify")
if looked:
    try:
        head, wrong = look_at_record(store, data)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
    else:
        if wrong is None:
            st.success(f"{entries_text(head.number)}, whole.", icon=":material/verified:")
            st.code(str(head), language=None)
        else:
            st.error(plain(wrong), icon=":material/error:")
