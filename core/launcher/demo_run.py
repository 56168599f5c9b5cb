"""A dry run of the demo's plugin over the demo's images: the shortest way to see what a run is."""

from __future__ import annotations

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.demo import pixels, shapes
from core.plugin_runs.draft import StartDraft, request_of, with_plugin
from core.plugin_runs.model import RunRequest
from core.store.hub import HubStore, find_project
from core.store.plugins import Registry


def demo_request(
    store: HubStore, registry: Registry, images: str = pixels.BATCH
) -> RunRequest | None:
    """What would be asked of the demo's plugin.

    Args:
        store: The hub's state.
        registry: Its plugins.
        images: Name of the batch.

    Returns:
        None where the plugin, the project or its images are not in this data folder, or where the
        plugin is not connected: its run would only wait.
    """
    live = registry.liveness()
    named = (one for one in registry.list() if one.name == shapes.NAME)
    plugin = next((one for one in named if one.id in live and live[one.id].state == "live"), None)
    with store.read() as tx:
        row = find_project(tx, demo.PROJECT_ID)
    if plugin is None or row is None:
        return None
    project = read_project({"project": loads(row.document)})
    batch = next((one.id for one in project.batches or () if one.name == images), None)
    if batch is None:
        return None
    start = StartDraft(plugin.id, project.id, (batch,))
    return request_of(with_plugin(start, plugin, project), dry_run=True)
