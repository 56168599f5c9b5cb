"""Shares of counts and how well they are known."""

from __future__ import annotations


def proportion_interval(first: int, of: int) -> tuple[float, float]:
    """Exact 95 % interval of a proportion (Clopper and Pearson, Biometrika 26, 1934)."""
    from scipy.special import betaincinv  # commands that need no rate start without it

    low = betaincinv(first, of - first + 1, 0.025) if first else 0.0
    high = betaincinv(first + 1, of - first, 0.975) if first < of else 1.0
    return float(low), float(high)
