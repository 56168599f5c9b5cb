"""The dialect in people's words: what each setting asks, and what its values mean."""

from __future__ import annotations

from core.model.dialect import FINAL, Dialect
from core.model.names import Names
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
}
"""Label of each setting with a fixed choice, and words for its values."""

AT_LABEL = "Facts of a task"


def at_words(at: str, names: Names) -> str:
    """When the facts were true."""
    return "at the end of its way" if at == FINAL else f"when it left {names.stages.get(at, at)}"


def missing(honesty: Honesty, when: str) -> tuple[tuple[int, str], ...]:
    """What is not known of the tasks: how many, and what that means; zeros are left out.

    Args:
        honesty: The counts.
        when: When the facts were true, as `at_words` says it.
    """
    lines = (
        (honesty.unknown_duration, "tasks of unknown duration: no Duration rule matches them"),
        (honesty.no_history, "tasks without history: their annotator is the assignee, if any"),
        (honesty.no_answer_loaded, "tasks without annotations: no Annotation type rule matches"),
        (honesty.skipped, f"items skipped when reading, {honesty.repeated:,} of them repeated ids"),
        (honesty.no_task, "assets without a task"),
        (honesty.odd, "fields of a wrong type, taken as absent"),
        (honesty.at_never, f"tasks without facts of the time {when}: they never did"),
        (honesty.at_no_labels, f"tasks whose labels {when} are not in their history"),
        (honesty.at_differs, f"tasks that were different {when} than at the end"),
    )
    return tuple((count, words) for count, words in lines if count)


def readings(dialect: Dialect, names: Names) -> tuple[tuple[str, str], ...]:
    """Every setting and its value in words."""
    values = dialect.as_dict()
    fixed = [(label, words[values[name]]) for name, (label, words) in DIALECT_WORDS.items()]
    return (*fixed, (AT_LABEL, at_words(dialect.at, names)))
