"""The product's own hub as a process, for tests that ask it through the gateway."""

import json
import os
import select
import subprocess
import sys
from contextlib import contextmanager

import requests
from conftest import HERE
from gateway.helpers import gateway_to

from core.gateway.transport import Timeouts

PATIENT = Timeouts(connect=2.0, read=1.0, export=10.0)
"""A process may need a moment for 400 tasks, on a machine that has more to do."""
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("SWITCHYARD")}
AROUND = {"cwd": HERE.parent, "env": ENVIRONMENT, "text": True}


def core(*words):
    return [sys.executable, "-m", "core", *map(str, words)]


def ran(*words):
    return subprocess.run(core(*words), capture_output=True, timeout=60, check=False, **AROUND)


class Local:
    def __init__(self, said, data):
        self.url, self.key, self.data = said["url"], said["apiKey"], data

    def gateway(self, key=None, **more):
        return gateway_to(self.url, key=key or self.key, **{"timeouts": PATIENT, **more})

    def admin(self, method, path, body=None):
        headers = {"apikey": self.key}
        answer = requests.request(
            method, f"{self.url}/_hub/{path}", json=body, headers=headers, timeout=20
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def fault(self, pattern, kind, **more):
        self.admin("POST", "faults", {"pattern": pattern, "kind": kind, **more})


@contextmanager
def started(data):
    """A hub on a data folder: its URL, its key, its faults."""
    with (data / "hub.err").open("ab") as said:
        process = subprocess.Popen(
            core("hub", "--port", 0, "--data", data, "--json"),
            stdout=subprocess.PIPE,
            stderr=said,
            **AROUND,
        )
    try:
        assert select.select([process.stdout], [], [], 30)[0], "the hub did not start"
        yield Local(json.loads(process.stdout.readline()), data)
    finally:
        process.terminate()
        process.wait(15)
        process.stdout.close()
