"""A Logic stage being edited, as JSON with what Ango JSON cannot say: rule ids, switched off."""

from __future__ import annotations

from dataclasses import replace

from core.errors import InputError
from core.model.rules import Rule
from core.model.stages import Logic
from core.wire.conditions import read_condition
from core.wire.stages import absent_word, read_logic, write_rule
from core.wire.text import Json, dumps, loads

VERSION = 1


def write_draft(stage: Logic) -> str:
    """A draft as JSON text; equal drafts give equal texts."""
    absent = absent_word([stage])
    rules = [
        {
            "id": rule.id,
            "enabled": rule.enabled,
            "next": rule.target,
            "condition": write_rule(rule, position, absent),
        }
        for position, rule in enumerate(stage.rules)
    ]
    source = loads(stage.source) if stage.source else None
    return dumps({"version": VERSION, "stage": source, "rules": rules, "else": stage.otherwise})


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
    return replace(
        stage,
        rules=tuple(_rule(entry) for entry in data["rules"]),
        otherwise=data["else"],
        notes=(),
    )


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
