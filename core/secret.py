"""Keys and secrets as values that cannot be printed, logged or saved by accident.

A key is plain text only where it comes in, and where it goes out: the header of a request, the
environment of a plugin's process, the one time that it is shown.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from typing import NoReturn

from core.errors import InputError

MASK = "•" * 8
VARIABLE = "ANGO_API_KEY"


class Secret:
    """A key or secret that is held in memory only; its texts are masked, and it is never pickled.

    Args:
        value: The text; blanks around it do not count.

    Raises:
        InputError: It is empty, or no header could carry it.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        text = value.strip()
        # what no HTTP header can carry would come back inside an error of the HTTP library
        if not text or not text.isascii() or not text.isprintable() or " " in text:
            hint = "Copy it from Account → API in Ango Hub."
            raise InputError("API key", "is empty or holds a blank or an odd character.", hint)
        self.__value = text

    def reveal(self) -> str:
        """The key itself, for the header of a request and nothing else."""
        return self.__value

    def is_it(self, text: str | bytes) -> bool:
        """Whether a text is the key, in the same time for every wrong one."""
        given = text.encode("utf-8", "replace") if isinstance(text, str) else text
        return hmac.compare_digest(given, self.__value.encode())

    def mask(self, text: str, by: str = MASK) -> str:
        """A text without the key in it."""
        return text.replace(self.__value, by)

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, _: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.is_it(other.reveal())

    def __hash__(self) -> int:
        return hash(self.__value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not saved")

    __reduce_ex__ = __reduce__  # type: ignore[assignment]


def new_secret(size: int = 32) -> Secret:
    """A secret of so many random bytes, as text for headers and links."""
    return Secret(secrets.token_urlsafe(size))


def claimed(text: str) -> Secret | None:
    """What somebody says is a secret; None for what no secret of ours can be."""
    try:
        return Secret(text)
    except InputError:
        return None


def key_from_environment(environment: Mapping[str, str] = os.environ) -> Secret | None:
    """The key in `ANGO_API_KEY`, or None."""
    value = environment.get(VARIABLE, "")
    return Secret(value) if value.strip() else None
