"""A batch model plugin that looks at pixels: shapes of one colour become bounding boxes.

    python shapes.py HOST ID SECRET

or with PLUGIN_HOST, PLUGIN_ID and PLUGIN_SECRET in the environment. It is an ordinary script over
the vendor's SDK and needs nothing of Switchyard.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import requests
from imerit_ango.plugins import BatchModelPlugin, run
from imerit_ango.sdk import SDK
from numpy.typing import NDArray
from PIL import Image

COLORS = {
    "vessel": (170, 40, 40),
    "small_boat": (245, 205, 40),
    "person": (240, 120, 20),
    "lorry": (40, 150, 60),
    "buoy": (200, 40, 190),
    "kite": (110, 60, 200),
    "ferry": (20, 50, 210),
}
"""What the "model" knows: the colour of each of its classes."""
TURNED = ("ferry",)
"""Classes whose boxes may be turned; these ones lie level."""
PAGE = 200

Box = tuple[int, int, int, int]


def components(mask: NDArray[np.bool_]) -> list[tuple[int, Box]]:
    """Connected pixels of a mask: area, and left, top, width and height of each.

    Runs of pixels in a row are joined to those they touch in the row above, corners included.
    """
    parents: list[int] = []
    areas: list[list[int]] = []  # area, left, top, right, bottom; ends are not included

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    above: list[tuple[int, int, int]] = []
    last = -2
    for row in np.flatnonzero(mask.any(axis=1)).tolist():
        if row > last + 1:
            above = []
        last = row
        edges = np.flatnonzero(np.diff(mask[row].astype(np.int8), prepend=0, append=0))
        runs = []
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            number = len(parents)
            parents.append(number)
            areas.append([end - start, start, row, end, row + 1])
            for other_start, other_end, other in above:
                if other_start <= end and start <= other_end:
                    parents[root(number)] = root(other)
            runs.append((start, end, number))
        above = runs
    whole: dict[int, list[int]] = {}
    for number, (area, left, top, right, bottom) in enumerate(areas):
        one = whole.setdefault(root(number), [0, left, top, right, bottom])
        one[0] += area
        one[1], one[2] = min(one[1], left), min(one[2], top)
        one[3], one[4] = max(one[3], right), max(one[4], bottom)
    return [
        (a, (left, top, right - left, bottom - top))
        for a, left, top, right, bottom in whole.values()
    ]


def find_shapes(
    picture: Image.Image, wanted: list[str], tolerance: float, least: int
) -> Iterator[tuple[str, Box]]:
    """The shapes of an image: class and box of each, largest colours first."""
    pixels = np.asarray(picture.convert("RGB"), dtype=np.float32)
    for name in wanted:
        apart = pixels - np.array(COLORS[name], dtype=np.float32)
        squares = np.einsum("ijk,ijk->ij", apart, apart)
        for area, box in components(squares < tolerance * tolerance):
            if area >= least:
                yield name, box


def read_config(text: str) -> dict[str, Any]:
    """The config with what is missing filled in; raises ValueError with a sentence."""
    given = json.loads(text or "{}")
    if not isinstance(given, dict):
        raise ValueError("The config must be a JSON object.")
    config: dict[str, Any] = {
        "classes": list(COLORS),
        "min_area": 40,
        "tolerance": 45,
        "images_per_import": 12,
    }
    config |= {"seconds_per_image": 0, **given}
    unknown = [name for name in config["classes"] if name not in COLORS]
    if unknown:
        raise ValueError(f"classes: I do not know {unknown[0]}; I know {', '.join(COLORS)}.")
    return config


def assets_of(sdk: SDK, project: str, batches: list[str]) -> list[dict[str, Any]]:
    """Every asset of the batches once; of the whole project when there are none."""
    assets: dict[str, dict[str, Any]] = {}
    for batch in batches or [""]:
        page, filters = 1, {"batches": [batch]} if batch else {}
        while True:
            data = sdk.get_assets(project, page=page, limit=PAGE, filters=filters)["data"]
            assets |= {asset["_id"]: asset for asset in data["assets"]}
            if page * PAGE >= data["total"]:
                break
            page += 1
    return list(assets.values())


def fetch(sdk: SDK, asset: dict[str, Any]) -> Image.Image | None:
    """The image of an asset; None for one that is kept elsewhere than on the hub."""
    url = str(asset.get("data") or "")
    if urlsplit(url).netloc != urlsplit(sdk.host).netloc:
        return None
    answer = requests.get(url, timeout=20)
    if answer.status_code == 403:  # the link no longer holds
        about = f"name={url}&project={asset['project']}&type=assets"
        fresh = sdk.make_request("GET", f"/v2/getSignedUrl?{about}")["data"]["signedUrl"]
        answer = requests.get(fresh, timeout=20)
    answer.raise_for_status()
    return Image.open(io.BytesIO(answer.content))


def make_callback(host: str) -> Any:
    """The function that runs whenever somebody starts the plugin."""

    def callback(data: dict[str, Any]) -> str:
        log, config = data["logger"], read_config(data["configJSON"])
        targets = {pair["modelClass"]: pair["schemaId"] for pair in data["categorySchema"] or []}
        sdk = SDK(api_key=data["apiKey"], host=host)
        assets = assets_of(sdk, data["projectId"], data["batches"])
        many = len(data["batches"])
        where = f"in {many} batch{'' if many == 1 else 'es'}" if many else "of the project"
        log.info(f"Looking at {len(assets):,} assets {where}.")
        left_out, counts, done = Counter[str](), Counter[str](), Counter[str]()
        waiting: list[dict[str, Any]] = []
        elsewhere = looked = 0

        def send(seen: int) -> None:
            if waiting:
                sentence = sdk.import_labels(data["projectId"], waiting)["data"]["project"]
                labelled, addressed = sentence.removesuffix(" tasks are labeled.").split(" / ")
                done["labelled"] += int(labelled)
                done["addressed"] += int(addressed)
                waiting.clear()
            log.info(f"{seen:,} of {len(assets):,} assets seen.", extra={"done": seen})

        for number, asset in enumerate(assets, start=1):
            try:
                picture = fetch(sdk, asset)
            except (requests.RequestException, OSError) as error:
                log.warning(f"{asset['externalId']}: no image ({type(error).__name__}).")
                continue
            if picture is None:
                elsewhere += 1
                continue
            looked += 1
            time.sleep(config["seconds_per_image"])
            objects = []
            shapes = find_shapes(
                picture, config["classes"], config["tolerance"], config["min_area"]
            )
            for name, (x, y, width, height) in shapes:
                if name not in targets:
                    left_out[name] += 1
                    continue
                counts[name] += 1
                box = {"x": x, "y": y, "width": width, "height": height}
                shape = {"rotated-bounding-box": {**box, "rotation": 0}}
                shape = shape if name in TURNED else {"bounding-box": box}
                objects.append({"schemaId": targets[name], **shape})
            log.debug(f"{asset['externalId']}: {len(objects)} shapes.")
            if objects:
                waiting.append({"externalId": asset["externalId"], "objects": objects})
            if len(waiting) >= config["images_per_import"]:
                send(number)
        send(len(assets))
        if elsewhere:
            log.warning(f"{elsewhere:,} assets have no image on this hub; they were passed over.")
        for name, count in left_out.items():
            log.warning(f"{count:,} × {name} left out: the class is not mapped.")
        if assets and not looked:
            raise ValueError("None of the assets has an image that could be read.")
        return (
            f"Found {counts.total():,} shapes in {looked:,} images; "
            f"{done['labelled']:,} of {done['addressed']:,} tasks labelled."
        )

    return callback


if __name__ == "__main__":
    names = ("PLUGIN_HOST", "PLUGIN_ID", "PLUGIN_SECRET")
    given = sys.argv[1:] or [os.environ.get(name, "") for name in names]
    if len(given) != 3 or not all(given):
        sys.exit(f"Give HOST ID SECRET, or set {', '.join(names)}.")
    run(BatchModelPlugin(given[1], given[2], make_callback(given[0])), host=given[0])
