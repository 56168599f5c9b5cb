"""Keys under which names are the same: as written, by words, and by what the words stand for."""

from __future__ import annotations

from collections.abc import Sequence

from core.plugin_runs.mapping.spelling import canonical
from core.plugin_runs.mapping.words import Token


def joined(parts: Sequence[str]) -> str:
    """Texts as one, so that `hair dryer` is `hairdryer`; two numbers never run together."""
    pieces: list[str] = []
    for part in parts:
        if pieces and pieces[-1][-1:].isdigit() and part[:1].isdigit():
            pieces.append(" ")
        pieces.append(part)
    return "".join(pieces)


def written(tokens: Sequence[Token]) -> str:
    """The key of a name but for case, blanks and punctuation."""
    return joined([token.text for token in tokens])


def worded(tokens: Sequence[Token]) -> str:
    """The key of a name but for plurals and spelling, too."""
    alone = len(tokens) == 1
    return joined([canonical(token.text, alone) for token in tokens])
