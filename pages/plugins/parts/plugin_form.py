"""Registering and editing a plugin, and its secret, which is shown once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import InputError, SwitchyardError
from core.model.figures import counted
from core.model.text import cut
from core.plugin_runs.class_lists import (
    comma_lines,
    read_class_list,
    split_at_commas,
    write_class_list,
)
from core.plugin_runs.config.schema import require_schema
from core.plugin_runs.hosted import HOSTED, NOT_HOSTED
from core.plugin_runs.model import Plugin
from core.store.plugins import NewPlugin
from pages._ui.keys import key, part
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import current

CONNECTORS = {
    "ws": "The script connects to the hub (Socket.IO)",
    "rest": "The hub calls the script (REST)",
}
MOST_NAMED = 100
SECRET, FORM = "plugins.secret", "plugins.form"


def open_form(plugin: str) -> None:
    """Show the form for a plugin, or for a new one (""), in place of the plugin."""
    st.session_state[FORM] = plugin


def close_form() -> None:
    """Show the plugin again."""
    st.session_state.pop(FORM, None)


def form_open() -> str | None:
    """Id of the plugin that is edited, "" for a new one, None without a form."""
    plugin_id: str | None = st.session_state.get(FORM)
    return plugin_id


def plugin_form(plugin: Plugin) -> None:
    """Ask for a new plugin (without an id) or for changes of one."""
    st.subheader("Edit the plugin" if plugin.id else "Register a plugin")
    if not plugin.id:
        st.caption(f"{HOSTED} {NOT_HOSTED}")
    values = _fields(plugin)
    commas, apart = _commas(plugin, values["classes"])
    if plugin.id:
        st.caption("Runs that were started keep the mapping and the config that they were given.")
    a, b, _ = st.columns([2, 2, 3])
    b.button("Cancel", on_click=close_form, key="plugins.cancel", width="stretch")
    label = "Save" if plugin.id else "Register"
    if not a.button(label, type="primary", key="plugins.register", width="stretch"):
        return
    try:
        values["classes"] = read_class_list(values["classes"], "Class names")
        if commas and apart is None:
            raise InputError("Class names", "hold a comma.", "Say above what it means.")
        if apart:
            values["classes"] = split_at_commas(values["classes"], commas)
        if values["config_schema"]:
            require_schema(values["config_schema"])
        if plugin.id:
            services().registry.save(replace(plugin, **values))
            current().notice = "Saved."
        else:
            show_secret(services().registry.add(**values))
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    close_form()
    st.rerun()


def _fields(plugin: Plugin) -> dict[str, Any]:
    at = key("plugins.field", plugin.id)
    left, right = st.columns(2)
    name = left.text_input("Name", plugin.name, key=part(at, "name"))
    description = right.text_input("Description", plugin.description, key=part(at, "description"))
    lines = left.text_area(
        "Class names", write_class_list(plugin.classes), key=part(at, "classes"), height=150,
        help="One a line, as the model calls them; commas are asked about. A JSON list, too.",
        placeholder="Vehicle\nPerson",
    )  # fmt: skip
    config = right.text_area(
        "Default config, JSON", plugin.config, key=part(at, "config"), height=150,
        help="Offered at every start; the plugin receives it as text.",
    )  # fmt: skip
    kinds = list(CONNECTORS)
    connector = left.radio(
        "How they meet", kinds, kinds.index(plugin.connector), key=part(at, "connector"),
        format_func=CONNECTORS.__getitem__,
    )  # fmt: skip
    url = None
    if connector == "rest":
        url = left.text_input(
            "Address of the plugin", plugin.url or "", key=part(at, "url"),
            placeholder="http://127.0.0.1:8080",
        )  # fmt: skip
    schema = right.text_area(
        "What its config may be (JSON Schema), optional", plugin.config_schema or "",
        key=part(at, "schema"), height=110,
        help="Checks the config before a start, and builds its form. An entry "
        '`"x-tools": {"Vehicle": "bounding-box"}` says which type of tool the model makes; the '
        "mapping then warns of classes of another type.",
    )  # fmt: skip
    values: dict[str, Any] = {"name": name, "description": description}
    values |= {"classes": lines, "config": config}
    values |= {"config_schema": schema.strip() or None, "connector": connector, "url": url}
    return values


def _commas(plugin: Plugin, text: str) -> tuple[tuple[str, ...], bool | None]:
    """Names with a comma, and whether they are several classes; None until somebody says so."""
    try:
        commas = comma_lines(text, plugin.classes)
    except InputError:
        return (), None  # said when it is registered
    if not commas:
        return (), None
    parts = split_at_commas(commas, commas)
    answers = {
        True: f"{counted(len(parts))} classes: {cut(', '.join(parts), MOST_NAMED)}",
        False: "Names that have a comma in them",
    }
    apart = st.radio(
        f"“{plain(cut(commas[0], MOST_NAMED))}” holds a comma. Which is meant?", (True, False),
        index=None, format_func=answers.__getitem__, key=key("plugins.commas", plugin.id, *commas),
    )  # fmt: skip
    return commas, apart


def show_secret(made: NewPlugin) -> None:
    """Hold a secret for this session, until somebody says that it is copied."""
    st.session_state[SECRET] = (made.plugin.id, made.secret)
    st.session_state["plugins.chosen"] = made.plugin.id


def secret_box(plugin: Plugin) -> None:
    """Show a secret that was just made."""
    held = st.session_state.get(SECRET)
    if held is None or held[0] != plugin.id:
        return
    with st.container(border=True):
        st.markdown("**The plugin's secret, shown this once**")
        st.code(held[1].reveal(), language=None)
        st.caption("Copy it now. It is not kept; a lost one is replaced by *New secret*.")
        st.button("I have copied it", on_click=_forget, key="plugins.copied")


def _forget() -> None:
    st.session_state.pop(SECRET, None)
