"""Scenarios and golden tasks by workspace; what a scenario says stands in its document."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from core.errors import UnknownName
from core.store.database import Database
from core.store.tables.scenarios import golden_tasks, scenarios


@dataclass(frozen=True, slots=True)
class SavedScenario:
    """A scenario that is kept.

    Args:
        id: Stands in its link.
        workspace: Where it was saved.
        stage: Id of its Logic stage.
        name: As people call it.
        document: Text of `scenario.file`.
        saved_at: Seconds since 1970.
    """

    id: str
    workspace: str
    stage: str
    name: str
    document: str
    saved_at: float


@dataclass(frozen=True, slots=True)
class Pin:
    """A golden task as it is kept: `target` is the stage's id, the rest as `versions.golden`."""

    task: str
    target: str
    chance: float
    waived: str


class Scenarios:
    """Scenarios and golden tasks in a database."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def save(self, workspace: str, stage: str, name: str, document: str) -> SavedScenario:
        """Keep a scenario; one of the same name, workspace and stage is replaced."""
        same = (
            (scenarios.c.workspace == workspace)
            & (scenarios.c.stage == stage)
            & (scenarios.c.name == name)
        )
        with self._store.write() as tx:
            known = tx.execute(sa.select(scenarios.c.id).where(same)).scalar()
            saved = SavedScenario(
                known or secrets.token_urlsafe(9),
                workspace,
                stage,
                name,
                document,
                self._store.clock(),
            )
            change = scenarios.update().where(same) if known else scenarios.insert()
            tx.execute(change.values(asdict(saved)))
        return saved

    def get(self, scenario: str) -> SavedScenario:
        """Find a scenario.

        Raises:
            UnknownName: It was deleted, or never saved here.
        """
        query = sa.select(scenarios).where(scenarios.c.id == scenario)
        with self._store.read() as tx:
            row = tx.execute(query).one_or_none()
        if row is None:
            raise UnknownName(
                "The scenario of this link was deleted or never saved here.",
                "Import its file, or go on with the project's rules.",
            )
        return SavedScenario(**row._mapping)

    def all(self, workspace: str) -> tuple[SavedScenario, ...]:
        """The scenarios of a workspace, latest first."""
        query = sa.select(scenarios).where(scenarios.c.workspace == workspace)
        with self._store.read() as tx:
            rows = tx.execute(query.order_by(scenarios.c.saved_at.desc())).all()
        return tuple(SavedScenario(**row._mapping) for row in rows)

    def delete(self, scenario: str) -> None:
        """Forget a scenario; one that is gone already is no error."""
        with self._store.write() as tx:
            tx.execute(scenarios.delete().where(scenarios.c.id == scenario))

    def pins(self, workspace: str, stage: str) -> tuple[Pin, ...]:
        """Golden tasks of a stage, in the order in which they were pinned."""
        of_stage = (golden_tasks.c.workspace == workspace) & (golden_tasks.c.stage == stage)
        order = (golden_tasks.c.pinned_at, golden_tasks.c.task)
        columns = (getattr(golden_tasks.c, name) for name in Pin.__slots__)
        with self._store.read() as tx:
            rows = tx.execute(sa.select(*columns).where(of_stage).order_by(*order)).all()
        return tuple(Pin(**row._mapping) for row in rows)

    def pin(self, workspace: str, stage: str, pin: Pin) -> None:
        """Pin a task, or change what holds for it."""
        values = asdict(pin)
        its_row = (
            (golden_tasks.c.workspace == workspace)
            & (golden_tasks.c.stage == stage)
            & (golden_tasks.c.task == pin.task)
        )
        with self._store.write() as tx:
            changed = tx.execute(golden_tasks.update().where(its_row).values(**values))
            if not changed.rowcount:
                more = {"workspace": workspace, "stage": stage, "pinned_at": self._store.clock()}
                tx.execute(golden_tasks.insert().values(**values, **more))

    def unpin(self, workspace: str, stage: str, task: str) -> None:
        """Forget a golden task."""
        its_row = (
            (golden_tasks.c.workspace == workspace)
            & (golden_tasks.c.stage == stage)
            & (golden_tasks.c.task == task)
        )
        with self._store.write() as tx:
            tx.execute(golden_tasks.delete().where(its_row))
