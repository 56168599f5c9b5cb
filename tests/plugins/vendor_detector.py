"""A detector in the vendor's own style: pages of assets, pieces of labels, masks as brush links.

python vendor_detector.py HOST ID SECRET
"""

import json
import sys

from imerit_ango.models.annotate import AnnotationPayload, Answer
from imerit_ango.plugins import BatchModelPlugin, run
from imerit_ango.sdk import SDK

HOST, PLUGIN_ID, PLUGIN_SECRET = sys.argv[1:]
PAGE, PIECE = 3, 2


def assets_of(sdk, project):
    page = 1
    while True:
        assets = sdk.get_assets(project, page=page, limit=PAGE)["data"]["assets"]
        if not assets:
            return
        yield from assets
        page += 1


def shapes_of(mapping, number):
    """An object of each class: a box, a polygon, a point and a mask by its link, in turns."""
    x, y = 10 * number, 20
    geometries = [
        {"bounding-box": {"x": x, "y": y, "width": 30, "height": 20}},
        {"polygon": [[x, y], [x + 30, y], [x, y + 20]]},
        {"point": [x, y]},
        {"brush": {"brushDataUrl": f"https://masks.example.com/{number}.png"}},
    ]
    return [
        {"schemaId": pair["schemaId"], "score": 0.5, **geometries[(place + number) % 4]}
        for place, pair in enumerate(mapping)
    ]


def detector_callback(data):
    logger, config = data["logger"], json.loads(data["configJSON"])
    sdk = SDK(api_key=data["apiKey"], host=HOST)
    project, mapping = data["projectId"], data["categorySchema"]
    logger.info("Mapping: %s", mapping)
    seen, piece, done = [], [], []
    for number, asset in enumerate(assets_of(sdk, project)):
        seen.append(asset.get("isPreLabeled"))
        item = {"externalId": asset["externalId"], "objects": shapes_of(mapping, number)}
        item["objects"].append({"schemaId": config["stranger"], "point": [1, 1]})
        item["classifications"] = [{"schemaId": mapping[0]["schemaId"], "answer": "yes"}]
        piece.append(item)
        if len(piece) == PIECE:
            done.append(sdk.import_labels(project, piece)["data"]["project"])
            piece = []
    if piece:
        done.append(sdk.import_labels(project, piece)["data"]["project"])
    first = sdk.get_tasks(project, limit=1, include_answer=True)["data"]["tasks"][0]
    for number in (99, 98):
        answer = Answer(objects=shapes_of(mapping, number)[:1])
        sdk.annotate_task(first["_id"], AnnotationPayload(answer))
    tasks = sdk.get_tasks(project, limit=100, include_answer=True)["data"]["tasks"]
    one = sdk.get_task(first["_id"])["data"]["task"]
    again = [asset.get("isPreLabeled") for asset in assets_of(sdk, project)]
    found = {"pieces": done, "before": seen, "after": again, "tasks": [*tasks, one]}
    return found | {"mapping": mapping}


if __name__ == "__main__":
    plugin = BatchModelPlugin(id=PLUGIN_ID, secret=PLUGIN_SECRET, callback=detector_callback)
    run(plugin, host=HOST)
