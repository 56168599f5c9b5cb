"""Batches, and how a run is carried out: how many assets, how long, what earlier labels do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.model.figures import counted, whole_number
from core.model.names import labels
from core.model.numbers import MOST_SECONDS
from core.model.project import Project
from core.plugin_runs.draft import StartDraft
from core.plugin_runs.model import Importing
from core.plugin_runs.preflight import Around, Preflight
from pages._ui import starting
from pages._ui.bound_widget import held
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages.plugins.parts.preflight_card import reasons

IMPORTING: dict[Importing, str] = {
    "add": "stay, new ones are added",
    "replace": "are replaced",
}
ONLY_ASKING = "The hub shows the plugin only these assets; it works for plugins that ask the hub."


def batches_field(start: StartDraft, project: Project | None, facts: Around) -> None:
    """Choose batches by name, with their number of assets."""
    listed = {batch.id: batch.name for batch in (project.batches if project else None) or ()}
    counts = facts.batch_assets
    options = [*listed, *(batch for batch in start.batches if batch not in listed)]
    gone = {batch: "a batch that is gone" for batch in options if batch not in listed}
    names = {
        batch: name + (f" ({counted(counts[batch])})" if batch in counts else "")
        for batch, name in labels({**listed, **gone}).items()
    }
    chosen = held(key("start.batches"), list(start.batches))
    st.multiselect(
        "Batches", options, chosen.value, format_func=names.__getitem__, key=chosen.key,
        placeholder="Every asset of the project", on_change=chosen.then(_batches),
    )  # fmt: skip
    if facts.assets is not None:
        what = "in these batches" if start.batches else "in the project"
        many = f"{counted(facts.assets)} asset{'' if facts.assets == 1 else 's'}"
        carrying = f", {counted(facts.labelled)} of them carry labels" if facts.labelled else ""
        first = " looked at" if start.limit or start.assets else f" {what}"
        st.caption(f"{many}{first}{carrying}.")
    with_images = starting.pictured(project, facts)
    if with_images and set(with_images) != set(start.batches):
        st.button(
            f"Only what has its images on this hub: {plain(', '.join(facts.worth_a_look))}",
            icon=":material/image:", type="tertiary", key="start.pictured",
            on_click=_batches, args=(list(with_images),),
        )  # fmt: skip


def _batches(chosen: list[str]) -> None:
    starting.edit(batches=tuple(chosen), assets=None)


def options(start: StartDraft, findings: Sequence[Preflight]) -> None:
    """How many assets, the deadline, and what labels do to earlier ones."""
    if start.assets is not None:
        left, right = st.columns([5, 2], vertical_alignment="center")
        left.caption(f"Only {counted(len(start.assets))} chosen assets. {ONLY_ASKING}")
        right.button("All assets again", on_click=partial(starting.edit, assets=None),
                     key="start.assets.all", width="stretch")  # fmt: skip
    a, b, c = st.columns(3)
    number_field(
        "How many assets, to try it", key("start.limit"), start.limit, _limit,
        low=1, whole=True, empty="all", place=a, disabled=start.assets is not None,
        help=ONLY_ASKING,
    )  # fmt: skip
    minutes = start.deadline / 60
    number_field(
        "Deadline", key("start.deadline"), minutes, _deadline, unit="min", low=0.1,
        high=MOST_SECONDS / 60, stays=f"It stays {whole_number(minutes)} min.", place=b,
        help="A plugin that has not answered by then ends as No answer.",
    )  # fmt: skip
    importing, ways = held(key("start.importing"), start.importing), list(IMPORTING)
    c.selectbox(
        "Labels of earlier runs", ways, ways.index(importing.value), key=importing.key,
        format_func=IMPORTING.__getitem__, on_change=importing.then(_importing),
    )  # fmt: skip
    for field in ("deadline", "mode"):
        reasons(findings, field)


def _limit(assets: int | None) -> None:
    starting.edit(limit=assets)


def _deadline(minutes: float) -> None:
    starting.edit(deadline=float(minutes) * 60)


def _importing(way: Importing) -> None:
    starting.edit(importing=way)
