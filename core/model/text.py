"""Text of others made fit to be seen: what cannot be shown, or deceives, stands as its code.

JSON allows half of a surrogate pair, which UTF-8 does not; a control character is not seen, and a
mark of direction makes the text behind it read backwards. The text itself is never changed: only
what is on show is.
"""

from __future__ import annotations

import re

from core.model.figures import counted

_UNSEEN = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
HALF = re.compile("[\ud800-\udfff]")
"""Half of a character: JSON can escape it, no UTF-8 file can hold it."""
_BREAK = re.compile(r"\s*\n\s*")
NEXT_LINE = " ⏎ "
"""What stands for a line break where everything is on one line."""
_UNFIT = re.compile(r"[^\w .()+=,-]+")
LONGEST_FILE_NAME = 80


def visible(text: str) -> str:
    r"""The text with `\ud83d` for half of a pair, `\u202e` for a mark of direction, and so on.

    Line breaks and tabs stay. It is valid UTF-8, and unchanged when it is made visible once more.
    """
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def whole(text: str) -> str:
    """The text with a replacement character for half of one."""
    return HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """The text made visible, with `⏎` for every line break, so that it cannot make a line."""
    return _BREAK.sub(NEXT_LINE, visible(text.replace("\r\n", "\n")))


def cut(text: str, most: int, rest: str = "more characters") -> str:
    """The text, or so many of its characters and how many follow: `abc… 4,464 more characters`."""
    return text if len(text) <= most else f"{text[:most]}… {counted(len(text) - most)} {rest}"


def file_name(name: str, ending: str) -> str:
    """A file's name after somebody's name: no folder, nothing hidden, nothing that is refused.

    Args:
        name: As people call it; what no file's name should hold becomes `-`.
        ending: With its dot.
    """
    fit = _UNFIT.sub("-", name)[:LONGEST_FILE_NAME].strip(" .-")
    return (fit or "unnamed") + ending
