"""A Python script for a registered plugin: it runs as it is, and is the place to begin."""

from __future__ import annotations

from urllib.parse import urlsplit

from core.model.text import visible
from core.plugin_runs.model import Plugin

_SCRIPT = '''"""{name}: a batch model plugin.

    {start}
"""

import json
import os

from imerit_ango.plugins import BatchModelPlugin, run
from imerit_ango.sdk import SDK

HOST = {host}
PLUGIN_ID = {id}
PLUGIN_SECRET = os.environ["PLUGIN_SECRET"]  # shown once, when the plugin is registered


def callback(data):  # one argument: the form callback(**data) always fails
    log = data["logger"]
    config = json.loads(data["configJSON"])
    targets = {{pair["modelClass"]: pair["schemaId"] for pair in data["categorySchema"] or []}}
    sdk = SDK(api_key=data["apiKey"], host=HOST)  # this key holds for this run only
    log.info(f"Classes: {{', '.join(targets) or 'none'}}; config: {{', '.join(config) or 'empty'}}")
    seen = labelled = 0
    for batch in data["batches"] or [None]:
        page, filters = 1, {{"batches": [batch]}} if batch else {{}}
        while True:
            found = sdk.get_assets(data["projectId"], page=page, limit=100, filters=filters)["data"]
            items = []
            for asset in found["assets"]:
                objects = predict(asset, config, targets)
                if objects:
                    items.append({{"externalId": asset["externalId"], "objects": objects}})
            if items:
                sdk.import_labels(data["projectId"], items)
            seen, labelled = seen + len(found["assets"]), labelled + len(items)
            log.info(f"{{seen}} of {{found['total']}} assets seen.")
            if page * 100 >= found["total"]:
                break
            page += 1
    return f"Labelled {{labelled}} of {{seen}} assets."


def predict(asset, config, targets):
    """Call your model here, with asset["data"]. Returns objects such as

    {{"schemaId": targets["{example}"],
     "bounding-box": {{"x": 0, "y": 0, "width": 9, "height": 9}}}}
    """
    return []


if __name__ == "__main__":
    run(BatchModelPlugin(PLUGIN_ID, PLUGIN_SECRET, callback), host=HOST)
'''


def plugin_script(plugin: Plugin, host: str) -> str:
    """The script, without the secret: that comes from the environment.

    Args:
        plugin: As it is registered.
        host: Address of the local hub.
    """
    return _SCRIPT.format(
        name=_in_docstring(plugin.name),
        start=start_line(plugin),
        host=repr(host),
        id=repr(plugin.id),
        example=_in_docstring((plugin.classes or ("your class",))[0]),
    )


def _in_docstring(text: str) -> str:
    """Text of others where neither a quote, an escape nor half a character may stand."""
    return visible(text).replace("\\", "/").replace('"', "'")


def start_line(plugin: Plugin) -> str:
    """How the script is started in a shell; the secret is pasted by whoever starts it."""
    words = ["PLUGIN_SECRET=…"]
    if plugin.connector == "rest":
        words += ["CONNECTOR=REST", f"PORT={urlsplit(plugin.url or '').port or 8080}"]
    return " ".join([*words, "NO_PROXY=127.0.0.1,localhost", "python", file_name(plugin)])


def file_name(plugin: Plugin) -> str:
    """A file name for the script."""
    letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in plugin.name.casefold())
    return f"{letters.strip('_')[:40] or 'plugin'}.py"
