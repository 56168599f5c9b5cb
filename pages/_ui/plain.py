"""Names as text: what would be markup to Streamlit is shown as it stands."""

from __future__ import annotations

import re

from core.model.text import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|$~<>:@-])")


def host_name(host: str) -> str:
    """A host without its scheme, which would make it a link."""
    return plain(host.partition("://")[2])


def plain(text: str) -> str:
    """The text with every character of Markdown escaped, and what cannot be shown as its code."""
    return _MARKUP.sub(r"\\\1", visible(text))
