"""The rules of a stage as cards, with what each takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.charts.palette import ELSE_GREY
from core.charts.split import count_text, range_text, share_text
from core.logic.sentence import ELSE, TYPE_LABELS, sentence
from core.logic.split import Output, Split
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.problems import Problem
from core.model.stages import Logic
from pages._ui.components.rule_list import Card

ELSE_ID = "else"


def cards_of(
    stage: Logic,
    split: Split,
    problems: Sequence[Problem],
    names: Names,
    dialect: Dialect,
    colors: Mapping[str, str],
) -> tuple[list[Card], Card]:
    """One card per rule, switched-off ones included, and the card of Else."""
    outputs = {output.rule_id: output for output in split.outputs}
    positions = {rule.id: place for place, rule in enumerate(stage.active)}
    found = []
    for number, rule in enumerate(stage.rules, start=1):
        worst, text = _worst(problems, positions.get(rule.id, -1))
        found.append(
            Card(
                id=rule.id,
                number=number,
                kind=rule.type,
                label=TYPE_LABELS.get(rule.type, rule.type or "Unknown"),
                sentence=sentence(rule.condition, names, dialect),
                target=names.of_stage(rule.target),
                color=colors[rule.id],
                enabled=rule.enabled,
                problem=worst,
                problem_text=text,
                **_numbers(outputs.get(rule.id)),
            )
        )
    worst, text = _worst([p for p in problems if p.where == "next"], None)
    otherwise = Card(
        id=ELSE_ID,
        number=len(found) + 1,
        kind="Else",
        label="Else",
        sentence=ELSE.capitalize(),
        target=names.of_stage(stage.otherwise),
        color=ELSE_GREY,
        problem=worst,
        problem_text=text,
        **_numbers(split.outputs[-1]),
    )
    return found, otherwise


def _numbers(output: Output | None) -> dict[str, Any]:
    if output is None:
        return {"count": "", "share": "", "fraction": 0.0}
    count = output.count
    return {
        "count": count_text(count),
        "share": share_text(count),
        "fraction": count.share,
        "range": "" if count.exact else range_text(count),
    }


def _worst(problems: Sequence[Problem], position: int | None) -> tuple[str, str]:
    here = [p for p in problems if p.rule == position and p.severity != "note"]
    if not here:
        return "", ""
    severity = "error" if any(p.severity == "error" for p in here) else "warning"
    return severity, " ".join(f"{p.message} {p.hint}" for p in here)
