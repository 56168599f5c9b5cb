"""What is wrong or doubtful in a mapping; an error keeps a run from being started."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model.diagnostics import Diagnostic, RuleDiagnostic
from core.model.figures import counted, share_text
from core.model.schema import Category, CategorySchema
from core.plugin_runs.mapping.pairs import Pairs
from core.plugin_runs.mapping.suggest import targets

UNMAPPED_POLICY = (
    "The plugin is not told about a class that is left out; labels that it sends all the same, "
    "with a class that the project lacks, are refused and counted."
)
"""What happens to a class without a target."""


@dataclass(frozen=True, slots=True)
class LastOutput:
    """What the last run of a plugin on a project sent.

    Args:
        labels: Labels that it sent.
        refused: Those of them without a class of the project.
    """

    labels: int
    refused: int

    @property
    def lost(self) -> float:
        """Share without a target, from 0 to 1."""
        return self.refused / self.labels if self.labels else 0.0


def diagnose(
    pairs: Pairs,
    model_classes: Sequence[str],
    schema: CategorySchema | None,
    tools: Mapping[str, str] | None = None,
    last: LastOutput | None = None,
) -> tuple[RuleDiagnostic, ...]:
    """Examine a mapping; `rule` of a problem is the model class's position, `where` its name.

    Args:
        pairs: The mapping.
        model_classes: As the plugin declares them.
        schema: The project's classes as they are now; None where they are not known.
        tools: Tool type by model class, where the plugin declares one.
        last: What the last run sent, if there was one.
    """
    return (
        *_about_pairs(pairs, model_classes, schema, tools or {}),
        *_about_all(pairs, model_classes, last),
    )


def _about_pairs(
    pairs: Pairs,
    model_classes: Sequence[str],
    schema: CategorySchema | None,
    tools: Mapping[str, str],
) -> Iterator[RuleDiagnostic]:
    known = schema or CategorySchema()
    usable = {category.schema_id: category for category in targets(known)}
    below = {category.schema_id for category in known.walk()} - usable.keys()
    titles = Counter(category.title for category in usable.values())
    seen = Counter(pair.model_class for pair in pairs)
    rows = {name: row for row, name in enumerate(model_classes)}
    for pair in pairs:
        name = pair.model_class
        row = rows.get(name)
        category = usable.get(pair.schema_id)
        if row is None and model_classes:
            message = f"The plugin declares no class “{name}”."
            yield Diagnostic("mapping.class_unknown", "warning", row, name, message, "Take it out.")
        if seen[name] > 1:
            message = f"“{name}” has {seen[name]} targets; a plugin would find only one of them."
            yield Diagnostic("mapping.twice", "error", row, name, message, "Choose one target.")
        if category is None and schema is not None:
            nested = pair.schema_id in below
            what = "is nested and cannot be imported alone" if nested else "no longer exists"
            message = f"The class chosen for “{name}” {what}."
            yield Diagnostic(
                "mapping.gone", "error", row, name, message, "Choose another, or none."
            )
        if category is not None:
            yield from _about_target(name, row, category, titles, tools.get(name))


def _about_target(
    name: str, row: int | None, category: Category, titles: Counter[str], tool: str | None
) -> Iterator[RuleDiagnostic]:
    if titles[category.title] > 1:
        message = f"The project has {titles[category.title]} classes called “{category.title}”."
        hint = "Check the tool type of the one that is chosen."
        yield Diagnostic("mapping.title_twice", "warning", row, name, message, hint)
    if tool is not None and tool != category.tool:
        message = f"The plugin makes {tool} for “{name}”, “{category.title}” is {category.tool}."
        yield Diagnostic(
            "mapping.tool_differs", "warning", row, name, message, f"Choose a {tool} class."
        )


def _about_all(
    pairs: Pairs, model_classes: Sequence[str], last: LastOutput | None
) -> Iterator[RuleDiagnostic]:
    if model_classes and not pairs:
        message = "No class is mapped: the plugin gets null instead of a list."
        yield Diagnostic("mapping.nothing", "warning", None, "", message, "Map at least one class.")
    if last is not None and last.refused:
        share = (
            f"{counted(last.refused)} of {counted(last.labels)} labels ({share_text(last.lost)})"
        )
        message = f"{share} of the last run had no class of this project."
        hint = "Map the classes that they belong to, or switch them off in the config."
        yield Diagnostic("mapping.output_lost", "warning", None, "", message, hint)
