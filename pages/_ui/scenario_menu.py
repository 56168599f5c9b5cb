"""Scenarios: which one is open, what it is compared with, and keeping one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.ango_json.text import decoded
from core.errors import SwitchyardError
from core.model import glossary
from core.model.glossary import NEEDS_ADDRESSES
from core.model.names import labels
from core.model.text import file_name, visible
from core.scenario.file import read_scenario, write_scenario
from core.store.scenarios import SavedScenario
from pages._ui import cached, scenarios
from pages._ui.bound_widget import held
from pages._ui.keys import Key, key
from pages._ui.markdown_escape import plain
from pages._ui.named import MOST_DELETED, deleted, or_notice
from pages._ui.services import services
from pages._ui.state import Opened, current, write_link

NONE = ""
OPEN, BASELINE = key("frame.scenario"), key("frame.baseline")


def scenario_menu(here: Opened) -> None:
    """Choose a scenario and the baseline; a button leads to saving and importing."""
    state = current()
    saved = {one.id: one for one in services().scenarios.recent(state.workspace)}
    for open_one in (state.scenario, state.base):
        if open_one is not None:
            saved.setdefault(open_one.id, open_one)
    names = labels({id: one.name for id, one in saved.items()})
    st.markdown("**Scenario**")
    _picker("Open", OPEN, state.scenario, {NONE: "None", **names}, saved, here)
    bases = {NONE: "The project's rules", **names}
    _picker("Baseline", BASELINE, state.base, bases, saved, here)
    if st.button(
        "Save or import", icon=":material/bookmark:", width="stretch", key="frame.scenarios"
    ):
        _dialog(here)
    gone = services().scenarios.recent(state.workspace, MOST_DELETED, deleted=True)
    deleted({one.id: visible(one.name) for one in gone}, key("frame.scenario-gone"), _restore)


def _restore(scenario: str) -> None:
    services().scenarios.restore(scenario)
    current().notice = f"{services().scenarios.get(scenario).name} is there again."


def _picker(
    label: str,
    name: Key,
    now: SavedScenario | None,
    labels: dict[str, str],
    saved: dict[str, SavedScenario],
    here: Opened,
) -> None:
    picker = held(name, now.id if now else NONE)

    def choose(wanted: str) -> None:
        chosen = saved.get(wanted)
        if name == OPEN:
            scenarios.open_scenario(here, chosen)
        else:
            current().base = chosen
            write_link()

    helps = {
        OPEN: glossary.SCENARIO,
        BASELINE: glossary.BASELINE,
    }
    st.selectbox(
        label,
        list(labels),
        index=list(labels).index(picker.value),
        format_func=lambda each: labels.get(each, each),
        key=picker.key,
        on_change=picker.then(choose),
        help=helps[name],
    )


@st.dialog("Scenarios", width="medium")
def _dialog(here: Opened) -> None:
    keep, take, saved_tab = st.tabs(["Save and export", "Import", "Saved here"])
    with keep:
        _keep(here)
    with take:
        _take(here)
    with saved_tab:
        _kept()


def _keep(here: Opened) -> None:
    known = current().scenario
    before = cached.scenario(known.document) if known else None
    name = st.text_input(
        "Name", value=visible(before.name) if before else "", key="scenario.name"
    ).strip()
    text = st.text_area(
        "Assumptions, one a line",
        value=visible("\n".join(before.assumptions)) if before else "",
        placeholder="The next month's tasks look like these.",
        key="scenario.assumptions",
    )
    assumptions = [line.strip() for line in text.splitlines() if line.strip()]
    left, right = st.columns(2)
    if left.button(
        "Save here", type="primary", disabled=not name, width="stretch", key="scenario.save"
    ):
        scenarios.save(here, name, assumptions)
        current().notice = f"Saved {name}."
        st.rerun()
    hidden = here.names.pseudonyms is not None
    right.download_button(
        "Export as a file",
        write_scenario(scenarios.in_hand(here, name or "Scenario", assumptions)),
        file_name=file_name(name or "scenario", ".scenario.json"),
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="scenario.export",
        disabled=hidden or not name,
        help=NEEDS_ADDRESSES if hidden else None,
    )
    st.caption("The file holds everything but the tasks: rules, settings, draw, pinned tasks.")


def _take(here: Opened) -> None:
    file = st.file_uploader("Scenario file", type=["json"], key="scenario.file")
    if not st.button("Open it", type="primary", disabled=file is None, key="scenario.take"):
        return
    if file is None:
        return
    try:
        scenario = read_scenario(decoded(file.getvalue(), file.name), file.name)
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.caption("What was open stays open.")
        return
    sentences = scenarios.take(here, scenario)
    current().notice = " ".join((f"Opened {scenario.name}.", *sentences))
    st.rerun()


def _kept() -> None:
    scenarios_saved = services().scenarios.recent(current().workspace)
    if not scenarios_saved:
        st.caption("None yet.")
    for saved in scenarios_saved:
        name, button = st.columns([4, 1], vertical_alignment="center")
        name.markdown(plain(saved.name))
        if button.button("Delete", key=key("scenario.delete", saved.id), width="stretch"):
            or_notice(partial(scenarios.forget, saved))
            st.rerun()
