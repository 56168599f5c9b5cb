"""Levers as people type them, and as a scenario file and the address of a page keep them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from core.errors import InputError
from core.model.figures import counted
from core.model.numbers import is_number, read_number
from core.scenario.levers import (
    COST_KINDS,
    KINDS,
    LONGEST_NAME,
    LONGEST_TIME,
    MOST,
    MOST_POSITIONS,
    PRICES,
    Kind,
    Lever,
    within_limit,
)

GONE = (
    "One lever moved a rule that is no longer there, or no longer has that value; it is left out "
    "and the others stay. Choose another below, under “What may be moved”."
)


def read_value(kind: Kind, text: str) -> float:
    """A value as somebody types it: `35 %`, `10 min`, `off`, `8000`, `0.5`.

    Raises:
        ValueError: It is none.
    """
    word = text.strip().lower()
    if kind == "switch":
        if word in ("on", "off"):
            return float(word == "on")
        raise ValueError(f"“{text[:40]}” is neither on nor off")
    for unit, size in _units(kind).items():
        if word.endswith(unit):
            return read_number(word.removesuffix(unit)) * size
    return read_number(word)


def _units(kind: Kind) -> dict[str, float]:
    if kind in ("share", "error_rate"):
        return {"%": 1.0}
    if kind == "tasks" or kind in PRICES.values():
        return {}
    return {"ms": 1.0, "min": 60_000.0, "s": 1_000.0, "h": 3_600_000.0}


def checked(lever: Lever, source: str) -> Lever:
    """The lever, if its bounds can be used.

    Raises:
        InputError: They cannot.
    """
    most = MOST.get(lever.kind, LONGEST_TIME)
    numbers = (lever.low, lever.high, lever.step, lever.value or 0.0, lever.start or 0.0)
    if not all(isfinite(number) for number in numbers):
        raise InputError(source, f"the bounds of “{lever.name}” are no numbers.")
    if not 0 <= lever.low < lever.high <= most or lever.step <= 0:
        hint = f"The least must be below the greatest, both from 0 to {counted(most)}."
        raise InputError(source, f"“{lever.name}” cannot move between its bounds.", hint)
    if not 0 <= (lever.start or 0.0) <= most:
        hint = f"Give a number from 0 to {counted(most)}."
        raise InputError(source, f"“{lever.name}” cannot start there.", hint)
    if (lever.high - lever.low) / lever.step > MOST_POSITIONS - 1:
        step = (lever.high - lever.low) / (MOST_POSITIONS - 1)
        return replace(lever, step=step)
    return lever


def lever_value(lever: Lever) -> dict[str, Any]:
    """A lever as a scenario file has it."""
    fields: dict[str, Any] = {"name": lever.name, "kind": lever.kind}
    if lever.rule:
        fields["rule"] = lever.rule
    fields |= {"low": lever.low, "high": lever.high, "step": lever.step}
    places = {"value": lever.value, "start": lever.start}
    return fields | {name: place for name, place in places.items() if place is not None}


def lever_of(value: Any, source: str) -> Lever:
    """A lever that a scenario file or a link says.

    Raises:
        InputError: It says none.
    """
    if not isinstance(value, dict) or value.get("kind") not in KINDS:
        raise InputError(source, f"expected a lever of a kind: {', '.join(KINDS)}.")
    texts = [value.get("name", ""), value.get("rule", "")]
    numbers = [value.get(name) for name in ("low", "high", "step")]
    at = value.get("value")
    start = value.get("start") if value["kind"] in COST_KINDS else None
    if not all(isinstance(text, str) for text in texts) or not all(map(is_number, numbers)):
        raise InputError(source, "a lever needs a name, a rule, and the numbers low, high, step.")
    for name, place in (("value", at), ("start", start)):
        if place is not None and not is_number(place):
            raise InputError(source, "expected a number.", where=name)
    low, high, step = map(float, numbers)  # type: ignore[arg-type]
    at, start = (None if place is None else float(place) for place in (at, start))
    name, rule = texts[0][:LONGEST_NAME], "" if value["kind"] in COST_KINDS else texts[1]
    return checked(Lever(name, value["kind"], rule, low, high, step, at, start), source)


def link_text(lever: Lever, usual: Sequence[Lever]) -> str:
    """A lever as the address has it: what it moves, where it stands, and what is not usual."""
    same = replace(lever, value=None) in usual
    value = [lever.kind, lever.rule, lever.value]
    if not same:
        value += [lever.name, lever.low, lever.high, lever.step]
        value += [] if lever.start is None else [lever.start]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def of_link(
    texts: Iterable[str], usual: Sequence[Lever]
) -> tuple[tuple[Lever, ...], tuple[str, ...]]:
    """Levers that an address names, and a sentence for each that cannot be used."""
    levers: dict[str, Lever] = {}
    lost = []
    for text in texts:
        try:
            lever = _of_text(text, usual)
        except (ValueError, InputError):
            lost.append("One lever of this link cannot be read and is left out; the others hold.")
            continue
        if lever is None:
            lost.append(GONE)
        else:
            levers[lever.id] = lever
    return within_limit(levers.values()), tuple(dict.fromkeys(lost))


def _of_text(text: str, usual: Sequence[Lever]) -> Lever | None:
    value = json.loads(text)
    if not isinstance(value, list) or len(value) not in (3, 7, 8):
        raise ValueError("no lever")
    kind, rule, at = value[:3]
    known = next((one for one in usual if (one.kind, one.rule) == (kind, rule)), None)
    if len(value) > 3:
        names = ("kind", "rule", "value", "name", "low", "high", "step", "start")
        read = lever_of(dict(zip(names, value, strict=False)), "link")
        return read if known else None
    if at is not None and not is_number(at):
        raise ValueError("no number")
    return replace(known, value=None if at is None else float(at)) if known else None
