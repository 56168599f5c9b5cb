"""The plan of work as a form: how tasks come, and the people of each stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import streamlit as st

from core.flow.graph import Graph
from core.flow.rates import word_of
from core.flow.read_plan import OF_TABLE
from pages._ui.bound_widget import held
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.state import Opened, current

Plan = dict[str, Any]

KINDS = {
    "history": "from history",
    "exponential": "exponential",
    "fixed": "always the same",
    "lognormal": "lognormal",
}
WEEKDAYS, WHOLE_WEEK = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]
HOURS: dict[str, Mapping[str, Any] | None] = {
    "Monday to Friday, 8 to 16": {"days": WEEKDAYS, "from": "08:00", "to": "16:00"},
    "Monday to Friday, 6 to 22": {"days": WEEKDAYS, "from": "06:00", "to": "22:00"},
    "Every day, 8 to 20": {"days": WHOLE_WEEK, "from": "08:00", "to": "20:00"},
    "Around the clock": None,
}
COMES = {
    "at_once": "All at once",
    "poisson": "So many per hour",
    "table": "These tasks at once",
    "uploads": "In uploads",
}
FIRST_UPLOADS = [{"at_hours": 0, "tasks": 500}, {"at_hours": 168, "tasks": 500}]
MOST_BATCHES = 30
"""Whose priorities the form asks for; a plan as JSON may name more."""


def plan_form(plan: Plan, graph: Graph, here: Opened) -> None:
    """Draw it; an edit replaces the session's plan, of which the form shows all that matters."""

    def change(act: Callable[[Plan], None]) -> None:
        changed = deepcopy(plan)
        act(changed)
        current().work_plan = changed

    _arrivals(plan, change)
    if plan["arrivals"]["kind"] == "uploads":
        _uploads(plan, change)
    _priorities(plan, here, change)
    st.markdown("**People**")
    for place, stage in enumerate(graph.stages):
        staff = plan["stages"].get(stage.id)
        if staff is not None and place in graph.reached:
            _staff(staff, stage.id, here, change)
    _hours(plan, change)
    _costs(plan, graph, here, change)
    _more(plan, change)
    left, right = st.columns(2)
    left.download_button(
        "Plan as JSON", json.dumps(plan | {"rates": _rates(graph)}, indent=2), "plan.json",
        "application/json",
        icon=":material/download:", key="forecast.plan", on_click="ignore", width="stretch",
    )  # fmt: skip
    if current().work_plan is not None and right.button(
        "Propose anew", icon=":material/undo:", key="forecast.anew", width="stretch",
        help="The plan as the histories tell it.",
    ):  # fmt: skip
        current().work_plan = None
        st.rerun()


def _rates(graph: Graph) -> Plan:
    """The rates that were set on the Map, as `--rates` takes them."""
    rates = current().rates
    return {s.id: {word_of(s): rates[s.id]} for s in graph.stages if s.id in rates}


Change = Callable[[Callable[[Plan], None]], None]


def _arrivals(plan: Plan, change: Change) -> None:
    arrivals = plan["arrivals"]
    kind = held(key("forecast.comes"), arrivals["kind"])

    def comes(chosen: str) -> None:
        if chosen == "poisson":
            change(lambda p: p.update(arrivals={"kind": chosen, "per_hour": 10}, horizon_hours=400,
                                      warm_up_hours=80))  # fmt: skip
        elif chosen == "table":
            change(lambda p: p.update(arrivals={"kind": chosen}, horizon_hours=2_000,
                                      warm_up_hours=0))  # fmt: skip
        elif chosen == "uploads":
            change(lambda p: p.update(arrivals={"kind": chosen, "uploads": deepcopy(FIRST_UPLOADS)},
                                      horizon_hours=2_000, warm_up_hours=0))  # fmt: skip
        elif chosen is not None:
            change(lambda p: p.update(arrivals={"kind": chosen, "tasks": 1_000},
                                      horizon_hours=2_000, warm_up_hours=0))  # fmt: skip

    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.selectbox(
        "Tasks come", list(COMES), list(COMES).index(kind.value), format_func=COMES.__getitem__,
        key=kind.key, on_change=kind.then(comes),
    )  # fmt: skip
    if arrivals["kind"] == "poisson":
        number_field(
            "Tasks per hour", key("forecast.rate"), arrivals["per_hour"],
            lambda n: change(lambda p: p["arrivals"].update(per_hour=n)),
            low=0, high=100_000, place=right,
        )  # fmt: skip
    elif arrivals["kind"] == "at_once":
        number_field(
            "Tasks", key("forecast.tasks"), arrivals["tasks"],
            lambda n: change(lambda p: p["arrivals"].update(tasks=n)),
            low=1, high=1_000_000, whole=True, place=right,
        )  # fmt: skip


def _uploads(plan: Plan, change: Change) -> None:
    uploads = plan["arrivals"].get("uploads", [])
    for number, one in enumerate(uploads):
        left, right = st.columns(2, vertical_alignment="bottom")
        number_field(
            f"Upload {number + 1}, after", key("forecast.upload-at", str(number)),
            one.get("at_hours"), _uploading(number, "at_hours", change), unit="h",
            units={"d": 24, "min": 1 / 60}, low=0, high=100_000, place=left, below=st,
        )  # fmt: skip
        number_field(
            "Tasks", key("forecast.upload-tasks", str(number)), one.get("tasks"),
            _uploading(number, "tasks", change), low=0, high=1_000_000, whole=True, place=right,
            below=st,
        )  # fmt: skip
    left, right = st.columns(2)
    if left.button("Add an upload", icon=":material/add:", key="forecast.upload-add"):
        last = uploads[-1] if uploads else {"at_hours": -24, "tasks": 500}
        more = {"at_hours": last["at_hours"] + 24, "tasks": last["tasks"]}
        change(lambda p: p["arrivals"]["uploads"].append(more))
        st.rerun()
    if len(uploads) > 1 and right.button(
        "Remove the last", icon=":material/remove:", key="forecast.upload-less"
    ):
        change(lambda p: p["arrivals"]["uploads"].pop())
        st.rerun()


def _uploading(number: int, name: str, change: Change) -> Callable[[Any], None]:
    return lambda n: change(lambda p: p["arrivals"]["uploads"][number].update({name: n}))


def _priorities(plan: Plan, here: Opened, change: Change) -> None:
    names = here.table.batch_names[:MOST_BATCHES]
    if plan["arrivals"]["kind"] not in OF_TABLE or not names:
        return
    numbers = plan.get("priorities", {})

    with st.expander("Priorities"):
        st.caption(
            "People take a task of a higher number first, and of equal ones who waits longest; "
            "without one it is 0."
        )
        for batch in names:
            number_field(
                plain(batch), key("forecast.priority", batch), numbers.get(batch),
                _putting_first(batch, change), low=-1_000_000, high=1_000_000, whole=True,
                empty="0",
            )  # fmt: skip


def _putting_first(batch: str, change: Change) -> Callable[[Any], None]:
    def put(number: int | None) -> None:
        def act(p: Plan) -> None:
            others = {name: n for name, n in p.get("priorities", {}).items() if name != batch}
            p["priorities"] = others if number is None else {**others, batch: number}

        change(act)

    return put


def _staff(staff: Plan, stage: str, here: Opened, change: Change) -> None:
    name = plain(here.names.of_stage(stage))

    def of_stage(**values: Any) -> None:
        change(lambda p: p["stages"][stage].update(values))

    minutes = staff["minutes"]
    with st.container(border=True):
        st.markdown(f"**{name}**")
        columns = st.columns([2, 5, 3], vertical_alignment="bottom")
        number_field(
            "People", key("forecast.people", stage), staff["people"],
            lambda n: of_stage(people=n), low=0, high=10_000, whole=True,
            place=columns[0], below=st,
        )  # fmt: skip
        kind = held(key("forecast.kind", stage), minutes["kind"])

        def of_kind(chosen: str) -> None:
            mean = {} if chosen == "history" else {"mean": minutes.get("mean", 5)}
            sd = {"sd": minutes.get("sd", 3)} if chosen == "lognormal" else {}
            of_stage(minutes={"kind": chosen, **mean, **sd})

        columns[1].selectbox(
            "A visit takes", list(KINDS), list(KINDS).index(kind.value),
            format_func=KINDS.__getitem__, key=kind.key, on_change=kind.then(of_kind),
        )  # fmt: skip
        if minutes["kind"] != "history":
            number_field(
                "Mean", key("forecast.mean", stage), minutes.get("mean"),
                lambda n: of_stage(minutes=minutes | {"mean": n}), unit="min", units={"s": 1 / 60},
                low=0, high=100_000, place=columns[2], below=st,
            )  # fmt: skip
        if minutes["kind"] == "lognormal":
            number_field(
                "Standard deviation", key("forecast.sd", stage), minutes.get("sd"),
                lambda n: of_stage(minutes=minutes | {"sd": n}), unit="min", low=0, high=100_000,
            )  # fmt: skip


def _costs(plan: Plan, graph: Graph, here: Opened, change: Change) -> None:
    with st.expander("Cost of an hour of work"):
        for stage, staff in plan["stages"].items():
            if graph.find_id(stage) is not None:
                number_field(
                    plain(here.names.of_stage(stage)), key("forecast.cost", stage),
                    staff.get("cost_per_hour"), _costing(stage, change), low=0, high=100_000,
                    empty="none",
                )  # fmt: skip


def _costing(stage: str, change: Change) -> Callable[[Any], None]:
    return lambda n: change(lambda p: p["stages"][stage].update(cost_per_hour=n))


def _hours(plan: Plan, change: Change) -> None:
    shifts = [staff.get("calendar") for staff in plan["stages"].values()]
    known = next((name for name, one in HOURS.items() if shifts and one == shifts[0]), None)
    same = known if all(one == shifts[0] for one in shifts) else None
    working = held(key("forecast.hours"), same)

    def chosen(name: str | None) -> None:
        if name is None:
            return

        def put(p: Plan) -> None:
            for staff in p["stages"].values():
                staff.pop("calendar", None)
                if HOURS[name] is not None:
                    staff["calendar"] = dict(HOURS[name] or {})

        change(put)

    st.selectbox(
        "Working hours of all", list(HOURS), None if working.value is None
        else list(HOURS).index(working.value), placeholder="differ", key=working.key,
        on_change=working.then(chosen),
    )  # fmt: skip


def _more(plan: Plan, change: Change) -> None:
    def hours(label: str, name: str, low: int) -> None:
        number_field(
            label, key("forecast.time", name), plan.get(name, 0),
            lambda n: change(lambda p: p.update({name: n})), unit="h", low=low, high=100_000,
        )  # fmt: skip

    with st.expander("How long and how often it is simulated"):
        hours("A replication ends after", "horizon_hours", 1)
        hours("It is measured from", "warm_up_hours", 0)
        number_field(
            "Replications", key("forecast.replications"), plan["replications"],
            lambda n: change(lambda p: p.update(replications=n)), low=1, high=1_000, whole=True,
        )  # fmt: skip
        sticky = held(key("forecast.sticky"), plan.get("sticky", True))
        st.toggle(
            "A task that comes back waits for whoever had it", sticky.value, key=sticky.key,
            on_change=sticky.then(lambda on: change(lambda p: p.update(sticky=on))),
            help="As Ango Hub does at Label and Review stages.",
        )  # fmt: skip
