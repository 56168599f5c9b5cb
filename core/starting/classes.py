"""The class names of a plugin as lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def read_classes(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Class names, one a line, and the tool types that stand behind a colon.

    Returns:
        The names in order, and the tool type by name where one is given.
    """
    names, tools = [], {}
    for line in text.splitlines():
        name, colon, tool = (part.strip() for part in line.rpartition(":"))
        if not colon:
            name, tool = tool, ""
        if name or tool:
            names.append(name or tool)
        if name and tool:
            tools[name] = tool
    return tuple(names), tools


def write_classes(names: Sequence[str], tools: Mapping[str, str]) -> str:
    """The lines of `read_classes`."""
    return "\n".join(f"{name}: {tools[name]}" if name in tools else name for name in names)
