"""The sample of the documentation: first assets, one box each, a final message."""

import json
import sys

from imerit_ango.plugins import BatchModelPlugin, run
from imerit_ango.sdk import SDK

HOST, PLUGIN_ID, PLUGIN_SECRET, *FORM = sys.argv[1:]


def sample_callback(data):
    project_id = data.get("projectId")
    category_schema = data.get("categorySchema")
    logger = data.get("logger")
    api_key = data.get("apiKey")
    config_str = data.get("configJSON")
    config = json.loads(config_str)
    sdk = SDK(api_key=api_key, host=HOST)

    if category_schema is None:
        logger.error("No class mapping.")
        return "Please map the classes."

    logger.info("Plugin session is started!")
    get_assets_response = sdk.get_assets(project_id, page=1, limit=10)
    annotation_json_list = []
    for asset in get_assets_response["data"]["assets"]:
        dummy_bounding_box = config["dummy-bounding-box"]
        annotation_json_list.append(
            {
                "externalId": asset["externalId"],
                "objects": [
                    {
                        "schemaId": category_schema[0]["schemaId"],
                        "bounding-box": dummy_bounding_box,
                    }
                ],
            }
        )
    sdk.import_labels(project_id, annotation_json_list)
    logger.info("Plugin session is ended!")
    return "All annotations are imported!"


def callback_of_the_page(**data):
    return sample_callback(data)


if __name__ == "__main__":
    form = callback_of_the_page if "page" in FORM else sample_callback
    plugin = BatchModelPlugin(id=PLUGIN_ID, secret=PLUGIN_SECRET, callback=form)
    run(plugin, host=HOST)
