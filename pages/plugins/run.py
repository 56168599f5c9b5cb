import streamlit as st

from core.charts.runs import run_name
from core.errors import UnknownName
from core.model.names import names_of
from core.plugin_runs.probe import names_in
from pages._ui import starting
from pages._ui.frame import notice
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import current
from pages.plugins.parts.gallery import gallery
from pages.plugins.parts.liveness import hub_notice
from pages.plugins.parts.log_view import log_view
from pages.plugins.parts.run_actions import (
    after_the_end,
    cancel_button,
    check_link,
    kept_labels,
    related,
)
from pages.plugins.parts.run_head import run_head
from pages.plugins.parts.run_log import download_log
from pages.plugins.parts.run_routes import routes_view
from pages.plugins.parts.run_views import asked_view, compare_view, labels_view

VIEWS = ("Images", "Labels", "Log", "What was asked", "Compare")
LIST = "pages/plugins/runs.py"
state, runs = current(), services().runs
hub_notice()
try:
    run = runs.get(state.run or "")
except UnknownName as error:
    state.notice = str(error) if state.run else None
    st.switch_page(LIST)

head, back = st.columns([5, 1], vertical_alignment="bottom")
head.header(plain(run_name(run, starting.plugin_names())))
if back.button("All runs", icon=":material/arrow_back:", key="runs.back", width="stretch"):
    st.switch_page(LIST)
plugin = next(
    (p for p in services().registry.list(archived=True) if p.id == run.request.plugin), None
)
hub_project = starting.projects().get(run.request.project)
project = starting.read(hub_project)
names = names_in(run.request, names_of(project)).to_show()


@st.fragment(run_every=None if run.is_final else 1.0)
def follow() -> None:
    notice()
    now = runs.get(run.session)
    if now.is_final != run.is_final:
        st.rerun(scope="app")
    run_head(now, names, hub_project.name if hub_project is not None else "")
    cancel_button(now)


@st.fragment(run_every=None if run.is_final else 1.0)
def log() -> None:
    log_view(run.session, lambda after, limit: runs.logs(run.session, after, limit=limit),
             key=key("runs-log"))  # fmt: skip
    download_log(runs.get(run.session))


follow()
related(run)
# Both are empty at first; what stands below keeps its place, and with it what was typed there.
with st.container():
    kept_labels(run, hub_project)
    check_link(run, hub_project)
with st.container():
    if not run.request.dry_run:  # what was written can be taken back; a dry run is looked at first
        after_the_end(run, plugin, hub_project)
opens_on = "Log"
if run.request.probe:
    opens_on = "Labels"
elif run.is_final and run.tasks and (run.request.dry_run or run.origin == "apply"):
    opens_on = "Images"  # of labels that were applied, no plugin has a log
view = st.segmented_control(
    "Show", VIEWS, default=opens_on, key=key("runs.view", run.session, opens_on),
    label_visibility="collapsed",
)  # fmt: skip
match view or opens_on:
    case "Images":
        gallery(run, project, names)
    case "Labels":
        labels_view(run, names)
    case "What was asked":
        asked_view(run, plugin, names)
    case "Compare":
        compare_view(run, names)
    case _:
        log()
routes_view(run, hub_project, names)
if run.request.dry_run:
    after_the_end(run, plugin, hub_project)
