import streamlit as st

from core.charts.runs import run_name
from core.errors import UnknownName
from core.model.names import names_of
from core.store.run_counts import shown_count, touched_count
from pages._ui import starting
from pages._ui.frame import notice
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import current, write_link
from pages.plugins.parts.gallery import gallery
from pages.plugins.parts.liveness import hub_notice
from pages.plugins.parts.log_view import log_view
from pages.plugins.parts.run_actions import after_the_end, cancel_button, kept_labels, related
from pages.plugins.parts.run_head import run_head
from pages.plugins.parts.run_list import run_list
from pages.plugins.parts.run_log import download_log
from pages.plugins.parts.run_routes import routes_view
from pages.plugins.parts.run_views import asked_view, compare_view, labels_view

VIEWS = ("Log", "Labels", "Images", "What was asked", "Compare")
state, runs = current(), services().runs
hub_notice()
if state.run is None:
    st.header("Runs")
    run_list()
    st.stop()
try:
    run = runs.get(state.run)
except UnknownName as error:
    state.run, state.notice = None, str(error)
    write_link()
    st.rerun()


def close() -> None:
    state.run = None
    write_link()


head, back = st.columns([5, 1], vertical_alignment="bottom")
head.header(plain(run_name(run, starting.plugin_names())))
back.button("All runs", icon=":material/arrow_back:", on_click=close, key="runs.back",
            width="stretch")  # fmt: skip
plugin = next(
    (p for p in services().registry.list(archived=True) if p.id == run.request.plugin), None
)
hub_project = starting.projects().get(run.request.project)
project = starting.read(hub_project)
names = names_of(project).to_show()
if hub_project is not None:
    st.caption(f"Project {plain(hub_project.name)}")


def total_assets() -> int | None:
    if run.assets is not None:
        return run.assets
    return shown_count(services().hub, run.session)


@st.fragment(run_every=None if run.is_final else 1.0)
def follow() -> None:
    notice()
    now = runs.get(run.session)
    if now.is_final != run.is_final:
        st.rerun(scope="app")
    run_head(now, names, touched_count(services().hub, run.session), now.assets or total_assets())
    cancel_button(now)


@st.fragment(run_every=None if run.is_final else 1.0)
def log() -> None:
    log_view(run.session, lambda after, limit: runs.logs(run.session, after, limit=limit),
             key=key("runs-log"))  # fmt: skip
    download_log(runs.get(run.session))


follow()
related(run)
kept_labels(run, hub_project)
routes_view(run, hub_project, names)
view = st.segmented_control("Show", VIEWS, default="Log", key="runs.view",
                            label_visibility="collapsed")  # fmt: skip
match view:
    case "Labels":
        labels_view(run, names)
    case "Images":
        gallery(run, project, names)
    case "What was asked":
        asked_view(run, plugin, names)
    case "Compare":
        compare_view(run, names)
    case _:
        log()
after_the_end(run, plugin, hub_project)
