"""The one box for a number: it takes a decimal comma and a decimal point, and says what it refuses.

A browser's own number box drops the comma of 1,5 without a word, and brings a refused number back
when it is cleared. So ours is a line of text, read by `core.model.numbers.read_field`: what was
typed stays until the number is changed from elsewhere, and a sentence below says why it does not
hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from core.model.figures import whole_number
from core.model.numbers import range_words, read_field
from pages._ui.bound_widget import held
from pages._ui.keys import Key, part
from pages._ui.markdown_escape import plain


def number_field(
    label: str,
    name: Key,
    value: float | None,
    act: Callable[[Any], None] | None = None,
    *,
    unit: str = "",
    units: Mapping[str, float] | None = None,
    low: float | None = None,
    high: float | None = None,
    whole: bool = False,
    empty: str | None = None,
    stays: str = "",
    waits: bool = False,
    place: Any = st,
    below: Any = None,
    **more: Any,
) -> Any:
    """Ask for a number; returns the one in the box, None for none that can be used.

    Args:
        label: What it is.
        name: Key of the box.
        value: What the draft has; without `act` what the box begins with.
        act: Takes a number that was typed; without it the box itself keeps the number.
        unit: Of the number, as the cards say it; stands beside the label and may be typed.
        units: Other units that may be typed, with what their numbers are multiplied by.
        low: The least that is taken.
        high: The most that is taken.
        whole: Whether only whole numbers are.
        empty: What an empty box stands for; without it a number is asked for.
        stays: What holds while the box cannot be read, as a sentence.
        waits: Whether a number that `act` did not take stays, as one that waits for its partner.
        place: Where the box is drawn.
        below: Where it is said what is wrong, `place` unless given.
        **more: Passed on to the box.
    """

    def read(text: str) -> Any:
        return read_field(text, {**(units or {}), unit: 1.0} if unit else units, low, high, whole)

    def stays_on_show(text: str) -> bool:
        try:
            number: Any = read(text)
        except ValueError as error:
            number = error
        if act is None or number == value:
            return True
        untaken = waits or isinstance(number, ValueError) or (number is None and empty is None)
        return untaken and bool(st.session_state.get(drawn_with) == value)

    def typed(text: str) -> None:
        with suppress(ValueError):  # said below the box
            number = read(text)
            if act is not None and (number is not None or empty is not None):
                act(number)

    drawn_with = part(name, "of")
    box = held(name, written(value), keep=stays_on_show)
    st.session_state[drawn_with] = value
    text = place.text_input(
        f"{label}, {unit}" if unit else label,
        value=box.value,
        placeholder=empty,
        key=box.key,
        on_change=box.then(typed),
        **more,
    )
    try:
        number = read(text)
    except ValueError as error:
        (below or place).error(plain(f"{error} {stays}".rstrip()))
        return None
    if number is None and empty is None:
        words = "a whole number" if whole and low is high is None else range_words(low, high)
        (below or place).error(plain(f"Type {words}. {stays}".rstrip()))
    return number


def written(value: float | None) -> str:
    """A number as it stands in a box: all its digits, none grouped, decimals behind a point."""
    return "" if value is None else whole_number(value).replace(",", "")
