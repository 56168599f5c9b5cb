"""A gateway to a test hub, and what a hub holds."""

import json
import random

from conftest import DATA
from gateway.small_hub import KEY

from core.gateway.ango import AngoGateway
from core.gateway.limits import Limits
from core.gateway.retry import Retries
from core.gateway.transport import Timeouts
from core.secret import Secret

PROJECT = json.loads((DATA / "project.json").read_text())["data"]["project"]
FAST = Retries(first_seconds=0.01, most_seconds=1.5, chance=random.Random(7).random)
SHORT = Timeouts(connect=1.0, read=0.4, export=0.4)


def gateway_to(url, key=KEY, limits=None, **more):
    options = {"timeouts": SHORT, "retries": FAST, **more}
    return AngoGateway(url, Secret(key), limits or Limits(100_000), **options)


def hub_task(number, stage="Label"):
    return {
        "_id": f"{number:024x}",
        "project": PROJECT["_id"],
        "asset": {"_id": f"a{number}", "externalId": f"{number}.jpg"},
        "stage": stage,
        "assignee": "ada@example.com",
        "batches": [PROJECT["batches"][0]["_id"]],
        "duration": 1000 + number,
        "createdAt": "2026-09-01T08:00:00.000Z",
        "answer": {"tools": [{"schemaId": "car", "title": "Car"}], "classifications": []},
    }
