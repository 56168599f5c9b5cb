"""Counts out of pasted text: read where there is one reading, refused with the place where not.

A table as people copy it has a line per output: a name, a count, perhaps a percentage. Thousands
are set apart by a comma, a point, an apostrophe or a blank; what could be two numbers, a fraction
or a decimal is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import InputError

MOST_DIGITS = 12

_BLANKS = "\u00a0\u2007\u2009\u202f\ufeff"
_PERCENT = re.compile(
    r"\(?\s*[\d.,'’]+\s*(?:[%％﹪٪‰]|(?:per ?cent|pct|prozent)\b)\s*\)?", re.IGNORECASE
)
_GROUPED = re.compile(
    r"\d{1,3}(?:([,.'’ ])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}"  # 1,204 and 1,23,456
)
_WHOLE = re.compile(rf"(?:{_GROUPED.pattern}|\d+)(?:[.,]0+)?")
_TOTAL = re.compile(r"[\W_]*(?:(?:sub|grand )?total|sum|summe|gesamt)\b", re.IGNORECASE)
_CELL = re.compile(r"\t|[:;|]|\s{2,}")
_RUN = re.compile(r"\d(?:[\d.,'’ ]*\d)?")
_BESIDE = re.compile(r"[^\s(),;:=]")
_NAMES = "Name every line by its output, or none."
_HINT = "Put each count on a line of its own, as whole numbers: 1204."


def read_counts(text: str, labels: Sequence[str]) -> tuple[int, ...]:
    """The pasted numbers, in the order of the labels: `31, 69`, or a line per label.

    Lines that all begin with a label may come in any order.

    Args:
        text: What was pasted.
        labels: One per count.

    Raises:
        InputError: Another number of counts, or a text with two readings, a sign, a decimal, a
            fraction or a percentage alone.
    """
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    lines = [line.strip() for line in text.splitlines() if re.search(r"\d", line)]
    if len(lines) == 1 < len(labels):
        lines = _in_one_line(lines[0], len(labels))
    if len(lines) != len(labels):
        raise InputError(
            "The pasted counts",
            f"{len(lines)} numbers were found, {len(labels)} are needed.",
            f"Paste one each for {', '.join(labels)}.",
        )
    named = [_label_of(line, labels) for line in lines]
    for line, label in zip(lines, named, strict=True):
        if label is None and _TOTAL.match(line):
            raise InputError("The pasted counts", f"“{line}” is none of the outputs.", _NAMES)
    counts = [_count(line, label) for line, label in zip(lines, named, strict=True)]
    if None in named or len(set(named)) < len(labels):
        if any(label not in (None, labels[place]) for place, label in enumerate(named)):
            message = "the lines are named in another order than the outputs, and not all of them."
            raise InputError("The pasted counts", message, _NAMES)
        return tuple(counts)
    return tuple(counts[named.index(label)] for label in labels)


def _in_one_line(line: str, wanted: int) -> list[str]:
    """The parts of a line that holds all counts."""
    for strong in (r"[;|\t]\s*", r",\s+", r"\s{2,}"):
        parts = [part for part in re.split(strong, line) if part.strip()]
        if len(parts) > 1:
            return parts
    words = line.split()
    if all(re.fullmatch(r"\d+", word) for word in words):
        return words if not _GROUPED.search(line) or len(words) == 1 else _refuse(line)
    if len(words) == wanted and all(_WHOLE.fullmatch(word) for word in words):
        return words
    parts = line.split(",")
    if all(re.fullmatch(r"\d+", part) for part in parts) and not _GROUPED.search(line):
        return parts
    return _refuse(line) if len(parts) > 1 else [line]


def _refuse(line: str) -> list[str]:
    raise InputError("The pasted counts", f"“{line}” can be read in two ways.", _HINT)


def _label_of(line: str, labels: Sequence[str]) -> str | None:
    """The label that a line begins with, the longest where several do."""
    for label in sorted(labels, key=len, reverse=True):
        if label and line.casefold().startswith(label.casefold()):
            tail = line[len(label) :]
            if not tail or not tail[0].isalnum():
                return label
    return None


def _count(line: str, label: str | None) -> int:
    tail = line[len(label) :].lstrip(" \t,;:|=·") if label else line
    cells = [cell for cell in _CELL.split(tail) if cell.strip()]
    if label is None and len(cells) > 1 and re.search(r"[^\W\d]", cells[0]):
        cells = cells[1:]
    left = " \t ".join(_PERCENT.sub(" ", cell) for cell in cells)
    runs = list(_RUN.finditer(left))
    if not runs:
        what = "is a percentage, not a count" if _PERCENT.search(line) else "has no count"
        raise InputError("The pasted counts", f"“{line}” {what}.", _HINT)
    if len(runs) > 1:
        raise InputError("The pasted counts", f"“{line}” holds more than one number.", _HINT)
    run, number = runs[0], runs[0][0]
    beside = left[: run.start()][-1:] + left[run.end() :][:1]
    is_plain = number.isdecimal()
    unnamed = re.search(r"[^\W\d]", left) is not None
    whole = _WHOLE.fullmatch(number)
    if _BESIDE.search(beside) or whole is None or (number[0] == "0" and number.strip("0")):
        raise InputError("The pasted counts", f"“{line}” is not a whole number of tasks.", _HINT)
    if unnamed and not is_plain and not re.fullmatch(r"\d+\.0+", number):
        _refuse(line)  # “Rule 1,130” may be 130 of rule 1
    digits = re.sub(r"\D", "", re.sub(r"[.,]0+$", "", number) if _decimal(number) else number)
    if len(digits) > MOST_DIGITS:
        raise InputError("The pasted counts", f"“{line}” is too large.", _HINT)
    return int(digits)


def _decimal(number: str) -> bool:
    """Whether the number ends in a decimal part, which is all zeros: `1204.0`, but not `1.000`."""
    return _GROUPED.fullmatch(number) is None and re.search(r"[.,]0+$", number) is not None
