"""What plugins with the REST connector send: log lines and responses."""

from __future__ import annotations

from dataclasses import replace

from core.hub.call import Call
from core.hub.codec import Json
from core.hub.runs.outcome import event_of, log_line, settle
from core.store.runs import find


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
        with call.write() as tx:
            run = find(tx, call.run.session)
            settle(tx, run, event_of(tx, run.session, call.data(), call.hub.store.clock()))
    return {"response": {"received": True}}
