"""A task's way through a Logic stage, as the hub that sent it wrote it down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pass:
    """A task's way through a Logic stage, once.

    Args:
        task: Its id.
        entries: How many entries its history had when it came; the last says its facts.
        output: The output that it left by, by position, Else last.
    """

    task: str
    entries: int
    output: int
