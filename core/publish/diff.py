"""What differs between two workflows, stage by stage and rule by rule, as values and sentences.

It compares what would be written: switched-off rules are left out and mentioned. The place of a
stage on the canvas, the order of the list and the spelling of a number carry no meaning. A
percentage in another scale (20, 0.2) is named: which one Ango Hub reads is not public.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.ango_json.stages import read_stages, write_stages
from core.ango_json.text import Json, dumps
from core.model.dialect import Dialect
from core.model.figures import whole_number
from core.model.names import Names
from core.model.rules import Rule, RuleNumber
from core.model.stages import Logic, Stage
from core.routing.sentence import rule_text, sentence
from core.routing.versions.align import moved, normal, pair
from core.rule_types.random_sample import RandomSample

ChangeKind = Literal[
    "stage added",
    "stage removed",
    "stage type",
    "stage renamed",
    "output changed",
    "rule added",
    "rule removed",
    "rule moved",
    "rule condition",
    "rule spelling",
    "rule target",
    "else target",
    "rule off",
    "key added",
    "key removed",
    "key changed",
]

_OUTPUTS = {"Review": ("Accepted", "Rejected"), "Consensus": ("Agreement", "Disagreement")}
_COMPARED_APART = {"id", "type", "name", "next", "position", "logic"}


@dataclass(frozen=True, slots=True)
class WorkflowChange:
    """One difference.

    Args:
        kind: What sort.
        stage: Id of the stage.
        stage_name: Its name after the change.
        rule: Position of the rule from 0, in the new version where it is there; None for others.
        sentence: In words, without the stage's name.
    """

    kind: ChangeKind
    stage: str
    stage_name: str
    rule: int | None
    sentence: str

    @property
    def writes(self) -> bool:
        """Whether the hub would be changed by it; a switched-off rule stays in the draft."""
        return self.kind != "rule off"

    def __str__(self) -> str:
        return f"{self.stage_name}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class _Words:
    names: Names
    dialect: Dialect

    def rule(self, rule: Rule) -> str:
        return sentence(rule.condition, self.names, self.dialect)

    def to(self, stage_id: str | None) -> str:
        return self.names.of_stage(stage_id)


def diff(
    before: Sequence[Stage],
    after: Sequence[Stage],
    names: Names,
    dialect: Dialect = Dialect(),  # noqa: B008  a frozen value
) -> tuple[WorkflowChange, ...]:
    """The differences from one workflow to another, in the order of the stages.

    Args:
        before: What is there.
        after: What shall be there.
        names: For the ids in rules; stages of both versions are added.
        dialect: For the unit of durations and the scale of percentages.
    """
    stages = {stage.id: stage.name for stage in (*after, *before)} | names.stages
    words = _Words(replace(names, stages=stages), dialect)
    old, new = _by_id(before), _by_id(after)
    old_drafts, drafts = _keyed(before), _keyed(after)
    changes: list[WorkflowChange] = []
    for key, (stage, data) in new.items():
        if key in old:
            numbers = _numbers(old_drafts[key]), _numbers(drafts[key])
            changes += _changed(old[key], (stage, data), words, numbers)
        else:
            text = f"this {stage.kind} stage is new."
            changes.append(WorkflowChange("stage added", stage.id, stage.name, None, text))
        changes += _switched_off(drafts[key], words)
    for key, (stage, _) in old.items():
        if key not in new:
            text = f"this {stage.kind} stage is removed."
            changes.append(WorkflowChange("stage removed", stage.id, stage.name, None, text))
    return tuple(changes)


def differences(
    wanted: Sequence[Stage], stages: Sequence[Stage], names: Names
) -> tuple[WorkflowChange, ...]:
    """In what a hub does not mean what it should.

    Keys that it added by itself do not count, nor that it spells a share in its own way.
    """
    return tuple(
        change
        for change in diff(stages, wanted, names)
        if change.writes and change.kind not in ("key removed", "rule spelling")
    )


def same_json(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal; true is not 1, 1.0 is."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


_Key = tuple[str, int]
_Numbers = tuple[RuleNumber, ...]


def _keyed(stages: Iterable[Stage]) -> dict[_Key, Stage]:
    """Stages by id; a repeated id is told apart by its count."""
    keyed: dict[_Key, Stage] = {}
    seen: dict[str, int] = {}
    for stage in stages:
        seen[stage.id] = seen.get(stage.id, -1) + 1
        keyed[stage.id, seen[stage.id]] = stage
    return keyed


def _by_id(stages: Sequence[Stage]) -> dict[_Key, tuple[Stage, Json]]:
    """Each stage as it would be written, read back, with its JSON."""
    written = write_stages(stages)
    keys = _keyed(stages)
    return {
        key: (stage, data)
        for key, stage, data in zip(keys, read_stages(written), written, strict=True)
    }


def _numbers(draft: Stage) -> _Numbers:
    return draft.numbers if isinstance(draft, Logic) else ()


def _changed(
    old: tuple[Stage, Json],
    new: tuple[Stage, Json],
    words: _Words,
    numbers: tuple[_Numbers, _Numbers],
) -> Iterator[WorkflowChange]:
    (before, old_data), (after, new_data) = old, new
    where = (after.id, after.name)
    if before.kind != after.kind:
        text = f"becomes a {after.kind} stage; it was a {before.kind} stage."
        yield WorkflowChange("stage type", *where, None, text)
    if before.name != after.name:
        yield WorkflowChange("stage renamed", *where, None, f"was called {before.name}.")
    if isinstance(before, Logic) and isinstance(after, Logic):
        rules = list(_rules(before, after, words, numbers))
        yield from rules
        if rules:
            old_data, new_data = _without(old_data, "next"), _without(new_data, "next")
    yield from _outputs(before, after, old_data, new_data, words)
    yield from _keys(where, old_data, new_data)


def _without(data: Json, key: str) -> Json:
    return {k: v for k, v in data.items() if k != key} if isinstance(data, dict) else data


def _rules(
    before: Logic, after: Logic, words: _Words, numbers: tuple[_Numbers, _Numbers]
) -> Iterator[WorkflowChange]:
    """Rules as they would be written; their numbers are those of the drafts they came from."""
    were, are = numbers
    where = (after.id, after.name)
    pairs = pair(before.rules, after.rules, words.dialect)
    came_from = {new: old for old, new in pairs}
    for place in sorted(set(range(len(before.rules))) - set(came_from.values())):
        text = f"{rule_text(were[place])} ({words.rule(before.rules[place])}) is removed."
        yield WorkflowChange("rule removed", *where, place, text)
    shifted = moved(pairs)
    for place, rule in enumerate(after.rules):
        name = f"{rule_text(are[place])} ({words.rule(rule)})"
        if place not in came_from:
            text = f"{name} is new and leads to {words.to(rule.target)}."
            yield WorkflowChange("rule added", *where, place, text)
            continue
        old = before.rules[came_from[place]]
        if place in shifted:
            text = f"{name} moves here; it was {rule_text(were[came_from[place]])}."
            yield WorkflowChange("rule moved", *where, place, text)
        if normal(old, words.dialect) != normal(rule, words.dialect):
            text = f"{rule_text(are[place])} asks: {words.rule(rule)}; it asked: {words.rule(old)}."
            yield WorkflowChange("rule condition", *where, place, text)
        elif scale := _other_scale(old, rule):
            yield WorkflowChange("rule spelling", *where, place, f"{name} is written as {scale}.")
        if old.target != rule.target:
            text = f"{name} leads to {words.to(rule.target)} instead of {words.to(old.target)}."
            yield WorkflowChange("rule target", *where, place, text)
    if before.otherwise != after.otherwise:
        target, was = words.to(after.otherwise), words.to(before.otherwise)
        yield WorkflowChange(
            "else target", *where, None, f"Else leads to {target} instead of {was}."
        )


def _other_scale(old: Rule, new: Rule) -> str:
    """Two spellings of one percentage, which Ango Hub may read as two; "" where it cannot."""
    one, other = old.condition, new.condition
    if not isinstance(one, RandomSample) or not isinstance(other, RandomSample):
        return ""
    if one.value == other.value:
        return ""
    return f"{whole_number(other.value)} instead of {whole_number(one.value)}"


def _switched_off(draft: Stage, words: _Words) -> Iterator[WorkflowChange]:
    for place, (number, rule) in enumerate(draft.numbered if isinstance(draft, Logic) else ()):
        if not rule.enabled:
            text = f"{rule_text(number)} ({words.rule(rule)}) is switched off and is not written."
            yield WorkflowChange("rule off", draft.id, draft.name, place, text)


def _outputs(
    before: Stage, after: Stage, old_data: Json, new_data: Json, words: _Words
) -> Iterator[WorkflowChange]:
    if not isinstance(old_data, dict) or "next" not in old_data | new_data:
        return
    old, new = _wired(before.next), _wired(after.next)
    for place in range(max(len(old), len(new))):
        was = old[place] if place < len(old) else None
        target = new[place] if place < len(new) else None
        if was != target:
            labels = _OUTPUTS.get(after.kind, ())
            label = labels[place] if place < len(labels) else f"output {place + 1}"
            text = f"{label} leads to {words.to(target)} instead of {words.to(was)}."
            yield WorkflowChange("output changed", after.id, after.name, None, text)


def _wired(outputs: tuple[str | None, ...]) -> list[str | None]:
    """Without unwired outputs at the end: missing, null and empty mean the same."""
    targets = list(outputs)
    while targets and targets[-1] is None:
        targets.pop()
    return targets


def _keys(where: tuple[str, str], old: Json, new: Json) -> Iterator[WorkflowChange]:
    """The keys that only one type of stage has, or that nobody knows, compared as JSON."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        if not same_json(old, new):
            text = f"becomes {_shown(new)}; it was {_shown(old)}."
            yield WorkflowChange("key changed", *where, None, text)
        return
    old, new = _other_keys(old), _other_keys(new)
    for key in [*new, *(key for key in old if key not in new)]:
        if key not in old:
            yield WorkflowChange("key added", *where, None, f"{key} is set to {_shown(new[key])}.")
        elif key not in new:
            text = f"{key} is taken away; it was {_shown(old[key])}."
            yield WorkflowChange("key removed", *where, None, text)
        elif not same_json(old[key], new[key]):
            text = f"{key} becomes {_shown(new[key])}; it was {_shown(old[key])}."
            yield WorkflowChange("key changed", *where, None, text)


def _other_keys(data: dict[str, Json]) -> dict[str, Json]:
    others = {key: value for key, value in data.items() if key not in _COMPARED_APART}
    logic = data.get("logic")
    if not isinstance(logic, dict):
        return others | ({"logic": logic} if logic is not None else {})
    inner = {f"logic.{key}": value for key, value in logic.items() if key != "conditions"}
    return others | inner


def _shown(value: Json) -> str:
    text = dumps(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
