"""What must be true after whatever happened: nothing accepted is lost, nothing is doubled."""

import json
import sqlite3
from collections import Counter
from contextlib import closing

import sqlalchemy as sa

from core.store.tables.hub import history, logs, tasks
from core.store.tables.runs import run_tasks, runs


def check_database(world):
    file = world.data / "switchyard.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as looking:
        assert looking.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def check_project(world, project):
    """Every call of people: answered by 2xx it is there once, refused it is not there."""
    names = {task: external for external, task in project.tasks.items()}
    with world.store.read() as tx:
        rows = tx.execute(sa.select(tasks).where(tasks.c.project == project.id)).all()
        steps = sa.select(history.c.task, history.c.entry).where(
            history.c.task.in_([row.id for row in rows])
        )
        entries = [(task, json.loads(entry)) for task, entry in tx.execute(steps)]
        said = tx.scalars(sa.select(logs.c.message).where(logs.c.session == project.id)).all()
    assert len(rows) == len(project.tasks)
    there = Counter()
    for row in rows:
        imported = [one for one in _tools(row) if one["point"] == [1, 2]]
        there["import", names[row.id]] = len(imported)
    for task, entry in entries:
        if entry["stageId"] == "Label":
            there["submit", names[task]] += 1
    for row in rows:
        left = row.stage == "Review"
        assert left == (there["submit", names[row.id]] == 1), (row.stage, names[row.id])
    there.update(("log", message) for message in said)
    doubled = {call for call, many in there.items() if many > 1}
    lost = {call for call in project.stored if not there[call]}
    # what people are told is not there is not there
    kept = {call for call in project.refused if there[call[:2]]}
    asked = project.stored | project.unknown | {call[:2] for call in project.refused}
    unasked = {call for call, many in there.items() if many} - asked
    assert (doubled, lost, kept, unasked) == (set(), set(), set(), set())
    numbers = [int(message) for message in said]
    assert numbers == sorted(numbers), "log lines changed their order"
    assert project.stored


def check_run(world, step_run, broken=()):
    """A run that has ended says how, counts what there is, and its log has no hole.

    Args:
        world: Where.
        step_run: As the driver knows it.
        broken: Which of `hub`, `plugin` and `upstream` was broken while it ran; else it succeeds.
    """
    run, acks, lines = step_run.run, step_run.acks, step_run.lines()
    assert run.is_final, run.state
    numbers = [int(line.split()[1]) for line in lines]
    tried, stored = ({int(a.split()[1]) for a in acks if a.startswith(kind)} for kind in
                     ("tried", "stored"))  # fmt: skip
    refused = {int(a.split()[1]) for a in acks if a.startswith("refused")}
    if run.state == "succeeded":
        assert acks[-1] == "done" and run.message == f"{step_run.steps} steps"
    else:
        assert broken, (run.state, run.reason)
        assert run.reason.strip(), "it does not say why"
        assert run.state in ("failed", "interrupted", "no_answer"), run.state
    # the log: in order, without doubles, and without a hole in what was seen or acknowledged
    assert numbers == sorted(set(numbers)), numbers
    assert numbers[: step_run.lines_seen] == list(range(step_run.lines_seen))
    if not broken:
        assert numbers == list(range(step_run.steps))
    with world.store.read() as tx:
        row = tx.execute(sa.select(runs).where(runs.c.session == run.session)).one()
        many = sa.select(sa.func.count()).where(logs.c.session == run.session)
        assert tx.scalar(many) == row.logs
        kept = sa.select(run_tasks).where(run_tasks.c.session == run.session)
        records = tx.execute(kept).all()
        answers = tx.execute(sa.select(tasks).where(tasks.c.project == run.request.project)).all()
    if "upstream" in broken:
        return
    labels = Counter(
        one["point"][1] for row in answers for one in _tools(row)
        if one["point"][0] == step_run.mark
    )  # fmt: skip
    recorded = Counter(
        one["point"][1] for record in records for one in json.loads(record.added)["tools"]
    )
    assert max([*labels.values(), *recorded.values()], default=1) == 1, "a label came twice"
    assert stored <= set(recorded) <= tried and not refused & set(recorded)
    assert set(labels) == (set() if step_run.dry_run else set(recorded))
    assert run.labelled == len(recorded)


def _tools(row):
    return (json.loads(row.answer) if row.answer else {}).get("tools") or []
