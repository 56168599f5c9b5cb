"""The config as form and as JSON, in step, with what differs from the default and the last run."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.charts.runs import change_table
from core.config.check import mistakes
from core.config.diff import Change, difference
from core.config.edit import layout, same, with_value
from core.config.form import Field, fields
from core.errors import InputError
from core.runs.model import Plugin
from core.starting.draft import is_readable
from pages._ui import starting
from pages._ui.components.json_editor import json_editor, take_edit
from pages._ui.held import hold
from pages._ui.keys import Key, key
from pages._ui.plain import plain

EDITOR = key("start-config")
WIDE = ("text", "choices", "texts")
SAFE = 2**53 - 1
"""Larger whole numbers lose digits in a browser; they are edited as JSON."""


def take_typed() -> None:
    """Keep what was typed into the editor; ask before the page reads the start."""
    typed = take_edit(EDITOR)
    if typed is not None:
        starting.edit(config=typed)


def changes_from(before: str, now: str) -> tuple[Change, ...] | None:
    """What differs, or None while one of them is not JSON."""
    try:
        return difference(before, now)
    except InputError:
        return None


def config_editor(text: str, plugin: Plugin, last: str | None) -> None:
    """Show the config and take its edits.

    Args:
        text: The config now.
        plugin: Whose default and schema it is compared with.
        last: Config of the last successful run, None without one.
    """
    wrong = mistakes(text, plugin.config_schema)
    known = fields(text, plugin.config, plugin.config_schema)
    readable = not wrong or is_readable(text)
    json_editor(
        text, key=EDITOR, label="Config, JSON", height=200,
        mark=(wrong[0].line, wrong[0].column) if wrong else None,
    )  # fmt: skip
    for mistake in wrong[:5]:
        st.markdown(f":small[:red[:material/error: {plain(str(mistake))}]]")
    if len(wrong) > 5:
        st.caption(f"and {len(wrong) - 5:,} more.")
    if not wrong:
        st.caption(":material/check: Valid. The plugin receives this text as it stands.")
    with st.container(horizontal=True):
        st.button(
            "Format", disabled=not readable, on_click=_format, args=(text,),
            key="start.config.format",
        )  # fmt: skip
        st.button(
            "Reset to the default", disabled=text == plugin.config, on_click=_set,
            args=(plugin.config,), key="start.config.reset",
        )  # fmt: skip
    if known:
        for field in known:
            if field.kind in WIDE:
                _field(field)
        across = st.columns(3)
        for place, field in enumerate(one for one in known if one.kind not in WIDE):
            with across[place % 3]:
                _field(field)
    elif readable:
        st.caption("This config has no plain values to show as a form; edit it as JSON.")
    else:
        st.caption("The form comes back when the JSON can be read.")
    _differences("the default", plugin.config, text)
    if last is not None:
        _differences("the last successful run", last, text)


def _differences(what: str, before: str, text: str) -> None:
    found = changes_from(before, text)
    if found is None:
        return
    if not found:
        st.caption(f":material/drag_handle: Means the same as {what}.")
        return
    many = f"{len(found)} difference{'' if len(found) == 1 else 's'}"
    with st.expander(f"{many} from {what}", icon=":material/difference:"):
        st.dataframe(
            change_table(found, what[:1].upper() + what[1:], "Now"), hide_index=True,
            key=key("start.config.diff", what),
        )  # fmt: skip


def _format(text: str) -> None:
    _set(layout(text))


def _set(text: str) -> None:
    starting.edit(config=text)


def _field(field: Field) -> None:
    """A widget for one value; it shows the draft's value and writes back what is edited."""
    at = key("start.config", field.key)
    more: dict[str, Any] = {"key": at, "help": field.help or None}
    more["on_change"] = partial(_write, field, at)
    value, title = field.value, field.title
    if field.kind == "switch":
        hold(at, bool(value))
        st.toggle(title, **more)
    elif field.kind == "whole" and abs(value) <= SAFE:
        hold(at, int(value))
        low, high = (None if one is None else int(one) for one in (field.low, field.high))
        st.number_input(title, *_around(low, high, int(value)), step=1, **more)
    elif field.kind == "number":
        hold(at, float(value))
        bounds = _around(field.low, field.high, float(value))
        st.number_input(title, *bounds, step=0.1, format="%.10g", **more)
    elif field.kind == "text":
        hold(at, value)
        st.text_input(title, **more)
    elif field.kind == "choice":
        hold(at, value)
        st.selectbox(title, field.options, **more)
    elif field.kind in ("choices", "texts"):
        hold(at, list(value))
        options = field.options or list(dict.fromkeys(value))
        new = not field.options
        st.multiselect(title, options, accept_new_options=new, **more)


def _around(low: Any, high: Any, value: Any) -> tuple[Any, Any]:
    """Bounds that the present value lies within; the check says when it should not."""
    return (None if low is None else min(low, value)), (None if high is None else max(high, value))


def _write(field: Field, at: Key) -> None:
    value: Any = st.session_state[at]
    if value is None:
        return
    value = list(value) if field.kind in ("choices", "texts") else value
    if field.kind == "number" and value.is_integer():
        value = int(value)  # as people write it
    text = starting.latest().config or "{}"
    if not same(field.value, value):
        starting.edit(config=with_value(text, field.key, value))
