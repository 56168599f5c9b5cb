"""Names as text: what would be markup to Streamlit is shown as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.model.names import distinct
from core.model.text import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|$~<>:@-])")


def host_name(host: str) -> str:
    """A host without its scheme, which would make it a link."""
    return plain(host.partition("://")[2])


def labels(texts: Iterable[str]) -> dict[str, str]:
    """What a picker shows for each of these texts: all fit to be seen, and no two alike."""
    return distinct({text: text for text in texts}, {})


def plain(text: str) -> str:
    """The text with every character of Markdown escaped, and what cannot be shown as its code."""
    return _MARKUP.sub(r"\\\1", visible(text))
