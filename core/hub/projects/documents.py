"""Changes of a project's own JSON; what is not changed keeps its spelling."""

from __future__ import annotations

import sqlalchemy as sa

from core.ango_json.text import dumps, loads
from core.hub.call import Refused
from core.hub.codec import Json
from core.store.hub import SANDBOX, HubProject, insert_project, new_id, new_seed
from core.store.tables.hub import projects

DEFAULT_STAGES: list[Json] = [
    {
        "id": "Start",
        "type": "Start",
        "name": "Start",
        "position": {"x": 0, "y": 0},
        "next": ["Label"],
        "autoForward": True,
    },
    {
        "id": "Label",
        "type": "Label",
        "name": "Label",
        "position": {"x": 200, "y": 0},
        "next": ["Review"],
        "assignedTo": [],
    },
    {
        "id": "Review",
        "type": "Review",
        "name": "Review",
        "position": {"x": 400, "y": 0},
        "next": ["Complete", "Label"],
        "assignedTo": [],
        "readOnly": False,
    },
    {
        "id": "Complete",
        "type": "Complete",
        "name": "Complete",
        "position": {"x": 600, "y": 0},
        "next": [],
        "preventRequeue": False,
    },
]


def new_document(project: str, name: str, created_at: str) -> dict[str, Json]:
    """The JSON of an empty project with the workflow that Ango Hub starts with."""
    return {
        "_id": project,
        "name": name,
        "description": "",
        "type": "ango",
        "organization": "",
        "createdAt": created_at,
        "categorySchema": {"tools": [], "classifications": [], "relations": []},
        "stages": DEFAULT_STAGES,
        "batches": [],
        "assignedTo": [],
    }


def make_project(
    tx: sa.Connection, document: dict[str, Json], created_at: str, backend: str = SANDBOX
) -> HubProject:
    """Add a project; its id and name stand in the document."""
    made = HubProject(
        id=str(document["_id"]),
        name=str(document["name"]),
        backend=backend,
        seed=new_seed(),
        created_at=created_at,
        document=dumps(document),
    )
    insert_project(tx, made)
    return made


def change_document(
    tx: sa.Connection, project: HubProject, changes: dict[str, Json]
) -> dict[str, Json]:
    """Write some keys of a project; returns the whole document."""
    document: dict[str, Json] = {**loads(project.document), **changes}
    document["_id"] = project.id
    write = projects.update().where(projects.c.id == project.id)
    tx.execute(write.values(document=dumps(document), name=str(document.get("name") or "")))
    return document


def add_project_batches(tx: sa.Connection, project: HubProject, wanted: list[Json]) -> list[Json]:
    """Create the batches that the project lacks; returns those wanted, with their ids.

    Args:
        tx: The transaction.
        project: As read in this transaction.
        wanted: Objects with a name and perhaps an `_id`. A batch that is not among them stays:
            whoever sends a whole list may not have seen the newest one.
    """
    batches: list[Json] = list(loads(project.document).get("batches") or [])
    documents = []
    for batch in wanted:
        name = batch.get("name") if isinstance(batch, dict) else batch
        if not isinstance(name, str) or not name.strip():
            raise Refused(400, "A batch has no name.")
        known = next((b for b in batches if isinstance(b, dict) and b.get("name") == name), None)
        if known is None:
            given = batch if isinstance(batch, dict) else {}
            known = {"_id": given.get("_id") or new_id(), "name": name, **given}
            batches.append(known)
        elif not known.get("_id"):
            known["_id"] = new_id()
        documents.append(known)
    change_document(tx, project, {"batches": batches})
    return documents


def batch_ids(document: dict[str, Json], wanted: list[str]) -> list[str]:
    """Ids of batches given by id or name; one that the project lacks is refused."""
    known: dict[str, str] = {}
    for batch in document.get("batches") or []:
        if isinstance(batch, dict) and batch.get("name"):
            known.setdefault(str(batch["name"]), str(batch.get("_id") or batch["name"]))
    known |= {batch: batch for batch in list(known.values())}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise Refused(400, f"The project has no batch {unknown[0]}.", "Create it first.")
    return [known[name] for name in wanted]


def batch_names(document: dict[str, Json]) -> dict[str, str]:
    """Batch names by id."""
    return {
        str(batch.get("_id") or batch.get("name")): str(batch.get("name") or "")
        for batch in document.get("batches") or []
        if isinstance(batch, dict)
    }
