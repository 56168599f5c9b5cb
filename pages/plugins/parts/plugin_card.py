"""What somebody needs to run a plugin's script: id, host line, script, default config."""

from __future__ import annotations

import streamlit as st

from core.plugin_runs.draft import declared_tools
from core.plugin_runs.model import Plugin
from core.plugin_runs.script import file_name, plugin_script, start_line
from pages._ui.keys import key
from pages._ui.long_text import long_code, long_list

DEFAULT_HOST = "http://127.0.0.1:8600"


def plugin_card(plugin: Plugin, url: str | None) -> None:
    """Show it.

    Args:
        plugin: As it is registered.
        url: Address of the local hub, None while it does not run.
    """
    tools, host = declared_tools(plugin), url or DEFAULT_HOST
    st.markdown("**Class names**")
    classes = [name + (f" ({tools[name]})" if name in tools else "") for name in plugin.classes]
    long_list(classes, "Class", key("plugins.classes"), "None: there is no mapping.")
    st.markdown("**Id**, by which its script says who it is")
    st.code(plugin.id, language=None)
    ws = plugin.connector == "ws"
    what = "**Host line**, by which its script finds the hub" if ws else "**Address of the plugin**"
    st.markdown(what)
    where = f'run(plugin, host="{host}")' if ws else plugin.url or ""
    st.code(where, language=None)
    script = plugin_script(plugin, host)
    with st.expander("A script that runs as it is", icon=":material/code:"):
        st.caption("Put your model into `predict`; the secret comes from the environment.")
        st.code(script, language="python", height=320)
        st.code(start_line(plugin), language="bash")
        st.download_button(
            "Download the script", script, file_name(plugin), "text/x-python",
            icon=":material/download:", key="plugins.script", on_click="ignore",
        )  # fmt: skip
    with st.expander("Default config", icon=":material/data_object:"):
        long_code(plugin.config, "config.json", key("plugins.config"))
