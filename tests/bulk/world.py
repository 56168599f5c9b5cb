"""A project with a stage of each type, on a hub that is a process, and what its database holds."""

import json
import sqlite3

from gateway.helpers import gateway_to
from hub_helpers import HubProcess, run_core

from core.gateway.transport import Timeouts

PATIENT = Timeouts(connect=5.0, read=30.0, export=30.0)
PEOPLE = ("ada@example.com", "ben@example.com", "cem@example.com")
BATCHES = {"b-north": "north", "b-south": "south"}
ID = "bulkbulkbulkbulkbulkbulk"


def _stage(kind, name, *outputs, **more):
    ids = {"id": more.pop("id", name), "type": kind, "name": name, "next": list(outputs)}
    return {**ids, **more}


def _rules(*rules):
    return {"conditions": [{**rule, "index": place} for place, rule in enumerate(rules)]}


HAS_CAR = {
    "type": "AnnotationType",
    "value": {"tools": [{"schemaId": "car", "filter": ["exists"]}]},
}
STAGES = [
    _stage("Start", "Start", "Label", autoForward=True),
    _stage("Label", "Label", "route", assignedTo=[]),
    _stage("Logic", "Routing", "Review", "hook", "both", "Review", "fork", id="route",
           logic=_rules(HAS_CAR, {"type": "Batch", "value": ["b-south"]},
                        {"type": "Annotator", "value": [PEOPLE[2]]},
                        {"type": "Duration", "value": [50_000, None]})),
    _stage("Logic", "Fork", "Label", "Hold", id="fork",
           logic=_rules({"type": "RandomSample", "value": 0.5})),
    _stage("Webhook", "Hook", "fork", id="hook"),
    _stage("Review", "Review", "Complete", "Label", assignedTo=[PEOPLE[0], PEOPLE[1]]),
    _stage("Consensus", "Both", "Complete", "Review", id="both"),
    _stage("Label", "Judge 1", "both", id="judge1", consensusId="both", assignedTo=[]),
    _stage("Label", "Judge 2", "both", id="judge2", consensusId="both", assignedTo=[]),
    _stage("Plugin", "Model", "Review", id="model"),
    _stage("Hold", "Hold", "Label"),
    _stage("Complete", "Complete"),
    _stage("Complete", "Sealed", id="sealed", preventRequeue=True),
]  # fmt: skip
PROJECT = {
    "_id": ID,
    "name": "All stages",
    "categorySchema": {
        "tools": [{"schemaId": "car", "tool": "bounding-box", "title": "Car"}],
        "classifications": [],
        "relations": [],
    },
    "batches": [{"_id": each, "name": name} for each, name in BATCHES.items()],
    "assignedTo": [{"assignee": person, "role": "Labeler"} for person in PEOPLE],
    "stages": STAGES,
}


def answer(cars):
    box = {"x": 1, "y": 1, "width": 5, "height": 5}
    tools = [{"schemaId": "car", "title": "Car", "bounding-box": box, "objectId": f"o{n}"}
             for n in range(cars)]  # fmt: skip
    return {"tools": tools, "classifications": [], "relations": []}


def _task(number, chance):
    return {
        "_id": f"task{number:020d}",
        "asset": {"_id": f"asset{number:019d}", "externalId": f"{number % 50}.jpg", "data": "d"},
        "stage": chance.choice(["Label", "Review", "Hold", "Complete", "model", "Start"]),
        "assignee": chance.choice([None, *PEOPLE]),
        "batches": chance.choice([[], ["b-north"], ["b-south"], list(BATCHES)]),
        "priority": chance.choice([0, 0, 5, -3]),
        "answer": answer(chance.choice([0, 0, 1, 3])),
        "totalDuration": chance.choice([1_000, 60_000]),
    }


class BulkWorld:
    """The hub, a gateway to it, and its rows."""

    def __init__(self, folder, chance, tasks=60):
        project, listed = folder / "project.json", folder / "tasks.json"
        project.write_text(json.dumps({"data": {"project": PROJECT}}))
        listed.write_text(json.dumps([_task(number, chance) for number in range(tasks)]))
        self.data = folder / "data"
        added = run_core("project", "add", "--name", "All stages", "--project", project,
                         "--tasks", listed, "--data", self.data)  # fmt: skip
        assert not added.returncode, added.stderr
        self.hub = HubProcess(self.data).start()
        self.gateway = gateway_to(self.hub.url, key=self.hub.key, timeouts=PATIENT)

    def rows(self):
        """What the hub's own database has of each task, read without the hub."""
        database = sqlite3.connect(f"file:{self.data / 'switchyard.db'}?mode=ro", uri=True)
        database.row_factory = sqlite3.Row
        try:
            entries = dict(database.execute("SELECT task, count(*) FROM hub_history GROUP BY task"))
            rows = database.execute("SELECT * FROM hub_tasks WHERE project = ?", [ID]).fetchall()
        finally:
            database.close()
        return {row["id"]: {**row, "entries": entries.get(row["id"], 0)} for row in rows}

    def submit(self, task, cars, milliseconds=1_000):
        """Somebody labels a task and submits it, or reviews it."""
        body = {"answer": answer(cars), "duration": milliseconds}
        return self.hub.ask("POST", f"/v2/annotate/{task}?nextStage=true", json=body)

    def say_stages(self, stages):
        self.hub.ask("POST", f"/v2/project/{ID}", json={"stages": stages}).raise_for_status()
