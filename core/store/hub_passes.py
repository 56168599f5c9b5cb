"""What the hub's Logic stages did with the tasks that came to them, pass by pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from core.ango_json.stages import rules_key
from core.model.passes import Pass
from core.model.stages import Logic
from core.store.tables.hub import passes


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules that a Logic stage had for a time.

    Args:
        project: Whose stage it is.
        stage: Its id.
        key: Names its rules: `ango_json.stages.rules_key`.
    """

    project: str
    stage: str
    key: str


def rules_of(project: str, stage: Logic) -> Rules:
    """The rules that a Logic stage has now."""
    return Rules(project, stage.id, rules_key(stage))


def add_passes(tx: sa.Connection, rules: Rules, went: Sequence[Pass], at: str) -> None:
    """Write down what became of tasks.

    Args:
        tx: The transaction in which they move.
        rules: The rules that sent them.
        went: The tasks.
        at: ISO time.
    """
    about = {"project": rules.project, "stage": rules.stage, "rules": rules.key, "at": at}
    if went:
        tx.execute(passes.insert(), [about | asdict(one) for one in went])


def first_passes(tx: sa.Connection, rules: Rules, after: int = 0) -> list[Pass]:
    """The first pass of each task under these rules.

    A later pass of a task is there because of where the one before led, so it says less.

    Args:
        tx: A connection.
        rules: Passes under earlier rules do not count.
        after: Only passes behind this number, as `last_pass` gave it.
    """
    same = (passes.c.project == rules.project) & (passes.c.stage == rules.stage)
    where = same & (passes.c.rules == rules.key) & (passes.c.number > after)
    query = sa.select(passes).where(where).order_by(passes.c.number)
    first: dict[str, Pass] = {}
    for row in tx.execute(query):
        first.setdefault(row.task, Pass(row.task, row.entries, row.output))
    return list(first.values())


def last_pass(tx: sa.Connection) -> int:
    """The number of the last pass that was written down, 0 before the first."""
    return int(tx.scalar(sa.select(sa.func.max(passes.c.number))) or 0)


def passes_under_other_rules(tx: sa.Connection, rules: Rules) -> int:
    """How many passes through the stage were under other rules than these."""
    same = (passes.c.project == rules.project) & (passes.c.stage == rules.stage)
    query = sa.select(sa.func.count()).select_from(passes)
    return int(tx.scalar(query.where(same & (passes.c.rules != rules.key))) or 0)
