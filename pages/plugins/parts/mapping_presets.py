"""Saved mappings of a project and plugin, and mappings as JSON."""

from __future__ import annotations

import streamlit as st

from core.ango_json.text import decoded, dumps
from core.errors import SwitchyardError
from core.model.schema import CategorySchema
from core.plugin_runs.draft import StartDraft
from core.plugin_runs.mapping.pairs import Pairs, chosen_of, pairs_of
from core.plugin_runs.mapping.preset import Owner, fit, make_preset, read_preset, write_preset
from core.plugin_runs.model import Plugin, as_pairs
from pages._ui import starting
from pages._ui.confirm import ask, confirm
from pages._ui.keys import key
from pages._ui.long_text import long_code
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages._ui.state import current


def presets_menu(start: StartDraft, plugin: Plugin, project: Owner, schema: CategorySchema) -> None:
    """Load, save, rename and delete presets; take a mapping from a file and give it back."""
    left, right = st.columns(2)
    with left.popover("Presets", icon=":material/bookmark:", width="stretch"):
        _saved(start, plugin)
    with right.popover("JSON", icon=":material/data_object:", width="stretch"):
        _files(start, plugin, project, schema)


def _saved(start: StartDraft, plugin: Plugin) -> None:
    runs = services().runs
    presets = {one.name: one for one in runs.presets(start.project, plugin.id)}
    if presets:
        name = st.selectbox("Preset", list(presets), key="start.preset")
        a, b = st.columns(2)
        a.button("Load", type="primary", key="start.preset.load", width="stretch", on_click=_use,
                 args=(presets[name].mapping or (), plugin, f"Loaded {name}."))  # fmt: skip
        deleting = key("start.preset.deleting", name)
        b.button("Delete", key="start.preset.delete", width="stretch", on_click=ask,
                 args=(deleting,))  # fmt: skip
        confirm(
            deleting, f"Delete the preset {name}? It cannot be brought back.", "Delete it",
            lambda: runs.remove_preset(start.project, plugin.id, name),
        )  # fmt: skip
        new = st.text_input("New name", key="start.preset.new", placeholder="Rename it to")
        if st.button("Rename", disabled=not new.strip(), key="start.preset.rename"):
            _carefully(lambda: runs.rename_preset(start.project, plugin.id, name, new))
    else:
        st.caption("No preset of this project and plugin yet.")
    st.divider()
    name = st.text_input("Save this mapping as", key="start.preset.name")
    save = "Replace" if name.strip() in presets else "Save"  # says what it will do
    if st.button(save, disabled=not name.strip(), key="start.preset.save"):
        pairs = pairs_of(start.mapping) or None
        _carefully(lambda: runs.save_preset(start.project, plugin.id, name, pairs))


def _carefully(act: object) -> None:
    try:
        act()  # type: ignore[operator]
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.rerun()


def _files(start: StartDraft, plugin: Plugin, project: Owner, schema: CategorySchema) -> None:
    pairs, owner = pairs_of(start.mapping), Owner(plugin.id, plugin.name)
    st.caption("What the plugin receives as categorySchema:")
    text = dumps(as_pairs(pairs), indent=2)
    long_code(text, "mapping.json", key("start.map.text"), height=160)
    document = write_preset(make_preset(plugin.name, project, owner, pairs, schema))
    st.download_button(
        "Download as a preset", document, "mapping.json", "application/json",
        key="start.map.download", on_click="ignore",
    )  # fmt: skip
    pasted = st.text_area("Paste a preset, or a list of pairs", key="start.map.paste", height=110)
    uploaded = st.file_uploader("Or upload it", type=["json"], key="start.map.upload")
    if not (pasted.strip() or uploaded):
        return
    source = uploaded.name if uploaded else "Pasted text"
    try:
        text = decoded(uploaded.getvalue(), source) if uploaded else pasted
        preset = read_preset(text, source)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    suits = fit(preset, project, owner, plugin.classes, schema)
    if not suits.refused:
        taken = (suits.pairs, plugin, f"Took {len(suits.pairs)} pairs from {source}.")
        st.button("Take this mapping", type="primary", key="start.map.accept", on_click=_use,
                  args=taken)  # fmt: skip
        return
    st.error(plain(suits.refused), icon=":material/block:")
    if suits.pairs:
        lost = f"; left out: {', '.join(suits.lost)}" if suits.lost else ""
        st.caption(f"{len(suits.pairs)} pairs have a class of the same name here{plain(lost)}.")
        taken = (suits.pairs, plugin, f"Took {len(suits.pairs)} pairs by name.")
        st.button("Take those by name", key="start.map.byname", on_click=_use, args=taken)
    else:
        st.caption("Nothing of it could be taken over: no class has the same name here.")


def _use(pairs: Pairs, plugin: Plugin, notice: str) -> None:
    starting.edit(chosen=tuple(chosen_of(pairs, plugin.classes).items()))
    current().notice = notice
