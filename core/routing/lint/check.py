"""What is wrong or doubtful in a Logic stage; nothing here raises for what a user is editing.

Only what follows from the rules themselves, the project or the task data is said; the codes are
listed in `docs/semantics.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from core.model.diagnostics import Diagnostic, RuleDiagnostic, Severity
from core.model.dialect import Dialect
from core.model.figures import percent, whole_number
from core.model.names import Names
from core.model.project import Project
from core.model.rules import Condition, Rule
from core.model.stages import Logic, Start, takes_tasks
from core.routing.lint.findings import Study
from core.routing.sentence import rule_title, rules_text, sentence
from core.rule_types.random_sample import SCALE, RandomSample
from core.rule_types.registry import type_of

_NOTE_HINTS: dict[str, tuple[Severity, str]] = {
    "next.length": ("error", "Give every rule one output, and Else the last one."),
    "value.malformed": ("error", "Correct the value."),
    "index.differs": ("warning", "The order of the list is used and written back."),
    "number.as_text": ("note", "It is read as a number."),
}


def check(
    stage: Logic,
    names: Names,
    dialect: Dialect,
    project: Project | None = None,
    matches_none: Callable[[Condition], bool] | None = None,
) -> tuple[RuleDiagnostic, ...]:
    """All problems of a stage, from the top rule down.

    Args:
        stage: Switched-off rules are left out; positions count the rules that take part.
        names: For the sentences.
        dialect: The unit of durations.
        project: When given, ids are looked up in it.
        matches_none: Tells whether no task of the data matches; when given, such rules are named.
    """
    problems = [_from_note(note.code, None, note.where, note.message) for note in stage.notes]
    rules = stage.active
    for position, rule in enumerate(rules):
        problems += _rule_problems(position, rule, names, dialect, project, matches_none)
        output = rule_title(stage.numbers[position])
        problems += _output_problems(output, position, rule.target, names, project)
    problems += _mixed_scale(stage, dialect)
    problems += _output_problems("Else", None, stage.otherwise, names, project)
    study = Study(stage, names, dialect, project)
    problems += list(_logic_problems(study, problems))
    return tuple(sorted(problems, key=lambda p: -1 if p.subject is None else p.subject))


def has_errors(problems: Iterable[RuleDiagnostic]) -> bool:
    """Whether any problem forbids publishing."""
    return any(problem.severity == "error" for problem in problems)


def _from_note(code: str, rule: int | None, where: str, message: str) -> RuleDiagnostic:
    severity, hint = _NOTE_HINTS[code]
    return Diagnostic(code, severity, rule, where, message, hint)


def _rule_problems(
    position: int,
    rule: Rule,
    names: Names,
    dialect: Dialect,
    project: Project | None,
    matches_none: Callable[[Condition], bool] | None,
) -> list[RuleDiagnostic]:
    diagnostics = [_from_note(note.code, position, note.where, note.message) for note in rule.notes]
    kind = type_of(rule.condition)
    remarks = list(kind.remarks(rule.condition, names, dialect, project))
    diagnostics += [replace(remark, subject=position) for remark in remarks]
    explained = any(remark.severity != "note" for remark in remarks)
    asks_facts = not explained and "draw" not in kind.facts
    if matches_none is not None and asks_facts and matches_none(rule.condition):
        words = sentence(rule.condition, names, dialect)
        message = f"No task of the data matches “{words}”."
        diagnostics.append(
            Diagnostic(
                "rule.never_in_data",
                "note",
                position,
                "value",
                message,
                "Check that the data is from this project and recent enough.",
            )
        )
    return diagnostics


def _mixed_scale(stage: Logic, dialect: Dialect) -> Iterator[RuleDiagnostic]:
    """Where some values of a stage can only be percent and others look like fractions."""
    values = {
        place: rule.condition.value
        for place, rule in enumerate(stage.active)
        if isinstance(rule.condition, RandomSample) and rule.condition.value > 0
    }
    percents = [place for place, value in values.items() if dialect.is_percent(value)]
    fractions = [place for place in values if place not in percents]
    if dialect.random != "auto" or not percents or not fractions:
        return
    for place, value in values.items():
        others = fractions if place in percents else percents
        rest = rules_text([stage.numbers[other] for other in others])
        scale, other_scale = ("percent", "a fraction")[:: 1 if place in percents else -1]
        yield Diagnostic(
            "random.mixed_scale",
            "warning",
            place,
            "value",
            f"{whole_number(value)} is read as {scale}, {percent(dialect.chance(value))}, and "
            f"{rest} as {other_scale}; Ango Hub may read all in one scale.",
            f"Set a percentage anew, or say which scale it is{SCALE}.",
        )


def _output_problems(
    output: str,
    position: int | None,
    target: str | None,
    names: Names,
    project: Project | None,
) -> list[RuleDiagnostic]:
    where = "next" if position is None else f"next[{position}]"
    if target is None:
        message = f"{output} is not wired to a stage."
        hint = "Choose the stage that its tasks go to."
        if project is None:
            hint = "Open the tasks together with their project JSON to choose a stage."
        return [Diagnostic("output.unwired", "warning", position, where, message, hint)]
    stages = project.stages if project else None
    known = None if stages is None else {stage.id for stage in stages}
    if known is not None and target not in known:
        message = f"{output} leads to {target}, which the workflow does not have."
        hint = "Choose one of the workflow's stages."
        return [Diagnostic("output.unknown", "error", position, where, message, hint)]
    closed = [stage for stage in stages or () if stage.id == target and not takes_tasks(stage)]
    if closed:
        begins = isinstance(closed[0], Start)
        why = "where tasks begin" if begins else "whose tasks come from its Consensus"
        message = f"{output} leads to {names.of_stage(target)}, {why}."
        hint = "Choose a stage that tasks can be sent to."
        return [Diagnostic("output.no_way_in", "warning", position, where, message, hint)]
    return []


def _logic_problems(study: Study, problems: Sequence[RuleDiagnostic]) -> Iterator[RuleDiagnostic]:
    """What is proven of single rules, unless it has been said of the rule in plainer words."""
    doubted = {p.subject for p in problems if p.place == "value" and p.severity != "note"}
    for finding in study.findings:
        if finding.code == "output.dead":
            continue  # follows from what is said of the rules
        about_itself = finding.code in ("rule.always", "rule.contradiction")
        if about_itself and finding.subject in doubted:
            continue
        where = "" if finding.code == "rule.unreachable" else "value"
        yield Diagnostic(
            finding.code, "warning", finding.subject, where, finding.message, finding.hint
        )
