"""Drafts of Logic stages: saved at every edit, with 50 steps of undo, and safe with two editors."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

import sqlalchemy as sa

from core.access.actions import Action
from core.access.record import document as digest
from core.errors import DraftChanged, UnknownName
from core.store.database import Database, notes
from core.store.tables.drafts import drafts, editors, steps

UNDO_STEPS = 50
PRESENT_SECONDS = 15.0
NO_DRAFT = "The draft of this link does not exist.", "Start from the project's rules."


@dataclass(frozen=True, slots=True)
class Draft:
    """A saved draft.

    Args:
        id: Stands in its link.
        workspace: The workspace that it belongs to.
        stage: Id of its Logic stage.
        version: Counts every save, undo and redo.
        document: JSON text of `wire.drafts`.
        undo: How many steps can be taken back.
        redo: How many can be taken again.
        saved_at: Seconds since 1970.
        saved_by: Editor who saved last.
        name: As people call it, "" for none.
    """

    id: str
    workspace: str
    stage: str
    version: int
    document: str
    undo: int
    redo: int
    saved_at: float
    saved_by: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ListedDraft:
    """A draft in a list.

    Args:
        id: Stands in its link.
        workspace: The workspace that it belongs to.
        stage: Id of its Logic stage.
        name: As people call it, "" for none.
        saved_at: Seconds since 1970.
        deleted_at: When it was deleted, None while it is there.
    """

    id: str
    workspace: str
    stage: str
    name: str
    saved_at: float
    deleted_at: float | None


class Drafts:
    """Drafts in a database. An editor is one browser tab, named by any text."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def create(self, workspace: str, stage: str, before: str, after: str, editor: str) -> Draft:
        """Save the first edit of a stage; `before` is what undo leads back to."""
        made = Draft(
            id=secrets.token_hex(9),
            workspace=workspace,
            stage=stage,
            version=1,
            document=after,
            undo=1,
            redo=0,
            saved_at=self._store.clock(),
            saved_by=editor,
        )
        values = {c.name: getattr(made, c.name) for c in drafts.c if c.name in Draft.__slots__}
        documents = [
            {"draft": made.id, "step": n, "document": d} for n, d in enumerate((before, after))
        ]
        about = f"draft {made.id} of stage {stage}"
        with self._store.write(Action.DRAFT, about, digest(before), digest(after)) as tx:
            tx.execute(drafts.insert().values(**values, step=1))
            tx.execute(steps.insert(), documents)
        return made

    def get(self, draft: str) -> Draft:
        """Read a draft.

        Raises:
            UnknownName: There is none of this id.
        """
        with self._store.read() as tx:
            return _read(tx, draft)

    def recent(
        self, workspace: str | None, most: int = 20, deleted: bool = False
    ) -> tuple[ListedDraft, ...]:
        """The drafts of a workspace, or of all, the latest save or deletion first."""
        gone = drafts.c.deleted_at.is_not(None)
        query = sa.select(
            *(drafts.c.id, drafts.c.workspace, drafts.c.stage, drafts.c.saved_at),
            *(sa.func.coalesce(drafts.c.name, "").label("name"), drafts.c.deleted_at),
        ).where(gone if deleted else ~gone)
        if workspace is not None:
            query = query.where(drafts.c.workspace == workspace)
        order = drafts.c.deleted_at if deleted else drafts.c.saved_at
        with self._store.read() as tx:
            rows = tx.execute(query.order_by(order.desc()).limit(most)).all()
        return tuple(ListedDraft(**row._mapping) for row in rows)

    def rename(self, draft: str, name: str) -> None:
        """Give a draft a name; "" takes it away. Raises as `get`."""
        self._change(draft, "renamed", name=name.strip())

    def delete(self, draft: str) -> None:
        """Put a draft away; `restore` brings it back with its undo. Raises as `get`."""
        self._change(draft, "deleted", deleted_at=self._store.clock())

    def restore(self, draft: str) -> None:
        """Bring a deleted draft back; one that was not deleted stays as it is.

        Raises:
            UnknownName: There never was one of this id.
        """
        with self._store.write(Action.DRAFT, f"draft {draft}", after="restored") as tx:
            there = drafts.update().where(drafts.c.id == draft).values(deleted_at=None)
            if not tx.execute(there).rowcount:
                raise UnknownName(*NO_DRAFT)

    def _change(self, draft: str, done: str, **values: object) -> None:
        with self._store.write(Action.DRAFT, f"draft {draft}", after={done: values}) as tx:
            notes(tx, before={"name": _read(tx, draft).name})
            tx.execute(drafts.update().where(drafts.c.id == draft).values(**values))

    def save(self, seen: Draft, document: str, editor: str) -> Draft:
        """Save an edit of the draft as it was seen; what was undone before is forgotten.

        Raises:
            DraftChanged: Somebody saved after it was seen; nothing was written.
        """
        if document == seen.document:
            return seen
        at = self._store.clock()
        change = digest(seen.document), digest(document)
        with self._store.write(Action.DRAFT, f"draft {seen.id}", *change) as tx:
            step = self._claim(tx, seen, editor, +1, at)
            later = (steps.c.draft == seen.id) & (steps.c.step >= step)
            tx.execute(steps.delete().where(later))
            tx.execute(steps.insert().values(draft=seen.id, step=step, document=document))
            old = (steps.c.draft == seen.id) & (steps.c.step < step - UNDO_STEPS)
            tx.execute(steps.delete().where(old))
        undo = min(seen.undo + 1, UNDO_STEPS)
        return replace(
            seen,
            version=seen.version + 1,
            document=document,
            undo=undo,
            redo=0,
            saved_at=at,
            saved_by=editor,
        )

    def undo(self, seen: Draft, editor: str) -> Draft:
        """Take the last step back; without one nothing happens. Raises as `save`."""
        return self._step(seen, editor, -1) if seen.undo else seen

    def redo(self, seen: Draft, editor: str) -> Draft:
        """Take a step again; without one nothing happens. Raises as `save`."""
        return self._step(seen, editor, +1) if seen.redo else seen

    def _step(self, seen: Draft, editor: str, by: int) -> Draft:
        done = "undone" if by < 0 else "redone"
        with self._store.write(Action.DRAFT, f"draft {seen.id}", digest(seen.document)) as tx:
            self._claim(tx, seen, editor, by, self._store.clock())
            stepped = _read(tx, seen.id)
            notes(tx, after={done: digest(stepped.document)})
            return stepped

    def _claim(self, tx: sa.Connection, seen: Draft, editor: str, by: int, at: float) -> int:
        """Move the draft on by one version; returns its step."""
        same = (
            (drafts.c.id == seen.id)
            & (drafts.c.version == seen.version)
            & drafts.c.deleted_at.is_(None)
        )
        changed = tx.execute(
            drafts.update()
            .where(same)
            .values(
                version=seen.version + 1,
                step=drafts.c.step + by,
                saved_at=at,
                saved_by=editor,
            )
        )
        if changed.rowcount != 1:
            raise DraftChanged(
                "This draft was changed in another window, so your last edit was not saved.",
                "Load the other version, or keep yours as a draft of its own.",
            )
        return int(tx.execute(sa.select(drafts.c.step).where(drafts.c.id == seen.id)).scalar_one())

    def others(self, draft: str, editor: str, since: float = 0.0) -> int:
        """Say that this editor has the draft open; returns how many others said so after `since`.

        A window that is reloaded is a new editor; what it said before does not count.
        """
        now = self._store.clock()
        with self._store.work() as tx:
            this_editor = (editors.c.draft == draft) & (editors.c.editor == editor)
            stale = (editors.c.draft == draft) & (editors.c.seen_at < now - PRESENT_SECONDS)
            tx.execute(editors.delete().where(this_editor | stale))
            tx.execute(editors.insert().values(draft=draft, editor=editor, seen_at=now))
            others = (
                (editors.c.draft == draft)
                & (editors.c.editor != editor)
                & (editors.c.seen_at > since)
            )
            query = sa.select(sa.func.count()).select_from(editors).where(others)
            return int(tx.execute(query).scalar_one())


def _read(tx: sa.Connection, draft: str) -> Draft:
    row = tx.execute(sa.select(drafts).where(drafts.c.id == draft)).one_or_none()
    if row is None:
        raise UnknownName(*NO_DRAFT)
    if row.deleted_at is not None:
        raise UnknownName(
            f"The draft {row.name or draft} was deleted.",
            "Restore it in the menu of drafts, or start from the project's rules.",
        )
    numbers = sa.select(sa.func.min(steps.c.step), sa.func.max(steps.c.step))
    first, last = tx.execute(numbers.where(steps.c.draft == draft)).one()
    current = (steps.c.draft == draft) & (steps.c.step == row.step)
    document = tx.execute(sa.select(steps.c.document).where(current)).scalar_one()
    return Draft(
        id=row.id,
        workspace=row.workspace,
        stage=row.stage,
        version=row.version,
        document=document,
        undo=row.step - first,
        redo=last - row.step,
        saved_at=row.saved_at,
        saved_by=row.saved_by,
        name=row.name or "",
    )
