"""The API key as a value that cannot be printed, logged or saved by accident."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NoReturn

from core.errors import InputError

MASK = "••••"
VARIABLE = "ANGO_API_KEY"


class Secret:
    """A key that is held in memory only; its texts are masked and it refuses to be pickled."""

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

    def mask(self, text: str) -> str:
        """A text without the key in it."""
        return text.replace(self.__value, MASK)

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, _: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__value

    def __hash__(self) -> int:
        return hash(self.__value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not saved")

    __reduce_ex__ = __reduce__  # type: ignore[assignment]


def key_from_environment(environment: Mapping[str, str] = os.environ) -> Secret | None:
    """The key in `ANGO_API_KEY`, or None."""
    value = environment.get(VARIABLE, "")
    return Secret(value) if value.strip() else None
