"""The rules of a stage as cards, with what each takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.charts.palette import ELSE_GREY
from core.charts.split import count_text, range_text
from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import Dialect
from core.model.figures import counted
from core.model.names import Names
from core.model.rules import Rule
from core.model.stages import Logic
from core.routing.engine.split import Output, Split
from core.routing.sentence import ELSE, sentence
from core.rule_types.registry import type_label
from pages._ui.scenarios import Standing
from pages.logic.parts.rule_list import Card

ELSE_ID = ""
"""No rule has this id, and one may have any other."""


def rule_in_hand(stage: Logic, chosen: str | None) -> Rule | None:
    """The rule whose editor is open, the first by default; None is Else."""
    if chosen == ELSE_ID or not stage.rules:
        return None
    return next((rule for rule in stage.rules if rule.id == chosen), stage.rules[0])


def base_of(split: Split) -> dict[str, str]:
    """What each rule's percentage is of, by the rule's id."""
    return {o.rule_id: base for o, base in zip(split.outputs, split.bases, strict=True)}


def cards_of(
    stage: Logic,
    split: Split,
    problems: Sequence[RuleDiagnostic],
    names: Names,
    dialect: Dialect,
    colors: Mapping[str, str],
    standing: Standing | None = None,
) -> tuple[list[Card], Card]:
    """One card per rule, switched-off ones included, and the card of Else.

    Where something differs from the baseline (`standing`), its value stands in grey below.
    """
    outputs = {output.rule_id: output for output in split.outputs}
    shares = split.labels
    percents = {o.rule_id: share for o, share in zip(split.outputs, shares, strict=True)}
    bases = base_of(split)
    positions = {rule.id: place for place, rule in enumerate(stage.active)}
    cards = []
    for number, rule in stage.numbered:
        worst, text = _worst(problems, positions.get(rule.id, -1))
        cards.append(
            Card(
                id=rule.id,
                number=number,
                kind=rule.type,
                label=type_label(rule.type) if rule.type else "Unknown",
                sentence=sentence(rule.condition, names, dialect),
                target=names.of_stage(rule.target),
                color=colors[rule.id],
                enabled=rule.enabled,
                problem=worst,
                problem_text=text,
                base=bases.get(rule.id, ""),
                **_numbers(outputs.get(rule.id), percents.get(rule.id, "")),
                **_before(standing, rule, outputs.get(rule.id), names, dialect),
            )
        )
    worst, text = _worst([p for p in problems if p.place == "next"], None)
    otherwise = Card(
        id=ELSE_ID,
        number=len(cards) + 1,
        kind="Else",
        label="Else",
        sentence=ELSE.capitalize(),
        target=names.of_stage(stage.otherwise),
        color=ELSE_GREY,
        problem=worst,
        problem_text=text,
        **_numbers(split.outputs[-1], shares[-1]),
        **_before(standing, None, split.outputs[-1], names, dialect, stage.otherwise),
    )
    return cards, otherwise


def _numbers(output: Output | None, share: str) -> dict[str, Any]:
    if output is None:
        return {"count": "", "share": "", "fraction": 0.0}
    count = output.count
    return {
        "count": count_text(count),
        "share": share,
        "fraction": count.share,
        "range": "" if count.exact else range_text(count),
    }


def _before(
    standing: Standing | None,
    rule: Rule | None,
    output: Output | None,
    names: Names,
    dialect: Dialect,
    target: str | None = None,
) -> dict[str, Any]:
    """The baseline's words and count of a rule (None is Else), "" where they are the same."""
    if standing is None:
        return {}
    old = next((r for r in standing.stage.rules if rule and r.id == rule.id), None)
    if rule is not None and old is None:
        return {"was": "new"}
    was = []
    if rule and old and old.condition != rule.condition:
        was.append(sentence(old.condition, names, dialect))
    leads, led = (rule.target, old.target) if rule and old else (target, standing.stage.otherwise)
    was += [f"→ {names.of_stage(led)}"] if led != leads else []
    place = old.id if old else ELSE_ID
    split = standing.split
    shares = {o.rule_id: share for o, share in zip(split.outputs, split.labels, strict=True)}
    before = next((o.count for o in split.outputs if o.rule_id == place), None)
    before_words = ""
    if before is not None and output is not None and before != output.count:
        before_words = f"was {counted(before.expected)} · {shares[place]}"
    return {"was": f"was {' '.join(was)}" if was else "", "before": before_words}


def _worst(problems: Sequence[RuleDiagnostic], position: int | None) -> tuple[str, str]:
    here = [p for p in problems if p.subject == position and p.severity != "note"]
    if not here:
        return "", ""
    severity = "error" if any(p.severity == "error" for p in here) else "warning"
    return severity, " ".join(f"{p.message} {p.hint}" for p in here)
