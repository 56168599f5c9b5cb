"""Which levers a story has, and where people choose, name and bound them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import InputError
from core.model.glossary import LEVER
from core.model.stages import Logic
from core.scenario.cost import LookCount, look_count
from core.scenario.lever_table import LeverTable
from core.scenario.lever_texts import checked, link_text, of_link
from core.scenario.levers import (
    LONGEST_NAME,
    MOST_LEVERS,
    Lever,
    Placed,
    bounded,
    possible_levers,
    propose,
    starting_at,
)
from core.scenario.story import MOST_NOTES, count
from core.workspace import Workspace
from pages._ui import scenarios
from pages._ui.bound_widget import held
from pages._ui.keys import Key, key
from pages._ui.number_field import number_field
from pages._ui.state import Opened, current, write_link

_UNIT = {"least": 60_000.0, "most": 60_000.0}
_WORD = {"share": "%", "error_rate": "%", "least": "min", "most": "min", "tasks": "tasks"}


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
    ends = [
        (one.lever.kind, one.lever.rule, () if one.lever.of_cost else one.positions)
        for one in levers
    ]
    about = (workspace.table.fingerprint, source, repr((workspace.dialect, rules, ends)))
    return _counted(about, workspace, rules, levers)


@st.cache_data(max_entries=16, show_spinner="Reading what reviews showed")
def _looked(about: tuple[str, str], _workspace: Workspace) -> LookCount:  # noqa: ARG001
    return look_count(_workspace)


def looked_once(workspace: Workspace) -> LookCount:
    """What reviews showed of all tasks, remembered."""
    source = workspace.project.source if workspace.project else ""
    return _looked((workspace.table.fingerprint, source), workspace)


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
    """The levers once the rules are as they stood; those that are of no rule stay."""
    return tuple(replace(one, value=None) if one.rule else one for one in levers)


def setup(here: Opened, rules: Logic, placed: Sequence[Placed], notes: str) -> None:
    """Choose the levers, their names and their bounds, and write the presenter's notes."""
    levers = [one.lever for one in placed]
    possible = {lever.id: lever for lever in possible_levers(here.workspace, rules)}
    names = {id: lever.name for id, lever in possible.items()} | {
        one.id: one.name for one in levers
    }

    def choose(ids: list[str], of_cost: bool) -> None:
        known = possible | {lever.id: lever for lever in levers}
        others = [lever for lever in levers if lever.of_cost != of_cost]
        picked = [known[id] for id in ids]
        keep(here, rules, [*others, *picked] if of_cost else [*picked, *others])

    def change(lever: Lever) -> None:
        try:
            edited = checked(lever, "Lever")
        except InputError as error:
            current().notice = str(error)
            return
        keep(here, rules, [edited if one.id == lever.id else one for one in levers])

    def write(text: str) -> None:
        current().notes = text

    def pick(
        name: Key, label: str, of_cost: bool, most: int | None, words: str, none: str | None
    ) -> None:
        chosen = held(name, [lever.id for lever in levers if lever.of_cost == of_cost])
        st.multiselect(
            label,
            [id for id, lever in possible.items() if lever.of_cost == of_cost],
            default=chosen.value,
            format_func=lambda id: f"{names[id]} ({_KINDS[possible[id].kind]})",
            max_selections=most,
            key=chosen.key,
            on_change=chosen.then(lambda ids: choose(ids, of_cost)),
            help=words,
            placeholder=none,
        )

    pick(key("story.chosen"), "Levers, at most four", False, MOST_LEVERS, LEVER, None)
    costs = "Prices, to show what it costs"
    pick(key("story.costs"), costs, True, None, _COSTS, "No cost is shown")
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
    "review_price": "price",
    "escape_price": "price",
    "rework_price": "price",
    "error_rate": "percentage",
}
_COSTS = (
    "Tasks that go to a Review stage cost a review each, and mending where they are wrong; of all "
    "others the wrong ones slip through. In any currency, the same for all prices."
)


def _lever(placed: Placed, change: Callable[[Lever], None]) -> None:
    lever = placed.lever
    left, *begin, low, high = st.columns([3, 1, 1, 1] if lever.of_cost else [4, 1, 1])
    name = held(key("story.name", lever.id), lever.name)
    left.text_input(
        f"Name of this lever (start: {placed.labels[placed.own]})",
        value=name.value,
        max_chars=LONGEST_NAME,
        key=name.key,
        on_change=name.then(lambda text: change(replace(lever, name=text.strip() or lever.name))),
    )
    if lever.kind == "switch":
        return
    unit, word = _UNIT.get(lever.kind, 1.0), _WORD.get(lever.kind, "")
    for column in begin:
        _start(placed, change, word, column)
    number_field(
        "From", key("story.low", lever.id), round(lever.low / unit, 9),
        lambda value: change(bounded(lever, value * unit, lever.high)), unit=word, low=0, place=low,
    )  # fmt: skip
    number_field(
        "To", key("story.high", lever.id), round(lever.high / unit, 9),
        lambda value: change(bounded(lever, lever.low, value * unit)), unit=word, low=0, place=high,
    )  # fmt: skip


def _start(placed: Placed, change: Callable[[Lever], None], word: str, column: Any) -> None:
    """Where a lever of costs starts; that of the error rate may be left to reviews."""
    lever = placed.lever
    is_rate = lever.kind == "error_rate"
    number_field(
        "Starts at", key("story.start", lever.id),
        lever.start if is_rate else placed.positions[placed.own],
        lambda value: change(
            replace(lever, start=None, value=None) if value is None else starting_at(lever, value)
        ),
        unit=word, low=0, place=column, empty=placed.labels[placed.own] if is_rate else None,
    )  # fmt: skip
