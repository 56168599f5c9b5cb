"""An ordinary plugin, as a vendor would write it; run as a process of its own."""

import sys

from imerit_ango.plugins import BatchModelPlugin, run
from imerit_ango.sdk import SDK

HOST, ID, SECRET = sys.argv[1:4]


def callback(data):
    logger = data["logger"]
    logger.info("Starting with %s", data["batches"])
    sdk = SDK(api_key=data["apiKey"], host=HOST)
    assets = sdk.get_assets(data["projectId"], limit=5)["data"]["assets"]
    schema = data["categorySchema"][0]["schemaId"]
    labels = [
        {"externalId": asset["externalId"], "objects": [{"schemaId": schema, "point": [1, 2]}]}
        for asset in assets
    ]
    for number in range(300):
        logger.debug("line %d", number)
    logger.warning("Importing", apiKey="must not be kept", extra={"count": len(labels)})
    if data["configJSON"] == "fail":
        raise ValueError("as asked")
    return sdk.import_labels(data["projectId"], labels)["data"]["project"]


run(BatchModelPlugin(ID, SECRET, callback), host=HOST)
