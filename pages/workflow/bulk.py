from dataclasses import replace

import streamlit as st

from core.access.actions import Action
from core.bulk.carry_out import carry_out
from core.bulk.operation import checked
from core.bulk.preview import preview
from core.bulk.situation import needs_of
from core.errors import InputError, SwitchyardError, TasksChanged
from core.model.figures import counted
from core.model.names import names_of
from pages._ui.confirm import name_typed
from pages._ui.connecting import gateway_to
from pages._ui.keys import key
from pages._ui.markdown_escape import host_name, plain
from pages._ui.may import opened_to
from pages._ui.services import services
from pages._ui.state import opened
from pages.workflow.parts.bulk_form import bulk_form
from pages.workflow.parts.bulk_look import look_at_tasks, on_this_machine, project_seen
from pages.workflow.parts.bulk_preview import carried_view, preview_view

here = opened()
st.header("Bulk")
kept = here.hub
if kept is None:
    st.info(
        "Requeue, priority and assignment of many tasks need a project of a hub that runs: open "
        "one of the local hub (`python -m core up` starts it) or of Ango Hub on the Connect page.",
        icon=":material/cloud_off:",
    )
    st.stop()
gateway, local = gateway_to(kept.host), on_this_machine(kept)
where = "the local hub" if local else host_name(kept.host)
if gateway is None:
    st.info(f"Enter your key for {where} on the Connect page first.", icon=":material/key:")
    st.stop()
st.caption(
    "See what requeue, priority or assignment would do to which tasks before it is done. Ango Hub "
    "cannot take any of it back."
)
project = project_seen(kept) or here.project
if project is None or not project.stages:
    st.info("This project has no workflow.", icon=":material/account_tree:")
    st.stop()
hidden = here.names.pseudonyms
asked = bulk_form(project, replace(names_of(project).to_show(), pseudonyms=hidden))
if asked is None:
    st.caption("Complete the form to see what it would do.")
    st.stop()
st.subheader("What it would do")
try:
    needs = needs_of(checked(asked, project), project)
    seen = look_at_tasks(gateway, kept, needs, where, local)
    if seen is None:
        st.stop()
    names = replace(names_of(seen.project).to_show(), pseudonyms=hidden)
    shows = preview(asked, seen, names)
except InputError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
if "bulk.done" in st.session_state and st.session_state["bulk.done"][0] == asked:
    carried_view(st.session_state["bulk.done"][1])
preview_view(shows, seen, names)
if not shows.touched:
    st.stop()

st.subheader(f"Carry it out on {where}")
if st.session_state.pop("bulk.written", False):  # each operation is allowed anew
    st.session_state["bulk.allowed"], st.session_state["bulk.name"] = False, ""
allowed = local or st.toggle(f"I want to change this project on {where}", key="bulk.allowed")
ready = name_typed(project.name or project.id, key("bulk.name"), "to allow it") and allowed
many = f"{counted(len(shows.touched))} task{'s' * (len(shows.touched) != 1)}"
if st.button(f"Change {many}", type="primary", key="bulk.go", **opened_to(Action.BULK)):
    if not ready:
        first = "" if allowed else "Switch on that you want to change it. "
        words = f"Nothing is done yet. {first}Type the project's name as it stands above."
        st.warning(words, icon=":material/edit_off:")
        st.stop()
    try:
        with st.spinner("Carrying it out and reading it back"):
            done = carry_out(gateway, seen, shows, services().hub)
        st.session_state["bulk.done"], st.session_state["bulk.written"] = (asked, done), True
        st.session_state.pop("bulk.seen")
        st.rerun()
    except TasksChanged as error:
        st.session_state["bulk.stale"] = error
        st.rerun()
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
