"""The stages of a workflow. Every type of Ango Hub has a value of its own, and so has *unknown*."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from core.model.rules import Note, Rule, RuleNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """What all stages have.

    Args:
        id: Ango's id; `Start` and `Complete` equal their name.
        name: Shown name; not always unique.
        next: Stage ids behind the outputs in Ango's order; None is an output that is not wired.
        position: Where the workflow draws it, x to the right and y downwards; None where unknown.
        source: JSON text as it was read, "" for a stage made here.
    """

    id: str
    name: str
    next: tuple[str | None, ...] = ()
    position: tuple[float, float] | None = None
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(_Stage):
    """Where tasks enter; forwards them on upload unless `auto_forward` is off."""

    auto_forward: bool = True
    kind: Literal["Start"] = "Start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(_Stage):
    """People annotate; with `consensus_id` it is a sub-stage of that Consensus."""

    assigned_to: tuple[str, ...] = ()
    consensus_id: str | None = None
    kind: Literal["Label"] = "Label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(_Stage):
    """People accept or reject; outputs are [accepted, rejected]."""

    assigned_to: tuple[str, ...] = ()
    read_only: bool = False
    kind: Literal["Review"] = "Review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(_Stage):
    """Ordered rules, first match wins; `otherwise` is the stage behind Else.

    `next` stays as it was read; `rules` and `otherwise` are what counts.
    """

    rules: tuple[Rule, ...] = ()
    otherwise: str | None = None
    notes: tuple[Note, ...] = ()
    kind: Literal["Logic"] = "Logic"

    @property
    def active(self) -> tuple[Rule, ...]:
        """The rules that take part, in order."""
        return tuple(rule for rule in self.rules if rule.enabled)

    @property
    def numbered(self) -> tuple[tuple[RuleNumber, Rule], ...]:
        """Every rule with its number, the switched-off ones, too."""
        return tuple((RuleNumber(place), rule) for place, rule in enumerate(self.rules, start=1))

    @property
    def numbers(self) -> tuple[RuleNumber, ...]:
        """The numbers of the rules that take part, in order."""
        return tuple(number for number, rule in self.numbered if rule.enabled)

    @property
    def targets(self) -> tuple[str | None, ...]:
        """Id of the stage behind each output, Else last; None for one that is not wired."""
        return (*(rule.target for rule in self.active), self.otherwise)

    def with_rules(self, rules: tuple[Rule, ...]) -> Logic:
        """The same stage with other rules; the notes of reading no longer apply."""
        return replace(self, rules=rules, notes=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus(_Stage):
    """Duplicates a task into its sub-stages; outputs are [agreement, disagreement]."""

    adjudication: str | None = None
    kind: Literal["Consensus"] = "Consensus"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginStage(_Stage):
    """Runs a model plugin on each task; with `consensus_id` a sub-stage of that Consensus."""

    plugin_id: str | None = None
    consensus_id: str | None = None
    kind: Literal["Plugin"] = "Plugin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(_Stage):
    """Posts each task to a URL and passes it on."""

    kind: Literal["Webhook"] = "Webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(_Stage):
    """Keeps tasks until somebody forwards them."""

    kind: Literal["Hold"] = "Hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(_Stage):
    """The end of the workflow."""

    prevent_requeue: bool = False
    kind: Literal["Complete"] = "Complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive(_Stage):
    """Named by Ango Hub, its behaviour is not public."""

    kind: Literal["Archive"] = "Archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownStage(_Stage):
    """A stage of a type that Switchyard does not know, or without one; kept as it is."""

    type: str = ""
    kind: Literal["Unknown"] = "Unknown"


Stage = (
    Start
    | Label
    | Review
    | Logic
    | Consensus
    | PluginStage
    | Webhook
    | Hold
    | Complete
    | Archive
    | UnknownStage
)


def takes_tasks(stage: Stage) -> bool:
    """Whether an output may lead to it: not to Start, nor into a Consensus."""
    return not isinstance(stage, Start) and getattr(stage, "consensus_id", None) is None


def sub_stages(stages: tuple[Stage, ...], consensus_id: str) -> tuple[Stage, ...]:
    """The Label and Plugin stages that belong to one Consensus."""
    return tuple(
        stage
        for stage in stages
        if isinstance(stage, (Label, PluginStage)) and stage.consensus_id == consensus_id
    )
