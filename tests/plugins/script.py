"""An ordinary plugin, as a vendor would write it; what it does stands in its config.

python script.py HOST ID SECRET [GATE]: it makes the file GATE.ready once all is loaded,
and connects once the file GATE is there.
"""

import ctypes
import json
import os
import sys
import time
from pathlib import Path

from imerit_ango.models.enums import StorageFileTypes
from imerit_ango.plugins import BatchModelPlugin, run
from imerit_ango.sdk import SDK

HOST, ID, SECRET, *GATE = sys.argv[1:]


def label(data, external_id, **more):
    return {"externalId": external_id, "objects": [{"schemaId": schema(data), **more}]}


def schema(data):
    return data["categorySchema"][0]["schemaId"]


def simple(data, sdk, config):
    """As the documentation describes: the first assets get a box each."""
    assets = sdk.get_assets(data["projectId"])["data"]["assets"]
    box = config.get("dummy-bounding-box", {"x": 1, "y": 2, "width": 3, "height": 4})
    labels = [label(data, asset["externalId"], **{"bounding-box": box}) for asset in assets]
    data["logger"].info("Importing %d labels", len(labels), extra={"count": len(labels)})
    return sdk.import_labels(data["projectId"], labels)["data"]["project"]


def fail(data, sdk, config):
    raise ValueError(config.get("text", "as asked"))


def log_error(data, sdk, config):
    data["logger"].error(config["text"])


def key(data, sdk, config):
    return config["tool"]


def nothing(data, sdk, config):
    return None


def unserialisable(data, sdk, config):
    return {object()}


def leave(data, sdk, config):
    sys.exit(3)


def crash(data, sdk, config):
    data["logger"].info("crashing")
    os._exit(7)


def lines(data, sdk, config):
    for number in range(config["count"]):
        data["logger"].debug("line %d", number)
    return f"{config['count']} lines"


def many(data, sdk, config):
    """So many labels in one import, spread over the assets."""
    assets = sdk.get_assets(data["projectId"], limit=500)["data"]["assets"]
    labels = [
        label(data, assets[number % len(assets)]["externalId"], point=[number, 1])
        for number in range(config["count"])
    ]
    return sdk.import_labels(data["projectId"], labels)["data"]["project"]


def nap(data, sdk, config):
    data["logger"].info("sleeping")
    time.sleep(config["seconds"])
    return config.get("answer", "awake")


def who(data, sdk, config):
    return str(os.getpid())


def odd_lines(data, sdk, config):
    logger = data["logger"]
    logger.log(25, "own")
    logger.info({"a": 1})
    logger.info("%d", "one", "more")
    logger.info("never", thing=object())


def burn(data, sdk, config):
    end = time.monotonic() + config["seconds"]
    while time.monotonic() < end:
        pass
    return "burnt"


def hold(data, sdk, config):
    """Keeps the interpreter lock, as careless C code does."""
    data["logger"].info("holding")
    ctypes.PyDLL(None).sleep(config["seconds"])
    data["logger"].info("released")
    return "let go"


def long(data, sdk, config):
    return "x" * config["count"]


def work(data, sdk, config):
    """Asks the hub again and again: what a cancel reaches."""
    data["logger"].info("working")
    for _ in range(int(config.get("seconds", 60) / 0.1)):
        sdk.get_assets(data["projectId"])
        time.sleep(0.1)
    return "never cancelled"


def odd_values(data, sdk, config):
    data["logger"].info("odd", number=float("nan"), raw=b"\xff\x00")
    return {"nan": float("nan"), "inf": float("inf"), "bytes": b"raw"}


def nested(data, sdk, config):
    found = "the end"
    for _ in range(config["deep"]):
        found = [found]
    return found


def huge(data, sdk, config):
    """An integer with more digits than any number of a machine: said, imported and returned."""
    number = int("7" * config["digits"])
    asset = sdk.get_assets(data["projectId"], limit=1)["data"]["assets"][0]["externalId"]
    data["logger"].info("huge", extra={"number": number})
    sdk.import_labels(data["projectId"], [label(data, asset, point=[number, 1])])
    return {"number": number}


def upload(data, sdk, config):
    """Asks for a link to upload to; what the SDK does with a refusal is up to the SDK."""
    try:
        return sdk._get_upload_url("mask.png", data["projectId"], StorageFileTypes.BRUSH)
    except KeyError:
        if not config.get("quiet"):
            raise
        sys.exit()  # as where this happens outside of the callback: no answer and no word


def twice(data, sdk, config):
    plugin = data["logger"].plugin
    plugin.emit("response", {"response": "first", "session": data["session"]})
    plugin.emit("response", {"response": "second", "session": data["session"]})
    plugin.emit("response", {"response": "stranger", "session": config["other"]})
    return "third"


def secretive(data, sdk, config):
    data["logger"].info("everything: %s", {k: v for k, v in data.items() if k != "logger"})
    return data["apiKey"]


def look(data, sdk, config):
    """Says what the hub shows, before and after an import, and what it refuses."""
    project, found = data["projectId"], {}
    page = sdk.get_assets(project, limit=100)["data"]
    tasks = sdk.get_tasks(project, limit=100, include_answer=True)["data"]
    found["assets"] = [len(page["assets"]), page["total"]]
    found["tasks"] = [len(tasks["tasks"]), tasks["total"]]
    first = tasks["tasks"][0]
    external = first["asset"]["externalId"]
    found["before"] = len(first["answer"]["tools"])
    one = label(data, external, objectId="mine", point=[1, 1])
    found["import"] = sdk.import_labels(project, [one, one])["data"]["project"]
    again = label(data, external, objectId="mine", point=[2, 2])
    found["again"] = sdk.import_labels(project, [again])["data"]["project"]
    tools = sdk.get_task(first["_id"])["data"]["task"]["answer"]["tools"]
    found["after"] = len(tools)
    found["point"] = tools[-1]["point"]
    for name, call in {
        "other project": lambda: sdk.get_project(config["other"]),
        "requeue": lambda: sdk.make_request(
            "POST", f"/v2/project/{project}/requeueTasks", {"toStageId": "Start"}
        ),
        "create": lambda: sdk.create_batch(project, "new"),
    }.items():
        try:
            call()
            found[name] = "done"
        except Exception as error:
            found[name] = str(error)
    found["projects"] = sdk.list_projects()["data"]["total"]
    return found


def open_task(data, sdk, config):
    return sdk.get_task(config["task"])["data"]["task"]["_id"]


def callback(data):
    config = json.loads(data["configJSON"])
    sdk = SDK(api_key=data["apiKey"], host=HOST)
    return globals()[config.get("do", "simple")](data, sdk, config)


if GATE:
    Path(f"{GATE[0]}.ready").touch()
while GATE and not Path(GATE[0]).exists():
    time.sleep(0.01)
run(BatchModelPlugin(ID, SECRET, callback), host=HOST)
