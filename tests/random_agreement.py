"""Random workflows, solved exactly and simulated: how far visits and exits are apart."""

from functools import lru_cache

import numpy as np
from flow_helpers import TASKS, of, random_workflow
from queue_helpers import fixed, plan_for

from core.flow.flow import flow_of
from core.flow.graph import graph_of
from core.flow.plan import Arrivals, Staff
from core.flow.queueing.draws import keys_of_arrivals, keys_of_stages
from core.flow.queueing.network import orders_of, staffed
from core.flow.queueing.state import new_measures, run
from core.flow.rates import read_rates
from core.model.stages import Label, Review

REPLICATIONS = 120
ROOM = 20_000


@lru_cache(maxsize=64)
def exact_of(seed):
    """The exact flow of a random workflow."""
    stages, rates = random_workflow(seed)
    workspace = of(TASKS, *stages)
    graph = graph_of(workspace.project.stages)
    return flow_of(workspace, read_rates(rates, graph, "rates"), graph)


def ends_for_all(flow):
    """Whether no task stays in a loop for ever."""
    return not flow.solved.stuck.any() and not flow.solved.loops.any()


def with_a_way_out(many):
    """The first seeds whose workflows have no endless loop."""
    seeds, seed = [], 0
    while len(seeds) < many:
        if ends_for_all(exact_of(seed)):
            seeds.append(seed)
        seed += 1
    return seeds


def differences(seed, replications=REPLICATIONS):
    """Of each stage and each way between two: mean of the simulation less the exact one, over the
    standard error that the exact variance gives; and how many were only compared.

    Every second workflow has people at all stages where they can work, the others nowhere.
    """
    flow = exact_of(seed)
    graph, chain = flow.graph, flow.chain
    worked = [one for one in graph.stages if isinstance(one, Label | Review)] if seed % 2 else []
    plan = plan_for([Staff(one.id, 2, fixed(5)) for one in worked], Arrivals("table"), 1e6,
                    seed=seed)  # fmt: skip
    world = staffed(chain, plan, {})
    orders = orders_of(chain, plan, world.given)
    ids = [stage.id for stage in graph.stages]
    size = len(ids)
    counts = np.zeros((size + 1, size))
    measures = new_measures(size, len(world.desks), np.zeros(0), ROOM)
    for replication in range(replications):
        draws = (keys_of_stages(seed, replication, ids), keys_of_arrivals(seed, replication))
        measures.moves[:], measures.totals[:] = 0, 0
        assert run(world.net, orders, draws, world.given, measures, 10**8)
        many = measures.moves[0]
        assert many < ROOM
        left, to = measures.trace[:many, 2].astype(int), measures.trace[:many, 3].astype(int)
        np.add.at(counts, (left, to), 1)  # what comes in has left nothing: the last row
    counts /= replications
    return list(_standardised(flow, counts, ids, replications))


def _standardised(flow, counts, ids, replications):
    parts = {sub for subs in flow.graph.subs for sub in subs}
    for place, stage in enumerate(flow.stages):
        yield _z(counts[:, place].sum(), stage.visits.mean, stage.visits.variance, replications)
        if place in parts:
            continue
        ways = {}
        for one in stage.exits:
            if one.to in ids and ids.index(one.to) not in parts:
                ways.setdefault(ids.index(one.to), []).append(one.count)
        for target, several in ways.items():
            if len(several) == 1:  # of exits to one stage the simulation tells the sum alone
                count = several[0]
                yield _z(counts[place, target], count.mean, count.variance, replications)


def _z(simulated, mean, variance, replications):
    if variance < 1e-12:
        assert abs(simulated - mean) < 1e-6
        return 0.0
    return (simulated - mean) / (variance / replications) ** 0.5
