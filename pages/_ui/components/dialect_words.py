"""The dialect in people's words: what each setting asks, and what its values mean."""

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
