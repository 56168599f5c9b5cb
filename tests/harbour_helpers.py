"""The demo's plugin, project and images on a real hub, each a process of its own."""

import json
import subprocess
import sys

from hub_helpers import ENVIRONMENT, ROOT, HubProcess, run_core
from waiting import wait_until

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.demo import harbour, pixels, shapes
from core.plugin_runs.draft import StartDraft, request_of, with_plugin
from core.settings import read_settings
from core.store.hub import all_projects, open_hub
from core.store.plugins import Registry
from core.store.run_labels import RunLabels
from core.store.runs import Runs

EXACT = shapes.CONFIG.replace('"mistakes": 0.15', '"mistakes": 0').replace("0.2\n", "0\n")
"""The config of a plugin that errs nowhere: what it finds is what was drawn."""


class Harbour:
    """A hub on a data directory with the demo's project (no tasks but the images') and plugin."""

    def __init__(self, data):
        self.data = data
        file = data / "harbour.json"
        file.write_text(json.dumps(harbour.project()))
        run_core("project", "add", "--name", "Harbour traffic", "--project", file, "--data", data)
        self.hub = HubProcess(data).start()
        self.project_id = self.hub.projects[0]["_id"]
        assert pixels.add(self.hub.url, self.hub.key, self.project_id) == pixels.IMAGES
        settings = read_settings({"SWITCHYARD_DATA": str(data)})
        self.store = open_hub(settings.database)
        self.registry, self.runs = Registry(self.store, data), Runs(self.store)
        self.labels = RunLabels(self.store)
        made = self.registry.add(
            shapes.NAME, shapes.CLASSES, shapes.DESCRIPTION, EXACT, shapes.SCHEMA
        )
        self.plugin, self.secret = made.plugin, made.secret.reveal()
        self.process = None
        self.start_plugin()

    def start_plugin(self):
        about = {"PLUGIN_HOST": self.hub.url, "PLUGIN_ID": self.plugin.id}
        with (self.data / "plugin.log").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, shapes.SCRIPT],
                cwd=ROOT,
                env={**ENVIRONMENT, **about, "PLUGIN_SECRET": self.secret},
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        self.until(lambda: self.live() == "live")

    def live(self):
        found = self.registry.liveness().get(self.plugin.id)
        return found.state if found else None

    @property
    def project(self):
        with self.store.read() as tx:
            found = next(p for p in all_projects(tx) if p.id == self.project_id)
        return read_project({"project": loads(found.document)})

    @property
    def batch(self):
        return next(b.id for b in self.project.batches if b.name == pixels.BATCH)

    def request(self, dry_run, config=None, **more):
        start = StartDraft(self.plugin.id, self.project_id, (self.batch,), config=config, **more)
        return request_of(with_plugin(start, self.plugin, self.project), dry_run)

    def run(self, dry_run, config=None, **more):
        """Start a run and wait for its end."""
        session = self.runs.start(self.request(dry_run, config, **more)).session
        return self.until(lambda: (run := self.runs.get(session)).is_final and run)

    def until(self, question, seconds=30):
        return wait_until(question, seconds)

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
        self.hub.end()


def drawn(least=1, left_out=("kite",)):
    """Shapes in the demo's images by model class, of at least so many pixels."""
    found = [one for number in range(pixels.IMAGES) for one in pixels.draw(number)[1]]
    return [one for one in found if one.area >= least and one.name not in left_out]
