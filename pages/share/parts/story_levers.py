"""Which levers a story has, and where people choose, name and bound them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from core.errors import InputError
from core.model.glossary import LEVER
from core.model.stages import Logic
from core.scenario.lever_table import LeverTable
from core.scenario.levers import (
    LONGEST_NAME,
    MOST_LEVERS,
    Lever,
    Placed,
    checked,
    link_text,
    of_link,
    possible_levers,
    propose,
    value_text,
)
from core.scenario.story import MOST_NOTES, count
from core.workspace import Workspace
from pages._ui import scenarios
from pages._ui.bound_widget import held
from pages._ui.keys import key
from pages._ui.number_field import number_field
from pages._ui.state import Opened, current, write_link

_UNIT = {"share": 1.0, "least": 60_000.0, "most": 60_000.0, "tasks": 1.0}
_WORD = {"share": "%", "least": "min", "most": "min", "tasks": "tasks"}


@st.cache_resource(max_entries=16, show_spinner="Counting what the levers can do")
def _counted(
    about: tuple[str, ...],  # noqa: ARG001
    _workspace: Workspace,
    _rules: Logic,
    _levers: tuple[Placed, ...],
) -> LeverTable:
    return count(_workspace, _rules, _levers)


def counted_once(workspace: Workspace, rules: Logic, levers: tuple[Placed, ...]) -> LeverTable:
    """The table of what levers can do; where they stand does not matter, so it is remembered."""
    source = workspace.project.source if workspace.project else ""
    ends = [(one.lever.kind, one.lever.rule, one.positions) for one in levers]
    about = (workspace.table.fingerprint, source, repr((workspace.dialect, rules, ends)))
    return _counted(about, workspace, rules, levers)


def levers_in_hand(here: Opened, rules: Logic) -> tuple[tuple[Lever, ...], tuple[str, ...]]:
    """The levers of the address, else of the scenario, else proposed; and what was left out."""
    possible = possible_levers(here.workspace, rules)
    if current().levers:
        levers, lost = of_link(current().levers, possible)
        return levers or propose(here.workspace, rules), lost
    story = scenarios.story_in_hand(here, rules)
    if story is not None and story.levers:
        return story.levers, ()
    return propose(here.workspace, rules), ()


def keep(here: Opened, rules: Logic, levers: Sequence[Lever]) -> None:
    """Hold these levers, and put them into the address."""
    possible = possible_levers(here.workspace, rules)
    current().levers = tuple(link_text(lever, possible) for lever in levers)
    write_link()


def standing(placed: Sequence[Placed], at: Sequence[int]) -> tuple[Lever, ...]:
    """The levers where the screen has them; one that the rules agree with follows the rules."""
    return tuple(
        replace(one.lever, value=None if place == one.own else one.positions[place])
        for one, place in zip(placed, at, strict=True)
    )


def back_to_rules(levers: Sequence[Lever]) -> tuple[Lever, ...]:
    """The levers once the rules are as they stood; how many tasks come is no rule and stays."""
    return tuple(one if one.kind == "tasks" else replace(one, value=None) for one in levers)


def setup(here: Opened, rules: Logic, placed: Sequence[Placed], notes: str) -> None:
    """Choose the levers, their names and their bounds, and write the presenter's notes."""
    levers = [one.lever for one in placed]
    possible = {lever.id: lever for lever in possible_levers(here.workspace, rules)}
    names = {id: lever.name for id, lever in possible.items()} | {
        one.id: one.name for one in levers
    }
    chosen = held(key("story.chosen"), [lever.id for lever in levers])

    def choose(ids: list[str]) -> None:
        known = possible | {lever.id: lever for lever in levers}
        keep(here, rules, [known[id] for id in ids])

    def change(lever: Lever, **changes: str | float) -> None:
        try:
            edited = checked(replace(lever, **changes), "Lever")  # type: ignore[arg-type]
        except InputError as error:
            current().notice = str(error)
            return
        keep(here, rules, [edited if one.id == lever.id else one for one in levers])

    def write(text: str) -> None:
        current().notes = text

    st.multiselect(
        "Levers, at most four",
        list(possible),
        default=chosen.value,
        format_func=lambda id: f"{names[id]} ({_KINDS[possible[id].kind]})",
        max_selections=MOST_LEVERS,
        help=LEVER,
        key=chosen.key,
        on_change=chosen.then(choose),
    )
    for one in placed:
        _lever(one, change)
    noted = held(key("story.notes"), notes)
    st.text_area(
        "Notes for the presenter",
        value=noted.value,
        max_chars=MOST_NOTES,
        key=noted.key,
        on_change=noted.then(write),
        help="Never in the link, in print or in full screen; a scenario that is saved keeps them.",
    )


_KINDS = {
    "share": "percentage",
    "least": "shortest time",
    "most": "longest time",
    "switch": "on or off",
    "tasks": "number",
}


def _lever(placed: Placed, change: Callable[..., None]) -> None:
    lever = placed.lever
    left, low, high = st.columns([4, 1, 1])
    name = held(key("story.name", lever.id), lever.name)
    left.text_input(
        f"Name of this lever (start: {value_text(lever.kind, placed.positions[placed.own])})",
        value=name.value,
        max_chars=LONGEST_NAME,
        key=name.key,
        on_change=name.then(lambda text: change(lever, name=text.strip() or lever.name)),
    )
    if lever.kind == "switch":
        return
    unit, word = _UNIT[lever.kind], _WORD[lever.kind]
    number_field(
        "From", key("story.low", lever.id), round(lever.low / unit, 9),
        lambda value: change(lever, low=value * unit), unit=word, low=0, place=low,
    )  # fmt: skip
    number_field(
        "To", key("story.high", lever.id), round(lever.high / unit, 9),
        lambda value: change(lever, high=value * unit), unit=word, low=0, place=high,
    )  # fmt: skip
