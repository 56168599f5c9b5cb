"""`/_hub`: what the dashboard and tests ask of the hub itself; on loopback, with the hub's key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.hub.api.faults import Faults, read_fault
from core.hub.call import Call, Refused, need_project, objects, whole
from core.hub.codec import Json, decode
from core.hub.projects.documents import make_project, new_document
from core.hub.runs.sockets import Plugins
from core.hub.upstream import Upstream
from core.hub.workflow.flow import Flow
from core.secret import claimed
from core.store.hub import SANDBOX, UPSTREAM, all_projects, find_project
from core.store.hub_tasks import task_ids
from core.store.tables.hub import tasks


@dataclass(frozen=True, slots=True)
class Admin:
    """The parts of a running hub that can be asked and changed.

    Args:
        faults: Switched on here.
        upstream: Gets the user's key here.
        plugins: Who is connected.
        on_loop: Runs something in the event loop and waits for it; called from a thread.
    """

    faults: Faults
    upstream: Upstream
    plugins: Plugins
    on_loop: Callable[..., Any]

    def status(self, call: Call) -> Json:
        """`GET /_hub/status`."""
        with call.hub.store.read() as tx:
            projects = all_projects(tx)
        return {
            "projects": [{"_id": p.id, "name": p.name, "backend": p.backend} for p in projects],
            "plugins": [
                {
                    "id": c.plugin,
                    "authorised": bool(c.plugin),
                    "refused": c.refused,
                    "since": c.since,
                }
                for c in list(self.plugins.connections.values())
            ],
            "upstream": {
                "host": self.upstream.host,
                "hasKey": self.upstream.has_key(call.hub.user),
            },
            "faults": [fault.as_dict() for fault in list(self.faults.active)],
        }

    def add_faults(self, call: Call) -> Json:
        """`POST /_hub/faults`: one fault, or `{"faults": […]}`; they come before earlier ones."""
        body = call.data()
        new = [read_fault(fault) for fault in objects(body.get("faults", [body]), "faults")]
        call.note_done()
        self.on_loop(lambda: self.faults.active.__setitem__(slice(0, 0), new))
        return {"faults": [fault.as_dict() for fault in list(self.faults.active)]}

    def clear_faults(self, call: Call) -> Json:
        """`DELETE /_hub/faults`."""
        call.note_done()
        self.on_loop(self.faults.active.clear)
        return {"faults": []}

    def take_upstream_key(self, call: Call) -> Json:
        """`POST /_hub/upstream-key` `{"key"}`; it is never shown."""
        given = call.data().get("key")
        key = claimed(given) if isinstance(given, str) else None
        if key is None:
            raise Refused(400, "key is not the text of a key.")
        call.note_done()
        self.upstream.take_key(call.hub.user, key)
        return {"hasKey": True}

    def forget_upstream_key(self, call: Call) -> Json:
        """`DELETE /_hub/upstream-key`."""
        call.note_done()
        self.upstream.take_key(call.hub.user, None)
        return {"hasKey": False}

    def add_project(self, call: Call) -> Json:
        """`POST /_hub/projects` `{"_id", "name"}`: a project that lives upstream."""
        body, at = call.data(), call.hub.store.now()
        project, name = body.get("_id"), body.get("name")
        if not isinstance(project, str) or not project or "/" in project:
            raise Refused(400, "_id is not the id of a project.")
        with call.write() as tx:
            known = find_project(tx, project)
            if known is not None and known.backend == SANDBOX:
                raise Refused(409, "A project of this hub has this id.")
            if known is None:
                make_project(tx, new_document(project, str(name or project), at), at, UPSTREAM)
        return {"_id": project, "backend": UPSTREAM}

    def forward(self, call: Call) -> Json:
        """`POST /_hub/forward` `{"project", "stage"}`: what *Manual Forward* does to a stage."""
        body = call.data()
        with call.write() as tx:
            project = need_project(tx, body.get("project"))
            flow = Flow(tx, project, call.hub.store.clock())
            stage = flow.stage(str(body.get("stage")))
            if stage is None or not stage.next:
                raise Refused(400, "There is no such stage with an output.")
            in_stage = (tasks.c.project == project.id) & (tasks.c.stage == stage.id)
            waiting = [row.id for row in tx.execute(task_ids(in_stage))]
            flow.enter(flow.forward(stage, waiting))
        return {"forwarded": len(waiting)}

    def read_logs(self, call: Call) -> Json:
        """`GET /_hub/logs?session=…&after=…`; without a session the hub's own lines."""
        number = whole(call.query.get("after", ""), 0)
        lines = call.hub.store.log_lines(call.query.get("session", ""), number)
        return {"logs": [{**line, "extra": decode(line["extra"])} for line in lines]}
