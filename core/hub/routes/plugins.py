"""What plugins with the REST connector send: log lines and responses."""

from __future__ import annotations

from core.hub.call import Call
from core.hub.codec import Json, text
from core.store.hub import LogLine

KNOWN = {"level", "msg", "message", "session", "pluginId"}


def log_line(data: dict[str, Json], plugin: str = "") -> LogLine:
    """A log line as the SDK or the public API page spells it; unknown keys are kept."""
    message = data.get("msg", data.get("message", ""))
    extra = {key: value for key, value in data.items() if key not in KNOWN and key != "apiKey"}
    return LogLine(
        session=str(data.get("session") or ""),
        level=str(data.get("level") or "INFO")[:100],
        message=message if isinstance(message, str) else text(message),
        extra=text(extra),
        plugin=plugin or str(data.get("pluginId") or ""),
    )


def plugin_log(call: Call) -> Json:
    """`POST /v2/pluginLog`; without a JSON answer a plugin's run would fail."""
    call.hub.store.say([log_line(call.data())])
    return {"response": {"logged": True}}


def plugin_response(call: Call) -> Json:
    """`POST /v2/pluginResponse`."""
    body = call.data()
    call.hub.store.answer(str(body.get("session") or ""), "", text(body))
    return {"response": {"received": True}}
