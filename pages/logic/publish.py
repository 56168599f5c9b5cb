from datetime import UTC, datetime

import streamlit as st

from core.errors import SwitchyardError
from core.publish.backup import backups
from core.publish.diff import diff
from core.publish.publish import publish, restore, with_stage
from core.publish.stranded import stranded, tasks_by_stage
from core.publish.touched import touched
from core.routing.versions.golden import golden_problems
from pages._ui import drafting, scenarios
from pages._ui.confirm import name_typed
from pages._ui.connecting import gateway_to
from pages._ui.golden import golden_gate
from pages._ui.keys import key
from pages._ui.long_text import long_lines
from pages._ui.markdown_escape import host_name, plain
from pages._ui.services import services
from pages._ui.state import current, opened, write_link
from pages.logic.parts.no_hub import no_hub
from pages.logic.parts.touched import touched_view

state, here, settings = current(), opened(), services().settings
stage, project = drafting.stage_in_hand(here), here.project
st.header("Publish")
if project is None or project.stages is None or not project.logic_stages:
    st.info("This workspace has no workflow; open an export with its project JSON.")
    st.stop()
kept, gateway = here.hub, gateway_to(here.hub.host) if here.hub else None
if gateway is not None and st.button(
    "Look at the hub now", type="secondary" if state.seen else "primary", key="publish.look"
):
    try:
        state.seen = gateway.read_project(project.id)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
fresh = state.seen is not None and kept is not None and state.seen.id == kept.project_id
seen = state.seen if fresh and state.seen is not None else project

st.subheader("What would change")
try:
    wanted = with_stage(seen.stages or (), stage)
except SwitchyardError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
changes = diff(seen.stages or (), wanted, here.names, here.workspace.dialect)
other = "what the hub has now" if fresh else "the project as it was read"
st.caption(f"The draft against {other}, stage by stage and rule by rule.")
sentences = [f"{change.stage_name}: {change.sentence}" for change in changes]
long_lines(
    sentences, "Change", key("publish.changes"), lambda line: st.markdown(f"- {plain(line)}")
)
if not changes:
    st.caption(":material/check_circle: Nothing; the draft means the same.")
st.subheader("What it touches")
tasks = tasks_by_stage(here.table, seen.stages or ())
before = next((s for s in seen.logic_stages if s.id == stage.id), stage)
known = seen.stages or ()
touched_view(here, touched(here.workspace, known, wanted, before, stage, here.within))
for lost in stranded(tasks, seen.stages or (), wanted):
    st.warning(plain(lost.sentence), icon=":material/warning:")

golden_gate(here, stage)
st.subheader("Write to the hub")
if kept is None:
    no_hub()
if gateway is None:
    words = f"Enter your key for {host_name(kept.host)} on the Connect page first."
    st.info(words, icon=":material/key:")
    st.stop()
if not fresh:
    st.caption("Look at the hub first; nothing is written over what was not seen.")
    st.stop()
allowed = st.toggle("I want to change this project on the hub", key="publish.allowed")
ready = name_typed(seen.name or seen.id, key("publish.name"), "to allow it") and allowed


def write(what: str) -> None:
    problems = [*here.workspace.check(stage), *golden_problems(scenarios.verdicts(here, stage))]
    clock, folder = (lambda: datetime.now(UTC)), settings.backups
    try:
        if what == "draft":
            done = publish(gateway, seen, stage, folder, clock, problems)  # type: ignore[arg-type]
        else:
            chosen = next(b for b in saved if b.path.name == what)
            done = restore(gateway, seen, chosen, folder, clock)  # type: ignore[arg-type]
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        for line in (*getattr(error, "changes", ()), *getattr(error, "differences", ())):
            st.markdown(f"- {plain(line)}")
        return
    services().hubs.put_project(kept.host, done.project)  # type: ignore[union-attr]
    state.seen, state.draft, state.parted, state.scenario = done.project, None, None, None
    state.notice = (
        f"Written and verified: {len(done.changes)} changes. The workflow before is kept."
    )
    write_link()
    st.rerun()


saved = backups(settings.backups, kept.host, kept.project_id)
if st.button("Publish", type="primary", disabled=not ready or not changes, key="publish.go"):
    write("draft")
st.subheader("Earlier workflows")
if not saved:
    st.caption("None yet; each publish keeps one.")
for backup in saved:
    label, button = st.columns([4, 1], vertical_alignment="center")
    label.markdown(f"{backup.taken_at:%d %b %Y, %H:%M:%S} UTC, {plain(backup.reason)}")
    name = backup.path.name
    if button.button("Restore", disabled=not ready, key=key("publish.restore", name)):
        write(name)
