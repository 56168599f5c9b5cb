"""Plugins of every type of the SDK, as their samples are written.

python kinds.py HOST ID SECRET TYPE
"""

import io
import json
import sys

from imerit_ango import plugins
from imerit_ango.models.annotate import AnnotationPayload, Answer
from imerit_ango.sdk import SDK

HOST, ID, SECRET, TYPE = sys.argv[1:]


def export(data):
    file = io.BytesIO(json.dumps(list(data["jsonExport"])).encode())
    return plugins.ExportResponse(file=file, file_name="export.json")


def model(data):
    sdk = SDK(api_key=data["apiKey"], host=HOST)
    sdk.get_task(data["taskId"])
    return AnnotationPayload(answer=Answer())


def carefree_model(data):
    """It looks at no task."""
    return AnnotationPayload(answer=Answer(objects=[{"schemaId": "x"}]))


def empty_model(data):
    return None


def markdown(data):
    return {"markdown": data["markdownText"].upper()}


def file_explorer(data):
    return {"files": [data["bucket"] + data["folder"]]}


def input(data):
    sdk = SDK(api_key=data["apiKey"], host=HOST)
    return [option["name"] for option in data["fileExplorerOptions"]] or sdk


KINDS = {
    "export": (plugins.ExportPlugin, export),
    "model": (plugins.ModelPlugin, model),
    "carefree model": (plugins.ModelPlugin, carefree_model),
    "empty model": (plugins.ModelPlugin, empty_model),
    "markdown": (plugins.MarkdownPlugin, markdown),
    "file explorer": (plugins.FileExplorerPlugin, file_explorer),
    "input": (plugins.InputPlugin, input),
}
kind, callback = KINDS[TYPE]
more = {"host": HOST} if kind in (plugins.ExportPlugin, plugins.ModelPlugin) else {}
plugins.run(kind(ID, SECRET, callback, **more), host=HOST)
