import streamlit as st

from core.errors import SwitchyardError
from core.gateway.cache import age_text, open_project
from core.gateway.job import Job
from core.model.figures import counted
from core.model.names import labels
from pages._ui import connecting
from pages._ui.demo_copy import is_demo_copy
from pages._ui.empty import how_to_add_a_project
from pages._ui.markdown_escape import host_name, plain
from pages._ui.reading import failed, follow
from pages._ui.services import services
from pages._ui.state import DEMO, current, open_workspace, opened
from pages.project.parts.hub_and_key import connect_local_hub, hub_and_key

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
    "above. Reading changes nothing on the hub."
)

left, right = st.columns(2, gap="large")
connect_local_hub()
with left:
    hub_and_key()
local = connecting.is_local(state.connected)

with right:
    st.subheader("Project")
    if state.connected is None:
        st.caption("Connect first; then your projects are listed here.")
    elif not state.projects and local:
        st.info(
            "The local hub is connected and has no project yet. Add one:",
            icon=":material/create_new_folder:",
        )
        how_to_add_a_project()
    elif not state.projects:
        st.info(
            f"Connected to {host_name(state.connected)}, but this key sees no project. "
            "Ask for a role in one.",
            icon=":material/folder_off:",
        )
    else:
        many = len(state.projects)
        where = "Local hub connected" if local else "Connected"
        st.success(f"{where}: {counted(many)} project{'s' * (many != 1)}.", icon=":material/link:")
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
                open_workspace(DEMO if is_demo_copy(copy) else hubs.id_of(copy))
                how = "by export" if copy.way == "export" else "page by page"
                current().notice = f"Read {counted(copy.tasks)} tasks of {copy.name} {how}."
                st.switch_page("pages/project/overview.py")
            except SwitchyardError as error:
                failed(error, "What was open stays open; opening again goes on where this stopped.")
