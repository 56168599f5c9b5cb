"""Edits of a Logic stage: each takes a stage and returns the changed one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from core.errors import InputError
from core.model.dialect import Dialect, in_percent
from core.model.names import Names
from core.model.rules import Condition, Rule, fresh_id
from core.model.stages import Logic, Stage, Start, takes_tasks
from core.routing.sentence import rules_text
from core.rule_types.random_sample import FIRST_CHANCE, RandomSample
from core.rule_types.registry import TYPES

CHANCE_DIGITS = 12
"""Decimals of a chance that is written; so many survive in either scale."""


def new_condition(kind: str, dialect: Dialect, names: Names) -> Condition:
    """What a new rule of a type starts with: the first class, person or batch that is known.

    Raises:
        InputError: It is none of the types that Ango Hub documents.
    """
    if kind in TYPES:
        condition: Condition = TYPES[kind].new(dialect, names)
        return condition
    known = ", ".join(TYPES)
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


def add_new(
    stage: Logic, kind: str, dialect: Dialect, names: Names, taken: Iterable[str] = ()
) -> tuple[Logic, str]:
    """Put a new rule of a type last, leading where Else does; see `new_condition` and `add`."""
    edited, rule = add(stage, new_condition(kind, dialect, names), stage.otherwise, taken)
    if kind == RandomSample.kind:
        edited = set_chances(edited, {rule: FIRST_CHANCE}, dialect)
    return edited, rule


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


def possible_targets(
    stage: Logic, stages: Sequence[Stage] | None, names: Names, leads_to: str | None = None
) -> tuple[str, ...]:
    """Ids of the stages that an output can be led to.

    Args:
        stage: The Logic stage; it is none of them.
        stages: The workflow, None where only the names in the tasks are known.
        names: Those names.
        leads_to: Where the output leads now, which is offered whatever it is.
    """
    if stages is None:
        known = [stage_id for stage_id in names.stages if stage_id != Start.__name__]
    else:
        known = [one.id for one in stages if takes_tasks(one)]
    now = [] if leads_to is None else [leads_to]
    return tuple(dict.fromkeys([one for one in known if one != stage.id] + now))


def set_chances(stage: Logic, chances: Mapping[str, float], dialect: Dialect) -> Logic:
    """Give rules a chance, all of a stage in one scale, so that none can be read as another.

    Where each value is read by itself (`random=auto`), 0.5 % beside 20 % can only be written as
    fractions, and 100 % is written as 1 only where some other cannot be written as percent. Then
    other random rules are written anew as well, and mean what they meant; see `rewritten`.

    Args:
        stage: Its switched-off rules count, too, since they may be switched on.
        chances: Chance from 0 to 1 by rule id; so many decimals count as `CHANCE_DIGITS` says.
        dialect: The scale that values are read in.
    """
    meant = {rule: round(chance, CHANCE_DIGITS) for rule, chance in chances.items()}
    if dialect.random == "auto":
        values = _in_one_scale(stage, meant, dialect)
    else:
        as_percent = dialect.random == "percent"
        values = {rule: in_percent(c) if as_percent else c for rule, c in meant.items()}
    for rule in stage.rules:
        if rule.id in values and rule.condition != RandomSample(values[rule.id]):
            stage = set_condition(stage, rule.id, RandomSample(values[rule.id]))
    return stage


def _in_one_scale(stage: Logic, edited: dict[str, float], dialect: Dialect) -> dict[str, float]:
    """Values of all random rules: percent where some are and all can be, else fractions."""
    values = {r.id: r.condition.value for r in stage.rules if isinstance(r.condition, RandomSample)}
    fractions = {rule: dialect.chance(value) for rule, value in values.items()} | edited
    percents = {rule: in_percent(chance) for rule, chance in fractions.items()}
    readable = all(dialect.chance(percents[rule]) == fractions[rule] for rule in fractions)
    in_use = any(dialect.is_percent(value) for value in values.values())
    doubtful = 1.0 in edited.values()  # as a fraction 100 % is 1, which might mean 1 %
    return percents if readable and (in_use or doubtful) else fractions


def rewritten(before: Logic, after: Logic, edited: Collection[str]) -> str:
    """Which other rules an edit of percentages wrote anew, as a sentence; "" for none."""
    was = {rule.id: rule.condition for rule in before.rules}
    numbers = [
        number
        for number, rule in after.numbered
        if isinstance(rule.condition, RandomSample)
        and rule.id not in edited
        and was.get(rule.id, rule.condition) != rule.condition
    ]
    if not numbers:
        return ""
    several = len(numbers) > 1
    return (
        f"{rules_text(numbers, capital=True)} {'are' if several else 'is'} now written in the same "
        f"scale, so that no value can be read as another; {'their' if several else 'its'} "
        f"percentage{'s' * several} did not change."
    )
