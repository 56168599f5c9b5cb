"""What words stand for, and what it is a kind of: the table `things.txt`, opened once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from core.plugin_runs.mapping.keys import joined, worded
from core.plugin_runs.mapping.spelling import canonical
from core.plugin_runs.mapping.words import Token, read_name

TABLE = Path(__file__).with_name("things.txt")
LONGEST = 5
"""So many words has the longest name of a thing that is looked for inside a name."""
_PART = re.compile(r"\s*([=~<])\s*")


@dataclass(slots=True)
class Things:
    """Things by number.

    Args:
        by_key: The thing that a name stands for, by the key of its words.
        near: What a project often calls it instead, both ways.
        parents: What it is a kind of.
        count: How many there are.
    """

    by_key: dict[str, int] = field(default_factory=dict)
    near: dict[int, set[int]] = field(default_factory=dict)
    parents: dict[int, set[int]] = field(default_factory=dict)
    count: int = 0

    def of(self, tokens: Sequence[Token]) -> int | None:
        """The thing that a whole name stands for."""
        return self.by_key.get(worded(tokens))

    def kinds(self, thing: int) -> dict[int, int]:
        """What a thing is a kind of, with the number of steps."""
        steps: dict[int, int] = {}
        level, far = {thing}, 0
        while level:
            far += 1
            level = {up for one in level for up in self.parents.get(one, ())} - steps.keys()
            steps |= dict.fromkeys(level, far)
        return steps

    def meant(self, tokens: Sequence[Token]) -> str:
        """The key of a name in which every thing, the longest first, stands for its words."""
        pieces: list[str] = []
        at = 0
        while at < len(tokens):
            for end in range(min(len(tokens), at + LONGEST), at, -1):
                thing = self.by_key.get(worded(tokens[at:end]))
                if thing is not None:
                    pieces.append(f"<{thing}>")
                    at = end
                    break
            else:
                pieces.append(canonical(tokens[at].text, len(tokens) == 1))
                at += 1
        return joined(pieces)


@cache
def things() -> Things:
    """The table."""
    return read_things(TABLE.read_text(encoding="utf-8"))


def read_things(text: str) -> Things:
    """Read a table; its head says how it is written."""
    table = Things()
    later: list[tuple[int, str, str]] = []
    above: list[tuple[int, int]] = []
    for depth, items in _lines(text):
        while above and above[-1][0] >= depth:
            above.pop()
        for item in items:
            names = _PART.split(item)
            same = [names[0]] + [
                b for a, b in zip(names[1::2], names[2::2], strict=True) if a == "="
            ]
            thing = _number(table, same)
            later += [
                (thing, a, b) for a, b in zip(names[1::2], names[2::2], strict=True) if a != "="
            ]
            if above:
                table.parents.setdefault(thing, set()).add(above[-1][1])
        above.append((depth, thing))
    for thing, sign, name in later:
        other = _number(table, [name])
        if sign == "<":
            table.parents.setdefault(thing, set()).add(other)
        else:
            table.near.setdefault(thing, set()).add(other)
            table.near.setdefault(other, set()).add(thing)
    for thing, ups in table.parents.items():  # only the nearest: what is above them follows
        table.parents[thing] = ups - {far for up in ups for far in table.kinds(up)}
    return table


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield len(line) - len(line.lstrip()), [one.strip() for one in line.split(",")]


def _number(table: Things, names: Sequence[str]) -> int:
    """The thing of these names; a name that is known already says which."""
    keys = [worded(read_name(name).tokens) for name in names]
    known = [table.by_key[key] for key in keys if key in table.by_key]
    thing = known[0] if known else table.count
    table.count += not known
    for key in keys:
        table.by_key.setdefault(key, thing)
    return thing
