"""Kept forecasts in both kinds of database: what was kept, and whose passes count for which."""

from dataclasses import replace

from core.model.passes import Pass
from core.store.database import open_database
from core.store.hub_passes import Rules, add_passes
from core.store.hub_tasks import remove_project
from core.store.ledger import LedgerEntry, comings_under, entries_kept, keep_entry

ENTRY = LedgerEntry(
    "2026-11-26T14:00:00.000Z", "http://127.0.0.1:8600", True, "p", "s", "Routing", "r1", "{}"
)


def at(minute):
    return f"2026-11-26T14:{minute:02}:00.000Z"


def test_a_task_counts_once_for_the_entry_that_was_in_force(database_url):
    store = open_database(database_url)
    keep_entry(store, ENTRY)
    keep_entry(store, replace(ENTRY, at=at(20), rules="r2"))
    keep_entry(store, replace(ENTRY, project="q", rules="r1"))
    with store.work() as tx:
        for minute, rules, task, output in (
            (0, "r0", "early", 0),  # when the publish was on its way
            (1, "r1", "a", 0),
            (2, "r1", "b", 2),
            (3, "r1", "a", 1),  # comes again
            (4, "r1", "early", 1),
            (21, "r1", "late", 0),  # rules that are not those of its time
            (22, "r2", "c", 0),
            (23, "r2", "b", 0),
        ):
            add_passes(tx, Rules("p", "s", rules), [Pass(task, 1, output)], at(minute))
        add_passes(tx, Rules("p", "other", "r1"), [Pass("x", 1, 0)], at(5))
    with store.read() as tx:
        entries = entries_kept(tx, "p")
        assert [entry.rules for entry in entries] == ["r1", "r2"]
        counts = comings_under(tx, entries)
        assert [counts[entry.number] for entry in entries] == [{0: 1, 2: 1}, {0: 1}]
        assert len(entries_kept(tx)) == 3 and comings_under(tx, ()) == {}
    store.close()


def test_a_project_that_the_hub_removes_takes_its_own_along(database_url):
    store = open_database(database_url)
    for own, project in ((True, "p"), (False, "p"), (True, "q")):
        keep_entry(store, replace(ENTRY, own=own, project=project))
    with store.work() as tx:
        remove_project(tx, "p")
    with store.read() as tx:
        kept = [(one.project, one.own) for one in entries_kept(tx)]
    assert kept == [("p", False), ("q", True)]
    store.close()
