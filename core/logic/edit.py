"""Edits of a Logic stage: each takes a stage and returns the changed one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from core.errors import InputError
from core.model.dialect import MILLISECONDS, Dialect
from core.model.names import Names
from core.model.rules import (
    CONDITION_TYPES,
    AnnotationType,
    Annotator,
    Batch,
    ClassFilter,
    Condition,
    Duration,
    RandomSample,
    Rule,
    fresh_id,
)
from core.model.stages import Logic

MINUTE_MS = 60_000


def new_condition(kind: str, dialect: Dialect, names: Names) -> Condition:
    """What a new rule of a type starts with: the first class, person or batch that is known.

    An empty Annotation type rule would take every task at once. A duration is in the dialect's
    unit.

    Raises:
        InputError: It is none of the types that Ango Hub documents.
    """
    match kind:
        case "AnnotationType":
            return AnnotationType(tuple(ClassFilter(s) for s in islice(names.classes, 1)))
        case "Annotator":
            return Annotator(tuple(names.people[:1]))
        case "RandomSample":
            return RandomSample(0.2)
        case "Duration":
            return Duration(MINUTE_MS / MILLISECONDS[dialect.unit], None)
        case "Batch":
            return Batch(tuple(islice(names.batch_ids.values(), 1)))
    known = ", ".join(CONDITION_TYPES)
    raise InputError("rule type", f"{kind} is not one that can be added.", f"Choose of {known}.")


def _ids(stage: Logic) -> set[str]:
    return {rule.id for rule in stage.rules}


def position_of(stage: Logic, rule_id: str) -> int | None:
    """Place of a rule from 0, switched-off ones counted; None when it is gone."""
    return next((i for i, rule in enumerate(stage.rules) if rule.id == rule_id), None)


def add(
    stage: Logic, condition: Condition, target: str | None, taken: Iterable[str] = ()
) -> tuple[Logic, str]:
    """Put a new rule last, above Else.

    Args:
        stage: Where.
        condition: What it asks.
        target: Stage id behind its output.
        taken: Ids of rules that were removed; a new rule must not pass for one of them.

    Returns:
        The stage and the rule's id.
    """
    free = fresh_id(condition.kind, _ids(stage) | set(taken))
    rule = Rule(id=free, condition=condition, target=target)
    return stage.with_rules((*stage.rules, rule)), rule.id


def remove(stage: Logic, rule_id: str) -> Logic:
    """Take a rule out."""
    return stage.with_rules(tuple(rule for rule in stage.rules if rule.id != rule_id))


def duplicate(stage: Logic, rule_id: str, taken: Iterable[str] = ()) -> tuple[Logic, str | None]:
    """Put a copy of a rule below it; returns the stage and the copy's id. `taken` as in `add`."""
    place = position_of(stage, rule_id)
    if place is None:
        return stage, None
    rule = stage.rules[place]
    copy = replace(rule, id=fresh_id(rule.type or "Unknown", _ids(stage) | set(taken)))
    below = place + 1
    return stage.with_rules((*stage.rules[:below], copy, *stage.rules[below:])), copy.id


def move(stage: Logic, rule_id: str, to: int) -> Logic:
    """Put a rule at another place; beyond the ends counts as the end."""
    place = position_of(stage, rule_id)
    if place is None:
        return stage
    rules = list(stage.rules)
    rule = rules.pop(place)
    rules.insert(max(0, min(to, len(rules))), rule)
    return stage.with_rules(tuple(rules))


def switch(stage: Logic, rule_id: str) -> Logic:
    """Switch a rule off, or on again."""
    return _changed(stage, rule_id, lambda rule: replace(rule, enabled=not rule.enabled))


def set_condition(stage: Logic, rule_id: str, condition: Condition) -> Logic:
    """Give a rule another condition; what reading the old one had to tolerate is forgotten."""
    return _changed(stage, rule_id, lambda rule: replace(rule, condition=condition, notes=()))


def set_rule(stage: Logic, rule_id: str, read: Rule) -> Logic:
    """Give a rule what was read anew: condition, source and notes; its id and target stay."""
    return _changed(
        stage,
        rule_id,
        lambda rule: replace(rule, condition=read.condition, source=read.source, notes=read.notes),
    )


def set_target(stage: Logic, rule_id: str | None, target: str | None) -> Logic:
    """Wire an output to another stage; without a rule it is Else's."""
    if rule_id is None:
        return replace(stage, otherwise=target)
    return _changed(stage, rule_id, lambda rule: replace(rule, target=target))


def _changed(stage: Logic, rule_id: str, change: Callable[[Rule], Rule]) -> Logic:
    return stage.with_rules(
        tuple(change(rule) if rule.id == rule_id else rule for rule in stage.rules)
    )


def sample_value(percent: float, like: float) -> float:
    """A percentage in the scale of an earlier value.

    Args:
        percent: From 0 to 100.
        like: The value before; above 1 it was written as percent.

    Returns:
        What to write. At most 1 % can only be written as a fraction, and 100 % only as 100,
        because a 1 may mean either.
    """
    if percent == 100 or (like > 1 and percent > 1):
        return percent
    return round(percent / 100, 10)
