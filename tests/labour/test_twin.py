"""The hub against the twin: tasks that people let through are where the exact flow says."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hub_helpers import HubProcess

from core import demo
from core.export.reader import read_path
from core.flow.flow import flow_of
from core.flow.graph import graph_of
from core.flow.rates import rates_of
from core.gateway.cache import Cache, open_project
from core.gateway.connect import connect
from core.launcher.demo_work import work
from core.model.dialect import Dialect
from core.publish.publish import publish
from core.routing import edit
from core.rule_types.random_sample import RandomSample
from core.secret import Secret
from core.settings import read_settings
from core.store.hub import open_hub
from core.tasks import bits
from core.tasks.transitions import stage_codes
from core.workspace import Workspace

TASKS = 400


@pytest.fixture(scope="module")
def hub(tmp_path_factory, packaged):
    data = tmp_path_factory.mktemp("twin")
    (data / "switchyard.db").write_bytes((packaged / "switchyard.db").read_bytes())
    running = HubProcess(data).start()
    yield running, read_settings({"SWITCHYARD_DATA": str(data)})
    running.end()


def here(hub):
    """The demo as the hub has it now."""
    running, settings = hub
    gateway = connect(running.url, Secret(running.key), settings)
    cache = Cache(settings.hubs)
    copy = open_project(gateway, cache, demo.PROJECT_ID, refresh=True)
    return gateway, Workspace(cache.table(copy), cache.project(copy), Dialect())


def edited(hub):
    """Publishes an edit: more at random, and another target for the first rule."""
    _, settings = hub
    gateway, now = here(hub)
    stage = now.project.logic_stages[0]
    chance = next(rule for rule in stage.rules if rule.condition.kind == "RandomSample")
    changed = edit.set_condition(stage, chance.id, RandomSample(0.6))
    changed = edit.set_target(changed, stage.rules[0].id, "Review")
    store = open_hub(settings.database)
    publish(gateway, now.project, changed, settings.backups, lambda: datetime.now(UTC), store, ())


def counts_of(table, graph, within):
    """How often tasks were at each stage: entries of their histories, and where they are."""
    codes = stage_codes(table, graph.stages)
    inside = bits.unpack(within, len(table))
    rows, seen = table.history.rows, Counter()
    for place, stage in enumerate(graph.stages):
        own = codes.get(stage.id, [])
        if graph.subs[place] or stage.kind in ("Start", "Logic", "Webhook", "Plugin"):
            continue  # these leave no entry of their own
        here_now = np.isin(table.stage, own) & inside
        left = np.isin(table.history.stage, own) & inside[rows]
        seen[stage.id] += int(here_now.sum() + left.sum())
        if stage.kind == "Hold":  # nobody forwards them here; on paper they go on
            seen[stage.next[0]] += int(here_now.sum())
    return seen


def worked_on(table):
    """Ids of the tasks that somebody worked on."""
    known = np.diff(table.history.offsets) > 0
    return {task for task, seen in zip(table.ids.to_pylist(), known, strict=True) if seen}


def where(table):
    """Name of the stage where each task is."""
    names = [name or stage_id for stage_id, name in table.stages]
    return dict(zip(table.ids.to_pylist(), (names[code] for code in table.stage), strict=True))


def known_rates(workspace):
    """Rates of the packaged histories: the same people, before these tasks."""
    before = read_path(demo.EXPORT)
    graph = graph_of(workspace.project.stages)
    return graph, rates_of(graph, before, None, {})


@pytest.mark.parametrize("rules", ["old", "edited"])
def test_every_stage_has_as_many_visits_as_the_twin_says(hub, rules):
    if rules == "edited":
        edited(hub)
    _, settings = hub
    before = here(hub)[1].table
    began_before = worked_on(before)
    store = open_hub(settings.database)
    done = work(settings, store, TASKS, 11 if rules == "old" else 12)
    assert done.state == "done"
    _, now = here(hub)
    fresh = worked_on(now.table) - began_before  # their whole way is by these rules
    places = [n for n, task in enumerate(now.table.ids.to_pylist()) if task in fresh]
    assert len(places) > TASKS / 4
    within = bits.of_rows(np.array(places), len(now.table))
    graph, rates = known_rates(now)
    typed = {place: rate.value for place, rate in rates.items()}
    result = flow_of(now, typed, graph, within)
    observed = counts_of(now.table, graph, within)
    off = {}
    for place, one in enumerate(result.stages):
        if one.stage.id not in observed:
            continue
        variance = one.visits.variance
        for other, rate in rates.items():  # and what is not known of the rates
            moved = flow_of(now, typed | {other: rate.value - 0.01}, graph, within).stages[place]
            slope = (one.visits.mean - moved.visits.mean) / 0.01
            variance += slope**2 * rate.value * (1 - rate.value) / rate.of
        off[one.stage.name] = (observed[one.stage.id] - one.visits.mean) / (variance + 1e-9) ** 0.5
    assert sum(observed.values()) > 2 * len(places)
    assert max(abs(value) for value in off.values()) < 4.5, off
    waited = {task for task, at in where(before).items() if at == "Label"} & began_before
    going_on = [n for n, task in enumerate(now.table.ids.to_pylist()) if task in waited]
    assert going_on or rules == "edited"  # by then they may all have been let through
    onward = replace(graph, start=graph.find("Label"))
    result = flow_of(now, typed, onward, bits.of_rows(np.array(going_on, np.int64), len(now.table)))
    exits = Counter(where(now.table)[task] for task in waited)
    archived = exits["Archive"] + exits["Incident desk"]
    still = exits["Label"]  # not everybody's turn came
    low, high = result.archived.interval
    assert low - still <= archived <= high
    low, high = result.completed.interval
    assert low - still <= exits["Complete"] <= high
