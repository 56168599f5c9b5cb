from dataclasses import replace

import streamlit as st

from core.errors import SwitchyardError
from core.model.names import labels
from core.plugin_runs.draft import request_of, with_plugin
from core.plugin_runs.preflight import is_blocked, preflight
from core.store.run_around import around
from pages._ui import starting
from pages._ui.bound_widget import held
from pages._ui.empty import nothing_to_start
from pages._ui.keys import key
from pages._ui.runs import open_run
from pages._ui.services import services
from pages._ui.state import current
from pages.plugins.parts.config_editor import config_editor, take_typed
from pages.plugins.parts.liveness import badge, hub_notice
from pages.plugins.parts.mapping_table import mapping_section
from pages.plugins.parts.preflight_card import payload_preview, preflight_card, reasons
from pages.plugins.parts.start_options import batches_field, options
from pages.plugins.parts.start_real import ask_once, forget, start_bar
from pages.plugins.parts.upstream_offer import upstream_offer

head, tools = st.columns([5, 1], vertical_alignment="bottom")
head.header("Start a run")
tools.button("Undo", icon=":material/undo:", key="start.undo", on_click=starting.undo,
             disabled=not starting.can_undo(), width="stretch")  # fmt: skip
hub_notice()
plugins = {one.id: one for one in services().registry.list()}
projects = starting.projects()
upstream_offer(projects.get(starting.in_hand().project))
if not plugins or not projects:
    nothing_to_start(bool(plugins))
    st.stop()
take_typed()
start = starting.in_hand()
if start.plugin not in plugins or start.project not in projects:
    st.warning("The plugin or the project of this draft is gone or archived; choose others.")
    start = replace(
        start,
        plugin=start.plugin if start.plugin in plugins else next(iter(plugins)),
        project=start.project if start.project in projects else next(iter(projects)),
    )
plugin = plugins[start.plugin]
facts = around(services().hub, services().registry, request_of(start, dry_run=True))
project = starting.read(projects[start.project])
if current().start is None and (with_images := starting.pictured(project, facts)):
    start = replace(start, batches=with_images)  # what a plugin finds something in, at first
    facts = around(services().hub, services().registry, request_of(start, dry_run=True))
facts = replace(facts, project=project)
start = starting.show(with_plugin(start, plugin, project))


def go(dry_run: bool) -> None:
    forget()
    request = request_of(starting.latest(), dry_run)
    now = replace(around(services().hub, services().registry, request), project=project)
    if is_blocked(preflight(request, now)):
        return  # the card says why
    try:
        st.session_state["start.done"] = services().runs.start(request).session
    except SwitchyardError as error:
        current().notice = str(error)


if started := st.session_state.pop("start.done", None):
    open_run(started)
request = request_of(start, dry_run=True)
facts = replace(facts, equal=services().runs.list(fingerprint=request.fingerprint, limit=5))
findings = preflight(request, facts)
left, right = st.columns([5, 2], gap="medium")
with left:
    a, b = st.container(key="start-choices").columns(2)
    titles = labels({id: one.name for id, one in plugins.items()})
    names = labels({id: one.name for id, one in projects.items()})
    one, there = held(key("start.plugin"), plugin.id), held(key("start.project"), start.project)
    with a:
        st.selectbox("Plugin", titles, list(titles).index(one.value), titles.__getitem__, one.key,
                     on_change=one.then(lambda id: starting.begin(id, start.project)))  # fmt: skip
        reasons(findings, "plugin")
    with b:
        st.selectbox("Project", names, list(names).index(there.value), names.__getitem__, there.key,
                     on_change=there.then(lambda id: starting.begin(plugin.id, id)))  # fmt: skip
        reasons(findings, "project")
    batches_field(start, project, facts)
    reasons(findings, "batches")
    options(start, findings)
    st.subheader("Mapping", help="Which class of the project each class of the model labels.")
    mapping_section(start, plugin, project, facts)
    st.subheader("Config", help="What else the plugin is told; its author says what it means.")
    last = next((run.request.config for run in facts.past
                 if run.request.project == start.project), None)  # fmt: skip
    config_editor(request.config, plugin, last)
with right:

    @st.fragment(run_every=3.0)
    def card() -> None:
        live = services().registry.liveness().get(plugin.id, facts.live)
        with st.container(border=True):
            if live is not None:
                badge(live)
            preflight_card(preflight(request, replace(facts, live=live)))

    card()
    payload_preview(request, starting.organisation(projects[start.project]))
start_bar(findings, go)
ask_once(request_of(start, dry_run=False), facts, projects[start.project], go)
