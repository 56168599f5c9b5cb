"""Passwords: argon2 hashes, and the same time for a name that is not known."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import InputError
from core.model.figures import counted

SHORTEST, LONGEST = 12, 1_024
"""Characters of a password."""
_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """What is kept of a password.

    Raises:
        InputError: It is too short, or longer than anybody types.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        message = f"has {counted(len(password))} characters."
        hint = f"Take {SHORTEST} to {counted(LONGEST)} characters."
        raise InputError("password", message, hint)
    return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept; without one it takes as long to say no."""
    try:
        _HASHER.verify(kept or _nobody(), password[:LONGEST].encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
