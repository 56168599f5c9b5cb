"""Runs of projects that live on Ango Hub: their calls are forwarded under the user's key.

A dry run reads there and writes nowhere: what it would import is worked out here, from the
project's tasks as they are listed, and kept in the store like that of a sandbox project.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from core.ango_json.project import read_project
from core.errors import StoreUnavailable
from core.hub.call import Call, Refused
from core.hub.classes import KEEPING, Keeping, Known, as_import
from core.hub.codec import Json, NotReadable, decode, encode, success
from core.hub.projects.label_imports import NAMES, ImportPlan, by_name, named, plan
from core.hub.projects.shapes import stage_names
from core.hub.runs.memory import Memories, ProjectUpstream, TaskIndex
from core.hub.runs.run_calls import annotate_in_run, annotated, keep, made_by, overlay
from core.hub.upstream import NoAnswer, Reply, Upstream
from core.plugin_runs.label_changes import Difference, no_labels
from core.plugin_runs.model import Run, RunRequest
from core.plugin_runs.state import Event
from core.store.hub import HubStore
from core.store.run_labels import RunLabels
from core.store.run_notes import Addressed, note
from core.store.runs import find, free_kept, record, save, shown_assets

PAGE = 100
CHUNK = 50
PATIENCE_SECONDS = 120.0
LOOK = " Whether its last labels arrived is not known: look at the tasks there first."
JSON = {"content-type": "application/json"}
_COUNTS = re.compile(r"(\d+)\s*/\s*(\d+)")


class UpstreamRuns:
    """The calls of runs whose project lives on Ango Hub.

    Args:
        store: The hub's state.
        upstream: The host that may be asked, with the user's key.
        memories: What is remembered of runs.
        keeping: Which labels that do not fit the project a dry run keeps.
    """

    def __init__(
        self, store: HubStore, upstream: Upstream, memories: Memories, keeping: Keeping = KEEPING
    ) -> None:
        self._keeping = keeping
        self._memories = memories
        self._store = store
        self._upstream = upstream

    def _project(self, run: Run) -> ProjectUpstream:
        """What was read for a run; what asks for one that is forgotten is not remembered."""
        memory = self._memories.of(run.session)
        return ProjectUpstream() if memory is None else memory.project

    def project_of(self, run: Run, task: str) -> str | None:
        """The project of a task there."""
        project_of = self._project(run).project_of
        if task not in project_of:
            answer = self._upstream.ask(run.request.run_by, f"task/{quote(task, safe='')}")
            about = answer.get("task") if isinstance(answer, dict) else None
            project_of[task] = str(about.get("project")) if isinstance(about, dict) else ""
        return project_of[task] or None

    def answer(self, call: Call, query: str, run: Run) -> Reply:
        """Carry out a call under a run's key; blocks."""
        route, dry = call.route, run.request.dry_run
        if route.lists:
            return self._list(call, query, run, route.lists)
        if route.effect == "imports":
            return self._import(call, query, run)
        if route.effect == "annotates" and dry:
            return self._annotate(call, run)
        reply = self._upstream.forward(call, query)
        if dry and call.method == "GET" and "task" in call.ids:
            return self._overlaid(call, reply)
        return reply

    def first_assets(self, request: RunRequest) -> tuple[str, ...] | None:
        """The first assets of a request that has a limit, in the order of the hub's list."""
        if request.limit is None:
            return None
        first: dict[str, None] = {}
        for batch in request.batches or (None,):
            filters = {} if batch is None else {"batches": [batch]}
            query = {"filters": encode(filters).decode()}
            assets = f"project/{request.project}/assets"
            for asset in self._all(request.run_by, assets, "assets", query):
                first[str(asset.get("_id"))] = None
                if len(first) >= request.limit:
                    return tuple(first)
        return tuple(first)

    def apply(self, run: Run) -> None:
        """Import the labels that a dry run kept, in pieces; never one piece twice.

        A cancel ends it before the next piece. While nothing was sent, it can be applied again.
        """
        now = self._store.clock
        with self._store.work() as tx:
            waiting = find(tx, run.session)
            if waiting.state != "queued":  # cancelled meanwhile, or begun already
                return
            record(tx, waiting, Event("sent", now()))
        kept_by, labels, done = run.parent or "", RunLabels(self._store), 0
        ask = partial(self._upstream.ask, run.request.run_by)
        arrived = False
        try:
            while self._goes_on(run.session) and (chunk := labels.kept(kept_by, CHUNK, done)):
                items = [
                    {"externalId": task.external_id, **_as_item(task.added)}
                    for task in chunk
                    if any(task.added.values())
                ]
                body = {"project": run.request.project, "jsonContent": items}
                self._count(run.session, items, ask("import/labels", body=body))
                done += len(chunk)
            sent = f"The labels of {done:,} tasks were sent."
            event = Event("answered", now(), message=sent)
            if not self._goes_on(run.session):
                event = Event("acknowledged", now(), reason=f"It was cancelled. {sent}")
        except Refused as error:
            arrived = isinstance(error, NoAnswer)
            sent = f" The labels of {done:,} tasks were sent before." if done else ""
            event = Event("failed", now(), reason=f"{error}{sent}{LOOK if arrived else ''}")

        def record_end() -> None:
            with self._store.work() as tx:
                ended = record(tx, find(tx, run.session), event)
                if ended.state != "succeeded" and not (done or arrived):
                    free_kept(tx, ended)

        _patiently(record_end)

    def _goes_on(self, session: str) -> bool:
        """Whether nobody cancelled a run that is being carried out, and no deadline ended it."""
        with self._store.read() as tx:
            return find(tx, session).state in ("starting", "running")

    def _list(self, call: Call, query: str, run: Run, what: str) -> Reply:
        with self._store.read() as tx:
            chosen = shown_assets(tx, run.session)
        if chosen is None:
            reply = self._upstream.forward(call, query)
            return self._overlaid(call, reply) if run.request.dry_run else reply
        page, limit = call.number("page", 1, 10**6), call.number("limit", 10, 1_000)
        asked = {k: v for k, v in call.query.items() if k not in ("page", "limit")}
        chosen_ids, wanted = set(chosen), []
        path = f"project/{call.ids['project']}/{what}"
        for listed in self._all(run.request.run_by, path, what, asked):
            asset = listed.get("_id") if what == "assets" else listed.get("asset")
            key = asset.get("_id") if isinstance(asset, dict) else asset
            if key in chosen_ids:
                wanted.append(listed)
        shown = wanted[(page - 1) * limit : page * limit]
        if what == "tasks":
            with self._store.read() as tx:
                overlay(tx, call, shown)
        return Reply(200, success({what: shown, "total": len(wanted)}), JSON)

    def _all(
        self, whose: str, name: str, what: str, query: dict[str, str]
    ) -> Iterator[dict[str, Any]]:
        """Every asset or task of a list, page by page."""
        page, seen = 1, 0
        while True:
            asked = urlencode({**query, "page": page, "limit": PAGE})
            answer = self._upstream.ask(whose, name, asked)
            listed = answer.get(what) if isinstance(answer, dict) else None
            if not isinstance(listed, list) or not listed:
                return
            yield from (item for item in listed if isinstance(item, dict))
            page, seen = page + 1, seen + len(listed)
            if seen >= int(answer.get("total") or 0):
                return

    def _overlaid(self, call: Call, reply: Reply) -> Reply:
        """A list of tasks, or one, with what the run kept."""
        try:
            whole = decode(reply.body)
        except NotReadable:
            return reply
        data = whole.get("data") if isinstance(whole, dict) else None
        if reply.status != 200 or not isinstance(data, dict):
            return reply
        shown = data.get("tasks") or ([data["task"]] if data.get("task") else [])
        with self._store.read() as tx:
            overlay(tx, call, [task for task in shown if isinstance(task, dict)])
        return Reply(reply.status, encode(whole), reply.headers)

    def _import(self, call: Call, query: str, run: Run) -> Reply:
        body = call.data()
        items = body.get("jsonContent", body.get("labels"))
        if not isinstance(items, list):
            raise Refused(400, "jsonContent is not a list.")
        if not run.request.dry_run:
            reply = self._upstream.forward(call, query)
            if reply.status == 200:
                self._count(run.session, items, _data(reply))
            return reply
        wanted = self._plan(call, run, items)
        with self._store.work() as tx:
            return Reply(200, success(keep(tx, self._store, run.session, wanted)), JSON)

    def _plan(self, call: Call, run: Run, items: list[Json]) -> ImportPlan:
        project = self._project(run)
        with project.turn:
            known, stages = self._classes(project, run)
            if project.index is None:
                project.index = self._read_index(run.request, stages)
            index = project.index
        return plan(known, lambda item: by_name(index, item), items, made_by(call))

    def _classes(self, project: ProjectUpstream, run: Run) -> tuple[Known, dict[str, str]]:
        """The project's classes, and names of its stages by id."""
        if project.known is None:
            path = f"project/{run.request.project}"
            about = read_project(self._upstream.ask(run.request.run_by, path))
            project.known = Known(about.schema, self._keeping), stage_names(about)
        return project.known

    def _read_index(self, request: RunRequest, stages: dict[str, str]) -> TaskIndex:
        index: TaskIndex = {"assetId": {}, "externalId": {}, "data": {}}
        query = {"includeAnswer": "true"}
        tasks = f"project/{request.project}/tasks"
        for task in self._all(request.run_by, tasks, "tasks", query):
            asset = task.get("asset") if isinstance(task.get("asset"), dict) else {}
            assert isinstance(asset, dict)
            external = task.get("externalId") or asset.get("externalId")
            answer = encode(task.get("answer") or no_labels()).decode()
            key = str(asset.get("_id") or task.get("asset"))
            stage = str(task.get("stage") or "")
            place = stages.get(stage, stage)
            addressed = Addressed(str(task.get("_id")), key, external, answer, place)
            for name, value in (
                ("assetId", key),
                ("externalId", external),
                ("data", asset.get("data")),
            ):
                if value is not None:
                    index[name].setdefault(str(value), []).append(addressed)
        return index

    def _annotate(self, call: Call, run: Run) -> Reply:
        answer, task = annotated(call.data()), call.ids["task"]
        path = f"task/{quote(task, safe='')}"
        about = self._upstream.ask(run.request.run_by, path, "includeAnswer=true")["task"]
        asset = about.get("asset")
        inner = asset if isinstance(asset, dict) else {"_id": asset}
        now = encode(about.get("answer") or no_labels()).decode()
        external = about.get("externalId") or inner.get("externalId")
        project = self._project(run)
        with project.turn:
            known, stages = self._classes(project, run)
        place = str(about.get("stage") or "")
        made = made_by(call, stage=stages.get(place, place))
        addressed = Addressed(task, str(inner.get("_id")), external, now, made.stage)
        with self._store.work() as tx:
            annotate_in_run(tx, call, known, addressed, answer, made)
        return Reply(200, success({"task": {"_id": task}}), JSON)

    def _count(self, session: str, items: list[Json], data: Json) -> None:
        """Count an import that Ango Hub carried out, by its own words.

        Which tasks got labels it does not say: the named assets stand for them.
        """
        counts = _COUNTS.search(str(data.get("project")) if isinstance(data, dict) else "")
        labelled, requested = (int(counts[1]), int(counts[2])) if counts else (0, len(items))
        done = {}
        for item in items:
            name = next((value for value in named(item).values() if value is not None), None)
            if labelled and name is not None:
                about = Addressed(name, name, name, None)
                done[name] = (about, Difference(added=_labels(item)))

        def record_it() -> None:
            with self._store.work() as tx:
                run = find(tx, session)
                counted = replace(
                    run, requested=run.requested + requested, labelled=run.labelled + labelled
                )
                noted = note(tx, counted, done)
                save(tx, replace(noted, tasks=min(noted.tasks, noted.labelled)))

        _patiently(record_it)  # it is done there: a plugin that were refused would do it again


def _patiently(write: Callable[[], None]) -> None:
    """Write what has happened already, and cannot be undone, once the database can take it.

    Raises:
        StoreUnavailable: It could not for minutes.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return write()
        except StoreUnavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _data(reply: Reply) -> Json:
    try:
        answer = decode(reply.body)
    except NotReadable:
        return None
    return answer.get("data") if isinstance(answer, dict) else None


def _labels(item: Json) -> dict[str, list[Any]]:
    labels = no_labels()
    for name, kind in NAMES:
        given = item.get(name) or (item.get("tools") if name == "objects" else None)
        listed = given if isinstance(given, list) else []
        labels[kind].extend(item for item in listed if isinstance(item, dict))
    return labels


def _as_item(added: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [as_import(kind, label) for label in added[kind]]
        for name, kind in NAMES
        if added.get(kind)
    }
