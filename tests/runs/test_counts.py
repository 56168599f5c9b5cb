"""Counts about a run are those of the lists, and no list is loaded for them."""

import re

import pytest
import sqlalchemy as sa
from databases import KINDS
from hypothesis import given
from hypothesis import strategies as st

from core.plugin_runs.model import RunRequest
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.run_counts import left_count, shown_count
from core.store.runs import Runs
from core.store.tables.hub import asset_batches, assets
from core.store.tables.runs import run_tasks

ASSETS = [f"a{n}" for n in range(12)]


class World:
    """A store with ten assets, every other one in a batch."""

    def __init__(self, folder, url):
        self.store = open_hub(url)
        self.runs = Runs(self.store)
        self.plugin = Registry(self.store, folder).add("D").plugin.id
        about = {"project": "p", "prelabelled": False, "document": "{}"}
        with self.store.work() as tx:
            for n in range(10):
                tx.execute(assets.insert().values({**about, "id": f"a{n}", "number": n + 1}))
                if n % 2:
                    tx.execute(asset_batches.insert().values(asset=f"a{n}", batch="b", place=0))

    def run(self, touched, **asked):
        made = self.runs.start(RunRequest(self.plugin, "p", **asked))
        about = {"session": made.session, "added": "{}", "removed": "{}"}
        rows = [
            {**about, "task": f"t{n}", "number": n, "asset": f"a{asset}"}
            for n, asset in enumerate(touched)
        ]
        if rows:
            with self.store.work() as tx:
                tx.execute(run_tasks.insert(), rows)
        return made


@pytest.fixture(scope="module", params=KINDS)
def world(request, tmp_path_factory, make_database):
    made = World(tmp_path_factory.mktemp("world"), make_database(request.param))
    yield made
    made.store.close()


@given(
    touched=st.lists(st.integers(0, 11), max_size=15),
    chosen=st.none() | st.lists(st.sampled_from(ASSETS), min_size=1, max_size=5),
    batches=st.sampled_from([(), ("b",), ("none",)]),
    limit=st.none() | st.integers(1, 12),
)
def test_counts_are_the_lengths_of_the_lists(world, touched, chosen, batches, limit):
    asked = {"batches": batches, "limit": limit}
    run = world.run(touched, assets=tuple(chosen) if chosen else None, **asked)
    store, runs, session = world.store, world.runs, run.session
    shown = runs.shown(session)
    assert shown_count(store, session) == (None if shown is None else len(shown))
    assert left_count(store, session, run.request) == len(runs.without_labels(session))


def test_no_row_is_loaded_for_a_count(world):
    run, asked = world.run(range(10)), []
    with world.store.read() as tx:
        engine = tx.engine

    def note(connection, cursor, statement, *_):
        asked.append(statement.lower())

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        shown_count(world.store, run.session)
        left_count(world.store, run.session, run.request)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    queries = [text for text in asked if text.lstrip().startswith("select")]
    assert len(queries) == 3
    assert all("count(" in text or re.search(r"limit [?%]", text) for text in queries), queries
