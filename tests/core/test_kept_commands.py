"""`draft …`, `scenario …` and `workspace …`: list, rename, delete, restore, as the pages do."""

import json

from conftest import DATA

from core.cli.main import main
from core.export.reader import read_path
from core.store.database import open_database
from core.store.drafts import Drafts
from core.store.scenarios import Scenarios
from core.store.workspaces import OpenedFiles


def printed(capsys, folder, *words):
    assert main([*words, "--data", str(folder), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_drafts_are_listed_renamed_deleted_and_restored(tmp_path, capsys, database_url):
    drafts = Drafts(open_database(database_url))
    draft = drafts.create("demo", "stage", "0", "1", "me")
    assert printed(capsys, tmp_path, "draft", "rename", draft.id, "--name", "May") == {
        "id": draft.id
    }
    assert printed(capsys, tmp_path, "draft", "list") == [
        {"id": draft.id, "name": "May", "workspace": "demo", "stage": "stage", "at": draft.saved_at}
    ]
    assert main(["draft", "delete", draft.id, "--data", str(tmp_path)]) == 0
    assert "draft restore undoes it" in capsys.readouterr().out
    assert printed(capsys, tmp_path, "draft", "list") == []
    assert [d["id"] for d in printed(capsys, tmp_path, "draft", "list", "--deleted")] == [draft.id]
    printed(capsys, tmp_path, "draft", "restore", draft.id)
    assert drafts.get(draft.id).name == "May"
    assert main(["draft", "delete", "nothing", "--data", str(tmp_path)]) == 2
    assert "nothing" in capsys.readouterr().err


def test_workspaces_are_listed_renamed_deleted_and_restored(tmp_path, capsys, database_url):
    files = OpenedFiles(open_database(database_url), tmp_path / "tables")
    file = files.add("export.zip", read_path(DATA / "export.zip"), None)
    printed(capsys, tmp_path, "workspace", "rename", file.id, "--name", "Streets")
    printed(capsys, tmp_path, "workspace", "delete", file.id)
    assert files.recent() == ()
    printed(capsys, tmp_path, "workspace", "restore", file.id)
    (row,) = printed(capsys, tmp_path, "workspace", "list")
    assert (row["id"], row["name"]) == (file.id, "Streets")


def test_scenarios_are_listed_deleted_and_restored(tmp_path, capsys):
    scenarios = Scenarios(open_database(f"sqlite:///{tmp_path / 'switchyard.db'}"))
    saved = scenarios.save("demo", "stage", "May", "{}")
    row = {"id": saved.id, "name": "May", "workspace": "demo", "stage": "stage"}
    assert printed(capsys, tmp_path, "scenario", "list") == [{**row, "at": saved.saved_at}]
    printed(capsys, tmp_path, "scenario", "delete", saved.id)
    assert printed(capsys, tmp_path, "scenario", "list", "--workspace", "demo") == []
    assert len(printed(capsys, tmp_path, "scenario", "list", "--deleted")) == 1
    assert main(["scenario", "delete", saved.id, "--data", str(tmp_path)]) == 2
    assert "was deleted" in capsys.readouterr().err
    printed(capsys, tmp_path, "scenario", "restore", saved.id)
    assert scenarios.get(saved.id) == saved
