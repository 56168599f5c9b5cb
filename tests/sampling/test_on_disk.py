"""What is read where it lies gives the same answers."""

import json

import pytest
from conftest import DATA

from core.cli.main import main

PROJECT = str(DATA / "project.json")


def in_order(document):
    """Lists of groups whose equal ones may come in either order."""
    for name in ("groups", "rows", "quotas"):
        if name in document:
            document[name].sort(key=lambda one: json.dumps(one, sort_keys=True))
    return document


@pytest.mark.parametrize(
    "words",
    [
        ["quality", "--by", "annotator"],
        ["quality", "--by", "week"],
        ["budget", "--by", "batch", "--reviews", "60"],
        ["coverage", "--by", "class", "--logic", PROJECT],
        ["coverage", "--by", "batch", "--logic", PROJECT, "--stages", "--least", "9"],
    ],
)
def test_a_table_on_disk_tells_the_same(words, tmp_path, capsys, monkeypatch):
    export, parts = str(DATA / "export.zip"), str(tmp_path / "parts")
    assert main(["tasks", "--in", export, "--out", parts, "--partition", "--project", PROJECT]) == 0
    told = []
    for tasks, most in ((export, "1000"), (parts, "10")):
        monkeypatch.setenv("SWITCHYARD_TASKS_IN_MEMORY", most)
        capsys.readouterr()
        assert main([*words, "--tasks", tasks, "--project", PROJECT, "--json"]) == 0
        out, err = capsys.readouterr()
        told.append(in_order(json.loads(out)))
        assert ("400 tasks" in err) == (most == "10")
    assert told[0] == told[1]
