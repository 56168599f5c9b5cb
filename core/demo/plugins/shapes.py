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
from collections.abc import Iterable, Iterator
from math import exp, sqrt
from random import Random
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
SMALL = 200
"""Pixels of a box below which a shape is easily missed."""
WATER = (120, 240)
"""Rows of an image on which something can be reflected."""

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
    config |= {"seconds_per_image": 0, "mistakes": 0, "min_score": 0, **given}
    unknown = [name for name in config["classes"] if name not in COLORS]
    if unknown:
        raise ValueError(f"classes: I do not know {unknown[0]}; I know {', '.join(COLORS)}.")
    return config


def guesses(
    shapes: Iterable[tuple[str, Box]], size: tuple[int, int], config: dict[str, Any], name: str
) -> Iterator[tuple[str, Box, float]]:
    """What the "model" makes of the shapes of an image: class, box, and a score from 0 to 1.

    Args:
        shapes: What is there.
        size: Width and height of the image, in pixels.
        config: `mistakes` says how often it errs, `min_score` which guesses are left out,
            `classes` which classes there are.
        name: The image's external id, from which all chance comes.
    """
    chance, errs = Random(name), float(config["mistakes"])
    made = [_guess(kind, box, size, errs, config["classes"], chance) for kind, box in shapes]
    if chance.random() < 2 * errs:
        made.append(_reflection(size, config["classes"], chance))
    for one in made:
        if one is not None and one[2] >= config["min_score"]:
            yield one


def _guess(
    kind: str, box: Box, size: tuple[int, int], errs: float, known: list[str], chance: Random
) -> tuple[str, Box, float] | None:
    """One shape as it is seen, None where it is missed."""
    missed, mixed, loose = (chance.random() for _ in range(3))
    sure = 1 - exp(-sqrt(box[2] * box[3]) / 18)  # large shapes are clear ones
    score = 0.25 + 0.7 * sure + chance.gauss(0, 0.05)
    doubt = chance.uniform(0.4, 1.0)
    if missed < errs * (2 if box[2] * box[3] < SMALL else 0.3):
        return None
    other = _looks_like(kind, box)
    if other in known and mixed < 2 * errs:
        kind, score = other, score * doubt
    if loose < errs:
        box, score = _loose(box, size, chance), score * doubt
    return kind, box, round(min(max(score, 0.01), 0.99), 3)


def _looks_like(kind: str, box: Box) -> str:
    """What a shape may be taken for, "" for nothing: a wide boat for a ship, a short ferry, too."""
    wide = kind == "small_boat" and box[2] >= 30
    return "vessel" if wide or (kind == "ferry" and box[2] < 75) else ""


def _loose(box: Box, size: tuple[int, int], chance: Random) -> Box:
    """A box that is too large, or beside its shape."""
    x, y, width, height = box
    if chance.random() < 0.5:
        dx, dy = (max(1, round(side * chance.uniform(0.1, 0.4))) for side in (width, height))
        left, top, right, bottom = x - dx, y - dy, x + width + dx, y + height + dy
    else:
        dx, dy = (round(side * chance.choice((-1, 1)) * chance.uniform(0.1, 0.5))
                  for side in (width, height))  # fmt: skip
        left, top, right, bottom = x + dx, y + dy, x + width + dx, y + height + dy
    left, top = min(max(left, 0), size[0] - 2), min(max(top, 0), size[1] - 2)
    right, bottom = max(min(right, size[0]), left + 1), max(min(bottom, size[1]), top + 1)
    return left, top, right - left, bottom - top


def _reflection(
    size: tuple[int, int], known: list[str], chance: Random
) -> tuple[str, Box, float] | None:
    """Light on the water that looks like a boat; None where no boat is looked for."""
    kinds = [kind for kind in ("small_boat", "vessel", "buoy") if kind in known]
    width, height = chance.randint(14, 44), chance.randint(6, 14)
    x, y = chance.randrange(max(1, size[0] - width)), chance.randint(*WATER)
    score = round(chance.uniform(0.1, 0.7), 3)
    if not kinds or y + height > size[1]:
        return None
    return chance.choice(kinds), (x, y, width, height), score


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
            guessed = guesses(shapes, picture.size, config, str(asset["externalId"]))
            for name, (x, y, width, height), score in guessed:
                if name not in targets:
                    left_out[name] += 1
                    continue
                counts[name] += 1
                box = {"x": x, "y": y, "width": width, "height": height}
                shape = {"rotated-bounding-box": {**box, "rotation": 0}}
                shape = shape if name in TURNED else {"bounding-box": box}
                objects.append({"schemaId": targets[name], **shape, "score": score})
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
