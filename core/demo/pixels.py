"""The images of the demo's batch "pixels": drawn here, the same every time, and uploaded to a hub.

Each shows a harbour in plain colours. What is drawn is also returned, so that tests know the truth.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import requests
from PIL import Image, ImageDraw

BATCH: Final = "pixels"
IMAGES: Final = 36
SIZE: Final = (480, 320)
HORIZON, QUAY = 110, 250
COLORS: Final = {
    "vessel": (170, 40, 40),
    "small_boat": (245, 205, 40),
    "person": (240, 120, 20),
    "lorry": (40, 150, 60),
    "buoy": (200, 40, 190),
    "kite": (110, 60, 200),
    "ferry": (20, 50, 210),
}
SECONDS: Final = 20.0
Point = tuple[int, int]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape of an image: its class, box (left, top, width, height) and area in pixels."""

    name: str
    box: Box
    area: int


def draw(number: int) -> tuple[Image.Image, tuple[Drawn, ...]]:
    """An image and its shapes, which never touch each other."""
    chance = Random(f"harbour {number}")
    light = chance.uniform(0.94, 1.0)
    picture = Image.new("RGB", SIZE)
    _background(ImageDraw.Draw(picture), light)
    drawn: list[Drawn] = []
    for name, most in (
        ("vessel", 2), ("lorry", 2), ("small_boat", 3), ("buoy", 3), ("kite", 2), ("person", 6),
        ("ferry", 3),  # last, so that what was drawn before stays as it was
    ):  # fmt: skip
        for _ in range(chance.randint(0, most)):
            shape = _shape(name, chance)
            mask = Image.new("1", SIZE)
            ImageDraw.Draw(mask).polygon(shape, fill=1)
            box = mask.getbbox()
            if box is None or any(_near(box, other.box) for other in drawn):
                continue
            left, top, right, bottom = box
            color = tuple(int(part * light) for part in COLORS[name])
            picture.paste(color, mask=mask)
            area = sum(mask.histogram()[1:])
            drawn.append(Drawn(name, (left, top, right - left, bottom - top), area))
    return picture, tuple(drawn)


def _background(pen: ImageDraw.ImageDraw, light: float) -> None:
    width, height = SIZE
    for y in range(height):
        if y < HORIZON:
            color = (200 - y // 3, 220 - y // 4, 240 - y // 8)
        elif y < QUAY:
            color = (70 - (y - HORIZON) // 6, 120 - (y - HORIZON) // 5, 150 - (y - HORIZON) // 5)
        else:
            color = (150, 148, 142) if (y - QUAY) % 14 else (132, 130, 124)
        pen.line(
            (0, y, width, y),
            fill=(int(color[0] * light), int(color[1] * light), int(color[2] * light)),
        )


def _shape(name: str, chance: Random) -> Sequence[Point]:
    """The corners of a shape somewhere where it belongs."""
    width = SIZE[0]
    if name == "vessel":
        w, h = chance.randint(70, 130), chance.randint(22, 36)
        x, y = chance.randint(4, width - w - 4), chance.randint(HORIZON + 4, QUAY - h - 8)
        return [(x, y), (x + w, y), (x + w - h // 2, y + h), (x + h // 3, y + h)]
    if name == "small_boat":
        w, h = chance.randint(22, 38), chance.randint(24, 40)
        x, y = chance.randint(4, width - w - 4), chance.randint(HORIZON + 4, QUAY - h - 8)
        return [(x + w // 2, y), (x + w, y + h), (x, y + h)]
    if name == "lorry":
        w, h = chance.randint(44, 76), chance.randint(22, 32)
        x, y = chance.randint(4, width - w - 4), chance.randint(QUAY + 4, SIZE[1] - h - 4)
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    if name == "ferry":  # a hull with a house on it
        w, h = chance.randint(60, 90), chance.randint(26, 34)
        x, y = chance.randint(4, width - w - 4), chance.randint(HORIZON + 4, QUAY - h - 8)
        deck = h // 2
        return [
            (x + w // 4, y), (x + w - w // 6, y), (x + w - w // 6, y + deck), (x + w, y + deck),
            (x + w - 8, y + h), (x + 8, y + h), (x, y + deck), (x + w // 4, y + deck),
        ]  # fmt: skip
    if name == "kite":
        w, h = chance.randint(12, 22), chance.randint(16, 26)
        x, y = chance.randint(4, width - w - 4), chance.randint(4, HORIZON - h - 12)
        return [(x + w // 2, y), (x + w, y + h // 3), (x + w // 2, y + h), (x, y + h // 3)]
    if name == "buoy":
        w = chance.randint(8, 14)
        x, y = chance.randint(4, width - w - 4), chance.randint(HORIZON + 8, QUAY - w - 8)
        cut = w // 3
        return [
            (x + cut, y), (x + w - cut, y), (x + w, y + cut), (x + w, y + w - cut),
            (x + w - cut, y + w), (x + cut, y + w), (x, y + w - cut), (x, y + cut),
        ]  # fmt: skip
    far = chance.random() < 0.4  # people far away are a few pixels
    w, h = (3, 6) if far else (chance.randint(7, 12), chance.randint(14, 24))
    x, y = chance.randint(4, width - w - 4), chance.randint(QUAY + 4, SIZE[1] - h - 4)
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def _near(box: Box, other: Box, gap: int = 6) -> bool:
    left, top, right, bottom = box
    x, y, width, height = other
    apart_x = right + gap <= x or x + width + gap <= left
    return not (apart_x or bottom + gap <= y or y + height + gap <= top)


def png(number: int) -> bytes:
    """An image as the bytes of a PNG file."""
    written = io.BytesIO()
    draw(number)[0].save(written, "PNG", optimize=True)
    return written.getvalue()


def name_of(number: int) -> str:
    """The external id of an image."""
    return f"pixels-{number + 1:03}.png"


Ask = Callable[..., Any]
"""Asks a hub: `ask(method, path, **more)` returns the `data` of its answer."""


@contextmanager
def asking(url: str, key: str) -> Iterator[Ask]:
    """Ask a hub under a key; what it refuses is raised as requests.RequestException."""
    with requests.Session() as session:
        session.trust_env = False  # a hub on this machine needs no proxy

        def ask(method: str, path: str, **more: Any) -> Any:
            headers = {"apikey": key}
            answer = session.request(method, url + path, headers=headers, timeout=SECONDS, **more)
            answer.raise_for_status()
            return answer.json()["data"]

        yield ask


def add(url: str, key: str, project: str) -> int:
    """Upload the images into a project of a hub, as a person's upload would.

    Args:
        url: Of the hub.
        key: API key.
        project: Id of the project; its batch "pixels" is made.

    Returns:
        How many images were added; those that are there already are left alone.

    Raises:
        requests.RequestException: The hub does not answer as it should.
    """
    with asking(url, key) as ask:
        return upload(ask, project, BATCH, range(IMAGES))


def upload(ask: Ask, project: str, name: str, numbers: Iterable[int]) -> int:
    """Upload images into a batch, which is made where it is missing; returns how many were new."""
    ask("POST", f"/v2/batches/{project}", json={"batches": [{"name": name}]})
    known = ask("GET", f"/v2/project/{project}")["project"]["batches"]
    batch = next(one["_id"] for one in known if one["name"] == name)
    wanted = json.dumps({"batches": [batch]})
    there = ask("GET", f"/v2/project/{project}/assets?limit=1000", params={"filters": wanted})
    names = {asset["externalId"] for asset in there["assets"]}
    assets = []
    for number in numbers:
        file = name_of(number)
        if file in names:
            continue
        about = {"name": file, "project": project, "type": "assets"}
        link = ask("GET", "/v2/getUploadUrl", params=about)["uploadUrl"]
        with requests.Session() as session:
            session.trust_env = False
            session.put(link, data=png(number), timeout=SECONDS).raise_for_status()
        assets.append({"data": link.split("?")[0], "externalId": file, "batches": [name]})
    if assets:
        ask("POST", f"/v2/project/{project}/cloud", json={"assets": assets})
    return len(assets)
