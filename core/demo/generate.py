"""Writes the packaged demo, "Harbour traffic": `python -m core.demo.generate`.

Nothing here looks at a clock, a hash order or a global generator, so the same seed gives the same
bytes everywhere. Each task walks through the workflow until the project's last evening; what is
not done by then is the backlog.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from core.demo import BENCHMARK, DATA, EXPORT, PROJECT
from core.demo.benchmark import benchmark_items
from core.demo.harbour import (
    BATCHES,
    FIRST_DAY,
    FORWARDED,
    GUS,
    HANA,
    LABELERS,
    LAST_EVENING,
    LONG,
    NIGHTS,
    OTTO,
    PILOT,
    REWORK,
    RULES,
    TEAMS,
    TOOLS,
    HarbourBatch,
    HarbourPerson,
    made_id,
    project,
    stage_id,
)
from core.demo.pictures import answers_given, geometry, nested, one, titles_seen

SEED: Final = 2026


@dataclass(slots=True)
class _Task:
    """A task on its way through the workflow; the only thing here that changes."""

    id: str
    batch: HarbourBatch
    names: list[str]  # of its batches, as far as the export tells them
    now: datetime
    nameless: bool  # its labelling was recorded without a person
    stage: str = "Start"
    looks: int = 0  # times that somebody went over it again
    assigned: dict[str, HarbourPerson] = field(default_factory=dict)  # who keeps it, by stage
    tools: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def spent(self) -> int:
        return sum(entry["duration"] for entry in self.history)

    def has(self, title: str) -> bool:
        return any(shape["title"] == title for shape in self.tools)

    def record(self, moment: datetime, spent: int, **more: Any) -> None:
        entry = {"stage": self.stage, "stageId": stage_id(self.stage), "duration": spent}
        entry |= {"completedAt": _stamp(moment)} | more
        self.history.append(entry)
        self.snapshot()
        self.now = moment

    def snapshot(self) -> None:
        """Notes the annotations as they are when the task leaves the stage."""
        labels = {"tools": list(self.tools), "classifications": self.answers, "relations": []}
        self.history[-1] |= labels

    def leave(
        self, rng: Random, due: datetime, who: HarbourPerson, seconds: float, **more: Any
    ) -> bool:
        """Records that `who` finishes the present stage, unless the project ends before."""
        pace = who.pace * self.batch.pace * rng.lognormvariate(0, 0.4)
        spent = max(2000, round(1000 * seconds * pace))
        soon = self.now + timedelta(minutes=5 + 240 * rng.random())
        done = max(_at_work(rng, due, who), soon) + timedelta(milliseconds=spent)
        if done > LAST_EVENING:
            return False
        hidden = self.nameless and self.stage == "Label"
        self.record(done, spent, **({} if hidden else {"completedBy": who.address}), **more)
        return True

    def add(self, rng: Random, who: HarbourPerson, title: str) -> None:
        """Adds an object that `who` has drawn in the stage just left."""
        tool = next(tool for tool, titles in TOOLS.items() if title in titles)
        began = self.now - timedelta(milliseconds=self.history[-1]["duration"])
        seen = {"createdAt": _stamp(began), "createdBy": who.address, "createdIn": self.stage}
        names = {"objectId": f"{self.id}{len(self.tools):08x}", "schemaId": made_id(title)}
        below = {"title": title, "classifications": nested(rng, title), "metadata": seen}
        self.tools.append(geometry(rng, tool) | names | below)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _due(rng: Random, task: _Task, days: float) -> datetime:
    return task.now + timedelta(days=rng.expovariate(1 / days))


def _at_work(rng: Random, due: datetime, who: HarbourPerson) -> datetime:
    """A moment in the working hours of a person; few work on a free day."""
    hour = min(22.0, max(6.0, rng.gauss(19 if who.only else 11.5, 2.4)))
    moment = due.replace(hour=0, minute=0, second=0, microsecond=0)
    moment += timedelta(milliseconds=round(hour * 3_600_000))
    resting = rng.random() > 0.04
    while resting and moment.weekday() not in who.weekdays:
        moment += timedelta(days=rng.randrange(1, 5))
    return moment


def _route(rng: Random, task: _Task) -> str:
    """Where the Logic stage sends a task: the first of its rules that holds."""
    annotators = {e.get("completedBy") for e in task.history if "reviewStatus" not in e}
    rules = (
        any(batch.name in task.names for batch in (PILOT, *NIGHTS)),
        task.has("Oil sheen"),
        task.has("Ferry") and not task.has("Person"),
        not annotators.isdisjoint((GUS.address, HANA.address)),
        rng.random() < 0.2,
        task.spent >= LONG,
        rng.random() < 0.1,
        True,
    )
    return RULES[rules.index(True)]


def _label(rng: Random, task: _Task) -> str | None:
    again = "Label" in task.assigned
    due = _due(rng, task, 1.5 if again else 4.5)
    day = (due - FIRST_DAY).days
    labelers = [p for p in LABELERS if p.first <= day <= p.last and p.only in task.batch.name]
    who = task.assigned.setdefault("Label", one(rng, labelers))
    # Re-work finds one more object of a class that is there, so the certain rules answer alike.
    known = [shape["title"] for shape in task.tools[:1]]
    titles = known if again else titles_seen(rng, task.batch, who)
    if not task.leave(rng, due, who, 55 + 34 * max(len(titles), len(task.tools) / 3)):
        return None
    for title in titles:
        task.add(rng, who, title)
    task.answers = task.answers or answers_given(rng, "night" in task.batch.name)
    task.snapshot()
    return _route(rng, task)


def _review(rng: Random, task: _Task) -> str | None:
    expert = task.stage == "Expert review"
    who = task.assigned.setdefault(task.stage, one(rng, TEAMS[task.stage]))
    doubt = task.assigned["Label"].rejects * who.rejects * 0.4**task.looks
    rejected = rng.random() < doubt
    fixed = expert and bool(task.tools) and not rejected and rng.random() < 0.12
    status = "Rejected" if rejected else "Fixed" if fixed else "Accepted"
    seconds = 15 + 5 * len(task.tools) + 60 * fixed
    due = _due(rng, task, 3 if expert else 1.5)
    if not task.leave(rng, due, who, seconds, reviewStatus=status):
        return None
    task.looks += 1
    if fixed:
        task.add(rng, who, rng.choice(task.tools)["title"])
        task.snapshot()
    return "Label" if rejected else "Complete"  # a webhook on the way leaves no history


def _check(rng: Random, task: _Task) -> str | None:
    """A second look by one person, or the double check by two."""
    own_stage, double = task.stage, task.stage == "Double check"
    for stage in ("Consensus_1", "Consensus_2") if double else (own_stage,):
        task.stage = stage
        who = task.assigned.setdefault(stage, one(rng, TEAMS[stage]))
        if not task.leave(rng, _due(rng, task, 1.5), who, 30 + 16 * len(task.tools)):
            task.stage = own_stage
            return None
    task.looks += 1
    return "Review" if not double else "Complete" if rng.random() < 0.78 else "Expert review"


def _hold(_: Random, task: _Task) -> str | None:
    if task.now > FORWARDED:
        return None
    task.record(FORWARDED, 0, completedBy=OTTO.address)
    return "Archive"


def _item(rng: Random, batch: HarbourBatch, number: int, place: int) -> dict[str, Any]:
    """One asset with its task, after it went as far as it got."""
    uploaded = FIRST_DAY + timedelta(days=batch.day, seconds=place // 4)
    task_id = f"{int(uploaded.timestamp()):08x}a1c47be203{number:06x}"
    names = [batch.name] + [REWORK.name] * (batch.day in (2, 9, 21) and rng.random() < 0.03)
    lost = rng.random()
    task = _Task(task_id, batch, [] if lost < 0.003 else names, uploaded, rng.random() < 0.003)
    task.record(uploaded, 0)
    steps = {"Label": _label, "Incident desk": _hold, "Review": _review, "Expert review": _review}
    goal: str | None = "Label"
    while goal:
        task.stage = goal
        goal = None if goal in ("Complete", "Archive") else steps.get(goal, _check)(rng, task)
    external = f"{batch.name.replace(' ', '-')}-{place:04d}.jpg"
    return {
        "asset": f"https://assets.example.com/harbour/{external}",
        "externalId": external,
        "contextData": {},
        "metadata": {"frameTotal": 0},
        "batches": None if lost < 0.003 else [*names, None] if lost < 0.005 else names,
        "task": _exported(task, rng.random()),
    }


def _exported(task: _Task, gap: float) -> dict[str, Any]:
    """The task as an export has it; a small `gap` leaves out what real exports lack at times."""
    first = {shape["title"]: shape["objectId"] for shape in reversed(task.tools)}
    tows = {"objectId": f"{task.id}f0000000", "schemaId": made_id("Tows"), "title": "Tows"}
    related = (
        [tows | {"from": first["Tug"], "to": first["Vessel"]}]
        if {"Tug", "Vessel"} <= first.keys()
        else []
    )
    total = {"totalDuration": None if gap < 0.003 else task.spent}
    body = {"taskId": task.id, "stage": task.stage, "stageId": stage_id(task.stage)}
    return {
        **body,
        **({} if 0.003 <= gap < 0.006 else total),
        "tools": task.tools,
        "classifications": task.answers,
        "relations": related,
        "stageHistory": None if 0.005 <= gap < 0.009 else task.history,
    }


def items(seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Yields the export items, asset by asset in the order of upload."""
    rng = Random(seed)
    places = ((batch, place) for batch in BATCHES for place in range(batch.size))
    for number, (batch, place) in enumerate(places):
        yield _item(rng, batch, number, place)


def write(folder: Path) -> None:
    """Writes `project.json`, `export.zip` and `benchmark.zip` into a folder."""
    text = json.dumps(project(), indent=1) + "\n"
    (folder / PROJECT.name).write_bytes(text.encode())
    whole = list(items())
    _write_export(folder / EXPORT.name, whole)
    _write_export(folder / BENCHMARK.name, list(benchmark_items(whole)))


def _write_export(path: Path, whole: list[dict[str, Any]]) -> None:
    member = ZipInfo("export.json", (2026, 10, 26, 0, 0, 0))
    member.create_system, member.external_attr = 3, 0o644 << 16  # else those of this machine
    member.compress_type = ZIP_DEFLATED
    with ZipFile(path, "w") as archive:
        archive.writestr(member, json.dumps(whole, separators=(",", ":")), compresslevel=9)


if __name__ == "__main__":
    write(DATA)
