"""The dialect in people's words: what each setting asks, and what its values mean."""

from __future__ import annotations

from core.model.dialect import DIALECT_WORDS, FINAL, Dialect
from core.model.figures import counted
from core.model.names import Names
from core.model.stages import Logic
from core.rule_types.base import Fact
from core.rule_types.registry import type_of
from core.tasks.facts import Honesty

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
    lines: tuple[tuple[int, str, frozenset[Fact] | None], ...] = (
        (
            honesty.unknown_duration,
            "tasks of unknown duration: no rule about durations matches them",
            frozenset({"duration"}),
        ),
        (
            honesty.unknown_annotator,
            "tasks of unknown annotator: no rule about who annotated matches them",
            frozenset({"annotators"}),
        ),
        (
            honesty.no_history,
            "tasks without history: their annotator is the assignee, if any",
            _from_history(dialect),
        ),
        (
            honesty.no_answer_loaded,
            "tasks without annotations: no rule about classes matches them",
            frozenset({"classes"}),
        ),
        (
            honesty.skipped,
            f"items skipped when reading, {counted(honesty.repeated)} of them repeated ids",
            None,
        ),
        (honesty.no_task, "assets without a task", None),
        (honesty.odd, "fields of a wrong type, taken as absent", None),
        (honesty.at_never, f"tasks without facts of the time {when}: they never did", _OF_THEN),
        (
            honesty.at_no_labels,
            f"tasks whose labels {when} are not in their history",
            frozenset({"classes"}),
        ),
        (honesty.at_differs, f"tasks that were different {when} than at the end", _OF_THEN),
    )
    looked_at = {fact for rule in stage.active for fact in type_of(rule.condition).facts}
    return tuple(
        (count, words)
        for count, words, facts in lines
        if count and (facts is None or looked_at & facts)
    )


_OF_THEN: frozenset[Fact] = frozenset({"classes", "annotators", "duration"})


def _from_history(dialect: Dialect) -> frozenset[Fact]:
    """What the readings take from a task's history."""
    annotators: frozenset[Fact] = frozenset({"annotators"})
    duration: frozenset[Fact] = frozenset({"duration"})
    return (annotators if dialect.annotator != "assignee" else frozenset()) | (
        duration if dialect.duration != "total" else frozenset()
    )


def readings(dialect: Dialect, names: Names) -> tuple[tuple[str, str], ...]:
    """Every setting and its value in words."""
    values = dialect.as_dict()
    fixed = [(label, words[values[name]]) for name, (label, words) in DIALECT_WORDS.items()]
    return (*fixed, (AT_LABEL, at_words(dialect.at, names)))
