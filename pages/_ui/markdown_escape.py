"""Names as text: what would be markup to Streamlit is shown as it stands."""

from __future__ import annotations

import re

from core.model.text import cut, one_line

LONGEST = 2_000
"""Characters of a text inside a line; what may be longer is shown by `pages._ui.long_text`."""

ROW = 300
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|$~<>:@-])")


def host_name(host: str) -> str:
    """A host without its scheme, which would make it a link."""
    return plain(host.partition("://")[2])


def fit(text: str) -> str:
    """The text on one line, no longer than a row of a page has room for; not for Markdown."""
    return one_line(cut(text, ROW))


def plain(text: str) -> str:
    """The text on one line with all Markdown escaped, and what cannot be shown as its code.

    A line break would begin a paragraph, a list or a block of code; it is shown as `⏎`.
    """
    return _MARKUP.sub(r"\\\1", one_line(cut(text, LONGEST)))
