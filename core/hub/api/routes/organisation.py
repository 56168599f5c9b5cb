"""What belongs to people and organizations: kept, and answered sensibly.

Secrets of storages and language models are dropped on arrival: nothing here needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from core.hub.call import Call, Refused, need_project, objects, texts
from core.hub.codec import Json, decode, text
from core.store.hub import LogLine, log, new_id
from core.store.tables.hub import records

SECRET_KEYS = {"privateKey", "publicKey", "credentials", "apiKey"}


def keep(tx: sa.Connection, kind: str, scope: str, document: dict[str, Any], key: str = "") -> str:
    """Keep a document in place of one of the same kind and key; returns its key."""
    made = key or new_id()
    old = (records.c.kind == kind) & (records.c.id == made)
    tx.execute(records.delete().where(old))
    row = {"kind": kind, "id": made, "scope": scope, "document": text(document)}
    tx.execute(records.insert().values(row))
    return made


def records_of(tx: sa.Connection, kind: str, scope: str | None) -> list[dict[str, Any]]:
    """The documents of a kind, of one project or organization or of all, with their ids.

    Those with a time of their making come in its order; the others in one that does not change.
    """
    query = sa.select(records).where(records.c.kind == kind)
    if scope is not None:
        query = query.where(records.c.scope == scope)
    if tx.dialect.name != "sqlite":  # where the order is that of writing
        query = query.order_by(records.c.id)
    documents = [{**decode(row.document), "_id": row.id} for row in tx.execute(query)]
    return sorted(documents, key=lambda document: str(document.get("createdAt") or ""))


def drop(tx: sa.Connection, kind: str, key: str, scope: str | None = None) -> None:
    """Delete one, with a scope only if it belongs there.

    Raises:
        Refused: 404; it is not there.
    """
    its_row = (records.c.kind == kind) & (records.c.id == key)
    if scope is not None:
        its_row &= records.c.scope == scope
    if tx.execute(records.delete().where(its_row)).rowcount == 0:
        raise Refused(404, f"There is no {kind} of this id on this hub.")


def _without_secrets(value: Json) -> Json:
    if isinstance(value, dict):
        return {k: _without_secrets(v) for k, v in value.items() if k not in SECRET_KEYS}
    return [_without_secrets(v) for v in value] if isinstance(value, list) else value


def creating(kind: str) -> Callable[[Call], Json]:
    """A handler that keeps a storage or a language model, without its secrets."""

    def handler(call: Call) -> Json:
        document = _without_secrets(call.data())
        with call.write() as tx:
            key = keep(tx, kind, "", document)
        return {kind: {**document, "_id": key}}

    return handler


def listing(kind: str, name: str) -> Callable[[Call], Json]:
    """A handler that lists them."""

    def handler(call: Call) -> Json:
        with call.hub.store.read() as tx:
            documents = records_of(tx, kind, None)
        wanted = call.query.get("_id")
        return {name: [document for document in documents if wanted in (None, "", document["_id"])]}

    return handler


def deleting(kind: str) -> Callable[[Call], Json]:
    """A handler that deletes one by its id."""

    def handler(call: Call) -> Json:
        with call.write() as tx:
            drop(tx, kind, call.ids[kind], call.query.get("project"))
        return {kind: {"_id": call.ids[kind], "deleted": True}}

    return handler


def storage_files(call: Call) -> Json:
    """`GET /v2/storages/{storage}/files`, `POST /v2/file-explorer`: the hub reaches no storage."""
    given = call.ids.get("storage") or call.data().get("storageId")
    with call.hub.store.read() as tx:
        storages = [
            storage for storage in records_of(tx, "storage", None) if storage["_id"] == given
        ]
    if not storages:
        raise Refused(404, f"There is no storage {str(given)[:60]} on this hub.")
    name = storages[0].get("name") or given
    raise Refused(400, f"The local hub reaches no storage: it cannot list the files of {name}.")


def people(kind: str) -> Callable[[Call], Json]:
    """A handler for `users` and `invites` of an organization: GET, POST and DELETE."""

    def handler(call: Call) -> Json:
        organization = call.ids["organization"]
        opened = call.hub.store.read() if call.method == "GET" else call.write()
        with opened as tx:
            for email, role in _people_of(call, kind):
                key = f"{organization}:{email.strip().casefold()}"
                if call.method == "DELETE":
                    its_row = (records.c.kind == kind) & (records.c.id == key)
                    tx.execute(records.delete().where(its_row))
                else:
                    about: dict[str, Json] = {"email": email, "organizationRole": role}
                    if kind == "invites":  # nobody answers them here
                        given = call.data().get("projectAssignments")
                        about |= {"status": "pending", "projectAssignments": given or []}
                    keep(tx, kind, organization, about, key)
            people = records_of(tx, kind, organization)
        if kind == "invites" and (status := call.query.get("status")):
            people = [person for person in people if person.get("status", "pending") == status]
        return {kind: people, "total": len(people)}

    return handler


def _people_of(call: Call, kind: str) -> list[tuple[str, str]]:
    if call.method == "GET":
        return []
    body = call.data()
    role = str(body.get("organizationRole") or "member")
    people = []
    name = "to" if body.get("to") else kind
    for person in objects(body.get(name), name):
        email = person.get("email") if isinstance(person, dict) else person
        if not isinstance(email, str) or not email:
            raise Refused(400, "An address is missing.")
        own = person.get("organizationRole") if isinstance(person, dict) else None
        people.append((email, str(own or role)))
    return people


def notify(call: Call) -> Json:
    """`POST /v2/notifications`: nobody is told; the hub's log says that it was asked."""
    body = call.data()
    receivers = texts(body.get("receivers"), "receivers")
    if not receivers or not isinstance(body.get("message"), str):
        raise Refused(400, "A notification needs receivers and a message.")
    line = f"A notification for {len(receivers)} people was kept here and not delivered."
    with call.write() as tx:
        key = keep(tx, "notification", "", body)
        log(tx, call.hub.store.clock(), LogLine("", "INFO", line))
    return {"notification": {"_id": key}}


def attach(call: Call) -> Json:
    """`POST /v2/attachments`."""
    body = call.data()
    given = objects(body.get("attachments"), "attachments")
    with call.write() as tx:
        project = need_project(tx, body.get("project"))
        for attachment in given:
            keep(tx, "attachment", project.id, attachment)
    about = {"_id": project.id, "name": project.name, "attachments": given}
    return {"project": about, "attachments": len(given)}
