"""Text of others whose length nobody bounds: folded, counted, and whole as a download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.charts.tables import text_table
from core.model.figures import counted
from core.model.text import cut, visible
from pages._ui.figure import data_table
from pages._ui.keys import Key, part
from pages._ui.markdown_escape import plain

SENTENCE = 400
"""Characters that are said in one piece."""

CODE, ROWS = 20_000, 100
"""Characters of a block that are sent to the browser, and lines of one that is no code."""

NAMES, LINES = 40, 20


def long_text(text: str, file: str, key: Key, say: Callable[..., object], **more: Any) -> None:
    """Say a text; of a long one its beginning, how long it is, and all of it as a file.

    Args:
        text: Of any length.
        file: What the file is called.
        key: Of the widgets.
        say: Shows a short text, such as `st.success`.
        **more: Passed on to it.
    """
    lines = text.count("\n") + 1
    if len(text) <= SENTENCE and lines <= LINES:
        say(plain(text), **more)
        return
    first = plain(text.strip()[:SENTENCE].partition("\n")[0][:120])
    say(
        f"{first}… {counted(lines)} line{'' if lines == 1 else 's'}, {counted(len(text))} "
        "characters",
        **more,
    )
    long_code(text, file, key, language=None, height=160)


def long_code(
    text: str, file: str, key: Key, language: str | None = "json", height: int = 260
) -> None:
    """A block of code of a fixed height; a longer text than it holds is a file, too."""
    begin = "\n".join(text[:CODE].split("\n")[: ROWS if language is None else CODE])
    beginning = visible(cut(text, len(begin)))
    st.code(beginning, language=language, height=height, wrap_lines=language is None)
    if len(begin) < len(text):
        st.download_button(
            f"Download all {counted(len(text))} characters",
            lambda: text.encode("utf-8", "backslashreplace"),
            file,
            icon=":material/download:",
            key=part(key, "download"),
            on_click="ignore",
        )


def long_list(names: Sequence[str], heading: str, key: Key, empty: str = "None") -> None:
    """Names in a row; of many the first, how many more there are, and all of them as a table."""
    first = ", ".join(plain(name) for name in names[:NAMES]) or empty
    left = len(names) - NAMES
    st.markdown(first + (f" and {counted(left)} more" if left > 0 else ""))
    if left > 0:
        with st.popover(f"All {counted(len(names))}", icon=":material/list:", type="tertiary"):
            data_table(text_table({heading: list(names)}), key)


def long_lines(lines: Sequence[str], heading: str, key: Key, say: Callable[[str], object]) -> None:
    """Lines of Markdown, one each; of many the first, and how many more there are in a table.

    Args:
        lines: As plain text.
        heading: Of the table.
        key: Of the widgets.
        say: Shows one line.
    """
    for line in lines[:LINES]:
        say(line)
    left = len(lines) - LINES
    if left > 0:
        st.caption(f"and {counted(left)} more.")
        with st.popover(f"All {counted(len(lines))}", icon=":material/list:", type="tertiary"):
            data_table(text_table({heading: list(lines)}), key)
