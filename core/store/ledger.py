"""Forecasts that publishes keep, and what the hub of this database then did, entry by entry."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from core.store.database import Database
from core.store.tables.hub import passes
from core.store.tables.ledger import ledger


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A forecast that a publish kept.

    Args:
        at: ISO time right before the workflow was sent.
        host: The hub.
        own: Whether that is the hub of this database, which writes its passes down.
        project: The project's id there.
        stage: Id of the Logic stage.
        name: Its name then.
        rules: Names the rules that were published (`ango_json.stages.rules_key`).
        document: Text of `routing.observed.kept_forecast`.
        number: Its place among all, from 1; 0 before it is kept.
    """

    at: str
    host: str
    own: bool
    project: str
    stage: str
    name: str
    rules: str
    document: str
    number: int = 0


def keep_entry(store: Database, entry: LedgerEntry) -> None:
    """Keep a forecast; who published stands in the record of changes already."""
    values = {name: value for name, value in asdict(entry).items() if name != "number"}
    with store.work() as tx:
        tx.execute(ledger.insert().values(values))


def entries_kept(tx: sa.Connection, project: str | None = None) -> tuple[LedgerEntry, ...]:
    """The forecasts of a project, or of all, the first one first."""
    query = sa.select(ledger).order_by(ledger.c.number)
    if project is not None:
        query = query.where(ledger.c.project == project)
    return tuple(LedgerEntry(**row._mapping) for row in tx.execute(query))


def comings_under(
    tx: sa.Connection, entries: Sequence[LedgerEntry]
) -> Mapping[int, Mapping[int, int]]:
    """Tasks that came to a stage for the first time, by the entry in force and their output.

    A task that had come before, under whichever rules, is there again because of where it was sent,
    so it tells less; neither do passes under rules that no entry of that time has.

    Args:
        tx: A connection.
        entries: All that were kept of one stage of the own hub, the first one first.

    Returns:
        Counts by output, by the number of the entry.
    """
    counts: dict[int, dict[int, int]] = {entry.number: {} for entry in entries}
    if not entries:
        return counts
    begins = [entry.at for entry in entries]
    its_own = (passes.c.project == entries[0].project) & (passes.c.stage == entries[0].stage)
    columns = (passes.c.task, passes.c.rules, passes.c.output, passes.c.at)
    came: set[str] = set()
    for task, rules, output, at in tx.execute(
        sa.select(*columns).where(its_own).order_by(passes.c.number)
    ):
        if task in came:
            continue
        came.add(task)
        place = bisect_right(begins, at) - 1
        if place >= 0 and entries[place].rules == rules:
            of_entry = counts[entries[place].number]
            of_entry[output] = of_entry.get(output, 0) + 1
    return counts
