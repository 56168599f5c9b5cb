"""Start over: the demo as packaged in under 3 s, and nothing that people made is lost."""

import json
import time

import pytest
import sqlalchemy as sa
from harbour_helpers import drawn
from hub_helpers import HubProcess, run_core

from core import demo
from core.demo import pixels
from core.errors import InputError
from core.gateway.cache import Cache
from core.launcher.demo_project import read_demo
from core.launcher.demo_work import work
from core.launcher.labour import only_one, read_labour
from core.launcher.start_over import keep_copy, start_over, started_over_at
from core.plugin_runs.model import Pair, RunRequest
from core.store.drafts import Drafts
from core.store.hub_passes import last_pass
from core.store.plugins import Registry
from core.store.runs import Runs
from core.store.tables.hub import asset_batches, assets, history, projects, tasks

KEPT = {"hub_projects": ("created_at",)}


def state(store, but=()):
    """All rows of the demo, without what says when it was put there."""
    with store.read() as tx:
        return {
            table.name: {
                tuple(v for k, v in row._mapping.items() if k not in KEPT.get(table.name, but))
                for row in tx.execute(sa.select(table))
            }
            for table in (projects, assets, asset_batches, tasks, history)
        }


def test_everything_that_happened_is_taken_back(settings, store):
    before = state(store)
    work(settings, store, 250, 7)
    assert state(store) != before
    draft = Drafts(store).create("demo", "s", "{}", '{"a": 1}', "me")
    began = time.process_time()  # of a machine that does nothing else
    start_over(settings, store, None)
    assert time.process_time() - began < 3
    assert state(store) == before
    with store.read() as tx:
        assert last_pass(tx) == 0
    assert read_labour(store) is None and started_over_at(store) > 0
    assert Drafts(store).get(draft.id) == draft, "drafts stay"
    again = work(settings, store, 250, 7)
    start_over(settings, store, None)
    assert work(settings, store, 250, 7).outputs == again.outputs


def test_the_command_starts_over_and_makes_the_demo_where_there_is_none(tmp_path):
    done = run_core("demo", "reset", "--data", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["_id"] == demo.PROJECT_ID
    done = run_core("demo", "reset", "--data", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["seconds"] > 0


def test_images_keep_their_ids_and_lose_their_labels_while_a_hub_runs(settings, store):
    hub = HubProcess(settings.data).start()
    try:
        assert pixels.add(hub.url, hub.key, demo.PROJECT_ID) == pixels.IMAGES == 36
        assert read_demo(settings, store, hub.url) is None
        keep_copy(settings, hub.url)
        cache = Cache(settings.hubs)
        fresh = cache.table(cache.get(hub.url, demo.PROJECT_ID)).fingerprint
        images = rows(store)
        objects = [{"schemaId": vessel(store), "bounding-box": box} for box in boxes()]
        labels = [{"externalId": "pixels-001.png", "objects": objects}]
        hub.sdk().import_labels(demo.PROJECT_ID, labels)
        assert rows(store) != images
        start_over(settings, store, hub.url)
        assert [row[:2] for row in rows(store)] == [row[:2] for row in images]
        assert all("Vessel" not in row[2] for row in rows(store))
        listed = hub.sdk().get_project(demo.PROJECT_ID)["data"]["project"]
        assert listed["batches"][-1]["name"] == pixels.BATCH
        # the pages need not read anything: what they have is what the hub has
        kept = cache.get(hub.url, demo.PROJECT_ID)
        assert Cache(settings.hubs).table(kept).fingerprint == fresh
        assert read_demo(settings, store, hub.url) is None
        assert cache.get(hub.url, demo.PROJECT_ID) == kept, "nothing had to be read again"
    finally:
        hub.end()


def rows(store):
    with store.read() as tx:
        inside = assets.c.external_id.like("pixels-%")
        query = sa.select(tasks.c.id, tasks.c.asset, tasks.c.answer, tasks.c.stage)
        query = query.join(assets, assets.c.id == tasks.c.asset).where(inside)
        return [tuple(row) for row in tx.execute(query.order_by(assets.c.external_id))]


def boxes():
    names = ("x", "y", "width", "height")
    return [dict(zip(names, one.box, strict=True)) for one in drawn() if one.name == "vessel"][:2]


def vessel(store):
    with store.read() as tx:
        document = json.loads(tx.scalar(sa.select(projects.c.document)))
    tools = document["categorySchema"]["tools"]
    return next(one["schemaId"] for one in tools if one["title"] == "Vessel")


def test_it_waits_for_nobody_and_breaks_nothing(settings, store):
    before = state(store)
    with only_one(settings.data), pytest.raises(InputError, match="another window"):
        start_over(settings, store, None)
    plugin = Registry(store, settings.data).add("P", ["a"]).plugin.id
    runs = Runs(store)
    run = runs.start(RunRequest(plugin, demo.PROJECT_ID, (), (Pair("s", "a"),), "{}"))
    with pytest.raises(InputError, match="a plugin works on it"):
        start_over(settings, store, None)
    assert state(store) == before
    runs.cancel(run.session)
    start_over(settings, store, None)
    assert runs.get(run.session).state == "cancelled", "runs stay"
    assert state(store) == before
