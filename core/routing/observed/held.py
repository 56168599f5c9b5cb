"""How a kept forecast held: what was seen since, against the interval for as many tasks.

Each output has its interval for the number of tasks that were really seen, from the law that was
kept. An output that had to be as it was, such as one that no task may take, says nothing and does
not count; where it was otherwise all the same, it counts as not held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.model.figures import counted, share_text
from core.proportions import proportion_interval
from core.routing.observed.kept_forecast import KeptForecast, KeptOutput

DIGITS = 9
"""Decimals of a printed mean."""
NEXT = 100
"""Tasks of which an entry says what they are forecast to do, before any have come."""
EXPECTED_SHARE = 0.95
"""Of the outputs, at least, where forecasts are as good as they say."""


@dataclass(frozen=True, slots=True)
class ScoredOutput:
    """An output of a kept forecast beside what came.

    Args:
        label: What it is called.
        target: Id of the stage behind it; None where it is not wired.
        share: Expected share of the tasks that come; None where nothing is forecast.
        expected: Expected tasks among those seen; None likewise, or where none was seen.
        low: Lower end of the 95 % interval for as many tasks, None likewise.
        high: Upper end.
        seen: How many tasks took it; None where that cannot be told.
        why: Why nothing can be told, "" where it can.
    """

    label: str
    target: str | None
    share: float | None
    expected: float | None = None
    low: int | None = None
    high: int | None = None
    seen: int | None = None
    why: str = ""

    @property
    def inside(self) -> bool | None:
        """Whether what was seen is inside the interval; None where that cannot be told."""
        if self.low is None or self.high is None or self.seen is None:
            return None
        return self.low <= self.seen <= self.high

    @property
    def counts(self) -> bool:
        """Whether it tells how good the forecast was: it could have been otherwise, or was."""
        return self.inside is not None and (self.low != self.high or not self.inside)


@dataclass(frozen=True, slots=True)
class HeldShare:
    """How often intervals held.

    Args:
        held: Outputs inside their interval.
        of: Outputs that tell.
        low: Lower end of the exact 95 % interval of the share (Clopper and Pearson).
        high: Upper end.
    """

    held: int
    of: int
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """In words."""
        if not self.of:
            return "Nothing has come yet that a forecast could be held against."
        outputs = "1 output" if self.of == 1 else f"{counted(self.of)} outputs"
        doubt = (
            "fewer than forecasts that are right would have"
            if self.high < EXPECTED_SHARE
            else "95 % or more should"
        )
        return (
            f"The 95 % intervals held {counted(self.held)} of {outputs}: {doubt}; the share that "
            f"this shows is between {share_text(self.low)} and {share_text(self.high)}."
        )


def scored(
    forecast: KeptForecast, tasks: int, seen: Sequence[int], untold: Mapping[int, str]
) -> tuple[ScoredOutput, ...]:
    """Hold what came against a kept forecast.

    Args:
        forecast: As it was kept.
        tasks: How many tasks came since.
        seen: Of these per output; those that are untold do not matter.
        untold: Why it cannot be told how many took an output, by its position.
    """
    return tuple(
        _output(output, tasks, seen[place] if place < len(seen) else 0, untold.get(place, ""))
        for place, output in enumerate(forecast.outputs)
    )


def _output(output: KeptOutput, tasks: int, seen: int, untold: str) -> ScoredOutput:
    if output.law is None:
        return ScoredOutput(output.label, output.target, None, why=output.why)
    share = output.law.of_next(1).expected
    if untold:
        return ScoredOutput(output.label, output.target, share, why=untold)
    if not tasks:
        return ScoredOutput(output.label, output.target, share)
    count = output.law.of_next(tasks)
    return ScoredOutput(
        output.label, output.target, share, count.expected, count.low, count.high, seen
    )


def held_share(outputs: Iterable[ScoredOutput]) -> HeldShare:
    """How often the intervals of some forecasts held."""
    tell = [bool(one.inside) for one in outputs if one.counts]
    return HeldShare(sum(tell), len(tell), *proportion_interval(sum(tell), len(tell)))


@dataclass(frozen=True, slots=True)
class ScoredForecast:
    """A forecast that a publish kept, beside what came since.

    Args:
        at: ISO time of the publish.
        host: The hub.
        own: Whether that is the hub of this data folder.
        project: The project's id there.
        stage: Id of the Logic stage.
        name: Its name then.
        forecast: As it was kept.
        came: Tasks that came to the stage for the first time since, as long as it had these rules;
            None where that cannot be told.
        outputs: Each output of the forecast beside them.
        why: Why nothing can be told, "" where something can.
    """

    at: str
    host: str
    own: bool
    project: str
    stage: str
    name: str
    forecast: KeptForecast
    came: int | None
    outputs: tuple[ScoredOutput, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The forecasts of a project's publishes.

    Args:
        entries: The latest first.
        share: How often the intervals of all of them held.
    """

    entries: tuple[ScoredForecast, ...]
    share: HeldShare


def ledger_document(ledger: Ledger) -> dict[str, Any]:
    """What `ledger --json` prints (docs/semantics.md, Forecasts that were kept)."""
    share = ledger.share
    return {
        "held": share.held,
        "of": share.of,
        "low": round(share.low, DIGITS),
        "high": round(share.high, DIGITS),
        "entries": [_entry(one) for one in ledger.entries],
        "sentence": share.sentence,
    }


def _entry(entry: ScoredForecast) -> dict[str, Any]:
    names = ("at", "host", "own", "project", "stage", "name", "came", "why")
    kept = entry.forecast
    outputs = zip(entry.outputs, kept.outputs, strict=True)
    return {
        **{name: getattr(entry, name) for name in names},
        "tasks": kept.tasks,
        "source": kept.source,
        "next_tasks": NEXT,
        "outputs": [
            {"output": place, **_scored(one), "next": _next(output)}
            for place, (one, output) in enumerate(outputs)
        ],
    }


def _scored(one: ScoredOutput) -> dict[str, Any]:
    names = ("label", "target", "low", "high", "seen", "inside", "counts", "why")
    means = {"share": one.share, "expected": one.expected}
    return {
        **{name: getattr(one, name) for name in names},
        **{name: None if n is None else round(n, DIGITS) for name, n in means.items()},
    }


def _next(output: KeptOutput) -> list[int | None] | None:
    if output.law is None:
        return None
    count = output.law.of_next(NEXT)
    return [count.low, count.high]
