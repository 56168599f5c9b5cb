"""Numbers as text, in one style: `1,204`, `697.5`, `−3`, `+12`, `13.9 %`.

They say no other number: one of a message is printed whole (`whole_number`); where digits must be
left out, a share that is not 0 is never shown as 0, and one that is not all never as 100 %
(`share_labels`). Pages, charts, reports and commands format no number by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

LABEL_DIGITS = 1
"""Decimals of a percentage in a table."""

MOST_LABEL_DIGITS = 12

_READABLE = 18
"""Zeros that are written out."""


MINUS = "−"


def counted(value: float) -> str:
    """A number of tasks or other things, whole: `1,204`, `−3`."""
    return decimals(value, 0)


def tenths(value: float) -> str:
    """A mean where the tenths matter, in tables and reports: `697.5`."""
    return decimals(value, 1)


def decimals(value: float, digits: int) -> str:
    """A number with so many decimals, thousands apart; what rounds to 0 has no sign."""
    rounded = round(value, digits)
    return f"{rounded + 0 if rounded else 0:,.{digits}f}".replace("-", MINUS)


def signed(value: float, digits: int = 0) -> str:
    """A difference with its sign: `+12`, `−3`, `0`."""
    text = decimals(value, digits)
    return text if text.startswith(MINUS) or not round(value, digits) else f"+{text}"


def money_digits(*sums: float) -> int:
    """Decimals of sums of money that stand together: none where one is 100 or more, else two."""
    return 0 if any(round(abs(one), 6) >= 100 for one in sums) else 2


def between(low: float, high: float) -> str:
    """An interval of counts: `1,204 to 1,310`."""
    return f"{counted(low)} to {counted(high)}"


def share_text(share: float) -> str:
    """A share by itself, from 0 to 1: `13.9 %`; shares of one whole go to `share_labels`."""
    return share_labels([share])[0]


def whole_number(value: float) -> str:
    """A number with all its digits: `100.0001`, `0.00001`, `-3`, and `1e-300` beyond reading.

    The digits are the fewest that name this float and no other.
    """
    number = Decimal(repr(float(value)))
    if not number.is_finite():
        return str(number).lower()
    if number and not -_READABLE <= number.adjusted() <= _READABLE:
        return repr(float(value))
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: float) -> Fraction:
    """The number that was written, 0.1 and not the float next to it."""
    return Fraction(repr(float(value)))


def percent(probability: float) -> str:
    """A probability as a percentage with no more digits than it has: `20 %`, `12.5 %`.

    The last digit or two of a float, which are the noise of dividing by 100, are left out unless
    that would make it certain.
    """
    plain = float(f"{probability:.15g}")
    if plain == 1:
        plain = probability
    return f"{whole_number(float(100 * exact(plain)))} %"


def about_percent(probability: float, digits: int = 2) -> str:
    """A percentage of a calculated chance: `33.33 %`, but `> 99.99 %` for all but a little."""
    step = Decimal(1).scaleb(-digits)
    if 0 < probability < 1:
        shown = round(Decimal(repr(float(probability))) * 100, digits)
        if shown >= 100:
            return f"> {100 - step} %"
        if shown <= 0:
            return f"< {step} %"
    return percent(round(probability, digits + 2))


def share_labels(shares: Sequence[float | Fraction], digits: int = LABEL_DIGITS) -> tuple[str, ...]:
    """Percentages of shares that are shown together; `33.3 %`.

    The largest remainders are rounded up, so shares of one whole add up to 100 as they are shown.
    One that is too small for its digits is `<0.1 %`, one that is nearly all `>99.9 %`.

    Args:
        shares: From 0 to 1; together 1, or what part of the whole they are.
        digits: Decimals.
    """
    unit = Fraction(1, 10 ** (digits + 2))
    counted_units = _largest_remainders(shares, unit)
    return tuple(
        _label(share, units, unit, digits)
        for share, units in zip(shares, counted_units, strict=True)
    )


def group_labels(
    shares: Sequence[float], groups: Sequence[Sequence[int]], digits: int = LABEL_DIGITS
) -> tuple[str, ...]:
    """Percentages of what several shares make together: the sums of their `share_labels`.

    Args:
        shares: As of `share_labels`.
        groups: Places in `shares` that are one.
        digits: Decimals.
    """
    unit = Fraction(1, 10 ** (digits + 2))
    units = _largest_remainders(shares, unit)
    return tuple(
        _label(sum(shares[i] for i in group), sum(units[i] for i in group), unit, digits)
        for group in groups
    )


def _label(share: float | Fraction, units: int, unit: Fraction, digits: int) -> str:
    if share > 0 and not units:
        return f"<{float(100 * unit):.{digits}f} %"
    if share < 1 and units * unit >= 1:
        return f">{float(100 - 100 * unit):.{digits}f} %"
    return f"{float(100 * units * unit):.{digits}f} %"


def percents_together(shares: Sequence[float]) -> tuple[str, ...]:
    """Numbers of percentages in a sentence, with as many decimals as the smallest needs: `20.0`.

    Rounded together, as `share_labels` does, so what makes 100 is said to.

    Args:
        shares: From 0 to 1.
    """
    digits = LABEL_DIGITS
    small = [share for share in shares if 0 < share < 1]
    while digits < MOST_LABEL_DIGITS and any(
        not 5 <= round(share * 10 ** (digits + 3)) <= 10 ** (digits + 3) - 5 for share in small
    ):
        digits += 1
    unit = Fraction(1, 10 ** (digits + 2))
    return tuple(
        f"{float(100 * units * unit):.{digits}f}" for units in _largest_remainders(shares, unit)
    )


def _largest_remainders(shares: Sequence[float | Fraction], unit: Fraction) -> list[int]:
    """Whole units of each share, together as many as all shares together make when rounded."""
    exactly = [Fraction(share) / unit for share in shares]
    units = [int(each) for each in exactly]
    missing = round(sum(exactly)) - sum(units)
    order = sorted(range(len(units)), key=lambda place: units[place] - exactly[place])
    for place in order[:missing]:
        units[place] += 1
    return units
