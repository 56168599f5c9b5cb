"""What plugins say, put into words: lines of a log, an event of its run, a failure's reason."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.hub.codec import Json, plain_bytes, plain_text, text
from core.plugin_runs.hosted import ELSE, NOT_EXPORTED, answer_hint, failure_hint
from core.plugin_runs.model import Run
from core.plugin_runs.probe import unminted
from core.plugin_runs.state import Event
from core.store.hub import LogLine, log
from core.store.runs import record
from core.store.tables.hub import logs
from core.store.tables.runs import runs

LINE_KEYS = {"level", "msg", "message", "session", "pluginId"}
MOST_MESSAGE = 1024 * 1024
SAID_BY_SDK = "Plugin callback failed: "
_NUMBER = re.compile(r"-?\d{1,20}")
_ESCAPED = re.compile(r"""(?:[^\\]|\\[\\'"nrtxuU])*""")
_STARS = re.compile(r"takes 0 positional arguments but 1 was given")
STARS_HINT = (
    "Write def callback(data) instead of def callback(**data): the SDK hands the data over as one "
    "argument."
)
WORDLESS = (
    "The callback raised an exception without words, as an assert does. Its traceback stands where "
    "the script runs."
)
SILENT = f"The plugin failed without a log line; its own output says why. {ELSE}"


def log_line(data: dict[str, Json], plugin: str = "") -> LogLine:
    """A log line as the SDK or the public API page spells it; unknown keys are kept."""
    message = data.get("msg", data.get("message", ""))
    extra = {key: value for key, value in data.items() if key not in LINE_KEYS and key != "apiKey"}
    return LogLine(
        session=plain_text(str(data.get("session") or "")),
        level=str(data.get("level") or "INFO")[:100],
        message=message if isinstance(message, str) else text(message),
        extra=text(extra),
        plugin=plugin or plain_text(str(data.get("pluginId") or "")),
    )


def event_of(tx: sa.Connection, session: str, data: Json, at: float) -> Event:
    """The event that a plugin's response is.

    Args:
        tx: Where its log lines are.
        session: The run's.
        data: `{"response", "session"}` or `{"error": true, "session"}`.
        at: Seconds since 1970.
    """
    given = data if isinstance(data, dict) else {"response": data}
    if given.get("error"):
        return Event("failed", at, reason=last_error(tx, session))
    if given.get("response") is None:
        return acknowledged(tx, session, at)
    message = message_text(given["response"])
    return Event("answered", at, message=message, reason=answer_hint(given))


def acknowledged(tx: sa.Connection, session: str, at: float) -> Event:
    """The event that a plugin's handler returned and answered nothing.

    An Export plugin that cannot export says so in a log line and returns.
    """
    reason = last_error(tx, session)
    if reason.startswith(NOT_EXPORTED):
        return Event("failed", at, reason=reason)
    return Event("acknowledged", at)


def message_text(value: Json) -> str:
    """What a plugin returned as text that can be stored; NaN becomes null, bytes text."""
    plain = plain_bytes(value)
    message = plain if isinstance(plain, str) else text(plain)
    message = plain_text(message)
    if len(message) > MOST_MESSAGE:
        return message[:MOST_MESSAGE] + f"… ({len(message):,} characters; the rest is not kept)"
    return message


def last_error(tx: sa.Connection, session: str) -> str:
    """The reason of a failed run: its last ERROR line, with a hint where one helps."""
    its_errors = (logs.c.session == session) & sa.func.upper(logs.c.level).in_(
        ("ERROR", "CRITICAL")
    )
    query = sa.select(logs.c.message).where(its_errors).order_by(logs.c.number.desc()).limit(1)
    message = tx.scalar(query)
    return SILENT if message is None else reason_text(str(message))


def reason_text(line: str) -> str:
    """An ERROR line of the SDK without its preamble, and with a hint where one helps.

    The SDK writes an exception by `str`, which says of a KeyError its key only.
    """
    bare = line.removeprefix(SAID_BY_SDK).strip()
    if not bare:
        return WORDLESS if line.startswith(SAID_BY_SDK.strip()) else SILENT
    if _is_key(bare):
        return _hinted(f"KeyError: {bare}")
    if _NUMBER.fullmatch(bare):
        return f"The callback raised an exception that says only {bare}, as a KeyError does."
    reason = _said(bare) or SILENT
    if _STARS.search(reason):
        return f"{reason}. {STARS_HINT}"
    return _hinted(reason)


def _hinted(reason: str) -> str:
    hint = failure_hint(reason)
    return f"{reason.rstrip('.')}. {hint}" if hint else reason


def _is_key(spelled: str) -> bool:
    """Whether a text is a Python literal of a text, exactly as `repr` writes it."""
    if spelled[:1] not in ("'", '"') or not _ESCAPED.fullmatch(spelled):
        return False
    try:
        literal = ast.literal_eval(spelled)
    except (SyntaxError, ValueError):
        return False
    return isinstance(literal, str) and repr(literal) == spelled


def _said(reason: str) -> str:
    """The message of an answer of this hub that the SDK raised whole; other texts as they are."""
    try:
        answer = json.loads(reason)
    except ValueError:
        return reason
    message = answer.get("message") if isinstance(answer, dict) else None
    return message if isinstance(message, str) else reason


def settle(tx: sa.Connection, run: Run, event: Event) -> Run:
    """Record how a run ended; what comes after the end is kept as a log line."""
    message = None if event.message is None else unminted(run.request, event.message)
    event = replace(event, message=message, reason=unminted(run.request, event.reason))
    changed = record(tx, run, event)
    if changed is run and event.kind != "acknowledged":
        late = event.message if event.kind == "answered" else event.reason
        line = f"After the end came: {late}"
        say(tx, run, event.at, "WARNING", line)
    return changed


def say(tx: sa.Connection, run: Run, at: float, level: str, message: str) -> None:
    """Add a line of the hub's own to a run's log."""
    log(tx, at, LogLine(run.session, level, message, plugin=run.request.plugin))
    count(tx, run.session, 1)


def count(tx: sa.Connection, session: str, lines: int, dropped: int = 0) -> None:
    """Count log lines of a run."""
    change: Any = runs.update().where(runs.c.session == session)
    tx.execute(change.values(logs=runs.c.logs + lines, dropped=runs.c.dropped + dropped))
