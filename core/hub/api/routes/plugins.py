"""What plugins with the REST connector send: log lines and responses."""

from __future__ import annotations

from dataclasses import replace

from core.hub.call import Call
from core.hub.codec import Json, plain_text, text
from core.hub.runs.outcome import event_of, settle
from core.store.hub import LogLine
from core.store.runs import find

KNOWN = {"level", "msg", "message", "session", "pluginId"}


def log_line(data: dict[str, Json], plugin: str = "") -> LogLine:
    """A log line as the SDK or the public API page spells it; unknown keys are kept."""
    message = data.get("msg", data.get("message", ""))
    extra = {key: value for key, value in data.items() if key not in KNOWN and key != "apiKey"}
    return LogLine(
        session=plain_text(str(data.get("session") or "")),
        level=str(data.get("level") or "INFO")[:100],
        message=message if isinstance(message, str) else text(message),
        extra=text(extra),
        plugin=plugin or plain_text(str(data.get("pluginId") or "")),
    )


def plugin_log(call: Call) -> Json:
    """`POST /v2/pluginLog`; without a JSON answer a plugin's run would fail."""
    line = log_line(call.data())
    if call.run is not None:  # the key says whose line it is
        line = replace(line, session=call.run.session, plugin=call.run.request.plugin)
    if call.hub.hear is not None:
        call.hub.hear(line)
    else:
        call.hub.store.say([line])
    return {"response": {"logged": True}}


def plugin_response(call: Call) -> Json:
    """`POST /v2/pluginResponse`: what a run's plugin says of its end."""
    if call.run is not None:
        with call.hub.store.write() as tx:
            run = find(tx, call.run.session)
            settle(tx, run, event_of(tx, run.session, call.data(), call.hub.store.clock()))
    return {"response": {"received": True}}
