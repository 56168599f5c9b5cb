"""Names as text: what would be markup to Streamlit is shown as it stands."""

from __future__ import annotations

import re

from core.model.text import cut, one_line

LONGEST = 2_000
"""Characters of a text inside a line; what may be longer is shown by `pages._ui.long_text`."""

ROW = 300
_MARKUP = re.compile(
    r"((?<=[-.\w+])@(?=[-\w])|(?<=www)\.|(?:(?<=http)|(?<=https)):(?=//[-.\w]))"  # a link
    r"|([\\`*_{}\[\]()#+!|$~<>:@-])",
    re.IGNORECASE,
)


def host_name(host: str) -> str:
    """A host without its scheme, which would make it a link."""
    return plain(host.partition("://")[2])


def fit(text: str) -> str:
    """The text on one line, no longer than a row of a page has room for; not for Markdown."""
    return one_line(cut(text, ROW))


def plain(text: str) -> str:
    """The text on one line with all Markdown escaped, and what cannot be shown as its code.

    A line break would begin a paragraph, a list or a block of code; it is shown as `⏎`. Addresses
    become links in spite of escapes, unless they are no text of one piece: their `@` stands in a
    span of its own, which a reader, a search and a copy do not notice.
    """
    return _MARKUP.sub(_escaped, one_line(cut(text, LONGEST)))


def _escaped(sign: re.Match[str]) -> str:
    return f":color[{sign[1]}]" if sign[1] else f"\\{sign[2]}"
