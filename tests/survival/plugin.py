"""A plugin that labels asset by asset and writes down what the hub acknowledged.

python plugin.py HOST ID SECRET
"""

import json
import sys
import time
from pathlib import Path

from imerit_ango.plugins import BatchModelPlugin, run
from imerit_ango.sdk import SDK

HOST, ID, SECRET = sys.argv[1:]


def callback(data):
    config = json.loads(data["configJSON"])
    sdk = SDK(api_key=data["apiKey"], host=HOST)
    schema = data["categorySchema"][0]["schemaId"]
    with Path(config["acks"]).open("a", buffering=1) as acks:
        for number, external in enumerate(config["assets"]):
            data["logger"].info("step %d", number)
            time.sleep(config["pause"])  # its work
            acks.write(f"tried {number}\n")
            label = {"schemaId": schema, "point": [config["mark"], number]}
            answer = sdk.import_labels(
                data["projectId"], [{"externalId": external, "objects": [label]}]
            )
            if answer.get("status") != "success":
                acks.write(f"refused {number}\n")
                raise ValueError(str(answer.get("message")))
            acks.write(f"stored {number}\n")
        acks.write("done\n")
    return f"{len(config['assets'])} steps"


run(BatchModelPlugin(ID, SECRET, callback), host=HOST)
