"""Scenarios and golden tasks by workspace; what a scenario says stands in its document."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from core.access.actions import Action
from core.access.record import document as digest
from core.errors import UnknownName
from core.store.database import Database, notes
from core.store.tables.scenarios import golden_tasks, scenarios

NO_SCENARIO = (
    "The scenario of this link was deleted or never saved here.",
    "Import its file, or go on with the project's rules.",
)


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
            & scenarios.c.deleted_at.is_(None)
        )
        latest = sa.select(scenarios.c.id).where(same).order_by(scenarios.c.saved_at.desc())
        with self._store.write(Action.SCENARIO, f"scenario {name}", None, digest(document)) as tx:
            known = tx.execute(latest.limit(1)).scalar()
            saved = SavedScenario(
                known or secrets.token_hex(9),
                workspace,
                stage,
                name,
                document,
                self._store.clock(),
            )
            again = scenarios.update().where(scenarios.c.id == saved.id)
            if known:
                notes(tx, before=digest(_read(tx, known).document))
            tx.execute((again if known else scenarios.insert()).values(asdict(saved)))
        return saved

    def get(self, scenario: str) -> SavedScenario:
        """Find a scenario.

        Raises:
            UnknownName: It was deleted, or never saved here.
        """
        with self._store.read() as tx:
            return _read(tx, scenario)

    def recent(
        self, workspace: str | None, most: int = 1_000, deleted: bool = False
    ) -> tuple[SavedScenario, ...]:
        """The scenarios of a workspace, or of all, the latest save or deletion first."""
        gone = scenarios.c.deleted_at.is_not(None)
        query = sa.select(*_COLUMNS).where(gone if deleted else ~gone)
        if workspace is not None:
            query = query.where(scenarios.c.workspace == workspace)
        order = scenarios.c.deleted_at if deleted else scenarios.c.saved_at
        with self._store.read() as tx:
            rows = tx.execute(query.order_by(order.desc()).limit(most)).all()
        return tuple(SavedScenario(**row._mapping) for row in rows)

    def delete(self, scenario: str) -> None:
        """Put a scenario away; `restore` brings it back. Raises as `get`."""
        with self._store.write(Action.SCENARIO, f"scenario {scenario}", after="deleted") as tx:
            notes(tx, before={"name": _read(tx, scenario).name})
            its_row = scenarios.update().where(scenarios.c.id == scenario)
            tx.execute(its_row.values(deleted_at=self._store.clock()))

    def restore(self, scenario: str) -> None:
        """Bring a deleted scenario back; one that was not deleted stays as it is.

        Raises:
            UnknownName: There never was one of this id.
        """
        there = scenarios.update().where(scenarios.c.id == scenario).values(deleted_at=None)
        with self._store.write(Action.SCENARIO, f"scenario {scenario}", after="restored") as tx:
            if not tx.execute(there).rowcount:
                raise UnknownName(*NO_SCENARIO)

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
        about = f"task {pin.task} in stage {stage}"
        with self._store.write(Action.PINNED_TASK, about, after=values) as tx:
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
        about = f"task {task} in stage {stage}"
        with self._store.write(Action.PINNED_TASK, about, after="unpinned") as tx:
            tx.execute(golden_tasks.delete().where(its_row))


_COLUMNS = tuple(getattr(scenarios.c, name) for name in SavedScenario.__slots__)


def _read(tx: sa.Connection, scenario: str) -> SavedScenario:
    its_row = scenarios.c.id == scenario
    row = tx.execute(sa.select(scenarios).where(its_row)).one_or_none()
    if row is None:
        raise UnknownName(*NO_SCENARIO)
    if row.deleted_at is not None:
        raise UnknownName(
            f"The scenario {row.name} was deleted.",
            "Restore it in the menu of scenarios, or go on with the project's rules.",
        )
    return SavedScenario(**{name: row._mapping[name] for name in SavedScenario.__slots__})
