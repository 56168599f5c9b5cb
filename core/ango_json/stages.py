"""Stages of a workflow: Ango JSON to values and back.

Every stage keeps the text that it came from. A stage that still means what its text says is written
as that text; of an edited one only the edited keys change, so unknown keys, key order and number
spellings survive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import md5

from core.ango_json.conditions import read_condition, write_condition
from core.ango_json.text import Json, dumps, loads
from core.model import stages as model
from core.model.numbers import number_of
from core.model.rules import Malformed, Note, Rule, Unknown, fresh_id
from core.rule_types.annotation_type import NEGATIVE_WORDS


def _text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _optional(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _outputs(value: Json) -> tuple[str | None, ...]:
    return tuple(_optional(item) for item in value) if isinstance(value, list) else ()


def _position(value: Json) -> tuple[float, float] | None:
    try:
        return (number_of(value["x"]), number_of(value["y"])) if isinstance(value, dict) else None
    except (KeyError, ValueError):
        return None


def _logic(data: dict[str, Json], common: dict[str, Json]) -> model.Logic:
    logic = data.get("logic")
    conditions = logic.get("conditions") if isinstance(logic, dict) else None
    notes: list[Note] = []
    if not isinstance(conditions, list):
        notes.append(Note("value.malformed", "logic.conditions", "The stage has no list of rules."))
        conditions = []
    outputs = common["next"]
    if len(outputs) != len(conditions) + 1:
        message = (
            f"The stage has {len(outputs)} outputs for {len(conditions)} rules; "
            f"it needs {len(conditions) + 1}, the last one for Else."
        )
        notes.append(Note("next.length", "next", message))
    taken: set[str] = set()
    rules = []
    for position, entry in enumerate(conditions):
        rule = read_rule(entry, position, taken)
        taken.add(rule.id)
        rules.append(replace(rule, target=outputs[position] if position < len(outputs) else None))
    otherwise = outputs[-1] if len(outputs) == len(conditions) + 1 else None
    return model.Logic(**common, rules=tuple(rules), otherwise=otherwise, notes=tuple(notes))


def read_rule(entry: Json, position: int, taken: set[str]) -> Rule:
    """One entry of `logic.conditions` as a rule without a target; its id is free of `taken`."""
    condition, notes = read_condition(entry)
    index = entry.get("index", position) if isinstance(entry, dict) else position
    if index != position or isinstance(index, bool):
        message = f"Its index is {index!r}, its place in the list is {position}; the list counts."
        notes = (*notes, Note("index.differs", "index", message))
    kind = condition.type if isinstance(condition, (Malformed, Unknown)) else condition.kind
    return Rule(
        id=fresh_id(kind or "Unknown", taken),
        condition=condition,
        source=dumps(entry),
        notes=notes,
    )


def _sub_stage_of(data: dict[str, Json]) -> str | None:
    return _optional(data.get("consensusId"))


_READERS: dict[str, Callable[[dict[str, Json], dict[str, Json]], model.Stage]] = {
    "Start": lambda d, c: model.Start(**c, auto_forward=d.get("autoForward") is not False),
    "Label": lambda d, c: model.Label(
        **c, assigned_to=_texts(d.get("assignedTo")), consensus_id=_sub_stage_of(d)
    ),
    "Review": lambda d, c: model.Review(
        **c, assigned_to=_texts(d.get("assignedTo")), read_only=d.get("readOnly") is True
    ),
    "Logic": _logic,
    "Consensus": lambda d, c: model.Consensus(**c, adjudication=_adjudication(d)),
    "Plugin": lambda d, c: model.PluginStage(
        **c, plugin_id=_optional(d.get("pluginId")), consensus_id=_sub_stage_of(d)
    ),
    "Webhook": lambda d, c: model.Webhook(**c),
    "Hold": lambda d, c: model.Hold(**c),
    "Complete": lambda d, c: model.Complete(**c, prevent_requeue=d.get("preventRequeue") is True),
    "Archive": lambda d, c: model.Archive(**c),
}


def _adjudication(data: dict[str, Json]) -> str | None:
    config = data.get("consensusConfig")
    return _optional(config.get("adjudicationMethod")) if isinstance(config, dict) else None


def read_stage(data: dict[str, Json]) -> model.Stage:
    """Read one stage; a type that is not known, or none, gives an `UnknownStage`."""
    common: dict[str, Json] = {
        "id": _text(data.get("id")),
        "name": _text(data.get("name")) or _text(data.get("id")),
        "next": _outputs(data.get("next")),
        "position": _position(data.get("position")),
        "source": dumps(data),
    }
    kind = data.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    return reader(data, common) if reader else model.UnknownStage(**common, type=_text(kind))


def read_logic(data: dict[str, Json]) -> model.Logic:
    """Read a stage as a Logic stage whatever its `type` says."""
    stage = read_stage({**data, "type": "Logic"})
    assert isinstance(stage, model.Logic)
    return replace(stage, source=dumps(data))


def read_stages(data: Iterable[Json]) -> tuple[model.Stage, ...]:
    """Read a list of stages; an entry that is not an object becomes an unknown stage."""
    return tuple(
        read_stage(entry) if isinstance(entry, dict) else _not_an_object(entry) for entry in data
    )


def _not_an_object(entry: Json) -> model.UnknownStage:
    return model.UnknownStage(id="", name="", source=dumps(entry))


def write_stage(stage: model.Stage, around: Iterable[model.Stage] = ()) -> Json:
    """A stage as Ango JSON; switched-off rules are left out with their outputs.

    Args:
        stage: Any stage.
        around: The workflow, for the spelling of "class is absent" when the stage shows none.
    """
    source = loads(stage.source) if stage.source else {}
    if not isinstance(stage, model.Logic):
        return source if stage.source else _new_stage(stage)
    if stage.source and _same_rules(read_logic(source), stage):
        return source
    original = source.get("logic")
    logic = original if isinstance(original, dict) else {}
    absent = absent_word([stage, *around])
    conditions = [write_rule(rule, position, absent) for position, rule in enumerate(stage.active)]
    return {
        **(source or _new_stage(stage)),
        "next": list(stage.targets),
        "logic": {**logic, "conditions": conditions},
    }


def write_stages(stages: Iterable[model.Stage]) -> list[Json]:
    """A whole workflow as Ango JSON."""
    around = tuple(stages)
    return [write_stage(stage, around) for stage in around]


def rules_key(stage: model.Logic) -> str:
    """A short text that names the rules of a Logic stage as they are written, and their targets.

    Rules that were written back unedited keep it; it holds nothing of what they say.
    """
    written = write_stage(stage, (stage,))
    rules = [written.get("logic"), written.get("next")]
    return md5(dumps(rules).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:16]


def _new_stage(stage: model.Stage) -> dict[str, Json]:
    return {
        "id": stage.id,
        "type": stage.kind,
        "name": stage.name,
        "position": {"x": 0, "y": 0},
        "next": list(stage.next),
    }


def _same_rules(before: model.Logic, after: model.Logic) -> bool:
    def meaning(stage: model.Logic) -> tuple[object, ...]:
        return (*((r.condition, r.target, r.source) for r in stage.active), stage.otherwise)

    return meaning(before) == meaning(after) and len(before.rules) == len(after.active)


def write_rule(rule: Rule, position: int, absent: str = NEGATIVE_WORDS[0]) -> Json:
    """One rule as an entry of `logic.conditions`; see `write_condition`."""
    if not rule.source:
        return write_condition(rule.condition, position, absent)
    source = loads(rule.source)
    if read_condition(source)[0] == rule.condition:
        return {**source, "index": position} if isinstance(source, dict) else source
    fresh = write_condition(rule.condition, position, absent, source)
    merged = {**(source if isinstance(source, dict) else {}), **fresh}
    # a key without known meaning would make the new condition one that cannot be simulated
    return merged if read_condition(merged)[0] == rule.condition else fresh


def absent_word(stages: Iterable[model.Stage]) -> str:
    """The spelling of "class is absent" that these stages use, else `notExists`."""
    for stage in stages:
        rules = stage.rules if isinstance(stage, model.Logic) else ()
        for text in (*(rule.source for rule in rules), stage.source if rules else ""):
            for word in NEGATIVE_WORDS:
                if f'["{word}"' in text or f', "{word}"' in text:
                    return word
    return NEGATIVE_WORDS[0]
