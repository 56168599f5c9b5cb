import streamlit as st

from core.errors import SwitchyardError
from core.gateway.cache import age_text, open_project
from core.gateway.job import Job
from core.model.figures import counted
from core.model.names import labels
from pages._ui import connecting
from pages._ui.markdown_escape import host_name, plain
from pages._ui.reading import failed, follow
from pages._ui.services import services
from pages._ui.state import current, open_workspace, opened

state, hubs = current(), services().hubs


def begin_opening(project: str, again: bool) -> None:
    gateway = connecting.gateway_to(state.connected or "")
    assert gateway is not None
    state.jobs["open"] = Job(
        lambda report, stopped: open_project(gateway, hubs, project, again, report, stopped)
    )


here = opened()
st.header("Connect")
st.caption(
    f"On show: **{plain(here.name)}**. The demo and opened files need no connection; choose them "
    "in the sidebar. Reading changes nothing on the hub."
)

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Hub and key")
    place = st.selectbox("Where your Ango Hub is", list(connecting.PLACES), key="connect.place")
    host = connecting.PLACES[place]
    if place == connecting.OTHER:
        host = st.text_input("Address", placeholder="https://api.example.com", key="connect.host")
    if wrong := connecting.configured_badly():
        st.warning(plain(wrong), icon=":material/key_off:")
    known = connecting.key_for(host) if host else None
    if known is not None:
        where = (
            "from the settings of this server"
            if known == connecting.configured_key()
            else "in memory"
        )
        st.caption(f":material/key: A key for this host is {where}.")
    if state.connected is not None and st.session_state.pop("connect.clear", False):
        st.session_state["connect.key"] = ""
    typed = st.text_input(
        "API key",
        type="password",
        placeholder="leave empty to keep the key" if known else connecting.key_place(place),
        help="It stays in this server's memory until you close the page; it is never saved.",
        key="connect.key",
    )
    if st.button("Test the connection", type="secondary" if state.connected else "primary",
                 disabled=not host, key="connect.test"):  # fmt: skip
        state.connected, state.projects = None, ()
        try:
            if typed:
                connecting.remember_key(host, typed)
            asked = connecting.gateway_to(host)
        except SwitchyardError as error:
            failed(error, "What was open stays open.")
        else:
            if asked is None:
                st.warning("Enter your API key first.", icon=":material/key:")
            else:
                state.jobs["test"] = Job(lambda *_, hub=asked: (hub.host, hub.list_projects()))
    if tested := follow("test"):
        try:
            state.connected, state.projects = tested.result()
            st.session_state["connect.clear"] = True
            st.rerun()
        except SwitchyardError as error:
            failed(error, "What was open stays open.")

with right:
    st.subheader("Project")
    if state.connected is None:
        st.caption("Connect first; then your projects are listed here.")
    elif not state.projects:
        st.info(
            f"Connected to {host_name(state.connected)}, but this key sees no project. "
            "Ask for a role in one.",
            icon=":material/folder_off:",
        )
    else:
        many = len(state.projects)
        st.success(
            f"Connected: {counted(many)} project{'s' if many != 1 else ''}.", icon=":material/link:"
        )
        names = labels({entry.id: entry.name for entry in state.projects})
        chosen = st.selectbox(
            "Project", names, format_func=names.__getitem__, key="connect.project"
        )
        kept, going_on = hubs.get(state.connected, chosen), "open" in state.jobs
        if kept is not None:
            age = age_text(kept.age_seconds(hubs.now()))
            st.caption(f"{counted(kept.tasks)} tasks are kept here, {age}.")
        a, b = st.columns(2)
        a.button(
            "Open", type="primary", disabled=going_on, on_click=begin_opening,
            args=(chosen, False), key="connect.open", width="stretch",
        )  # fmt: skip
        b.button(
            "Read again", disabled=kept is None or going_on, on_click=begin_opening,
            args=(chosen, True), key="connect.refresh", width="stretch",
        )  # fmt: skip
        if read := follow("open"):
            try:
                copy = read.result()
                open_workspace(hubs.id_of(copy))
                how = "by export" if copy.way == "export" else "page by page"
                current().notice = f"Read {counted(copy.tasks)} tasks of {copy.name} {how}."
                st.switch_page("pages/project/overview.py")
            except SwitchyardError as error:
                failed(error, "What was open stays open; opening again goes on where this stopped.")
