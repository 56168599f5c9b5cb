from datetime import UTC, datetime

import streamlit as st

from core.access.actions import Action
from core.errors import SwitchyardError
from core.ledger import publish_and_keep
from core.publish.backup import Backup, backups
from core.publish.preview import preview
from core.publish.publish import restore, with_stage
from core.routing.versions.golden import golden_problems
from pages._ui import drafting, scenarios
from pages._ui.confirm import name_typed
from pages._ui.connecting import gateway_to
from pages._ui.empty import no_workflow
from pages._ui.golden import golden_gate
from pages._ui.keys import key
from pages._ui.markdown_escape import host_name, plain
from pages._ui.may import opened_to
from pages._ui.services import services
from pages._ui.state import current, opened, write_link
from pages.logic.parts.backups import backups_view, preview_view
from pages.logic.parts.hub_look import is_local, look_at_hub
from pages.logic.parts.no_hub import no_hub

state, here, settings = current(), opened(), services().settings
stage, project = drafting.stage_in_hand(here), here.project
st.header("Publish")
if project is None or project.stages is None or not project.logic_stages:
    no_workflow()
    st.stop()
kept, gateway = here.hub, gateway_to(here.hub.host) if here.hub else None
local = is_local(kept)
place = "the local hub" if local else kept.host.partition("://")[2] if kept else "the hub"
where = plain(place)
fresh = look_at_hub(gateway, kept, where, local)
seen = state.seen if fresh and state.seen is not None else project

st.subheader("What would change")
try:
    wanted = with_stage(seen.stages or (), stage)
except SwitchyardError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
shows = preview(here.workspace, seen, wanted, stage.id, here.within)
what = "The draft" if state.draft or state.scenario else "The project's rules"
other = f"what {where} has now" if fresh else "the project as it was read"
with st.container(key="publish-changes"):
    st.caption(f"{what} against {other}, stage by stage and rule by rule.")
    preview_view(here, shows, key("publish.draft"), "Nothing; both mean the same.")
st.page_link(
    "pages/workflow/in_flight.py",
    label="What becomes of the tasks under way",
    icon=":material/flight:",
)
st.page_link(
    "pages/workflow/reality.py",
    label="How past forecasts held; each publish keeps its own",
    icon=":material/history:",
)
golden_gate(here, stage)
st.subheader(f"Write to {where}")
if kept is None:
    no_hub()
if gateway is None and local:
    no_hub(ended=True)
if gateway is None:
    words = f"Enter your key for {host_name(kept.host)} on the Connect page first."
    st.info(words, icon=":material/key:")
    st.stop()
if not fresh:
    st.caption("Look at the hub first; nothing is written over what was not seen.")
    st.stop()
if st.session_state.pop("publish.written", False):  # each write is allowed anew
    st.session_state["publish.allowed"], st.session_state["publish.name"] = False, ""
allowed = local or st.toggle(f"I want to change this project on {where}", key="publish.allowed")
ready = name_typed(seen.name or seen.id, key("publish.name"), "to allow it") and allowed


def write(backup: Backup | None = None) -> None:
    clock, hub = (lambda: datetime.now(UTC)), services().hub
    try:
        if backup is None:
            verdicts = golden_problems(scenarios.verdicts(here, stage))
            problems = [*here.workspace.check(stage), *verdicts]
            done = publish_and_keep(
                gateway, seen, stage, here.workspace, settings, hub, clock, problems  # type: ignore[arg-type]
            )  # fmt: skip
        else:
            done = restore(gateway, seen, backup, settings.backups, clock, hub)  # type: ignore[arg-type]
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        for line in (*getattr(error, "changes", ()), *getattr(error, "differences", ())):
            st.markdown(f"- {plain(line)}")
        return
    services().hubs.put_project(kept.host, done.project)  # type: ignore[union-attr]
    state.seen, state.draft, state.parted, state.scenario = done.project, None, None, None
    many = len(done.changes)
    state.notice = (
        f"Written to {place} and verified: {many} change{'s' * (many != 1)}. The workflow before "
        "is kept."
    )
    st.session_state["publish.written"] = True
    write_link()
    st.rerun()


asked = opened_to(Action.PUBLISH, not shows.changes)
if st.button("Publish", type="primary", key="publish.go", **asked):
    if ready:
        write()
    else:
        first = "" if allowed else "Switch on that you want to change it. "
        st.warning(
            f"Nothing is written yet. {first}Type the project's name as it stands above, then "
            "press Publish again.",
            icon=":material/edit_off:",
        )
backups_view(here, seen, backups(settings.backups, kept.host, kept.project_id), allowed, write)
