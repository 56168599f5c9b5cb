"""Plugins, what a run asks of one, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal, get_args

from core.errors import InputError
from core.model.numbers import MOST_SECONDS, is_number

Connector = Literal["ws", "rest"]
State = Literal[
    "queued",
    "starting",
    "running",
    "cancelling",
    "succeeded",
    "failed",
    "cancelled",
    "no_answer",
    "interrupted",
]
Importing = Literal["add", "replace"]
Origin = Literal["start", "again", "retry", "apply"]
Kind = Literal["probe", "dry run", "run"]
STATES: tuple[State, ...] = get_args(State)
IN_FLIGHT: tuple[State, ...] = ("starting", "running", "cancelling")
FINAL: tuple[State, ...] = ("succeeded", "failed", "cancelled", "no_answer", "interrupted")
DEADLINE_SECONDS = 4 * 3_600.0


@dataclass(frozen=True, slots=True)
class Plugin:
    """A registered plugin of type Batch Model. Its secret is no part of it.

    Args:
        id: Given to the plugin's script, with the secret.
        name: Shown name.
        description: Free text.
        classes: Class names of the model, in the order of their entry.
        config: Default config, JSON text.
        config_schema: JSON Schema of the config as text, or None.
        connector: `ws`: the script connects to the hub; `rest`: the hub posts to `url`.
        url: Where a REST plugin answers, or None.
        script: A script that `up` keeps running, or None.
        created_at: Seconds since 1970.
        archived_at: Seconds since 1970, or None; an archived plugin keeps its runs and gets no new.
    """

    id: str
    name: str
    description: str = ""
    classes: tuple[str, ...] = ()
    config: str = "{}"
    config_schema: str | None = None
    connector: Connector = "ws"
    url: str | None = None
    script: str | None = None
    created_at: float = 0.0
    archived_at: float | None = None


@dataclass(frozen=True, slots=True)
class Liveness:
    """Whether a plugin can be given a run.

    Args:
        state: `live`, `wrong secret`, `absent`, or `unknown` while no hub runs.
        since: Seconds since 1970, None when not known.
        processes: Connected processes that proved to be it; more than one deserves a warning.
        note: What else there is to say, or "".
    """

    state: Literal["live", "wrong secret", "absent", "unknown"] = "unknown"
    since: float | None = None
    processes: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a class mapping: a class of the model and the schema ID that it labels with."""

    schema_id: str
    model_class: str

    def as_dict(self) -> dict[str, str]:
        """As the plugin receives it."""
        return {"schemaId": self.schema_id, "modelClass": self.model_class}


def read_pairs(value: Any, source: str = "mapping") -> tuple[Pair, ...] | None:
    """A class mapping from JSON; null and an empty list are None, since no class is mapped.

    Raises:
        InputError: It is not a list of `{"schemaId", "modelClass"}`.
    """
    if value is None or value == []:
        return None
    hint = 'Write [{"schemaId": "…", "modelClass": "…"}, …].'
    if not isinstance(value, list):
        raise InputError(source, "is not a list of pairs.", hint)
    pairs = []
    for number, one in enumerate(value, 1):
        given = one if isinstance(one, dict) else {}
        schema_id, model_class = given.get("schemaId"), given.get("modelClass")
        if not (isinstance(schema_id, str) and isinstance(model_class, str) and schema_id):
            raise InputError(source, "has no schemaId and modelClass.", hint, f"entry {number}")
        pairs.append(Pair(schema_id, model_class))
    return tuple(pairs)


def deadline_of(value: Any) -> float | None:
    """A deadline in seconds; None for no number, nothing after the start, more than a year."""
    return float(value) if is_number(value) and 0 < value <= MOST_SECONDS else None


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What somebody asks a plugin to do.

    Args:
        plugin: Id of the plugin.
        project: Id of the project.
        batches: Ids of batches; none means every asset.
        mapping: Pairs of classes, or None when nothing is mapped.
        config: Config text; the plugin receives it byte for byte.
        dry_run: Labels are kept aside and nothing is written.
        limit: Only the first so many assets, to try it (a canary), or None.
        assets: Only these asset ids, or None; the plugin must ask the hub for its assets.
        deadline: Seconds from sending within which it must answer; None is not set, as where an
            earlier version kept one that is no number: then `DEADLINE_SECONDS` hold.
        importing: Whether labels are added to those of earlier runs or replace them.
        run_by: Who started it.
        probe: A dry run in which each class of the model has a schema ID of its own, that only the
            hub knows and that no other run has; its labels are for `RunLabels.probed` alone.

    Raises:
        InputError: A probe that is no dry run.
    """

    plugin: str
    project: str
    batches: tuple[str, ...] = ()
    mapping: tuple[Pair, ...] | None = None
    config: str = "{}"
    dry_run: bool = False
    limit: int | None = None
    assets: tuple[str, ...] | None = None
    deadline: float | None = DEADLINE_SECONDS
    importing: Importing = "add"
    run_by: str = "local user"
    probe: bool = False

    def __post_init__(self) -> None:
        """See above: a probe has nothing that could be written."""
        if self.probe and not self.dry_run:
            raise InputError("probe", "is a dry run always.", "Start a run for real instead.")

    @property
    def kind(self) -> Kind:
        """What such a run is called."""
        return "probe" if self.probe else "dry run" if self.dry_run else "run"

    @property
    def project_mapping(self) -> tuple[Pair, ...] | None:
        """The pairs with classes of the project; a probe has none, whatever its plugin gets."""
        return None if self.probe else self.mapping

    @property
    def seconds(self) -> float:
        """The deadline that holds."""
        return DEADLINE_SECONDS if self.deadline is None else self.deadline

    @property
    def fingerprint(self) -> str:
        """The same for requests of one plugin, project, mapping, config and set of batches.

        Of a probe the classes count, since their schema IDs are others each time.
        """
        whole = ["probe" if self.probe else pair.schema_id for pair in self.mapping or ()]
        pairs = sorted(zip(whole, (pair.model_class for pair in self.mapping or ()), strict=True))
        spelled = repr((self.plugin, self.project, pairs, self.config, sorted(self.batches)))
        return blake2b(spelled.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is recorded.

    Args:
        session: Its id, a uuid4; a retry has its own.
        request: What was asked.
        state: One of `STATES`.
        message: What the plugin returned, as text; None when it returned nothing.
        reason: Why it ended so, or what it waits for; "" when there is nothing to say.
        requested: m of "n / m tasks are labeled.", summed over its calls.
        labelled: n of the same.
        tasks: Distinct tasks that got labels.
        assets: How many assets the plugin was shown; None until it was sent.
        logs: Kept log lines.
        dropped: Log lines that were too many to keep.
        per_class: Labels imported per schema id; of a probe, per class of the model.
        refused: How often each reason for refusing a label or a call was met.
        doubtful: How often a label was kept that does not fit the project, by reason; of a run
            that stored the labels of a dry run, those of the dry run.
        created_at: Seconds since 1970, as the other times.
        sent_at: When it was handed to the plugin, or None.
        started_at: When the plugin was first heard, or None.
        finished_at: When it ended, or None.
        origin: How it came about.
        parent: Session of the run that it repeats or whose labels it stores, or None.
        applied_by: Session of the run that stored the kept labels of this dry run, or None.
        discarded_at: When the kept labels of this dry run were thrown away, or None.
        undone_at: When its import was undone, or None.
        cancelled_at: When somebody asked to cancel it, or None.
    """

    session: str
    request: RunRequest
    state: State = "queued"
    message: str | None = None
    reason: str = ""
    requested: int = 0
    labelled: int = 0
    tasks: int = 0
    assets: int | None = None
    logs: int = 0
    dropped: int = 0
    per_class: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    doubtful: Mapping[str, int] = field(default_factory=dict)
    created_at: float = 0.0
    sent_at: float | None = None
    started_at: float | None = None
    finished_at: float | None = None
    origin: Origin = "start"
    parent: str | None = None
    applied_by: str | None = None
    discarded_at: float | None = None
    undone_at: float | None = None
    cancelled_at: float | None = None

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.state in FINAL

    @property
    def holds_labels(self) -> bool:
        """Whether it is a dry run whose labels are kept aside still."""
        waits = self.applied_by is None and self.discarded_at is None
        return self.request.dry_run and self.tasks > 0 and waits

    @property
    def keeps_labels(self) -> bool:
        """Whether it is a dry run whose labels wait to be applied or discarded; no probe is."""
        return self.holds_labels and not self.request.probe

    def elapsed(self, now: float) -> float | None:
        """Seconds from its sending to its end, or to now; None when it was not sent."""
        if self.sent_at is None:
            return None
        return max(0.0, (self.finished_at or now) - self.sent_at)  # a clock may have been set back

    def as_dict(self) -> dict[str, Any]:
        """The record as the command line prints it; holds no key."""
        request = self.request
        mapping = request.project_mapping
        pairs = None if mapping is None else [pair.as_dict() for pair in mapping]
        return {
            "session": self.session,
            "state": self.state,
            "message": self.message,
            "requested": self.requested,
            "labelled": self.labelled,
            "tasks": self.tasks,
            "assets": self.assets,
            "logs": self.logs,
            "reason": self.reason or None,
            "plugin": request.plugin,
            "project": request.project,
            "batches": list(request.batches),
            "categorySchema": pairs,
            "configJSON": request.config,
            "dryRun": request.dry_run,
            "probe": request.probe,
            "import": request.importing,
            "deadline": request.deadline,
            "runBy": request.run_by,
            "perClass": dict(self.per_class),
            "refused": dict(self.refused),
            "doubtful": dict(self.doubtful),
            "dropped": self.dropped,
            "fingerprint": request.fingerprint,
            "origin": self.origin,
            "parent": self.parent,
            "appliedBy": self.applied_by,
            "createdAt": self.created_at,
            "sentAt": self.sent_at,
            "startedAt": self.started_at,
            "finishedAt": self.finished_at,
            "cancelledAt": self.cancelled_at,
            "discardedAt": self.discarded_at,
            "undoneAt": self.undone_at,
        }


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A kept log line of a run.

    Args:
        number: Grows with every line; ask for what comes after the last one seen.
        at: When it was received, seconds since 1970.
        level: Free text, usually of `LEVELS`.
        message: What was said.
        extra: JSON text of whatever else came with it.
    """

    number: int
    at: float
    level: str
    message: str
    extra: str


LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class KeptLabels:
    """What a run does to one task.

    Args:
        task: Its id.
        asset: Id of its asset.
        external_id: Of the asset.
        added: Labels that the run puts there: `tools`, `classifications`, `relations`.
        removed: Labels that it takes away: a replaced object, an earlier answer to a question.
        before: The task's annotations as they stand in the project now, None when not known here.
    """

    task: str
    asset: str
    external_id: str | None
    added: dict[str, Any]
    removed: dict[str, Any]
    before: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Preset:
    """A saved class mapping of one project and plugin."""

    name: str
    mapping: tuple[Pair, ...] | None
    saved_at: float


def as_pairs(pairs: Iterable[Pair] | None) -> list[dict[str, str]] | None:
    """A mapping as JSON, null when nothing is mapped."""
    listed = [pair.as_dict() for pair in pairs or ()]
    return listed or None
