"""Patterns of a JSON Schema: ECMA-262 regular expressions, searched without ever hanging.

A pattern is rewritten into one that RE2 reads, whose time grows with the text alone. What RE2 has
no means for (looking ahead or behind, repeating what a group found, rare properties of Unicode)
goes to `regex`, which may take long and is therefore given a time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache

import re2
import regex

from core.model.text import whole

SECONDS = 1.0
"""What one check of a config may spend on patterns that RE2 cannot search."""

Ranges = tuple[tuple[int, int], ...]
"""Code points from and to, in order."""

_TOP = 0x10FFFF
_DIGIT: Ranges = ((0x30, 0x39),)
_WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACE: Ranges = (
    (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_LINE_END: Ranges = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??")
_GROUP = re.compile(r"\((?:\?(?::|=|!|<=|<!|P?<[A-Za-z_]\w*>|[ims]+(?:-[ims]+)?[:)]))?")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{0*([0-9A-Fa-f]{1,6})\}|c([A-Za-z])")
_PROPERTY = re.compile(r"([pP])\{([\w=]+)\}")
_NAMED = re.compile(r"k<([A-Za-z_]\w*)>")


class PatternError(ValueError):
    """A pattern that is none; the text says why."""


class TooSlow(Exception):
    """A pattern was not decided in its time."""


def _but(ranges: Ranges) -> Ranges:
    """All other code points."""
    rest, start = [], 0
    for low, high in ranges:
        if start < low:
            rest.append((start, low - 1))
        start = high + 1
    return (*rest, (start, _TOP)) if start <= _TOP else tuple(rest)


def _literal(code: int) -> str:
    """One character, spelled so that it stands for itself in a class and outside."""
    sign = chr(code) if not 0xD800 <= code <= 0xDFFF else "\N{REPLACEMENT CHARACTER}"
    return f"\\{sign}" if sign.isascii() and sign.isprintable() and not sign.isalnum() else sign


def _listed(ranges: Ranges) -> str:
    return "".join(
        _literal(low) if low == high else f"{_literal(low)}-{_literal(high)}"
        for low, high in ranges
    )


class _Reader:
    """Goes through a pattern once and says the same for another engine."""

    def __init__(self, pattern: str, boundary: Callable[[str], str]) -> None:
        self.text, self.at, self.boundary = pattern, 0, boundary

    def rest(self) -> Iterator[str]:
        repeatable = False
        while self.at < len(self.text):
            sign = self.text[self.at]
            if match := _QUANTIFIER.match(self.text, self.at):
                if not repeatable:
                    raise PatternError(f"nothing to repeat before “{match[0]}”")
                self.at = match.end()
                repeatable = False
                yield match[0]
                continue
            repeatable = sign not in "^|("
            self.at += 1
            if sign == "\\":
                yield self.escape()
            elif sign == "[":
                yield self.set()
            elif sign == "(":
                match = _GROUP.match(self.text, self.at - 1)
                if match is None or self.text.startswith("?", match.end()):
                    raise PatternError("“(?” begins no group that JSON Schema knows")
                self.at = match.end()
                yield (
                    match[0].replace("(?<", "(?P<") if re.match(r"\(\?<\w", match[0]) else match[0]
                )
            elif sign == ".":
                yield f"[{_listed(_but(_LINE_END))}]"
            elif sign == "$":
                yield r"\z"
            else:
                yield sign if sign in "^|)" else _literal(ord(sign))

    def escape(self) -> str:
        sign = self.text[self.at : self.at + 1]
        if sign in ("b", "B"):
            self.at += 1
            return self.boundary(sign)
        if match := re.compile(r"[1-9]\d?").match(self.text, self.at):
            self.at = match.end()
            return f"(?:\\{match[0]})"
        if match := _NAMED.match(self.text, self.at):
            self.at = match.end()
            return f"(?P={match[1]})"
        ranges = self.code()
        if isinstance(ranges, str):
            return ranges
        single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
        return _literal(ranges[0][0]) if single else f"[{_listed(ranges)}]"

    def code(self) -> Ranges | str:
        """What an escape stands for, in a class and outside: code points, or a property."""
        sign = self.text[self.at : self.at + 1]
        if match := _CODE.match(self.text, self.at):
            self.at = match.end()
            if match[4]:
                return self._one(ord(match[4]) % 32)
            code = int(match[1] or match[2] or match[3], 16)
            half = re.compile(r"\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})").match(self.text, self.at)
            if 0xD800 <= code < 0xDC00 and half:
                self.at = half.end()
                code = 0x10000 + ((code - 0xD800) << 10) + int(half[1], 16) - 0xDC00
            if code > _TOP:
                raise PatternError(f"“\\{match[0]}” is no character")
            return self._one(code)
        if match := _PROPERTY.match(self.text, self.at):
            self.at = match.end()
            name = match[2].rpartition("=")[2]
            short = regex.compile(r"(?:gc|General_Category|sc|Script|scx|Script_Extensions)=\w+")
            if "=" in match[2] and not short.fullmatch(match[2]):
                raise PatternError(f"“\\{match[0]}” is no property of characters")
            return f"\\{match[1]}{{{name}}}"
        self.at += 1
        if sign.lower() in _CLASSES and sign:
            ranges = _CLASSES[sign.lower()]
            return ranges if sign.islower() else _but(ranges)
        if sign in _CONTROLS:
            return self._one(_CONTROLS[sign])
        if not sign or (sign.isascii() and sign.isalnum()):
            raise PatternError(f"“\\{sign}” has no meaning in JSON Schema")
        return self._one(ord(sign))

    @staticmethod
    def _one(code: int) -> Ranges:
        return ((code, code),)

    def set(self) -> str:
        """A class in brackets; the opening one has been read."""
        negated = self.text.startswith("^", self.at)
        self.at += negated
        parts = []
        while not self.text.startswith("]", self.at):
            low = self._member()
            first = self._single(low)
            dash = self.text.startswith("-", self.at) and not self.text.startswith("-]", self.at)
            if not dash or first is None:
                parts.append(self._spelled(low))
                continue
            self.at += 1
            high = self._member()
            last = self._single(high)
            if last is None:
                parts += [self._spelled(low), "\\-", self._spelled(high)]
                continue
            if last < first:
                raise PatternError("a range in brackets ends before it begins")
            parts.append(_listed(((first, last),)))
        self.at += 1
        inner = "".join(parts)
        if not inner:
            return f"[{'' if negated else '^'}{_listed(_but(()))}]"
        return f"[{'^' if negated else ''}{inner}]"

    @staticmethod
    def _single(member: Ranges | str) -> int | None:
        """The one code point of a member, None for one of several."""
        if isinstance(member, str) or len(member) > 1 or member[0][0] != member[0][1]:
            return None
        return member[0][0]

    @staticmethod
    def _spelled(member: Ranges | str) -> str:
        return member if isinstance(member, str) else _listed(member)

    def _member(self) -> Ranges | str:
        if self.at >= len(self.text):
            raise PatternError("a bracket is not closed")
        sign = self.text[self.at]
        self.at += 1
        if sign != "\\":
            return self._one(ord(sign))
        if self.text.startswith("b", self.at):
            self.at += 1
            return self._one(8)
        return self.code()


_INSIDE, _NOT_INSIDE = "[0-9A-Za-z_]", "[^0-9A-Za-z_]"
_EDGE = f"(?:(?<={_INSIDE})(?!{_INSIDE})|(?<!{_INSIDE})(?={_INSIDE}))"
_NO_EDGE = f"(?:(?<={_INSIDE})(?={_INSIDE})|(?<!{_INSIDE})(?!{_INSIDE}))"
_QUIET = re2.Options()
_QUIET.log_errors = False


@lru_cache(maxsize=512)
def compiled(pattern: str) -> tuple[re2._Regexp | None, regex.Pattern[str] | None]:
    """The pattern for RE2, or where that has no means for it, for `regex`.

    Raises:
        PatternError: It is no regular expression of ECMA-262 (with Python's `(?i)` and `(?P<a>…)`).
    """
    pattern = whole(pattern)
    plain = "".join(_Reader(pattern, lambda sign: f"\\{sign}").rest())
    try:
        return re2.compile(plain, _QUIET), None
    except re2.error:
        edges = {"b": _EDGE, "B": _NO_EDGE}
    try:
        return None, regex.compile("".join(_Reader(pattern, edges.__getitem__).rest()))
    except (regex.error, OverflowError) as error:
        raise PatternError(str(error)) from error


class Patterns:
    """Searches patterns for one check.

    Args:
        seconds: What all searches that are not RE2's may take together.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._left = seconds

    def found(self, pattern: str, text: str) -> bool:
        """Whether a text has the pattern somewhere.

        Raises:
            PatternError: It is no pattern.
            TooSlow: It was not decided in the time that is left.
        """
        text = whole(text)
        quick, slow = compiled(pattern)
        if slow is None:
            return quick is not None and quick.search(text) is not None
        if self._left <= 0:
            raise TooSlow
        began = time.monotonic()
        try:
            return slow.search(text, timeout=self._left) is not None
        except TimeoutError as error:
            raise TooSlow from error
        finally:
            self._left -= time.monotonic() - began
