"""The dialect in people's words: what each setting asks, and what its values mean."""

from __future__ import annotations

from core.model.dialect import FINAL, Dialect
from core.model.names import Names

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


def readings(dialect: Dialect, names: Names) -> tuple[tuple[str, str], ...]:
    """Every setting and its value in words."""
    values = dialect.as_dict()
    fixed = [(label, words[values[name]]) for name, (label, words) in DIALECT_WORDS.items()]
    return (*fixed, (AT_LABEL, at_words(dialect.at, names)))
