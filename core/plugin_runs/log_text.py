"""A log line as people read it: no colours, a progress bar as it last stood, nothing unseen."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from core.model.text import cut, one_line, visible

LONG = 10_000
"""Characters up to which a whole message is looked at for its last state."""
_COLOR = re.compile(r"\x1b\[[0-9;:]*m")


def whole_text(message: str) -> str:
    r"""All of a message, on lines: colours left out, each state of a progress bar on its own."""
    plain = _COLOR.sub("", message).replace("\r\n", "\n")
    return visible("\n".join("\n".join(_states(line)) for line in plain.split("\n")))


def line_text(message: str) -> str:
    r"""A message on one line; of a progress bar, whose states stand behind `\r`, the last one."""
    plain = _COLOR.sub("", message).replace("\r\n", "\n").rstrip("\n")
    return one_line("\n".join(_states(line)[-1] for line in plain.split("\n")))


def last_words(text: str, most: int) -> str:
    """A message on one line of so many characters, and how many more there are."""
    if len(text) <= LONG:
        return cut(line_text(text), most)
    return line_text(cut(text, most))


def details(extra: str) -> str:
    """What else came with a line, one value a line; "" for nothing. Takes JSON text."""
    if extra in ("", "{}"):
        return ""
    values = json.loads(extra)
    if not isinstance(values, dict):
        return visible(extra)
    return "\n".join(f"{one_line(key)}: {visible(str(value))}" for key, value in values.items())


def time_text(at: float) -> str:
    """When a line came, in UTC: `2026-11-26 02:41:07.123 UTC`."""
    return f"{datetime.fromtimestamp(at, UTC).isoformat(' ', 'milliseconds')[:23]} UTC"


def _states(line: str) -> list[str]:
    return [state for state in line.split("\r") if state.strip()] or [""]
