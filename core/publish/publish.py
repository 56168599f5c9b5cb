"""Writes a workflow to the hub and makes sure that it arrived; every step has a way back.

The hub replaces the whole workflow at each write and knows no versions. So: a backup, a last look
right before the write, and a fresh look after it. Between the last look and the write there remain
some milliseconds that only the hub could close.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.access.actions import Action
from core.access.door import Door
from core.access.record import document as digest
from core.ango_json.stages import write_stages
from core.ango_json.text import dumps, loads
from core.errors import (
    AnswerNotJson,
    GatewayError,
    HubFailed,
    NothingToPublish,
    NotVerified,
    PublishError,
    SwitchyardError,
    TimedOut,
    UnexpectedAnswer,
    Unreachable,
    WorkflowChanged,
)
from core.gateway.hosts import same_hub
from core.gateway.protocol import Gateway
from core.model.diagnostics import RuleDiagnostic
from core.model.names import names_of
from core.model.phrases import moment_text
from core.model.project import Project
from core.model.stages import Stage
from core.publish.backup import Backup, write_backup
from core.publish.diff import WorkflowChange, diff, differences, same_json

Clock = Callable[[], datetime]
"""Gives the time with its zone."""

IN_DOUBT = (TimedOut, Unreachable, HubFailed, AnswerNotJson, UnexpectedAnswer)
"""A write that ends so may have been carried out; any other error is the hub's own refusal."""
NOTHING_WRITTEN = "Nothing was written."
AS_BEFORE = (
    "Read right afterwards, the hub had the workflow as it was before. A busy hub may still carry "
    "it out: read the project again before you repeat it."
)


@dataclass(frozen=True, slots=True)
class Published:
    """A workflow that is on the hub now.

    Args:
        project: As the hub has it, read back afresh.
        changes: What was changed.
        backup: The workflow as it was before.
    """

    project: Project
    changes: tuple[WorkflowChange, ...]
    backup: Backup


def with_stage(stages: Sequence[Stage], draft: Stage) -> tuple[Stage, ...]:
    """A workflow with one stage in place of the one of the same id.

    Raises:
        PublishError: There is none, or there are several.
    """
    if sum(stage.id == draft.id for stage in stages) != 1:
        message = f"The workflow on the hub has not exactly one stage with the id of {draft.name}."
        raise PublishError(message, "Read the project again and draft on what is there.")
    return tuple(draft if stage.id == draft.id else stage for stage in stages)


def publish(
    gateway: Gateway,
    seen: Project,
    draft: Stage,
    folder: Path,
    clock: Clock,
    door: Door,
    problems: Sequence[RuleDiagnostic] = (),
) -> Published:
    """Put a drafted stage into the project's workflow on the hub.

    Args:
        gateway: The hub.
        seen: The project as it was read when the difference was shown.
        draft: The stage; its id says which one it replaces.
        folder: `Settings.backups`.
        clock: Stamps the backup.
        door: Knows whether whoever acts may do this, and records it.
        problems: What `routing.lint.check` finds in the draft; an error among them blocks.

    Raises:
        Forbidden: Whoever acts may not publish.
        PublishError: It was not published, and why; `NotVerified` names the backup.
        GatewayError: The hub could not be asked.
    """
    door.check(Action.PUBLISH)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        message = f"The draft has {len(errors)} error(s): {errors[0].message}"
        raise PublishError(message, errors[0].hint or "Mend the rule first.")
    wanted = with_stage(seen.stages or (), draft)
    reason = f"before publishing {draft.name}"
    return _replace(gateway, seen, wanted, folder, clock, reason, door, Action.PUBLISH)


def restore(
    gateway: Gateway, seen: Project, backup: Backup, folder: Path, clock: Clock, door: Door
) -> Published:
    """Put a workflow back as a backup has it; what is there now becomes a backup, too.

    Args and errors are those of `publish`.
    """
    door.check(Action.RESTORE)
    if not same_hub(backup.host, gateway.host) or backup.project_id != seen.id:
        message = f"The backup is of {backup.project_name}, from another hub or project."
        raise PublishError(message, "Choose a backup of this project.")
    reason = f"before restoring {moment_text(backup.taken_at, seconds=True)}"
    return _replace(gateway, seen, backup.stages, folder, clock, reason, door, Action.RESTORE)


def _replace(
    gateway: Gateway,
    seen: Project,
    wanted: tuple[Stage, ...],
    folder: Path,
    clock: Clock,
    reason: str,
    door: Door,
    action: Action,
) -> Published:
    names = names_of(seen)
    changes = diff(seen.stages or (), wanted, names)
    if not any(change.writes for change in changes):
        raise NothingToPublish("The hub has this workflow already.", "There is nothing to do.")
    backup = write_backup(folder, gateway.host, seen, clock(), reason)
    about = f"{seen.name or seen.id} on {gateway.host}"
    before, after = ({"workflow": _told(stages)} for stages in (seen.stages or (), wanted))
    try:
        _refuse_changed(seen, gateway.read_project(seen.id))
        door.note_done(action, about, before, {**after, "outcome": "sent"})
    except SwitchyardError:
        backup.path.unlink(
            missing_ok=True
        )  # nothing was written, so there is nothing to go back to
        raise
    doubt: GatewayError | None = None
    outcome = "refused by the hub"
    try:
        try:
            gateway.write_stages(seen.id, wanted)
        except IN_DOUBT as error:
            doubt = error  # the next look tells
        except GatewayError as error:
            raise _with_hint(error, f"{NOTHING_WRITTEN} {error.hint}") from error
        outcome = "in doubt"
        project = _read_back(gateway, seen.id, backup, doubt)
        left = differences(wanted, project.stages or (), names)
        outcome = "not verified" if left else "verified"
    finally:
        with suppress(SwitchyardError):  # that it was sent stands in the record already
            door.note_done(action, about, None, {**after, "outcome": outcome})
    if not left:
        return Published(project, changes, backup)
    if doubt is not None and _same_stages(seen, project):
        raise _with_hint(doubt, AS_BEFORE) from doubt
    raise NotVerified(
        "Read back from the hub, the workflow does not mean what was written.",
        "Look at the differences; the backup brings back what was there before.",
        tuple(str(change) for change in left),
        backup.path.name,
    ) from doubt


def _with_hint(error: GatewayError, hint: str) -> GatewayError:
    return type(error)(error.message, hint, error.status, error.retry_after)


def _told(stages: Sequence[Stage]) -> dict[str, Any] | None:
    """A workflow as the record of changes has it."""
    return digest(dumps(write_stages(stages)))


def _refuse_changed(seen: Project, fresh: Project) -> None:
    if _same_stages(seen, fresh):
        return
    changed = diff(seen.stages or (), fresh.stages or (), names_of(fresh))
    changes = tuple(str(change) for change in changed) or ("Stages were moved on the canvas.",)
    raise WorkflowChanged(
        f"Somebody changed the workflow of {seen.name} on the hub after it was read here; "
        "nothing was written.",
        "Read the project again, look at the difference, and publish then.",
        changes,
    )


def _same_stages(one: Project, other: Project) -> bool:
    """Equal as JSON: whatever stands there would be overwritten, so every key counts."""
    if one.stages is None or other.stages is None:
        return one.stages is other.stages
    sources = [[loads(stage.source) for stage in each] for each in (one.stages, other.stages)]
    return same_json(*sources)


def _read_back(
    gateway: Gateway, project_id: str, backup: Backup, doubt: GatewayError | None
) -> Project:
    with suppress(GatewayError):
        return gateway.read_project(project_id)
    raise NotVerified(
        "The workflow was sent, but the hub could not be read afterwards.",
        "Read the project again; the backup brings back what was there before.",
        backup=backup.path.name,
    ) from doubt
