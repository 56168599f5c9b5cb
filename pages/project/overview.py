import streamlit as st

from core.charts.overview import duration_bars, duration_table, tally_bars, tally_table
from core.model.figures import counted
from core.model.phrases import about_duration
from core.plugin_runs.hosted import plugin_stages
from core.tasks import summary
from pages._ui.empty import nothing_to_show
from pages._ui.figure import figure, ink
from pages._ui.histories import history_offer
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.state import opened

here = opened()
table, facts, names, within = here.table, here.workspace.facts, here.names, here.within

st.header("Overview")
if not here.tasks:
    nothing_to_show(here, "where tasks are, whose they are and how long they took")
    st.stop()

stages = summary.per_stage(table, names, within)
batches = summary.per_batch(facts, names, within)
people = summary.per_annotator(table, facts, names, within)
classes = summary.per_class(facts, names, within)
took = summary.durations(facts, within)

numbers = st.columns([3, 3, 3, 5, 4])
numbers[0].metric("Tasks", counted(here.tasks))
numbers[1].metric("Annotators", counted(sum(name != summary.NOBODY for name, _ in people)))
numbers[2].metric("Batches", counted(sum(name != summary.NO_BATCH for name, _ in batches)))
numbers[3].metric("Median duration", about_duration(took.median_ms) if took.known else "–")
numbers[4].metric(
    "Unknown duration",
    counted(took.unknown),
    help="No rule about the time that a task took matches these tasks.",
)

history_offer(here)

left, right = st.columns(2)
with left:
    st.subheader("Where tasks are now")
    figure(
        tally_bars(stages, ink()),
        tally_table(stages, "Stage", here.tasks),
        key("overview.stages"),
    )
    stay = plugin_stages((here.project.stages if here.project else None) or ())
    if stay:
        st.caption(plain(stay))
    st.subheader("Batches")
    figure(
        tally_bars(batches, ink()),
        tally_table(batches, "Batch", here.tasks),
        key("overview.batches"),
    )
    st.caption(summary.overlap_words(batches, here.tasks))
    st.subheader("Annotators")
    figure(
        tally_bars(people, ink()),
        tally_table(people, "Annotator", here.tasks),
        key("overview.people"),
    )
with right:
    st.subheader("How long tasks took")
    if took.known:
        figure(duration_bars(took, ink()), duration_table(took), key("overview.durations"))
    else:
        st.caption("No task here has a known duration.")
    st.subheader("Classes")
    st.caption("Tasks that have at least one; a task counts for each of its classes.")
    figure(
        tally_bars(classes, ink()),
        tally_table(classes, "Class", here.tasks),
        key("overview.classes"),
    )
