"""What is wrong or doubtful in a Logic stage; nothing here raises for what a user is editing.

Only what follows from the rules themselves, the project or the task data is said; the codes are
listed in `docs/semantics.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.model.dialect import Dialect
from core.model.figures import percent, whole_number
from core.model.names import Names
from core.model.problems import Problem, Severity
from core.model.project import Project
from core.model.rules import (
    AnnotationType,
    Annotator,
    Batch,
    Condition,
    Duration,
    Malformed,
    RandomSample,
    Rule,
    Unknown,
)
from core.model.stages import Logic
from core.routing.dialect_text import DIALECT_WORDS
from core.routing.engine.evaluate import Matcher
from core.routing.lint.findings import Study
from core.routing.sentence import no_fraction, rule_title, rules_text, sentence
from core.tasks import bits
from core.tasks.table import person_key

_WHERE = f" (“{DIALECT_WORDS['random'][0]}” in the sidebar, or --dialect random=)"

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
    matcher: Matcher | None = None,
) -> tuple[Problem, ...]:
    """All problems of a stage, from the top rule down.

    Args:
        stage: Switched-off rules are left out; positions count the rules that take part.
        names: For the sentences.
        dialect: The unit of durations.
        project: When given, ids are looked up in it.
        matcher: When given, rules that match no task of the data are named.
    """
    problems = [_from_note(note.code, None, note.where, note.message) for note in stage.notes]
    rules = stage.active
    for position, rule in enumerate(rules):
        problems += _rule_problems(position, rule, names, dialect, project, matcher)
        output = rule_title(stage.numbers[position])
        problems += _output_problems(output, position, rule.target, project)
    problems += _mixed_scale(stage, dialect)
    problems += _output_problems("Else", None, stage.otherwise, project)
    study = Study(stage, names, dialect, project)
    problems += list(_logic_problems(study, problems))
    return tuple(sorted(problems, key=lambda p: -1 if p.rule is None else p.rule))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any problem forbids publishing."""
    return any(problem.severity == "error" for problem in problems)


def _from_note(code: str, rule: int | None, where: str, message: str) -> Problem:
    severity, hint = _NOTE_HINTS[code]
    return Problem(code, severity, rule, where, message, hint)


def _rule_problems(
    position: int,
    rule: Rule,
    names: Names,
    dialect: Dialect,
    project: Project | None,
    matcher: Matcher | None,
) -> list[Problem]:
    found = [_from_note(note.code, position, note.where, note.message) for note in rule.notes]
    asked = list(_condition_problems(rule.condition, names, dialect, project))
    found += [
        Problem(code, severity, position, "value", message, hint)
        for code, severity, message, hint in asked
    ]
    explained = any(severity != "note" for _, severity, _, _ in asked)
    if matcher is not None and not explained and not isinstance(rule.condition, RandomSample):
        matched = bits.count(matcher.matching(rule.condition))
        if not matched and matcher.facts.tasks:
            words = sentence(rule.condition, names, dialect)
            message = f"No task of the data matches “{words}”."
            found.append(
                Problem(
                    "rule.never_in_data",
                    "note",
                    position,
                    "value",
                    message,
                    "Check that the data is from this project and recent enough.",
                )
            )
    return found


Finding = tuple[str, Severity, str, str]


def _condition_problems(
    condition: Condition, names: Names, dialect: Dialect, project: Project | None
) -> Iterator[Finding]:
    match condition:
        case Malformed(_, reason):
            yield (
                "value.malformed",
                "error",
                f"{_sentence_case(reason)}; the rule matches no task.",
                "Correct the value.",
            )
        case Unknown(_, reason):
            yield (
                "simulate.unknown",
                "warning",
                f"The rule cannot be simulated: {reason}. It is kept as it is and matches no task "
                "here, so its output and all below are uncertain.",
                "Check its effect in Ango Hub.",
            )
        case AnnotationType():
            yield from _class_problems(condition, names, project)
        case Annotator(people):
            yield from _annotator_problems(people, project)
        case Batch(batches):
            yield from _batch_problems(batches, project)
        case RandomSample(value):
            yield from _chance_problems(value, dialect)
        case Duration():
            yield from _duration_problems(condition)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _class_problems(
    condition: AnnotationType, names: Names, project: Project | None
) -> Iterator[Finding]:
    if not condition.filters:
        yield (
            "rule.empty",
            "warning",
            "No class is chosen, so every task matches.",
            "Choose a class, or move the rule to the end.",
        )
    known = {c.schema_id for c in project.schema.walk()} if project and project.schema else None
    top = {c.schema_id for c in project.schema.top_level} if project and project.schema else set()
    for schema_id in dict.fromkeys(f.schema_id for f in condition.filters):
        if known is not None and schema_id not in known:
            yield (
                "schema.unknown",
                "error",
                f"The project has no class with the schema ID {schema_id}.",
                "Choose one of the project's classes.",
            )
        elif known is not None and schema_id not in top:
            yield (
                "schema.nested",
                "note",
                f"{names.of_class(schema_id)} is a nested classification; it counts only with "
                "nested=on.",
                "Switch the dialect if your Ango Hub counts nested answers.",
            )
    has = {f.schema_id for f in condition.filters if f.present}
    lacks = {f.schema_id for f in condition.filters if not f.present}
    for schema_id in sorted(has & lacks):
        title = names.of_class(schema_id)
        yield (
            "rule.contradiction",
            "warning",
            f"A task cannot have {title} and not have it, so the rule matches no task.",
            "Remove one of the two.",
        )


def _annotator_problems(people: tuple[str, ...], project: Project | None) -> Iterator[Finding]:
    if not people:
        yield (
            "rule.empty",
            "warning",
            "Nobody is chosen, so no task matches.",
            "Choose at least one annotator.",
        )
    if project is None or project.people is None:
        return
    known = {person_key(person.email) for person in project.people}
    for person in people:
        if person_key(person) not in known:
            yield (
                "person.unknown",
                "error",
                f"{person.strip() or 'A blank name'} is not assigned to the project.",
                "Choose one of the project's people.",
            )


def _batch_problems(batches: tuple[str, ...], project: Project | None) -> Iterator[Finding]:
    if not batches:
        yield (
            "rule.empty",
            "warning",
            "No batch is chosen, so no task matches.",
            "Choose at least one batch.",
        )
        return
    if project is None or project.batches is None:
        yield (
            "batch.unresolved",
            "note",
            "Without the project's list of batches their text is compared as it stands.",
            "Add the project's JSON.",
        )
        return
    known = {text for batch in project.batches for text in (batch.id, batch.name)}
    for batch in batches:
        if batch not in known:
            yield (
                "batch.unknown",
                "error",
                f"The project has no batch {batch}.",
                "Choose one of the project's batches.",
            )


def _chance_problems(value: float, dialect: Dialect) -> Iterator[Finding]:
    if not dialect.is_chance(value):
        yield (
            "value.malformed",
            "error",
            f"{_sentence_case(no_fraction(value))}; the rule matches no task.",
            f"Correct the value, or say that it is percent{_WHERE}.",
        )
        return
    chance = dialect.chance(value)
    if value == 1 and dialect.random == "auto":
        yield (
            "random.doubtful",
            "warning",
            "The value 1 is read as 100 %; Ango Hub may mean 1 %.",
            "Write 0.01 for 1 %, or 100 for 100 %.",
        )
    if chance == 0:
        yield (
            "random.zero",
            "warning",
            "0 % matches no task.",
            "Raise the percentage, or switch the rule off.",
        )
    if chance == 1:
        yield (
            "rule.always",
            "warning",
            "100 % takes every task that gets here.",
            "Lower the percentage, or leave this to Else.",
        )


def _mixed_scale(stage: Logic, dialect: Dialect) -> Iterator[Problem]:
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
        yield Problem(
            "random.mixed_scale",
            "warning",
            place,
            "value",
            f"{whole_number(value)} is read as {scale}, {percent(dialect.chance(value))}, and "
            f"{rest} as {other_scale}; Ango Hub may read all in one scale.",
            f"Set a percentage anew, or say which scale it is{_WHERE}.",
        )


def _duration_problems(condition: Duration) -> Iterator[Finding]:
    low, high = condition.low, condition.high
    if low is None and high is None:
        yield (
            "duration.open",
            "warning",
            "Both ends are open, so every task of known duration matches.",
            "Set at least one bound.",
        )
    elif high is not None and high < 0:
        yield (
            "duration.empty",
            "warning",
            "No task takes less than no time, so the rule matches no task.",
            "Raise the upper bound.",
        )


def _output_problems(
    output: str, position: int | None, target: str | None, project: Project | None
) -> list[Problem]:
    where = "next" if position is None else f"next[{position}]"
    if target is None:
        message = f"{output} is not wired to a stage."
        hint = "Choose the stage that its tasks go to."
        if project is None:
            hint = "Open the tasks together with their project JSON to choose a stage."
        return [Problem("output.unwired", "warning", position, where, message, hint)]
    stages = project.stages if project else None
    known = None if stages is None else {stage.id for stage in stages}
    if known is not None and target not in known:
        message = f"{output} leads to {target}, which the workflow does not have."
        hint = "Choose one of the workflow's stages."
        return [Problem("output.unknown", "error", position, where, message, hint)]
    return []


def _logic_problems(study: Study, problems: Sequence[Problem]) -> Iterator[Problem]:
    """What is proven of single rules, unless it has been said of the rule in plainer words."""
    doubted = {p.rule for p in problems if p.where == "value" and p.severity != "note"}
    for finding in study.findings:
        if finding.code == "output.dead":
            continue  # follows from what is said of the rules
        about_itself = finding.code in ("rule.always", "rule.contradiction")
        if about_itself and finding.rule in doubted:
            continue
        where = "" if finding.code == "rule.unreachable" else "value"
        yield Problem(finding.code, "warning", finding.rule, where, finding.message, finding.hint)
