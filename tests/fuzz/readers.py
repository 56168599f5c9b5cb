"""Everything that reads what others wrote, and what a good text of each looks like.

A reader gets bytes. It reads them, or it refuses them with a `SwitchyardError`, which is one
sentence with the place; anything else that it raises is a defect.
"""

import io
import json
import tempfile
import zipfile
from pathlib import Path

from core.ango_json.drafts import read_draft
from core.ango_json.inputs import read_logic_input
from core.ango_json.project import read_project
from core.ango_json.text import decoded, loads
from core.cli.logic import _shares, _stage_and_share
from core.export.reader import read_stream
from core.hub.runs.outcome import log_line
from core.model.dialect import Dialect, parse_dialect
from core.plugin_runs.class_lists import read_class_list
from core.plugin_runs.config.check import mistakes
from core.plugin_runs.config.edit import layout
from core.plugin_runs.config.schema import read_schema
from core.plugin_runs.log_text import details, last_words, line_text, whole_text
from core.plugin_runs.mapping.preset import read_preset
from core.publish.backup import read_backup
from core.routing.observed.pasted_counts import read_counts
from core.scenario.file import read_scenario
from core.workspace import Workspace

DATA = Path(__file__).parents[1] / "data"
NAME = "file"


def _text(data):
    return decoded(data, NAME)


def _export(data):
    """An export is also resolved and split, since odd values only show there."""
    table = read_stream(io.BytesIO(data), NAME)
    Workspace(table, None, Dialect()).facts  # noqa: B018


def _project(data):
    project = read_project(loads(_text(data), NAME), NAME)
    for stage in project.logic_stages:
        Workspace(_NO_TASKS, project, Dialect(), shown=True).check(stage)


def _logic(data):
    stage, project = read_logic_input(_text(data), NAME)
    Workspace(_NO_TASKS, project, Dialect(), shown=True).check(stage)


def _config(data):
    text = _text(data)
    for wrong in mistakes(text, '{"type": "object", "additionalProperties": {"type": "number"}}'):
        assert wrong.place and wrong.message
    if not mistakes(text):
        layout(text)


def _log(data):
    text = data.decode("utf-8", "replace")
    for look in (whole_text, line_text):
        look(text)
    last_words(text, 40)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        line = log_line(value, "plugin")
        details(line.extra)
        line_text(line.message)


def _plan(data):
    text = data.decode("utf-8", "replace")
    for read in (_shares, _stage_and_share, lambda one: parse_dialect(one.split())):
        try:
            read(text)
        except ValueError as error:
            if type(error) is ValueError:
                raise
    read_counts(text, ["Review", "Else"])


def _backup(data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "b.json")
        path.write_bytes(data)
        read_backup(path)


def _zipped(text):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.json", text)
    return stream.getvalue()


def _items():
    with zipfile.ZipFile(DATA / "export.zip") as archive:
        items = json.loads(archive.read(archive.namelist()[0]))
    return [items[0], items[7]]


_ITEMS = json.dumps(_items()).encode()
_NO_TASKS = read_stream(io.BytesIO(b"[]"), NAME)
_LOG = {"session": "s", "level": "INFO", "message": "\x1b[31m10 %\r20 %", "data": {"a": [1, None]}}
_PAIRS = b'[{"modelClass": "car", "schemaId": "c1"}]'

_DAMAGED = (DATA / "cases" / "damaged_histogram.parquet").read_bytes()
"""One number of its footer was changed, on which pyarrow raises a bare RuntimeError."""

READERS = {
    "export": (_export, [_ITEMS, _ITEMS[1:-1].replace(b"}, {", b"}\n{"), _zipped(_ITEMS)]),
    "table": (_export, [(DATA / "table-today.parquet").read_bytes(), _DAMAGED]),
    "project": (_project, [(DATA / "project.json").read_bytes()]),
    "stages": (_logic, [(DATA / "logic-odd.json").read_bytes(), (DATA / "six.json").read_bytes()]),
    "draft": (lambda data: read_draft(_text(data), NAME), [b'{"version": 1, "stage": {}}']),
    "scenario": (
        lambda data: read_scenario(_text(data), NAME),
        [(DATA / "scenario-today.json").read_bytes()],
    ),
    "config": (_config, [b'{"threshold": 0.5, "classes": ["a"], "big": 1e400}']),
    "schema": (lambda data: read_schema(_text(data)), [b'{"type": "object", "required": ["a"]}']),
    "preset": (lambda data: read_preset(_text(data), NAME), [_PAIRS]),
    "classes": (lambda data: read_class_list(_text(data)), [b"car\nbus\n", b'["car"]']),
    "log": (_log, [json.dumps(_LOG).encode()]),
    "plan": (_plan, [b"20,30,50", b"Review=30 %", b"Review: 1,204\nElse: 69"]),
    "backup": (_backup, [b'{"switchyard": "backup"}']),
}
"""Reader and good texts, by name."""
