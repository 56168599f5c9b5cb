"""Durations, days, moments and lists as people say them, in one style everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import isfinite

from core.model.figures import counted, exact, tenths, whole_number


def as_sentence(text: str) -> str:
    """A clause with a capital."""
    return text[:1].upper() + text[1:]


def joined(words: tuple[str, ...] | list[str], last: str) -> str:
    """Words as a list: `a, b and c`; "" for none."""
    if not words:
        return ""
    *front, end = words
    joint = ", no " if last == "and no" else ", "
    return f"{joint.join(front)} {last} {end}" if front else end


def entries_text(count: int) -> str:
    """So many entries of a record: `1 entry`, `1,204 entries`."""
    return "1 entry" if count == 1 else f"{counted(count)} entries"


def day_text(day: date) -> str:
    """A day: `26 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def iso(seconds: float) -> str:
    """A time as Ango Hub writes it, with milliseconds and `Z`."""
    at = datetime.fromtimestamp(seconds, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_text(at: datetime | float, seconds: bool = False, zone: bool = True) -> str:
    """A moment in UTC: `26 Nov 2026, 14:03 UTC`.

    Args:
        at: With its time zone, or seconds since 1970.
        seconds: Whether they matter.
        zone: Whether to say that it is UTC, where no heading does.
    """
    then = datetime.fromtimestamp(at, UTC) if isinstance(at, (int, float)) else at.astimezone(UTC)
    clock = f"{then:%H:%M:%S}" if seconds else f"{then:%H:%M}"
    return f"{day_text(then)}, {clock}{' UTC' * zone}"


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


def hours_text(hours: float) -> str:
    """Hours of a forecast: `36.4 h`, from a hundred on whole ones."""
    return f"{tenths(hours)} h" if hours < 100 else f"{counted(round(hours))} h"


LEAST_SECONDS = 1.0
"""Work whose pace is asked for sooner has none yet."""


def seconds_left(spent: float, done: float, total: float | None) -> float | None:
    """How long the rest takes at the pace so far, None while that cannot be told."""
    if not total or done <= 0 or spent < LEAST_SECONDS:
        return None
    return spent / done * max(0.0, total - done)


def rough_duration(milliseconds: float) -> str:
    """A duration that is only guessed, so beyond two minutes without seconds: `3 min`."""
    if milliseconds < 1_000:
        return "less than a second"
    return duration_text(round(milliseconds / 60_000) * 60_000 if milliseconds >= 120_000
                         else round(milliseconds, -3))  # fmt: skip


def left_text(seconds: float | None) -> str:
    """What is said behind how far something is: `, about 30 s left`, "" where it is not known."""
    if seconds is None:
        return ""
    return f", {'' if seconds < 1 else 'about '}{rough_duration(1_000 * seconds)} left"
