"""Durations and lists as people say them."""

from __future__ import annotations

from datetime import date
from math import isfinite

from core.model.figures import counted, exact, whole_number


def as_sentence(text: str) -> str:
    """A clause with a capital."""
    return text[:1].upper() + text[1:]


def joined(words: tuple[str, ...] | list[str], last: str) -> str:
    """Words as a list: `a, b and c`."""
    *front, end = words
    joint = ", no " if last == "and no" else ", "
    return f"{joint.join(front)} {last} {end}" if front else end


def day_text(day: date) -> str:
    """A day: `26 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def duration_text(milliseconds: float) -> str:
    """A duration in the largest units that say it exactly: `1 h 5 min`, `90.5 s`."""
    if not isfinite(milliseconds):
        return "∞ s"
    spent = exact(float(f"{milliseconds:.15g}")) / 1_000
    sign, spent = ("-", -spent) if spent < 0 else ("", spent)
    if spent < 60:
        return f"{sign}{whole_number(float(spent))} s"
    hours, rest = divmod(spent, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [
        f"{counted(hours)} h" if hours else "",
        f"{minutes} min" if minutes else "",
        f"{whole_number(float(left))} s" if left else "",
    ]
    return sign + " ".join(part for part in parts if part)


TIME_UNITS = {"ms": 1.0, "min": 60_000.0, "s": 1_000.0, "h": 3_600_000.0}
"""Milliseconds of each unit that a duration is typed in; longer words before their ends."""


def unit_of_time(milliseconds: float | None) -> str:
    """The smallest unit that `duration_text` says, in which it is one number: 65 min."""
    return "min" if milliseconds is None else duration_text(milliseconds).rsplit(" ", 1)[1]


def about_duration(milliseconds: float) -> str:
    """A measured duration, to the second from ten seconds on, below it to a tenth."""
    return duration_text(round(milliseconds, -3 if milliseconds >= 10_000 else -2))
