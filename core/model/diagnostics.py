"""What is wrong or doubtful in something that a user is still editing: it never raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Severity = Literal["error", "warning", "note"]

S = TypeVar("S")
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Diagnostic(Generic[S, D]):
    """One thing to know, from whichever room.

    Args:
        code: Stable name, for example `next.length`; the table is in `docs/semantics.md`.
        severity: `error` blocks export, publish or the start; `warning` and `note` never block.
        subject: What it is about: a rule's or a row's position from 0, a field, a value's path.
        place: Field or place in the JSON or the text, for example `value[1]`; "" for all of it.
        message: One sentence in the user's words.
        hint: The next step, or "".
        data: What a program may want beside the words.
    """

    code: str
    severity: Severity
    subject: S
    place: str
    message: str
    hint: str = ""
    data: D = None  # type: ignore[assignment]  # most say nothing more


RuleDiagnostic = Diagnostic[int | None, None]
"""About a rule by its position from 0, or with None about the whole stage."""
