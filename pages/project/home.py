import time

import streamlit as st

from core.model.figures import counted, share_text
from core.publish.touched import anew_words
from core.recently import DAY_SECONDS, MOST_RUNS, concerns, published_in, recently, run_words
from core.report.bar_list import tally_table
from pages._ui import drafting, scenarios
from pages._ui.arriving import is_awaited
from pages._ui.empty import nothing_to_show
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.runs import open_run
from pages._ui.services import services
from pages._ui.state import current, opened
from pages._ui.tour import tour_button
from pages.project.parts.home import ago, labels_chart, open_draft, open_where

here, state = opened(), current()
stage = drafting.stage_in_hand(here)
known = services()
project = here.project.id if here.project else ""
latest = known.runs.list(project=project, limit=MOST_RUNS)
writing = [run for run in latest if not run.request.probe]  # a probe would write nothing

title, start = st.columns([3, 1], vertical_alignment="center")
title.header(plain(here.name))
with start:
    tour_button()
if not here.tasks:
    nothing_to_show(here, "where tasks will go")
    st.stop()

split = here.workspace.split(stage, state.seed, here.within)
where, write = st.columns(2, gap="medium")
with where.container(border=True, height="stretch"):
    st.subheader("Where will tasks go?")
    target, count = max(split.stages, key=lambda one: one[1].expected)
    totals = [(here.names.of_stage(goal), round(c.expected)) for goal, c in split.stages]
    totals.sort(key=lambda one: -one[1])
    st.metric(
        f"of {counted(here.tasks)} tasks would go to {plain(here.names.of_stage(target))}",
        share_text(count.share),
    )
    st.html(tally_table(tuple(totals), "Stage", "tasks"))
    anew = anew_words(here.workspace, stage, here.within)
    st.caption(f"Expected {plain(anew)}. By {plain(drafting.which(here))}.")
    if st.button("See the split", type="primary", key="home.go-split"):
        st.switch_page("pages/logic/split.py")
with write.container(border=True, height="stretch", key="home-write"):
    st.subheader("What would this model write?")
    plugins = known.registry.list()
    if writing:
        run = next((r for r in writing if r.tasks or not r.is_final), writing[0])
        names = {plugin.id: plugin.name for plugin in known.registry.list(archived=True)}
        st.metric(f"labels in {counted(run.tasks)} tasks", counted(sum(run.per_class.values())))
        name = names.get(run.request.plugin, "a plugin")
        labels_chart(run)
        st.caption(f"{plain(run_words(run, name))}, {ago(run.created_at)}.")
        if st.button("See the run", type="primary", key="home.go-run"):
            open_run(run.session)
    elif not plugins and is_awaited():
        st.metric("plugins registered", "0")
        st.caption("The demo's plugin, which finds ships in images, comes with the local hub.")
    elif plugins:
        st.metric("runs so far", "0")
        st.caption(
            f"A dry run of {plain(plugins[0].name)} shows every label that it would write, and "
            "writes none."
        )
        if st.button("Set up a dry run", type="primary", key="home.go-start"):
            st.switch_page("pages/plugins/start.py")
    else:
        st.metric("plugins registered", "0")
        st.caption(
            "Register a model plugin, and a dry run shows every label that it would write. "
            "The demo that make run starts brings one along that finds ships in images."
        )
        if st.button("Register a plugin", type="primary", key="home.go-registry"):
            st.switch_page("pages/plugins/registry.py")

lately, attention = st.columns(2, gap="medium")
with lately.container(border=True, height="stretch"):
    st.subheader("Since yesterday")
    hub = here.hub
    folder = known.settings.backups
    published = published_in(folder, hub.host, hub.project_id) if hub else ()
    since = time.time() - DAY_SECONDS
    events = recently(
        known.runs, known.drafts, known.registry, state.workspace, published, since, project
    )
    if not events:
        st.caption("Nothing: no run, no edit of the rules, no publish.")
    for number, event in enumerate(events[:5]):
        words, button = st.columns([5, 1], vertical_alignment="center")
        words.markdown(f"{plain(event.words)}, {ago(event.at)}")
        at = key("home.event", number)
        if event.kind == "run" and button.button("Open", key=at, type="tertiary"):
            open_run(event.id)
        if event.kind == "draft" and button.button("Open", key=at, type="tertiary"):
            open_draft(event.id)
    if len(events) > 5:
        st.caption(f"and {counted(len(events) - 5)} more")
with attention.container(border=True, height="stretch"):
    st.subheader("Needs attention")
    listed = concerns(
        here.workspace.check(stage),
        scenarios.verdicts(here, stage),
        plugins,
        known.registry.liveness(),
        latest,
    )
    if not listed:
        st.caption(":material/check_circle: Nothing.")
    for number, concern in enumerate(listed[:4]):
        words, button = st.columns([5, 1], vertical_alignment="center")
        words.markdown(f":material/warning: {plain(concern.words)}")
        if button.button("Look", key=key("home.concern", number), type="tertiary"):
            open_where(concern)
