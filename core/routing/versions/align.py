"""Which rules of two versions of a Logic stage are the same rule (docs/semantics.md, Draws)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from core.ango_json.text import dumps, loads
from core.model.dialect import Dialect
from core.model.rules import Rule, fresh_id
from core.model.stages import Logic
from core.rule_types.opaque import is_opaque
from core.rule_types.registry import type_of


def normal(rule: Rule, dialect: Dialect) -> Hashable:
    """What a rule asks, whatever its spelling: 20 may be 0.2, lists are sets, no `index` counts."""
    condition = rule.condition
    if not is_opaque(condition):
        return condition.kind, type_of(condition).normal(condition, dialect)
    source = loads(rule.source) if rule.source else None
    if isinstance(source, dict):
        source = {key: source[key] for key in sorted(source) if key != "index"}
    return "as it stands", dumps(source)


def pair(
    before: Sequence[Rule], after: Sequence[Rule], dialect: Dialect
) -> tuple[tuple[int, int], ...]:
    """Positions of the same rule in both versions, by position in `after`.

    Rules that ask the same are paired first, in order; then the rest of each type, in order.
    """
    partners: dict[int, int] = {}
    for alike in (lambda rule: normal(rule, dialect), lambda rule: rule.type):
        waiting: dict[Hashable, list[int]] = {}
        for place, rule in enumerate(before):
            if place not in partners.values():
                waiting.setdefault(alike(rule), []).append(place)
        for place, rule in enumerate(after):
            if place not in partners and waiting.get(alike(rule)):
                partners[place] = waiting[alike(rule)].pop(0)
    return tuple((partners[place], place) for place in sorted(partners))


def aligned(before: Logic, after: Logic, dialect: Dialect) -> Logic:
    """The second version under the rule ids of the first, so that the same rules share draws.

    For two versions that both come as plain Ango JSON, where ids are only places; drafts and
    scenarios store theirs. A rule that the first version does not have gets a new id.
    """
    partner = {
        place: before.rules[old].id for old, place in pair(before.rules, after.rules, dialect)
    }
    taken = {rule.id for rule in before.rules}
    rules = []
    for place, rule in enumerate(after.rules):
        name = partner.get(place) or fresh_id(rule.type or "Unknown", taken)
        taken.add(name)
        rules.append(replace(rule, id=name))
    return replace(after, rules=tuple(rules))


def moved(pairs: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Positions in `after` of the fewest rules that must have moved for the order to change so."""
    best: list[list[tuple[int, int]]] = []
    for each in pairs:
        longest = max((run for run in best if run[-1][0] < each[0]), key=len, default=[])
        best.append([*longest, each])
    stayed = max(best, key=len, default=[])
    return frozenset(place for _, place in pairs) - {place for _, place in stayed}
