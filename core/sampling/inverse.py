"""The share that reaches what is wanted: a chance to notice, a margin, few escaped errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, expm1, log, log1p, nextafter

import numpy as np

from core.errors import InputError
from core.proportions import proportion_interval
from core.sampling.shares import FixedSample, Lot, binomial_below, smallest

_TIE = 1e-12
"""What rounding may take from a chance that is just enough."""
_NEAR = 1e-9
"""How far, as a part of it, rounding may put a share off."""
_FEW = 4_096
"""So many wrong tasks are multiplied out one by one."""


@dataclass(frozen=True, slots=True)
class ShareNeeded:
    """The smallest share that is enough.

    Args:
        share: Percent, as small as a float can say it; None where 100 % is not enough.
        whole: The smallest whole percent; None likewise.
        fixed: Tasks of the smallest fixed sample that is enough; None likewise.
    """

    share: float | None
    whole: int | None
    fixed: int | None

    @property
    def possible(self) -> bool:
        """Whether any share is enough."""
        return self.share is not None


IMPOSSIBLE = ShareNeeded(None, None, None)


def share_to_notice(lot: Lot, confidence: float) -> ShareNeeded:
    """The share at which some wrong task is caught with a chance of `confidence` at least.

    1 − (1 − p·catch)^wrong ≥ confidence; of a fixed sample its hypergeometric counterpart.

    Args:
        lot: The tasks.
        confidence: From 0 to 1.

    Raises:
        InputError: No task of the lot is wrong, so there is nothing to notice.
    """
    _check_confidence(confidence)
    if not lot.wrong:
        message = f"{lot.errors} of {lot.tasks} tasks is no task, so nothing can be noticed."
        raise InputError("errors", message, "Give a larger lot or a larger error rate.")

    def enough(share: float) -> bool:
        return _chance_to_notice(lot.wrong, share * lot.catch) >= confidence

    if confidence == 0:
        return ShareNeeded(0.0, 0, 0)
    if not enough(1.0):
        return IMPOSSIBLE
    chance = -expm1(log1p(-confidence) / lot.wrong) if confidence < 1 else 1.0
    return ShareNeeded(*percents(min(1.0, chance / lot.catch), enough), _fixed(lot, confidence))


def _check_confidence(confidence: float) -> None:
    if not 0 <= confidence <= 1:
        raise InputError("confidence", "is not from 0 to 1.", "95 % are 0.95.")


def _chance_to_notice(wrong: int, chance: float) -> float:
    return 1 - float((1 - chance) ** wrong)


def percents(start: float, enough: Callable[[float], bool]) -> tuple[float, int]:
    """The smallest percent that is enough by its own floats, and the smallest whole one.

    Args:
        start: The share that solves the equation, but for rounding.
        enough: Whether a share from 0 to 1 is enough.
    """
    percent = min(100.0, 100 * start)
    if not enough(percent / 100):  # the float that solves the equation misses it by a rounding
        low, percent = percent, min(100.0, percent * (1 + _NEAR))
        while low < (half := (low + percent) / 2) < percent:
            low, percent = (low, half) if enough(half / 100) else (half, percent)
    whole = max(0, ceil(percent) - 1)
    while whole < 100 and not enough(whole / 100):
        whole += 1
    return percent, whole


def _fixed(lot: Lot, confidence: float) -> int | None:
    """The smallest fixed sample that catches a wrong task with that chance."""
    if confidence == 1:
        return lot.tasks - lot.wrong + 1 if lot.catch == 1 else None
    wanted = log(1 - confidence) * (1 - _TIE)

    def enough(many: int) -> bool:
        return _log_none(lot, many) <= wanted

    if not enough(lot.tasks):
        return None
    return smallest(enough, lot.tasks)


def _log_none(lot: Lot, many: int) -> float:
    """Logarithm of the chance that a fixed sample catches nothing."""
    tasks, wrong = lot.tasks, lot.wrong
    if lot.catch < 1:
        none = FixedSample(lot, many).none_caught
        return log(none) if none > 0 else -np.inf
    few, rest = (wrong, many) if wrong <= many else (many, wrong)
    if rest + few > tasks:
        return -np.inf
    if few <= _FEW:
        return float(np.log1p(-rest / (tasks - np.arange(few))).sum())
    return -np.inf if few * rest / tasks > 1e5 else _log_none_by_blocks(tasks, few, rest)


def _log_none_by_blocks(tasks: int, few: int, rest: int) -> float:
    """The same where many factors are to be multiplied."""
    total = 0.0
    for begin in range(0, few, 1 << 20):
        end = min(few, begin + (1 << 20))
        total += float(np.log1p(-rest / (tasks - np.arange(begin, end))).sum())
        if total < -1e4:
            break
    return total


def share_for_escaped(lot: Lot, escaped: int, confidence: float = 0.95) -> ShareNeeded:
    """The share at which at most so many wrong tasks escape, with a chance of `confidence`.

    Escaped tasks are Bin(wrong, 1 − p·catch); of a fixed sample they are the wrong ones left out.

    Args:
        lot: The tasks.
        escaped: How many may escape.
        confidence: From 0 to 1.

    Raises:
        InputError: One of them is no such number.
    """
    _check_confidence(confidence)
    if escaped < 0:
        raise InputError("escaped", "is below 0.", "Give a number of tasks.")
    if escaped >= lot.wrong or confidence == 0:
        return ShareNeeded(0.0, 0, 0)
    from scipy.special import betaincinv  # late: as in `core.proportions`

    def enough(share: float) -> bool:
        missed = 1 - share * lot.catch
        return binomial_below(escaped, lot.wrong, missed).item() >= confidence - _TIE

    def enough_fixed(many: int) -> bool:
        return _chance_few_escape(lot, many, escaped) >= confidence - _TIE

    if not enough(1.0):
        return IMPOSSIBLE
    missed = float(betaincinv(escaped + 1, lot.wrong - escaped, 1 - confidence))
    start = max(0.0, min(1.0, (1 - missed) / lot.catch))
    fixed = smallest(enough_fixed, lot.tasks) if enough_fixed(lot.tasks) else None
    return ShareNeeded(*percents(start, enough), fixed)


def _chance_few_escape(lot: Lot, many: int, escaped: int) -> float:
    drawn, weights = FixedSample(lot, many).window
    least = lot.wrong - escaped
    if lot.catch == 1:
        return float(weights[drawn >= least].sum())
    able = drawn >= least
    # at least so many of the drawn are noticed: at most the rest of them are not
    ways = [binomial_below(d - least, d, 1 - lot.catch) for d in drawn[able]]
    return float(weights[able] @ np.concatenate(ways)) if ways else 0.0


def share_for_margin(lot: Lot, margin: float) -> ShareNeeded:
    """The share from which on the error rate is known to ± `margin`.

    Half the width of the exact 95 % limits at the expected numbers, rounded, as
    `ShareBought.margin` has them. Rounding makes that width go in teeth; the number from which on
    all are narrow enough counts.

    Args:
        lot: The tasks.
        margin: From above 0 to 1.

    Raises:
        InputError: The margin is no such number.
    """
    if not 0 < margin <= 1:
        raise InputError("margin", "is not above 0 and up to 1.", "±2 % are 0.02.")
    rate = lot.wrong / lot.tasks * lot.catch

    def enough(many: int) -> bool:
        low, high = proportion_interval(min(many, round(many * rate)), many)
        return (high - low) / 2 <= margin

    if not enough(lot.tasks):
        return IMPOSSIBLE
    many = smallest(enough, lot.tasks)
    tooth = ceil(1 / rate) + 1 if rate > 0 else 1
    beyond = range(min(lot.tasks, many + min(tooth, _FEW)), many - 1, -1)
    many = next((n + 1 for n in beyond if not enough(n)), many)
    # the smallest percent whose expected number is rounded to so many
    share = max(0.0, (many - 0.5) / lot.tasks) * 100 if many else 0.0
    while round(lot.tasks * share / 100) < many:
        share = nextafter(share, 200)
    whole = ceil(share)
    return ShareNeeded(share, whole, many)
