"""The config as form and as JSON, in step, with what differs from the default and the last run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.ango_json.text import dumps
from core.charts.runs import change_table
from core.errors import InputError
from core.model.figures import counted, whole_number
from core.model.names import BLANK, labels
from core.model.text import cut, visible
from core.plugin_runs.config.check import mistake_text, mistakes
from core.plugin_runs.config.diff import ConfigChange, difference
from core.plugin_runs.config.edit import layout, same, with_value
from core.plugin_runs.config.form import Field, fields
from core.plugin_runs.draft import is_readable
from core.plugin_runs.model import Plugin
from pages._ui import starting
from pages._ui.bound_widget import held, hold
from pages._ui.keys import Key, key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.numbers import fits
from pages.plugins.parts.json_editor import json_editor, take_edit

EDITOR = key("start-config")
WIDE = ("text", "choices", "texts")
MOST_SHOWN = 200


def take_typed() -> None:
    """Keep what was typed into the editor; ask before the page reads the start."""
    typed = take_edit(EDITOR)
    if typed is not None:
        starting.edit(config=typed)


def changes_from(before: str, now: str) -> tuple[ConfigChange, ...] | None:
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
        mark=wrong[0].data if wrong else None,
    )  # fmt: skip
    for mistake in wrong[:5]:
        st.markdown(f":small[:red[:material/error: {plain(mistake_text(mistake))}]]")
    if len(wrong) > 5:
        st.caption(f"and {counted(len(wrong) - 5)} more.")
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
    changes = changes_from(before, text)
    if changes is None:
        return
    if not changes:
        st.caption(f":material/drag_handle: Means the same as {what}.")
        return
    many = f"{len(changes)} difference{'' if len(changes) == 1 else 's'}"
    with st.expander(f"{many} from {what}", icon=":material/difference:"):
        st.dataframe(
            change_table(changes, what[:1].upper() + what[1:], "Now"), hide_index=True,
            key=key("start.config.diff", what),
        )  # fmt: skip


def _format(text: str) -> None:
    _set(layout(text))


def _set(text: str) -> None:
    starting.edit(config=text)


def _field(field: Field) -> None:
    """A widget for one value; it shows the draft's value and writes back what is edited.

    What is not sent, or null, is an empty widget that says so.
    """
    at = key("start.config", field.key)
    more: dict[str, Any] = {"key": at, "help": plain(field.help) or None}
    more["on_change"] = partial(_write, field, at)
    value, title = field.value, plain(field.title.strip() or field.key) or BLANK
    number = int if field.kind == "whole" else float
    if field.kind in ("whole", "number") and value is not None and not fits(value, number):
        _as_json_only(title, dumps(value), at)
        return
    if field.kind == "text" and value is not None and visible(value) != value:
        _as_json_only(title, visible(value), at)
        return
    if field.kind == "switch" and value is not None and not field.nullable:
        _shows(more, field, bool(value))
        st.toggle(title, **more)
        return
    more["placeholder"] = _placeholder(field)
    clears = field.nullable or value is None
    if field.kind in ("switch", "choice"):
        switch = field.kind == "switch"
        options, label = ((True, False), _on_off) if switch else (field.options, _label(field))
        place = next((n for n, one in enumerate(options) if one == value), None)
        chosen = held(at, None if place is None else options[place])
        # as the default: a list of numbers shows its first entry where only the session says which
        more |= {"key": chosen.key, "index": place, "on_change": chosen.then(partial(_put, field))}
        st.selectbox(title, options, format_func=label, **more)
        return
    if field.kind in ("choices", "texts"):
        _shows(more, field, list(value or ()), "default")
        more |= {"accept_new_options": not field.options, "format_func": _label(field)}
        st.multiselect(title, field.options or tuple(dict.fromkeys(value or ())), **more)
        return
    if field.kind in ("whole", "number"):
        kept = "" if value is None else f"It stays {whole_number(value)}."
        number_field(
            title, at, None if value is None else number(value), partial(_put, field),
            low=_bound(field.low), high=_bound(field.high), whole=number is int,
            empty=more["placeholder"] if clears else None, stays=kept,
            help=more["help"],
        )  # fmt: skip
        return
    shows = value
    if clears:  # only a widget that begins empty can be emptied, so the session fills it
        more |= {"value": None}
        hold(at, shows)
    else:
        _shows(more, field, shows)
    lines = isinstance(value, str) and "\n" in value  # one line would lose its breaks
    (st.text_area if lines else st.text_input)(title, **more)


def _bound(limit: Any) -> float | None:
    """A bound as the box says it; one beyond its numbers is none."""
    return limit if limit is not None and fits(limit, float) else None


def _shows(more: dict[str, Any], field: Field, value: Any, name: str = "value") -> None:
    """Give a widget its value as its own default.

    In the session it is lost with a run that the next one interrupts, and the widget's least value
    would come back as if somebody had typed it.
    """
    chosen = held(more["key"], value)
    more |= {"key": chosen.key, name: chosen.value, "on_change": chosen.then(partial(_put, field))}


def _as_json_only(title: str, document: str, at: Key) -> None:
    """A value that no field can hold as it is: it is shown, and stays what it is in the JSON."""
    text = cut(document, MOST_SHOWN)
    hold(at, text)
    st.text_input(title, key=at, disabled=True, help="No field holds this; edit it as JSON.")


def _label(field: Field) -> Callable[[Any], str]:
    """What each option is called: fit to be seen, and no two alike."""
    options = list(field.options or dict.fromkeys(field.value or ()))
    called = labels({str(place): field.label(one) for place, one in enumerate(options)})

    def label(option: Any) -> str:
        for place, one in enumerate(options):
            if type(one) is type(option) and one == option:
                return called[str(place)]
        return visible(str(option))  # typed just now

    return label


def _on_off(value: bool) -> str:
    return "on" if value else "off"


def _placeholder(field: Field) -> str:
    """What an empty widget stands for."""
    if field.sent:
        return "null" if field.value is None else ""
    default = cut(visible(field.default), MOST_SHOWN)
    return f"not sent ({default})" if default else "not sent"


def _write(field: Field, at: Key) -> None:
    _put(field, st.session_state[at])


def _put(field: Field, value: Any) -> None:
    if value is None and not (field.nullable and field.sent):
        return
    value = list(value) if field.kind in ("choices", "texts") else value
    if field.kind == "number" and value is not None and value.is_integer():
        value = int(value)  # as people write it
    text = starting.latest().config or "{}"
    if not field.sent or not same(field.value, value):
        starting.edit(config=with_value(text, field.key, value))
