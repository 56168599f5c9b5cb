"""Links for uploads and downloads, and exports that the hub builds itself."""

from __future__ import annotations

import secrets
import time
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from core import file_links
from core.ango_json.text import loads
from core.gateway.hosts import is_loopback
from core.hub.api.routes.compare import compared
from core.hub.api.routes.organisation import records_of
from core.hub.call import Call, Refused, need_project
from core.hub.codec import Json, encode
from core.hub.projects.documents import batch_ids
from core.hub.projects.items import items_of
from core.hub.projects.shapes import project_value, stage_names
from core.hub.runs.run_calls import within
from core.store.hub import HubProject
from core.store.tables.hub import asset_batches, tasks

EXPORTS = "exports"
KINDS = {"brushes", "medicalBrushes", "assets", "exports", "instructions"}


def upload_url(call: Call) -> Json:
    """`GET /v2/getUploadUrl`."""
    name, project, kind = (call.query.get(key, "") for key in ("name", "project", "type"))
    if not name or kind not in KINDS:
        raise Refused(400, "An upload needs a name and a known type.")
    with call.hub.store.read() as tx:
        need_project(tx, project)
    call.note_done()
    path = "/".join((file_links.part(project), kind, file_links.part(name)))
    return {"uploadUrl": _link(call, path, "PUT")}


def signed_url(call: Call) -> Json:
    """`GET /v2/getSignedUrl`; the SDK sends the whole upload link as the name, not quoted."""
    url = (call.query.get("name") or call.query.get("url") or "").split("?")[0]
    if not url:
        raise Refused(400, "A signed link needs the address of a file, as name.")
    path = file_links.path_of(url)
    return {"signedUrl": url if path is None else _link(call, path, "GET")}


def fresh_link(call: Call, url: str | None) -> str | None:
    """A link to a file of this hub signed anew, so that it can be read for an hour; others as is.

    The address may have changed since it was kept: what counts is the path.
    """
    if url is None or (path := file_links.path_of(url)) is None:
        return url
    host = urlsplit(url).hostname or ""
    own = is_loopback(host) or host == urlsplit(call.base).hostname
    return _link(call, path, "GET") if own else url


def _link(call: Call, path: str, verb: str) -> str:
    now = call.hub.store.clock()
    return file_links.signed(call.base, path, verb, call.hub.signing, now)


def export(call: Call) -> Json:
    """`GET /v2/export`: writes a zip and answers with a link to it that needs no key."""
    lines = call.query.get("format") == "ndjson"
    if call.query.get("format", "json") not in ("json", "ndjson"):
        raise Refused(400, "format is neither json nor ndjson.")
    folder = call.hub.files / EXPORTS
    folder.mkdir(parents=True, exist_ok=True)
    _tidy(call)
    name = f"{secrets.token_hex(16)}.zip"
    unfinished = folder / f"{name}.part"
    with (
        call.hub.store.read() as tx,
        zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        project = need_project(tx, call.query.get("project"))
        kind = call.query.get("type", "task")
        if kind not in ("task", "issue"):
            raise Refused(400, "type is neither task nor issue.")
        issues = kind == "issue"
        items = _issues(tx, project) if issues else _items(call, tx, project)
        with archive.open("export.ndjson" if lines else "export.json", "w") as member:
            start, between, end = (b"", b"\n", b"\n") if lines else (b"[", b",\n", b"]")
            member.write(start)
            for place, item in enumerate(items):
                member.write((between if place else b"") + encode(item))
            member.write(end)
    unfinished.rename(folder / name)
    return {"exportPath": _link(call, f"{EXPORTS}/{name}", "GET")}


def _tidy(call: Call) -> None:
    """Remove exports whose links no longer hold."""
    for old in (call.hub.files / EXPORTS).iterdir():
        try:
            if old.stat().st_mtime < time.time() - 2 * file_links.SECONDS:
                old.unlink()
        except FileNotFoundError:  # another export tidies, too
            continue


def _items(call: Call, tx: sa.Connection, project: HubProject) -> Iterator[Json]:
    document = loads(project.document)
    names = stage_names(project_value(project.document))
    history = call.flag("includeHistory", otherwise=True)
    metadata = call.flag("includeMetadata", otherwise=True)
    yield from items_of(tx, project, _where(call, tx, project, document, names), history, metadata)


def _where(
    call: Call,
    tx: sa.Connection,
    project: HubProject,
    document: dict[str, Any],
    names: dict[str, str],
) -> sa.ColumnElement[bool]:
    of_project = tasks.c.project == project.id
    where = of_project & within(call, tasks.c.asset)
    stages = call.listed("stage")
    if stages:
        named = [stage for stage, name in names.items() if name in stages]
        where &= tasks.c.stage.in_([*stages, *named])
    batches = call.listed("batches")
    if batches:
        inside = asset_batches.c.batch.in_(batch_ids(document, batches))
        where &= sa.exists().where((asset_batches.c.asset == tasks.c.asset) & inside)
    types = call.listed("taskTypes")
    if types:
        where &= tasks.c.type.in_(types)
    for name, column in (("updatedAt", tasks.c.updated_at), ("createdAt", tasks.c.created_at)):
        bounds = call.parsed(name) or {}
        if not isinstance(bounds, dict):
            raise Refused(400, f"{name} is not an object with $gt and $lt.")
        for word, value in bounds.items():
            where &= compared(tx, of_project, name, word, column, value)
    return where


def _issues(tx: sa.Connection, project: HubProject) -> Iterator[Json]:
    for issue in records_of(tx, "issue", project.id):
        yield {"_id": issue["_id"], **issue}
