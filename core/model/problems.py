"""What is wrong with something that a user is still editing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    Args:
        code: Stable name, for example `next.length`; the table is in `docs/semantics.md`.
        severity: `error` blocks export and publish, `warning` and `note` never block.
        rule: Position of the rule from 0, or None when it concerns the whole stage.
        where: Field or JSON place, for example `value[1]`.
        message: One sentence in the user's words.
        hint: The next step.
    """

    code: str
    severity: Severity
    rule: int | None
    where: str
    message: str
    hint: str = ""
