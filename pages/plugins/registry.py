from functools import partial

import streamlit as st

from core.model.figures import counted
from core.plugin_runs.model import Plugin
from pages._ui.confirm import ask, confirm
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.starting import begin
from pages._ui.state import current
from pages.plugins.parts.liveness import badge, hub_notice, sentence
from pages.plugins.parts.plugin_card import plugin_card
from pages.plugins.parts.plugin_form import (
    close_form,
    form_open,
    open_form,
    plugin_form,
    secret_box,
    show_secret,
)

registry = services().registry
head, tools = st.columns([3, 1], vertical_alignment="bottom")
head.header("Plugins")
st.caption(
    "A plugin is a script with a model in it. You start it wherever it can reach the local hub; it "
    "labels the assets of whole batches whenever you start a run."
)
url = hub_notice()
archived = st.session_state.get("plugins.archived", False)
known = registry.list(archived=True)
shown = [one for one in known if archived or one.archived_at is None]
tools.button("Register a plugin", icon=":material/add:", width="stretch", key="plugins.new",
             type="secondary" if shown else "primary", on_click=open_form, args=("",))  # fmt: skip


def choose(plugin: str) -> None:
    st.session_state["plugins.chosen"] = plugin
    close_form()


def rotate(plugin: str) -> None:
    show_secret(registry.rotate(plugin))


def archive(plugin: str, away: bool) -> None:
    registry.archive(plugin, away)
    current().notice = "Archived; its runs stay." if away else "Taken out of the archive."


@st.fragment(run_every=2.0)
def listing() -> None:
    live = registry.liveness()
    for one in shown:
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                if st.button(plain(one.name), type="tertiary", key=key("plugins.choose", one.id)):
                    choose(one.id)
                    st.rerun(scope="app")
                if one.archived_at is not None:
                    st.badge("Archived", color="gray", icon=":material/archive:")
                elif one.id in live:
                    badge(live[one.id])
            runs = registry.runs_of(one.id)
            many = f"{counted(runs)} run{'' if runs == 1 else 's'}"
            st.caption(f"{counted(len(one.classes))} classes, {many}")


left, right = st.columns([2, 3], gap="large")
with left:
    if not shown:
        st.info(
            "No plugin yet. Register one and start its script: it stands here with its classes, "
            "its runs and whether it is connected. `make run` brings the demo's plugin along.",
            icon=":material/extension:",
        )
    listing()
    if any(one.archived_at is not None for one in known):
        st.toggle("Show archived plugins", key="plugins.archived")

chosen = next((p for p in shown if p.id == st.session_state.get("plugins.chosen")), None)
plugin = chosen or (shown[0] if shown else None)
if form_open() is not None:
    with right:
        plugin_form(next((one for one in known if one.id == form_open()), Plugin("", "")))
    st.stop()
if plugin is None:
    st.stop()
with right:
    st.subheader(plain(plugin.name))
    if plugin.description:
        st.markdown(plain(plugin.description))
    live = registry.liveness().get(plugin.id)
    if live is not None and plugin.archived_at is None:
        st.caption(sentence(live))
    if len(registry.liveness()) == 0 and url is None:
        st.caption("Whether it is connected is known while the hub runs.")
    secret_box(plugin)
    away = plugin.archived_at is not None
    with st.container(horizontal=True):
        if st.button("Start a run", type="primary", disabled=away, key="plugins.start"):
            begin(plugin.id)
            st.switch_page("pages/plugins/start.py")
        st.button("Edit", icon=":material/edit:", key="plugins.edit", on_click=open_form,
                  args=(plugin.id,))  # fmt: skip
        rotating = key("plugins.rotating", plugin.id)
        st.button("New secret", icon=":material/key:", on_click=ask, args=(rotating,),
                  key="plugins.rotate", help="Says first what it ends, and asks.")  # fmt: skip
        st.button("Take back" if away else "Archive", icon=":material/archive:", on_click=archive,
                  args=(plugin.id, not away), key="plugins.archive",
                  help="An archived plugin gets no new runs and keeps its own.")  # fmt: skip
    confirm(
        rotating, f"Make a new secret for {plugin.name}? The earlier one ends at once: its script "
        "gets no more runs until it is started with the new one.",
        "Make a new secret", partial(rotate, plugin.id),
    )  # fmt: skip
    plugin_card(plugin, url)
