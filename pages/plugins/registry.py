import streamlit as st

from core.starting.script import file_name, plugin_script, start_line
from pages._ui.components.liveness import badge, hub_notice, sentence
from pages._ui.components.plugin_form import (
    edit_dialog,
    register_dialog,
    secret_box,
    show_secret,
)
from pages._ui.plain import plain
from pages._ui.services import services
from pages._ui.starting import begin
from pages._ui.state import current

DEFAULT_HOST = "http://127.0.0.1:8600"
registry = services().registry
head, tools = st.columns([3, 1], vertical_alignment="bottom")
head.header("Plugins")
if tools.button("Register a plugin", icon=":material/add:", width="stretch", key="plugins.new"):
    register_dialog()
url = hub_notice()
archived = st.session_state.get("plugins.archived", False)
known = registry.list(archived=True)
shown = [one for one in known if archived or one.archived_at is None]


def choose(plugin: str) -> None:
    st.session_state["plugins.chosen"] = plugin


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
            name, state = st.columns([3, 2], vertical_alignment="center")
            name.button(
                plain(one.name), type="tertiary", on_click=choose, args=(one.id,),
                key=f"plugins.choose.{one.id}",
            )  # fmt: skip
            with state:
                if one.archived_at is not None:
                    st.badge("Archived", color="gray", icon=":material/archive:")
                elif one.id in live:
                    badge(live[one.id])
            runs = registry.runs_of(one.id)
            st.caption(f"{len(one.classes):,} classes, {runs:,} run{'' if runs == 1 else 's'}")


left, right = st.columns([2, 3], gap="large")
with left:
    if not shown:
        st.info(
            "No plugin yet. Register one, then start its script; "
            "`make run` brings the demo's plugin along.",
            icon=":material/extension:",
        )
    listing()
    if any(one.archived_at is not None for one in known):
        st.toggle("Show archived plugins", key="plugins.archived")

chosen = next((p for p in shown if p.id == st.session_state.get("plugins.chosen")), None)
plugin = chosen or (shown[0] if shown else None)
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
    a, b, c, d = st.columns(4)
    away = plugin.archived_at is not None
    if a.button("Start a run", type="primary", disabled=away, key="plugins.start", width="stretch"):
        begin(plugin.id)
        st.switch_page("pages/plugins/start.py")
    if b.button("Edit", icon=":material/edit:", key="plugins.edit", width="stretch"):
        edit_dialog(plugin)
    c.button("New secret", icon=":material/key:", on_click=rotate, args=(plugin.id,),
             key="plugins.rotate", width="stretch",
             help="The earlier secret no longer holds.")  # fmt: skip
    d.button("Take back" if away else "Archive", icon=":material/archive:", on_click=archive,
             args=(plugin.id, not away), key="plugins.archive", width="stretch",
             help="An archived plugin gets no new runs and keeps its own.")  # fmt: skip
    st.markdown("**Class names**")
    st.markdown(", ".join(plain(name) for name in plugin.classes) or "None: there is no mapping.")
    st.markdown("**Id and host**")
    host = url or DEFAULT_HOST
    st.code(plugin.id, language=None)
    where = f'run(plugin, host="{host}")' if plugin.connector == "ws" else plugin.url or ""
    st.code(where, language="python")
    script = plugin_script(plugin, host)
    with st.expander("A script that runs as it is", icon=":material/code:"):
        st.caption("Put your model into `predict`; the secret comes from the environment.")
        st.code(script, language="python", height=320)
        st.code(start_line(plugin), language="bash")
        st.download_button("Download the script", script, file_name(plugin), "text/x-python",
                           icon=":material/download:", key="plugins.script",
                           on_click="ignore")  # fmt: skip
    with st.expander("Default config", icon=":material/data_object:"):
        st.code(plugin.config, language="json")
