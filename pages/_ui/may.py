"""Controls that a role does not open: disabled, with the reason. It is `core` that refuses."""

from __future__ import annotations

from typing import Any

from core.access.acting import acting
from core.access.actions import Action


def barred(action: Action) -> str | None:
    """Why whoever looks may not do something; None where they may."""
    person = acting()
    if person.may(action):
        return None
    return f"You are {person.role.words}; to {action.words} needs {action.who}."


def opened_to(action: Action, disabled: bool = False, about: str | None = None) -> dict[str, Any]:
    """`disabled` and `help` of a button.

    Args:
        action: What the button does.
        disabled: Whether it is disabled for another reason.
        about: Its help otherwise.
    """
    why = barred(action)
    return {"disabled": disabled or why is not None, "help": why or about}
