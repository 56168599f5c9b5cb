"""`publish …` on a local hub: shown first, written only with --yes, verified, and the way back."""

import json

import pytest
from conftest import DATA
from hub_helpers import PROJECT, HubProcess, run_core

from core.ango_json.drafts import write_draft
from core.ango_json.stages import write_stage
from core.ango_json.text import dumps
from core.cli.main import main
from core.routing import edit
from core.rule_types.random_sample import RandomSample
from core.store.drafts import Drafts
from core.store.hub import open_hub

TASKS = ("--tasks", str(DATA / "export.zip"))


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    data = tmp_path_factory.mktemp("hub")
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    added = run_core("project", "add", "--name", "Street scenes", *files, "--data", data)
    assert not added.returncode, added.stderr
    running = HubProcess(data).start()
    yield running
    running.end()


def stages_on(hub):
    return hub.ask("GET", f"/v2/project/{PROJECT}").json()["data"]["project"]["stages"]


@pytest.mark.slow
def test_what_publishing_changes_is_shown_written_with_yes_and_restored(hub, sample, capsys):
    data, before = hub.data, stages_on(hub)
    stage = sample.project.logic_stages[0]
    edited = edit.set_condition(stage, "RandomSample-0", RandomSample(0.35))
    drafts = Drafts(open_hub(f"sqlite:///{data / 'switchyard.db'}"))
    draft = drafts.create("w", stage.id, write_draft(stage), write_draft(edited), "me").id
    asked = ("--id", PROJECT, "--data", str(data))

    def command(*words, code=0):
        assert main(["publish", *words, *asked]) == code
        return capsys.readouterr()

    shows = json.loads(command("show", "--draft", draft, *TASKS, "--json").out)
    assert [change["kind"] for change in shows["changes"]] == ["rule condition"]
    (touched,) = shows["touched"]
    assert touched["total"] == len(sample.table) and not shows["written"] and shows["writes"]
    for row in touched["what_if"]:
        assert row["after"] == pytest.approx(
            dict(sample.split(edited).stages)[row["stage"]].expected
        )
    shown = command("write", "--draft", draft, *TASKS, code=1)
    assert "asks: 35 % at random" in shown.out and "the rules will meet only" in shown.out
    assert "--yes writes it" in shown.err and stages_on(hub) == before

    assert "Written and verified" in command("write", "--draft", draft, *TASKS, "--yes").out
    assert stages_on(hub) != before
    (backup,) = json.loads(command("backups", "--json").out)
    back = command("restore", backup["name"], *TASKS, code=1)
    assert "it asked: 35 % at random" in back.out and stages_on(hub) != before
    done = json.loads(command("restore", backup["name"], *TASKS, "--yes", "--json").out)
    assert done["written"] and stages_on(hub) == before
    command("restore", backup["name"], *TASKS, "--yes", code=2)  # the hub has it already
    assert "nothing to do" in command("restore", backup["name"], "--yes", *TASKS, code=2).err
    assert "is no backup" in command("restore", "nothing", *TASKS, code=2).err
    assert "no tasks of this project are kept" in command("show", "--draft", draft, code=2).err


@pytest.mark.slow
def test_a_hub_of_another_folder_is_written_to_with_its_address_and_key(
    hub, sample, tmp_path, capsys, monkeypatch
):
    before, logic = stages_on(hub), tmp_path / "stage.json"
    stage = sample.project.logic_stages[0]
    edited = edit.set_condition(stage, "RandomSample-0", RandomSample(0.4))
    logic.write_text(dumps(write_stage(edited)))
    folder = tmp_path / "here"
    asked = ("--id", PROJECT, "--host", hub.url, "--data", str(folder), *TASKS)

    def command(*words, code=0):
        assert main(["publish", *words, *asked]) == code
        printed = capsys.readouterr()
        assert hub.key not in printed.out + printed.err
        return printed

    monkeypatch.delenv("ANGO_API_KEY", raising=False)
    assert "ANGO_API_KEY" in command("show", "--logic", str(logic), code=2).err
    monkeypatch.setenv("ANGO_API_KEY", "wrong")
    assert "key" in command("show", "--logic", str(logic), code=2).err
    monkeypatch.setenv("ANGO_API_KEY", hub.key)
    command("write", "--logic", str(logic), code=1)
    assert stages_on(hub) == before
    written = json.loads(command("write", "--logic", str(logic), "--yes", "--json").out)
    assert written["written"] and stages_on(hub) != before
    back = command("restore", written["backup"], "--yes", "--json")
    assert json.loads(back.out)["written"] and stages_on(hub) == before


def test_without_a_hub_it_is_said_how_to_get_one(tmp_path, capsys):
    words = ["publish", "backups", "--id", PROJECT, "--data", str(tmp_path)]
    assert main(words) == 2
    assert "no local hub runs" in capsys.readouterr().err
