"""Event logs whose parameters are known: what the simulation did, written down as a log."""

import numpy as np
from queue_helpers import chain_for, line, plan_for, poisson, review

from core.flow.logs.event_log import event_log
from core.flow.plan import ServiceTime, Shifts, Staff
from core.flow.queueing.draws import keys_of_arrivals, keys_of_stages
from core.flow.queueing.network import orders_of, staffed
from core.flow.queueing.state import new_measures, run
from core.model.stages import Label

MONDAY = 2_900 * 10_080.0
"""A Monday in 2025, in minutes of a log."""
OFFICE = Shifts((0, 1, 2, 3, 4), 8 * 60, 16 * 60)


def written_log(chain, plan, replication=0, room=400_000):
    """The services of a replication, as a log that begins on a Monday."""
    world = staffed(chain, plan, {})
    orders = orders_of(chain, plan, world.given)
    ids = [stage.id for stage in chain.graph.stages]
    measures = new_measures(len(ids), len(world.desks), np.zeros(0), 0, room)
    draws = keys_of_stages(plan.seed, replication, ids), keys_of_arrivals(plan.seed, replication)
    assert run(world.net, orders, draws, world.given, measures, 10**9)
    many = int(measures.moves[1])
    assert many < room
    case, stage, person, start, end = measures.services[:many].T
    cases = [f"T{number}" for number in range(int(case.max()) + 1)]
    people = [f"P{number}" for number in range(int(person.max()) + 1)]
    columns = (case.astype(np.int64), stage.astype(np.int32), person.astype(np.int32),
               start + MONDAY, end + MONDAY)  # fmt: skip
    return event_log(columns, cases, [one.name for one in chain.graph.stages], people)


def labelled_and_reviewed():
    """Label, then a review that sends one in five back."""
    stages = line(Label(id="Label", name="Label", next=("Review",)),
                  review("Review", "Complete", "Label"))  # fmt: skip
    return chain_for(stages, {"Review": 0.8})


def office_plan(weeks=20, seed=0):
    """Three and two people in office hours, seven tenths of what they can do."""
    staff = [
        Staff("Label", 3, ServiceTime("lognormal", 20, 12), shifts=OFFICE),
        Staff("Review", 2, ServiceTime("exponential", 10), shifts=OFFICE),
    ]
    return plan_for(staff, poisson(1.2), weeks * 168.0, seed=seed, sticky=False)


def steady_plan(hours=500.0, seed=0):
    """The same without pauses."""
    staff = [
        Staff("Label", 3, ServiceTime("lognormal", 20, 12)),
        Staff("Review", 2, ServiceTime("exponential", 10)),
    ]
    return plan_for(staff, poisson(5.0), hours, seed=seed, sticky=False)


def csv_of(log):
    """The log as CSV with whole seconds."""
    rows = ["Case ID,Activity,Resource,Start Timestamp,Complete Timestamp"]
    for row, case in enumerate(log.rows.tolist()):
        times = [
            str(np.datetime64(round(minute * 60 + 4 * 86_400), "s")).replace("T", " ")
            for minute in (log.start[row], log.end[row])
        ]
        rows.append(",".join((log.cases[case], log.activities[log.activity[row]],
                              log.resources[log.resource[row]], *times)))  # fmt: skip
    return "\n".join(rows) + "\n"


def log_of(rows, people=("x", "y")):
    """A log of (case, activity, person, start, end) in hours from a Monday."""
    cases = sorted({row[0] for row in rows})
    activities = sorted({row[1] for row in rows})
    columns = (
        np.array([cases.index(row[0]) for row in rows]),
        np.array([activities.index(row[1]) for row in rows], np.int32),
        np.array([people.index(row[2]) if row[2] else -1 for row in rows], np.int32),
        np.array([MONDAY + 60 * row[3] for row in rows]),
        np.array([MONDAY + 60 * row[4] for row in rows]),
    )
    return event_log(columns, cases, activities, people)
