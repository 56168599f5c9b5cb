"""Errors that reach a person.

    SwitchyardError
    ├── InputError      a file, a pasted text or an argument that cannot be used
    ├── UnknownName     a stage, task or workspace that does not exist
    ├── DraftChanged    somebody else saved the same draft first
    ├── Cancelled       somebody asked to stop
    ├── Forbidden       the role of whoever acts is not enough
    ├── NotSignedIn     a name, a password or a provider's word that opens nothing
    ├── StoreUnavailable  the database does not answer just now
    ├── GatewayError    Ango Hub did not do what it was asked
    │   ├── BadRequest        400 and what else it refuses
    │   ├── KeyRefused        401
    │   ├── NotAllowed        403
    │   ├── NotFound          404
    │   ├── TooManyRequests   429
    │   ├── Geofenced         451
    │   ├── HubFailed         5xx
    │   ├── Unreachable       no connection, or one that was cut
    │   ├── TimedOut          no answer in time
    │   ├── AnswerNotJson     an answer that is no JSON
    │   └── UnexpectedAnswer  JSON of another shape than Ango Hub's
    ├── BulkError       many tasks that were not changed at once
    │   ├── NothingToChange   no task would be another than it is
    │   ├── TasksChanged      they are not as they were when it was looked at
    │   └── BulkInDoubt       sent, but the hub could not be read afterwards
    └── PublishError    a workflow that was not published
        ├── NothingToPublish  the hub has it already
        ├── WorkflowChanged   somebody changed it on the hub meanwhile
        └── NotVerified       read back, it does not mean what was written

What a user is still editing never raises: it is reported as `model.diagnostics.Diagnostic`.
"""

from __future__ import annotations

from errno import EACCES, EDQUOT, EFBIG, EIO, ENOSPC, EPERM, EROFS
from os import strerror


class SwitchyardError(Exception):
    """Root of all errors: one sentence, and a hint that says what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The sentence and the next step, on one line."""
        return f"{self.message} {self.hint}".strip()


class InputError(SwitchyardError):
    """Input that cannot be used. `source` names the file or field, `where` the place inside it."""

    def __init__(self, source: str, message: str, hint: str = "", where: str = "") -> None:
        place = f"{source}, {where}" if where else source
        super().__init__(f"{place}: {message}", hint)
        self.source = source
        self.where = where


class UnknownName(SwitchyardError):
    """Something was asked for by a name or id that nothing has."""


class DraftChanged(SwitchyardError):
    """A draft was saved elsewhere after it was read here."""


class Cancelled(SwitchyardError):
    """Somebody asked to stop; what was read so far is kept where it can go on."""

    def __init__(self, message: str = "Stopped.") -> None:
        super().__init__(message, "Start again to go on where it stopped.")


class Forbidden(SwitchyardError):
    """Whoever acts may not do it; nothing was changed. The hint says who may."""


class NotSignedIn(SwitchyardError):
    """Somebody could not be signed in; the sentence tells no stranger which part was wrong."""


class StoreUnavailable(SwitchyardError):
    """The database does not answer just now; nothing was changed that was not said to be.

    Args:
        place: Which database, without its password.
        why: What keeps it, as the rest of a sentence.
        hint: The next step, where it is more than to wait.
    """

    def __init__(self, place: str, why: str, hint: str = "") -> None:
        hint = hint or "Try again in a moment; Switchyard goes on by itself when it answers."
        super().__init__(f"The database {place} {why}.", hint)


class GatewayError(SwitchyardError):
    """Ango Hub did not do what it was asked.

    Args:
        message: What was asked and what came of it.
        hint: The next step; each class has its own.
        status: HTTP status code, or None when there was no answer.
        retry_after: Seconds after which the hub wants to be asked again, or None.
    """

    advice = "Try again; if it stays, ask whoever runs the hub."

    def __init__(
        self,
        message: str,
        hint: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint or self.advice)
        self.status = status
        self.retry_after = retry_after


class BadRequest(GatewayError):
    """The hub does not accept what it was sent (400, and other codes without a class here)."""

    advice = "Check the values that were sent; nothing was changed."


class KeyRefused(GatewayError):
    """The hub does not know the API key (401)."""

    advice = (
        "Copy the key from Account → API in Ango Hub and check that the host is yours; "
        "making a new key ends the old one."
    )


class NotAllowed(GatewayError):
    """The key is good, its owner may not do this (403)."""

    advice = "Ask a manager of the project for the role that this needs, or use a manager's key."


class NotFound(GatewayError):
    """The hub does not have it (404)."""

    advice = "Check the project, and that the host is the one where it lives."


class TooManyRequests(GatewayError):
    """More requests than the hub takes in a minute (429)."""

    advice = "Wait a minute, or lower SWITCHYARD_REQUESTS_PER_MINUTE."


class Geofenced(GatewayError):
    """The hub is closed to this place or network address (451)."""

    advice = "Use the network that your organization allows, or ask its admin to add this one."


class HubFailed(GatewayError):
    """The hub itself failed (5xx)."""

    advice = "Try again in a few minutes; nothing is wrong on this side."


class Unreachable(GatewayError):
    """There is no connection, or it was cut."""

    advice = "Check the host's address and your network; a hub on this machine must be running."


class TimedOut(GatewayError):
    """No answer came in time."""

    advice = "Try again; a hub that is busy may need a few minutes."


class AnswerNotJson(GatewayError):
    """The answer is no JSON: a login page, a proxy, another service."""

    advice = "Check the host; it must be the API's address, not the one in the browser."


class UnexpectedAnswer(GatewayError):
    """The answer is JSON, but not what Ango Hub answers."""

    advice = "Check the host; if it is right, this hub speaks in a way not known here."


class BulkError(SwitchyardError):
    """Many tasks were to be changed at once, and were not."""


class NothingToChange(BulkError):
    """No task would be another than it is."""


class TasksChanged(BulkError):
    """Tasks or the workflow are not as they were in the preview; nothing was written.

    Args:
        changes: What changed, as sentences.
    """

    def __init__(self, message: str, hint: str, changes: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.changes = changes


class BulkInDoubt(BulkError):
    """It was sent, and how many tasks it changed is not known."""


class PublishError(SwitchyardError):
    """A workflow was not published."""


class NothingToPublish(PublishError):
    """The hub has it already."""


class WorkflowChanged(PublishError):
    """Somebody changed the workflow on the hub after it was read; nothing was written.

    Args:
        changes: What they changed, as sentences.
    """

    def __init__(self, message: str, hint: str, changes: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.changes = changes


class NotVerified(PublishError):
    """Read back, the workflow does not mean what was written.

    Args:
        differences: In what, as sentences.
        backup: Name of the backup file to restore.
    """

    def __init__(
        self, message: str, hint: str, differences: tuple[str, ...] = (), backup: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.differences = differences
        self.backup = backup


_DISK = {ENOSPC, EDQUOT, EFBIG, EROFS, EACCES, EPERM, EIO}


def refused_by_disk(error: OSError) -> SwitchyardError | None:
    """What a full, read-only or broken disk says, in one sentence; None of other errors."""
    if error.errno is None or error.errno not in _DISK:
        return None
    message = f"A file cannot be written or read on the disk ({strerror(error.errno).lower()})."
    return SwitchyardError(message, "Make room or give the right to write, then do it again.")
