"""Errors that reach a person.

    SwitchyardError
    ├── InputError      a file, a pasted text or an argument that cannot be used
    ├── UnknownName     a stage, task or workspace that does not exist
    └── DraftChanged    somebody else saved the same draft first

What a user is still editing never raises: it is reported as `model.problems.Problem`.
"""

from __future__ import annotations


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
