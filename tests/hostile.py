"""A project, its tasks, plugins and runs in which every text is one that people dread."""

import json
from dataclasses import replace

from conftest import DATA

from core.ango_json.text import dumps
from core.export.reader import read_path
from core.model.text import visible
from core.plugin_runs.label_changes import Difference, no_labels
from core.plugin_runs.model import Pair, RunRequest
from core.settings import read_settings
from core.store.hub import SANDBOX, HubProject, LogLine, insert_project, open_hub
from core.store.plugins import Registry
from core.store.run_notes import Addressed, note
from core.store.runs import Runs, save
from core.store.tables.runs import plugins
from core.store.workspaces import OpenedFiles

CASES = json.loads((DATA / "cases" / "names.json").read_text(encoding="utf-8"))
NAMES = list(dict.fromkeys(text for texts in CASES.values() for text in texts))
SCHEMA_IDS = [f"c{place}" for place in range(len(NAMES))]
BOUNDS = [None, 0, -1, 0.5, 1e308, 2**53, 2**64 - 1, -1e20]


def rules(names):
    """One rule of each type, and some that cannot be simulated, that hold all names."""
    some = list(names)
    ids = [f"c{place}" for place in range(len(some))]
    filters = [{"schemaId": s, "filter": ["exists"]} for s in [*ids[:3], *some[:3]]]
    filters += [{"schemaId": s, "filter": ["notExists"]} for s in [*ids[3:], *some[3:]]]
    found = [
        {"type": "Batch", "value": some},
        {"type": "Annotator", "value": some},
        {"type": "AnnotationType", "value": {"tools": filters}},
        {"type": "RandomSample", "value": 0.2},
        *({"type": "Duration", "value": [bound, None]} for bound in BOUNDS),
        *({"type": name, "value": name} for name in some[:6]),
        {"type": "Batch", "value": some, some[0] or "key": 1},
    ]
    return [{**rule, "index": place} for place, rule in enumerate(found)]


def project_document(names):
    """A project whose name, classes, batches, people, stages and rules are `names`."""
    some, asked = list(names), rules(names)
    stages = [{"id": f"s{place}", "type": "Review", "name": name, "next": ["done", "done"]}
              for place, name in enumerate(some)]  # fmt: skip
    targets = [f"s{place % len(some)}" for place in range(len(asked))]
    logic = {"id": "logic", "type": "Logic", "name": " / ".join(some[:35]),
             "next": [*targets, "done"], "logic": {"conditions": asked}}  # fmt: skip
    classes = [{"tool": "bounding-box", "title": name, "schemaId": f"c{place}"}
               for place, name in enumerate(some)]  # fmt: skip
    question = {
        "tool": "radio",
        "title": some[0],
        "schemaId": "q",
        "options": [{"value": name, "schemaId": f"o{i}"} for i, name in enumerate(some)],
    }
    return {
        "_id": "hostile", "name": " ".join(some[:35]), "organization": "o",
        "batches": [{"_id": f"b{place}", "name": name} for place, name in enumerate(some)],
        "assignedTo": [{"assignee": name, "role": name} for name in some],
        "stages": [{"id": "Start", "type": "Start", "name": "Start", "next": ["logic"]}, logic,
                   *stages, {"id": "done", "type": "Complete", "name": some[0]}],
        "categorySchema": {"tools": classes, "classifications": [question]},
    }  # fmt: skip


def task_list(names):
    """One task for each name, as an export has them."""
    some = list(names)
    return [
        {
            "asset": "https://assets.example.com/1.jpg", "externalId": name, "batches": [name],
            "task": {
                "taskId": f"t{place}", "stage": name, "stageId": f"s{place}",
                "totalDuration": 1_000 * place,
                "tools": [{"bounding-box": {"x": 1, "y": 1, "width": 2, "height": 2},
                           "objectId": f"o{place}", "schemaId": f"c{place}", "title": name,
                           "metadata": {"createdBy": name}}],
                "classifications": [{"schemaId": "q", "tool": "radio", "title": name,
                                     "answer": name}],
                "stageHistory": [{"stage": "logic", "stageId": "logic", "completedBy": name,
                                  "completedAt": "2026-09-01T08:00:00.000Z",
                                  "submittedBy": name, "duration": 1_000}],
            },
        }
        for place, name in enumerate(some)
    ]  # fmt: skip


def opened_file(data, store, names, called="hostile.json"):
    """Keeps the tasks and the project as an opened file; returns its id."""
    file = data / "hostile.json"
    file.write_text(json.dumps(task_list(names)), encoding="utf-8")
    table = read_path(file)
    text = dumps({"project": project_document(names)})
    return OpenedFiles(store, data / "tables").add(called, table, text).id


def config(names):
    """A config with every name as a key and as a value, and numbers that no widget holds."""
    values = {name: name for name in names}
    numbers = {"big": 2**64 - 1, "bigger": 10**400, "small": -1e20, "odd": 1.5}
    text = dumps({**numbers, "several": list(names), **values})
    return text[:-1] + ', "endless": 1e400}'


def config_schema(names):
    """A schema with the names as choices and titles, and bounds beyond every widget."""
    some = list(names)
    bounds = [("big", "integer", 0, 2**64 - 1), ("bigger", "integer", -(10**400), 10**400),
              ("small", "number", -1e20, 1e20), ("odd", "number", 0, 10**309)]  # fmt: skip
    properties = {n: {"type": kind, "minimum": low, "maximum": high}
                   for n, kind, low, high in bounds}  # fmt: skip
    properties["several"] = {"type": "array", "items": {"type": "string", "enum": some}}
    properties |= {n: {"type": "string", "enum": some, "title": n, "description": n} for n in some}
    text = dumps({"type": "object", "properties": properties})
    return text[:-1] + ', "maxProperties": 1e400}'


def hub_world(data, names):
    """A local hub's store, without a hub: project, plugin, presets and two ended runs."""
    some = list(names)
    store = open_hub(read_settings({"SWITCHYARD_DATA": str(data)}).database)
    document = json.dumps(project_document(some))
    with store.work() as tx:
        insert_project(
            tx,
            HubProject("hostile", "half \\ud83d <b>", SANDBOX, 1, "2026-09-01T08:00:00Z", document),
        )
    registry, runs = Registry(store, data), Runs(store)
    plugin = registry.add("Any").plugin
    asked = {
        "name": visible(" / ".join(some[:35])),
        "description": visible("\n".join(some[:35])),
        "classes": json.dumps(class_list(some)),
        "config": config(some),
        "config_schema": config_schema(some),
    }
    with store.work() as tx:  # an earlier version refused nothing
        tx.execute(plugins.update().where(plugins.c.id == plugin.id).values(asked))
    pairs = tuple(Pair(f"c{place}", name) for place, name in enumerate(some))
    sessions = []
    for dry_run in (True, False):
        request = RunRequest(plugin.id, "hostile", ("b0",), pairs, config(some), dry_run)
        run = runs.start(request)
        added = {
            **no_labels(),
            "tools": [
                {"schemaId": s, "point": [1, 1], "title": name}
                for s, name in [*pairs_of(pairs), ("gone", "x")]
            ],
        }
        with store.work() as tx:
            done = {f"t{place}": (Addressed(f"t{place}", f"a{place}", visible(name), None),
                                  Difference(added, no_labels()))
                    for place, name in enumerate(some)}  # fmt: skip
            run = note(tx, run, done)
            save(tx, replace(run, state="succeeded", message=visible("\n".join(some)), sent_at=1.0,
                             finished_at=2.0, refused=dict.fromkeys(some, 1)))  # fmt: skip
        store.say([LogLine(run.session, visible(name), visible(name)) for name in some])
        sessions.append(run.session)
    return plugin, sessions, runs


def class_list(names):
    return [*names, "lorry"]


def pairs_of(pairs):
    return [(pair.schema_id, pair.model_class) for pair in pairs]
