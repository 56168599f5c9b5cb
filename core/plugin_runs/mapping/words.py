"""What a name of a class says: words, numbers and signs, each kept where it carries meaning.

Nothing that tells two things apart is thrown away: signs (`CD8+`, `<5 mm`, `C#`), numbers, and
marks that are letters in their script (バス is not ハス). What is taken off is how a name is
written: case, width, blanks, invisible characters, the accents of Latin script, punctuation between
words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.plugin_runs.mapping.spelling import listed

Kind = Literal["word", "number", "sign"]

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z]*)|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_SHORT = ((re.compile(r"\bw/o\b", re.I), "without "), (re.compile(r"\bw/(?=\s|\w)", re.I), "with "))
_RAISED = re.compile(r"(?<=\d)(?=[⁺⁻]?[⁰¹²³⁴-⁹])")
_APART = re.compile(r"(?<=[\d①-⓿])(?=[₀-₉¼-¾⅐-⅟①-⓿])|(?<=[¼-¾⅐-⅞①-⓿])(?=\d)")
_NUMBER = re.compile(r"\d+(?:[.,/:]\d+)*")
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(ix|iv|v?i{0,3})$")
_BETWEEN = frozenset(" _.,;:/\\|()[]{}\"“”„«»‘’'`´…·•、。・")
_JOINERS = "\u200c\u200d"
_COUNTS = {
    word: number
    for number, words in {
        "0": "zero", "1": "one single", "2": "two double twin", "3": "three triple",
        "4": "four quad", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine",
        "10": "ten", "11": "eleven", "12": "twelve", "1.": "first", "2.": "second", "3.": "third",
        "4.": "fourth", "5.": "fifth", "6.": "sixth", "7.": "seventh", "8.": "eighth",
    }.items()
    for word in words.split()
}  # fmt: skip
NEGATIONS = listed(
    "no not non without never none nothing anti false missing absent lack lacking free except"
    " excluding minus ohne kein keine nicht sans sin sem senza zonder ikke inte un ex former"
)
"""Words by which a name says that something is not there."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a name.

    Args:
        text: In lower case, without the accents of Latin script.
        kind: A number is digits with what joins them; a sign is one character.
    """

    text: str
    kind: Kind

    @property
    def tells(self) -> bool:
        """Whether it tells one of a series: a number, a sign, a single letter, a roman numeral."""
        return self.kind != "word" or len(self.text) == 1 or self.value is not None

    @property
    def value(self) -> str | None:
        """The number that it writes, in digits; None where it writes none."""
        if self.kind == "number":
            return self.text.lstrip("0") or "0" if self.text.isdigit() else self.text
        if self.text in _COUNTS:
            return _COUNTS[self.text]
        if self.kind == "word" and self.text and _ROMAN.match(self.text):
            return str(_roman(self.text))
        return None


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in text]
    after = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, after, strict=True))


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts.

    Args:
        tokens: What it says.
        letters: Its letters in lower case with their accents, nothing between them.
        accents: Those of them that have an accent of Latin script, in order.
    """

    tokens: tuple[Token, ...]
    letters: str
    accents: tuple[str, ...]

    def agrees(self, other: Name) -> bool:
        """Whether the accents of both can be meant alike: equal, or one name has none."""
        return not self.accents or not other.accents or self.accents == other.accents


@lru_cache(maxsize=8192)
def read_name(text: str) -> Name:
    """Take a name apart; a text of blanks has no tokens."""
    spread = _CAMEL.sub(" ", plainly(text))
    accented = unicodedata.normalize("NFC", spread.casefold())
    tokens = tuple(_tokens(_folded(accented)))
    letters = "".join(c for c in accented if c.isalnum() or unicodedata.category(c)[0] == "M")
    accents = () if letters.isascii() else tuple(c for c in letters if _folded(c) != c)
    return Name(tokens, letters, accents)


def plainly(text: str) -> str:
    """The text in usual characters, none that nobody sees, `w/o` written out."""
    apart = _APART.sub(" ", _RAISED.sub("^", text))  # 10² is not 102, and 1½ is not 11/2
    plain = _visible(unicodedata.normalize("NFKC", apart).replace("\u2044", "/"))
    for pattern, words in _SHORT:
        plain = pattern.sub(words, plain)
    return re.sub(" {2,}", " ", plain)


def _visible(text: str) -> str:
    """Without characters that nobody sees; joiners inside a script that needs them stay."""
    letters = []
    for at, letter in enumerate(text):
        category = unicodedata.category(letter)
        if letter in _JOINERS and 0 < at < len(text) - 1 and ord(text[at - 1]) > 0x24F:
            letters.append(letter)
        elif category == "Pd" or letter == "\u2212":
            letters.append("-")
        elif category in ("Cc", "Zl", "Zp", "Zs"):
            letters.append(" ")
        elif category != "Cf" and not 0xFE00 <= ord(letter) <= 0xFE0F:
            letters.append(letter)
    return "".join(letters)


def _folded(text: str) -> str:
    """Without the accents of Latin letters; marks of other scripts are letters and stay."""
    if text.isascii():
        return text
    letters: list[str] = []
    latin = False
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.category(letter) != "Mn":
            latin = unicodedata.name(letter, "").startswith("LATIN")
        elif latin:
            continue
        letters.append(letter)
    return unicodedata.normalize("NFC", "".join(letters))


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    signed = "+" in text
    inside = range(len(text) - len(text.lstrip(" -")), len(text.rstrip(" -")))
    while at < len(text):
        letter = text[at]
        number = _NUMBER.match(text, at) if letter.isdigit() else None
        if number:
            digits = "".join(str(unicodedata.decimal(c, c)) for c in number[0])
            tokens.append(Token(digits, "number"))
            at = number.end()
        elif _is_letter(letter):
            end = at
            while end < len(text) and _is_letter(text[end]):
                end += 1
            tokens.append(Token(text[at:end], "word"))
            at = end
            if re.match(r"['’][^\W\d_]", text[at : at + 2]):
                at += 2 if text[at + 1] == "s" and not _is_letter(text[at + 2 : at + 3]) else 1
        else:
            if letter == "&":
                tokens.append(Token("and", "word"))
            elif (letter == "-" and (at not in inside or _is_sign(text, at, signed))) or (
                letter in "'’\"" and at and (text[at - 1].isdigit() or _is_prime(text, at))
            ):
                tokens.append(Token("'" if letter == "’" else letter, "sign"))
            elif letter not in _BETWEEN and letter != "-":
                tokens.append(Token(letter, "sign"))
            at += 1
    return tokens


def _is_letter(letter: str) -> bool:
    return bool(letter) and not letter.isdigit() and (
        unicodedata.category(letter)[0] in "LMN" or letter in _JOINERS
    )  # fmt: skip


def _is_prime(text: str, at: int) -> bool:
    """Whether an apostrophe marks the single letter before it: e' is not e, 'e' is."""
    before = text[at - 2 : at - 1] if at > 1 else " "
    alone = _is_letter(text[at - 1]) and not _is_letter(before)
    return alone and before not in "'’\"" and text[at] != '"'


def _is_sign(text: str, at: int, signed: bool) -> bool:
    """Whether a hyphen inside a name is a minus or a range, and not what joins two words."""
    before, after = text[at - 1], text[at + 1]
    if before == after == " ":
        return False
    if before in " ^<>=≤≥±~" or after in " +-/,;)" or (before.isdigit() and after.isdigit()):
        return True
    return signed
