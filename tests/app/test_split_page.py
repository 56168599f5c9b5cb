"""Split: what contradicts it comes first; the workflow's picture stands beside the bars."""

import json

from page_helpers import charts, database

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.store.workspaces import OpenedFiles
from core.workspace import Workspace
from pages._ui.markdown_escape import plain


def opened_demo(data, chance):
    """The demo's export with another percentage than the hub drew with."""
    project = json.loads(demo.PROJECT.read_text(encoding="utf-8"))
    inner = project.get("data", project).get("project", project)
    logic = next(stage for stage in inner["stages"] if stage["type"] == "Logic")
    rule = next(c for c in logic["logic"]["conditions"] if c["type"] == "RandomSample")
    rule["value"] = chance
    text = json.dumps(project)
    file = OpenedFiles(database(data), data / "tables").add("x.zip", read_path(demo.EXPORT), text)
    work = Workspace(read_path(demo.EXPORT), read_project(loads(text)), Dialect())
    return file.id, work


def test_histories_that_contradict_the_rules_are_said_first(visit, data):
    workspace, work = opened_demo(data, 0.6)
    behaviour = work.behaved(work.project.logic_stages[0])
    assert not behaviour.behaving
    app = visit("logic/split.py", workspace=workspace)
    (line,) = [line.value for line in app.main.markdown if "contradict" in line.value]
    assert "The histories contradict these numbers." in line
    assert plain(behaviour.sentences[0]) in line


def test_histories_that_agree_are_not_mentioned(visit):
    app = visit("logic/split.py")
    assert not any("contradict" in line.value for line in app.markdown)
    pictures = [c for c in charts(app) if any(s["type"] == "path" for s in
                c["layout"].get("shapes", []))]  # fmt: skip
    (picture,) = pictures
    assert any("Else · " in text for text in picture["data"][1]["text"])
