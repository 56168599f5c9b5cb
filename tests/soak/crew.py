"""Several plugins in one process: python crew.py HOST ID SECRET ID SECRET …

Each has a connection and threads of its own, made by the SDK's own functions.
"""

import json
import sys

from imerit_ango import plugins
from imerit_ango.sdk import SDK

HOST, *PAIRS = sys.argv[1:]


def callback(data):
    config = json.loads(data["configJSON"])
    for number in range(config["lines"]):
        data["logger"].info("line %d of a model that says what it does", number)
    if config.get("labels"):
        sdk = SDK(api_key=data["apiKey"], host=HOST)
        assets = sdk.get_assets(data["projectId"], limit=config["labels"])["data"]["assets"]
        schema = data["categorySchema"][0]["schemaId"]
        labels = [
            {"externalId": one["externalId"], "objects": [{"schemaId": schema, "point": [1, 1]}]}
            for one in assets
        ]
        sdk.import_labels(data["projectId"], labels)
    return f"{config['lines']} lines"


def main():
    """What the SDK's `run` does, for several."""
    for name, secret in zip(PAIRS[::2], PAIRS[1::2], strict=True):
        plugin = plugins.BatchModelPlugin(name, secret, callback)
        plugin.host = HOST
        plugins._connect_ws(plugin, HOST)
    plugin.start()


main()
