"""A Logic stage being edited, as JSON with what Ango JSON cannot say: rule ids, switched off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.ango_json.conditions import read_condition
from core.ango_json.stages import absent_word, read_logic, write_rule
from core.ango_json.text import Json, dumps, loads
from core.errors import InputError
from core.model.rules import Rule
from core.model.stages import Logic, Stage

VERSION = 1


def write_draft(stage: Logic, around: Iterable[Stage] = ()) -> str:
    """A draft as JSON text; equal drafts give equal texts.

    Args:
        stage: What is edited.
        around: The workflow, for the spelling of "class is absent" when the stage shows none.
    """
    absent = absent_word([stage, *around])
    rules = [
        {
            "id": rule.id,
            "enabled": rule.enabled,
            "next": rule.target,
            "condition": _condition(rule, position, absent),
        }
        for position, rule in enumerate(stage.rules)
    ]
    source = loads(stage.source) if stage.source else None
    return dumps({"version": VERSION, "stage": source, "rules": rules, "else": stage.otherwise})


def _condition(rule: Rule, position: int, absent: str) -> Json:
    """What was not edited stays to the letter, so that a draft of no edits shows no difference."""
    if rule.source and read_condition(loads(rule.source))[0] == rule.condition:
        return loads(rule.source)
    return write_rule(rule, position, absent)


def read_draft(text: str, source: str = "draft") -> Logic:
    """Read what `write_draft` wrote; people may have edited it in a scenario file.

    Args:
        text: The draft as JSON.
        source: Names it in errors.

    Raises:
        InputError: It is of another version or damaged; says where.
    """
    data = loads(text, source)
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise InputError(source, "is not of this version.", "Open it with a newer Switchyard.")
    stage = _stage(data.get("stage"), source)
    entries = data.get("rules")
    if not isinstance(entries, list):
        raise InputError(source, "expected a list of rules.", where="rules")
    rules = tuple(_rule(entry, f"rules[{place}]", source) for place, entry in enumerate(entries))
    for place, rule in enumerate(rules):
        if rule.id in {other.id for other in rules[:place]}:
            message = f"the id {rule.id} stands at two rules, which would share their draws."
            raise InputError(source, message, "Give one of them another.", f"rules[{place}].id")
    otherwise = _target(data.get("else"), "else", source)
    if _meaning(rules) == _meaning(stage.rules) and otherwise == stage.otherwise:
        return stage
    return replace(stage, rules=rules, otherwise=otherwise, notes=())


def _stage(data: Json, source: str) -> Logic:
    if data is not None and not isinstance(data, dict):
        raise InputError(source, "expected the stage as an object, or null.", where="stage")
    return read_logic(data or {"id": "", "name": "Logic", "type": "Logic"})


def _target(data: Json, where: str, source: str) -> str | None:
    if data is not None and not isinstance(data, str):
        raise InputError(source, f"expected a stage id or null, found {data!r}.", where=where)
    return data or None


def _meaning(rules: tuple[Rule, ...]) -> list[object]:
    return [(rule.id, rule.condition, rule.target, rule.enabled, rule.source) for rule in rules]


def _rule(entry: Json, where: str, source: str) -> Rule:
    if not isinstance(entry, dict) or "condition" not in entry:
        hint = "Each rule has id, enabled, next and condition."
        raise InputError(source, "expected a rule with its condition.", hint, where)
    name, enabled = entry.get("id"), entry.get("enabled", True)
    if not isinstance(name, str) or not name:
        raise InputError(source, f"expected text, found {name!r}.", where=f"{where}.id")
    if not isinstance(enabled, bool):
        message = f"expected true or false, found {enabled!r}."
        raise InputError(source, message, where=f"{where}.enabled")
    condition, notes = read_condition(entry["condition"])
    return Rule(
        id=name,
        condition=condition,
        target=_target(entry.get("next"), f"{where}.next", source),
        enabled=enabled,
        source=dumps(entry["condition"]),
        notes=notes,
    )
