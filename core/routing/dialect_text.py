"""The dialect in people's words: what each setting asks, and what its values mean."""

from __future__ import annotations

from core.model.dialect import FINAL, Dialect
from core.model.names import Names
from core.model.rules import AnnotationType, Annotator, Condition, Duration
from core.model.stages import Logic
from core.tasks.facts import Honesty

DIALECT_WORDS = {
    "annotator": (
        "Who annotated a task",
        {"any": "anyone in its labelling", "last": "the last of them", "assignee": "its assignee"},
    ),
    "duration": (
        "How long a task took",
        {"total": "total time", "labelling": "time in labelling", "last": "last labelling pass"},
    ),
    "unit": (
        "Unit of the bounds in JSON",
        {"ms": "milliseconds", "s": "seconds", "min": "minutes"},
    ),
    "nested": (
        "Nested classifications",
        {"off": "do not count as a class", "on": "count as a class"},
    ),
    "random": (
        "Percentages in JSON",
        {"auto": "fractions up to 1, else percent", "fraction": "fractions", "percent": "percent"},
    ),
}
"""Label of each setting with a fixed choice, and words for its values."""

AT_LABEL = "Facts of a task"


def at_words(at: str, names: Names) -> str:
    """When the facts were true."""
    return "at the end of its way" if at == FINAL else f"when it left {names.stages.get(at, at)}"


def missing(
    honesty: Honesty, when: str, stage: Logic, dialect: Dialect
) -> tuple[tuple[int, str], ...]:
    """What is not known and a rule asks for: of how many tasks, and what that means.

    Items of the file that are no task here are said whatever the rules.

    Args:
        honesty: The counts.
        when: When the facts were true, as `at_words` says it.
        stage: Its switched-off rules ask for nothing.
        dialect: The readings in force.
    """
    lines: tuple[tuple[int, str, tuple[type[Condition], ...] | None], ...] = (
        (
            honesty.unknown_duration,
            "tasks of unknown duration: no Duration rule matches them",
            (Duration,),
        ),
        (
            honesty.unknown_annotator,
            "tasks of unknown annotator: no Annotator rule matches them",
            (Annotator,),
        ),
        (
            honesty.no_history,
            "tasks without history: their annotator is the assignee, if any",
            _from_history(dialect),
        ),
        (
            honesty.no_answer_loaded,
            "tasks without annotations: no Annotation type rule matches",
            (AnnotationType,),
        ),
        (
            honesty.skipped,
            f"items skipped when reading, {honesty.repeated:,} of them repeated ids",
            None,
        ),
        (honesty.no_task, "assets without a task", None),
        (honesty.odd, "fields of a wrong type, taken as absent", None),
        (honesty.at_never, f"tasks without facts of the time {when}: they never did", _OF_THEN),
        (
            honesty.at_no_labels,
            f"tasks whose labels {when} are not in their history",
            (AnnotationType,),
        ),
        (honesty.at_differs, f"tasks that were different {when} than at the end", _OF_THEN),
    )
    asked = {type(rule.condition) for rule in stage.active}
    return tuple(
        (count, words)
        for count, words, kinds in lines
        if count and (kinds is None or asked & set(kinds))
    )


_OF_THEN: tuple[type[Condition], ...] = (AnnotationType, Annotator, Duration)


def _from_history(dialect: Dialect) -> tuple[type[Condition], ...]:
    """What the readings take from a task's history."""
    annotator: tuple[type[Condition], ...] = (Annotator,) if dialect.annotator != "assignee" else ()
    return (*annotator, Duration) if dialect.duration != "total" else annotator


def readings(dialect: Dialect, names: Names) -> tuple[tuple[str, str], ...]:
    """Every setting and its value in words."""
    values = dialect.as_dict()
    fixed = [(label, words[values[name]]) for name, (label, words) in DIALECT_WORDS.items()]
    return (*fixed, (AT_LABEL, at_words(dialect.at, names)))
