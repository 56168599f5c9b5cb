"""Names that are made of names: hierarchies, alternatives, notes in brackets, heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.plugin_runs.mapping.spelling import listed
from core.plugin_runs.mapping.things import things
from core.plugin_runs.mapping.words import NEGATIONS, Token, plainly, read_name

_NOTE = re.compile(r"^(.*?)\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*(.*)$", re.DOTALL)
_BELOW = re.compile(
    r"\s*(?:::|->|=>|(?<=\s)-(?=\s)|[→»›\\]|(?<!\d)[.:](?!\d)|(?<=[^\W\d_])\s*>\s*(?=[^\W\d_]))\s*"
)
_OR = re.compile(r"\s*[,;]\s*")
_EITHER = re.compile(r"\s*[/|]\s*|\s+or\s+", re.IGNORECASE)
_AROUND = listed(
    "of with for in on at from by near under over inside behind beside riding wearing carrying"
    " holding driving pushing using walking sitting standing lying"
)
"""Words behind which no head stands: a glass of wine, a person on a bicycle."""
DENIALS = NEGATIONS | {"negative", "neg", "off"}
_UNREAL = listed(
    "toy fake pseudo dummy mock imitation artificial statue picture painting drawing photo"
    " mannequin ghost stuffed model"
)
"""Words before a name that make of it another thing."""
_OPEN = listed("any all general generic other misc miscellaneous various etc")
SIDES = listed(
    "left right upper lower front rear back top bottom inner outer anterior posterior superior"
    " inferior medial lateral proximal distal dorsal ventral middle north south east west"
)
"""Words that stand before a name or behind it: kidney left, left kidney."""
_BEHIND = listed(
    "left right upper lower anterior posterior superior inferior medial lateral proximal distal"
    " dorsal ventral female male adult young juvenile old small large big tiny parked moving"
    " stopped occluded truncated spotted benign malignant"
    " red green blue yellow black white orange gray grey brown"
)
"""Of them, and of words for sex, age, state and colour, those that narrow the name before them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a name offers to be found by.

    Args:
        rows: Groups of partial names. Within a group any may be meant; of the groups the first
            that is found counts.
        note: A note in brackets, or "".
    """

    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


def is_denied(tokens: Sequence[Token]) -> bool:
    """Whether a name says that something is absent or negative."""
    ends_in_minus = bool(tokens) and tokens[-1].text == "-"
    return ends_in_minus or any(token.text in DENIALS for token in tokens)


def parts_of(name: str) -> Parts:
    """The parts of a name; none where it has none, or where one alone would say another thing."""
    name = plainly(name)
    if is_denied(read_name(name).tokens):
        return Parts()
    noted = _NOTE.match(name)
    note = ""
    if noted and read_name(noted[2]).tokens and read_name(noted[1] + noted[3]).tokens:
        note, name = noted[2], f"{noted[1]} {noted[3]}".strip()
    rows = _rows(name)
    if note:
        rows = ((name,), *rows)
    return Parts(rows, note)


def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    below = _split(_BELOW, name)
    if below and any(token.text in _UNREAL for token in read_name(below[-1]).tokens):
        return ((below[-1],),)
    if below:
        backwards = " ".join(reversed(below[-2:]))
        return ((backwards,), *((part,) for part in reversed(below)))
    alternatives = _split(_OR, name)
    if alternatives:
        return tuple((part,) for part in alternatives)
    either = _split(_EITHER, name)
    if either:
        return (tuple(reversed(either)),)
    steps = [part for part in name.split("_") if part]
    if len(steps) > 1 and _is_above(steps[0], steps[1]):
        return tuple((part,) for part in reversed(steps))
    return ()


def _split(between: re.Pattern[str], name: str) -> list[str]:
    """The parts of a name, none when one of them is no name by itself (w/o, A/C, 1/2, class.3)."""
    parts = [part for part in between.split(name) if part.strip()]
    fit = all(any(len(token.text) > 1 for token in _words(part)) for part in parts)
    return parts if len(parts) > 1 and fit else []


def _words(part: str) -> Iterator[Token]:
    return (token for token in read_name(part).tokens if not token.tells)


def _is_above(one: str, other: str) -> bool:
    table = things()
    above, below = (table.of(read_name(part).tokens) for part in (one, other))
    return above is not None and below is not None and above in table.kinds(below)


def names_one_of(title: str) -> tuple[str, ...]:
    """The parts by which a title may be found as a whole: alternatives, or the last of a hierarchy.

    A note narrows a title, so the title stands for its name alone only where the note says what
    it is anyway (`Bat (animal)`) or that anything is meant.
    """
    parts = parts_of(title)
    if not parts.note:
        rows = parts.rows
        if rows and len(_split(_BELOW, plainly(title))) > 1:
            rows = rows[:2]
        return tuple(part for row in rows for part in row)
    tokens = read_name(parts.note).tokens
    known = things().of(tokens) is not None or any(token.text in _OPEN for token in tokens)
    return parts.rows[0] if known else ()


def heads(tokens: Sequence[Token]) -> Iterator[tuple[int, Sequence[Token]]]:
    """The ends of a name from the whole on, each with the number of words before it.

    What stands behind a word such as `of` or `with` is left out, and words that only narrow it.
    """
    end = next((n for n, token in enumerate(tokens) if n and token.text in _AROUND), len(tokens))
    bare = end
    while bare > 1 and (tokens[bare - 1].text in _BEHIND or _is_code(tokens[bare - 1])):
        bare -= 1
    if any(token.text in _BEHIND for token in tokens[bare:end]):
        end = bare
    both = any(token.text == "and" for token in tokens)  # fish and chips are no chips
    for start in range(1 if both else end):
        before = tokens[:start]
        if before and before[-1].text in _UNREAL:
            return
        if before and all(token.tells for token in before):
            continue  # what tells one of a series is no word about it
        yield start, tokens[start:end]


def turned(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """The name with its side or number on the other end: `vertebra L1` is `L1 vertebra`."""
    if any(token.kind == "sign" for token in tokens):
        return
    for cut in range(1, len(tokens)):
        first, last = tuple(tokens[:cut]), tuple(tokens[cut:])
        for block, others in ((first, last), (last, first)):
            if all(_is_place(token) for token in block) and not any(
                _is_code(token) for token in others
            ):
                yield last + first
                break


def _is_place(token: Token) -> bool:
    return token.text in SIDES or _is_code(token)


def _is_code(token: Token) -> bool:
    return token.kind == "number" or len(token.text) == 1
