"""A Logic stage being edited, as JSON with what Ango JSON cannot say: rule ids, switched off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.errors import InputError
from core.model.rules import Rule
from core.model.stages import Logic, Stage
from core.wire.conditions import read_condition
from core.wire.stages import absent_word, read_logic, write_rule
from core.wire.text import Json, dumps, loads

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


def read_draft(text: str) -> Logic:
    """Read what `write_draft` wrote.

    Raises:
        InputError: It is of another version or damaged.
    """
    data = loads(text, "draft")
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise InputError("draft", "is not of this version.", "Open it with a newer Switchyard.")
    source = data["stage"] or {"id": "", "name": "Logic", "type": "Logic"}
    stage = read_logic(source)
    rules = tuple(_rule(entry) for entry in data["rules"])
    if _meaning(rules) == _meaning(stage.rules) and data["else"] == stage.otherwise:
        return stage
    return replace(stage, rules=rules, otherwise=data["else"], notes=())


def _meaning(rules: tuple[Rule, ...]) -> list[object]:
    return [(rule.id, rule.condition, rule.target, rule.enabled, rule.source) for rule in rules]


def _rule(entry: Json) -> Rule:
    condition, notes = read_condition(entry["condition"])
    return Rule(
        id=entry["id"],
        condition=condition,
        target=entry["next"],
        enabled=entry["enabled"],
        source=dumps(entry["condition"]),
        notes=notes,
    )
