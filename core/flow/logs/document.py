"""The document that `twin` prints, and its sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.flow.logs.reality import Band, Reality, date_of
from core.model.figures import counted, decimals, percent, tenths
from core.model.phrases import moment_text
from core.routing.document import DIGITS, check_document

NAMES = {
    "cycle_hours": "Hours of a case",
    "remaining_hours": "Hours that are left",
    "begins_hours": "When cases begin, hours",
    "ngram_2": "Two activities in a row",
    "ngram_3": "Three activities in a row",
}
"""What the measures of `core.flow.logs.reality` are called on a page."""


def reality_document(result: Reality) -> dict[str, Any]:
    """What `twin --json` prints (docs/semantics.md, Against reality)."""
    calibration = result.calibration
    names = calibration.log.activities
    return {
        "split": date_of(calibration.until).isoformat(),
        "cases": {
            "all": len(calibration.log),
            "learnt_from": calibration.cases,
            "rest": len(result.rest),
        },
        "arrivals": {
            "per_hour": _rounded(calibration.coming.per_hour),
            "by_hour_of_week": not calibration.coming.hours.always,
        },
        "activities": [
            {
                "name": names[one.activity],
                "people": one.people,
                "open_share": _rounded(one.hours.open_share),
                "events": len(one.minutes),
                "minutes": _rounded(float(one.minutes.mean())),
                "delay_minutes": _rounded(float(one.delays.mean()) if len(one.delays) else 0.0),
            }
            for one in calibration.work
        ],
        "distances": {
            name: {
                "mean": _rounded(one.mean),
                "low": _rounded(one.low),
                "high": _rounded(one.high),
                "luck": _rounded(one.luck),
                "first_part": _rounded(one.first_part),
            }
            for name, one in result.distances.items()
        },
        "held": {
            "under_way": _rounded(result.under_way.held),
            "begins": _rounded(result.begins.held),
            "cycle": _rounded(result.cycle.held),
        },
        "under_way": _band(result.under_way, dated=True),
        "begins": _band(result.begins, dated=True),
        "cycle": _band(result.cycle, dated=False),
        "replications": result.replications,
        "problems": check_document(result.problems)["problems"],
    }


def reality_words(result: Reality) -> Iterator[str]:
    """What the comparison says, in sentences without markup."""
    calibration = result.calibration
    yield (
        f"From {counted(calibration.cases)} cases that end before "
        f"{moment_text(date_of(calibration.until))}, {counted(len(result.rest))} that begin after "
        f"it are forecast, in {counted(result.replications)} replications."
    )
    cycle = result.distances.get("cycle_hours")
    if cycle is not None:
        yield (
            f"Cycle times of the forecast are {tenths(cycle.mean)} hours from those that came; "
            f"two replications are {tenths(cycle.luck)} hours from each other."
        )
        if cycle.first_part is not None:
            yield _against_plain(cycle.mean, cycle.first_part)
        two, three = result.distances["ngram_2"], result.distances["ngram_3"]
        yield (
            f"Of two activities in a row {decimals(two.mean, 2)} of the shares differ, of three "
            f"{decimals(three.mean, 2)}; by luck alone {decimals(two.luck, 2)} and "
            f"{decimals(three.luck, 2)} would."
        )
    yield (
        f"The band of nine in ten held for cases under way at "
        f"{percent(round(result.under_way.held, 3))} of the times, for begins in "
        f"{percent(round(result.begins.held, 3))} of the periods."
    )


def _against_plain(forecast: float, first: float) -> str:
    plain = f"The cycle times of the first part, taken as they are, are {tenths(first)} hours off"
    if forecast < first:
        return f"{plain}: the forecast is nearer."
    return f"{plain}: the forecast is no nearer, so it does not help here."


def _band(band: Band, dated: bool) -> list[dict[str, Any]]:
    columns = (band.at, band.real, band.mean, band.low, band.high)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        {
            ("at" if dated else "percent"): date_of(at).isoformat() if dated else at,
            "real": _rounded(real),
            "mean": _rounded(mean),
            "low": _rounded(low),
            "high": _rounded(high),
        }
        for at, real, mean, low, high in rows
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
