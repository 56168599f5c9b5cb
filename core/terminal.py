"""The one way to a terminal: what the command line says, on lines that no text of others can forge.

Names, messages and log lines are other people's: an escape code would move the cursor or name the
window, a line break would make a line that looks like one of ours. So whatever is said goes out
visible, one line each. JSON is for programs and goes out as it is: it escapes by itself.
`tests/test_architecture.py` refuses printing elsewhere in `core`.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

from core.ango_json.text import dumps
from core.model.text import one_line, visible


def say(*lines: str) -> None:
    """Print lines on stdout."""
    _write(sys.stdout, lines)


def note(*lines: str) -> None:
    """Print lines on stderr: errors, warnings, progress."""
    _write(sys.stderr, lines)


def print_json(document: Any) -> None:
    """Print one JSON document on one line of stdout; every number in it is finite.

    Raises:
        ValueError: A number in it is not.
    """
    sys.stdout.write(dumps(document) + "\n")
    sys.stdout.flush()


def show_log() -> None:
    """Let what is logged in this process reach stderr, visible as all else, on its own lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Visible("%(levelname)s: %(message)s"))
    logging.basicConfig(handlers=[handler])


class _Visible(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def _write(stream: TextIO, lines: tuple[str, ...]) -> None:
    stream.write("".join(f"{one_line(line)}\n" for line in lines))
    stream.flush()
