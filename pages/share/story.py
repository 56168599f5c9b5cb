from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from core.model.figures import counted
from core.model.phrases import day_text
from core.model.text import visible
from core.scenario.story import board
from pages._ui import cached, drafting, scenarios
from pages._ui.empty import nothing_to_show
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import current, opened
from pages.share.parts import story_levers
from pages.share.parts.story_view import story_view, take_action

PAGE_CSS = Path(__file__).parent / "parts" / "story_page.css"
SCREEN = key("story.screen")

state, here = current(), opened()
rules, base = drafting.stage_in_hand(here), scenarios.pinned(here)
st.header("Story")
if not len(here.table):
    nothing_to_show(here, "how tasks move with the levers")
    st.stop()
st.html(PAGE_CSS)
levers, left_out = story_levers.levers_in_hand(here, rules)
kept = cached.scenario(state.scenario.document) if state.scenario else None
against = (base.workspace, base.stage)
remembered = (story_levers.counted_once, story_levers.looked_once)
assumptions = kept.assumptions if kept else ()
story = board(here.workspace, rules, against, levers, assumptions, *remembered)
action = take_action(SCREEN, story.levers)
if action is not None:
    levers = story_levers.standing(story.levers, action.at)
    story = board(here.workspace, rules, against, levers, assumptions, *remembered)
    if action.name == "apply":
        drafting.save(here, story.edited(here.workspace))
        levers = story_levers.back_to_rules(levers)
        state.notice = "The draft has the rules as the levers stood; Undo on Rules takes it back."
    story_levers.keep(here, rules, levers)
    if action.name == "apply":
        st.rerun()
for sentence in (*left_out, *story.lost):
    st.warning(plain(sentence), icon=":material/info:")
kept_story = scenarios.story_in_hand(here, rules)
notes = kept_story.notes if kept_story else ""
story_view(
    story,
    visible(kept.name if kept else rules.name),
    f"{visible(here.name)}, {day_text(datetime.now(UTC).date())}. Compared with "
    f"{base.name}, {counted(len(here.table))} tasks.",
    notes if st.session_state.get("story.presenting") else None,
    key=SCREEN,
)
with st.container(key="story-setup"):
    st.toggle("Presenter's view, with notes", key="story.presenting")
    with st.expander("What may be moved, names and bounds, notes", icon=":material/tune:"):
        story_levers.setup(here, rules, story.levers, notes)
