import streamlit as st

from core.charts.tables import written
from core.charts.tasks import facts_table, history_table, way_table
from core.errors import UnknownName
from core.model.figures import between, counted
from core.model.names import labels
from core.tasks import bits
from core.tasks.rows import Filter, find, rows
from pages._ui import drafting
from pages._ui.bound_widget import page_number
from pages._ui.empty import nothing_to_show
from pages._ui.figure import csv_button
from pages._ui.focus import narrowed
from pages._ui.golden import golden_pin
from pages._ui.histories import history_offer
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.state import current, opened
from pages.project.parts.why import why_view

PAGE = 200
state, here = current(), opened()
st.header("Tasks")
if not here.tasks:
    nothing_to_show(here, "every task and its way through the rules")
    st.stop()

a, b, c, d = st.columns([3, 3, 3, 2])
text = a.text_input("Asset or task", placeholder="Part of a name or id", key="tasks.text")
has = b.multiselect(
    "Has class", here.table.schema_ids, format_func=here.names.of_class, key="tasks.has",
    placeholder="Any",
)  # fmt: skip
called = labels({one: here.names.of_person(one) for one in here.table.people}).__getitem__
people = c.multiselect("Annotated by", here.table.people, format_func=called, key="tasks.people",
                       placeholder="Anyone")  # fmt: skip
least = number_field("At least", key("tasks.least"), None, unit="s", low=0, empty="any", place=d)
low_ms = None if least is None else least * 1_000
wanted = Filter(text=text, has=tuple(has), people=tuple(people), low_ms=low_ms)
stage = drafting.stage_in_hand(here)
matching = find(here.table, here.workspace.facts, wanted, narrowed(here, stage))
count = bits.count(matching)
if not count:
    st.info("No task passes this filter. Loosen it, or widen the selection above.")
    st.stop()

pages = (count + PAGE - 1) // PAGE
head, turn = st.columns([4, 1], vertical_alignment="bottom")
number = page_number(pages, key("tasks.page"), place=turn)
start = (number - 1) * PAGE
head.caption(
    f"{counted(count)} tasks; showing {between(start + 1, min(start + PAGE, count))}. "
    "Choose one to see its way through the rules."
)
history_offer(here)
shown = rows(here.table, here.workspace.facts, here.names, matching, start, PAGE)
event = st.dataframe(
    written(shown.reset_index().drop(columns="Task")),
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    height=360,
    column_config={
        "Seconds": st.column_config.NumberColumn("Duration, s"),
        "Last activity": st.column_config.DatetimeColumn(
            format="D MMM YYYY, HH:mm", timezone="UTC"
        ),
    },
    key="tasks.table",
)
csv_button(shown.reset_index(), key("tasks.list"))
picked = event["selection"]["rows"]
task_id = shown.index[picked[0] if picked and picked[0] < len(shown) else 0]
try:
    way = here.workspace.trace(stage, task_id, state.seed)
except UnknownName as error:
    st.error(plain(str(error)))
    st.stop()

facts = way.facts
st.subheader(plain(facts.external_id or facts.task))
if not picked:
    st.caption("The first row; choose another above.")
way_title, pin = st.columns([4, 1], vertical_alignment="bottom")
with pin:
    golden_pin(here, stage, task_id)
way_title.markdown(f"**Its way through “{plain(stage.name)}”**")
st.dataframe(
    written(way_table(way, stage)),
    hide_index=True,
    column_config={
        "Rule": st.column_config.TextColumn(width=50),
        "Leaves here": st.column_config.NumberColumn(width=90),
        "Verdict": st.column_config.TextColumn(width=100),
        "Asks": st.column_config.TextColumn(width="medium"),
        "Because": st.column_config.TextColumn(width="large"),
    },
    key="tasks.way",
)
why_view(here.workspace.why(stage, task_id), stage, here.names)
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**What is known**")
    st.dataframe(facts_table(facts, here.names), hide_index=True, key="tasks.facts")
with right:
    st.markdown("**Where it has been**")
    st.dataframe(history_table(facts, here.names), hide_index=True, key="tasks.history")
