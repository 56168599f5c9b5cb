"""A project that was purged is nowhere in the data folder, while hub and pages go on."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from conftest import DATA
from hostile import hub_world, opened_file, project_document
from hub_helpers import HubProcess

from core.access.acting import LOCAL, Actor, acting_as
from core.access.roles import Role
from core.ango_json.drafts import write_draft
from core.ango_json.project import read_project
from core.cli.main import main
from core.errors import Forbidden, InputError, UnknownName
from core.export.reader import read_path
from core.gateway.cache import Cache
from core.gateway.protocol import TaskRead
from core.plugin_runs.draft import StartDraft, write_start
from core.publish.backup import write_backup
from core.purge import places, purge, to_purge
from core.settings import read_settings
from core.store.drafts import Drafts
from core.store.hub import open_hub
from core.store.ledger import LedgerEntry, entries_kept, keep_entry
from core.store.scenarios import Scenarios
from core.store.starts import Starts
from core.store.tables.runs import plugins
from core.store.workspaces import OpenedFiles

CANARY = "zqcanary"


def sample():
    return read_path(DATA / "export.zip")


NAMES = [f"{CANARY} {n}" for n in ("north", "south")]
OTHER = "kept-for-others"


@pytest.fixture
def world(tmp_path):
    """A data folder with a project in all places, and another file that stays; its store."""
    data = tmp_path / "data"
    data.mkdir()
    settings = read_settings({"SWITCHYARD_DATA": str(data)})
    store = open_hub(settings.database)
    file = opened_file(data, store, NAMES, "tasks.json")
    (data / "hostile.json").unlink()
    hub_world(data, NAMES)
    with store.work() as tx:  # a plugin is of no project
        plain = {"name": "Shapes", "description": "", "classes": "[]", "config": "{}"}
        tx.execute(plugins.update().values(**plain, config_schema=None))
    project = read_project({"project": project_document(NAMES)})
    stage = project.logic_stages[0]
    Drafts(store).create(file, stage.id, write_draft(stage), write_draft(stage), CANARY)
    Scenarios(store).save(file, stage.id, "Later", json.dumps({"name": CANARY}))
    table = OpenedFiles(store, settings.tables).table(
        OpenedFiles(store, settings.tables).get(file).table_fingerprint
    )
    Cache(settings.hubs).put("https://hub.example.com", project, TaskRead(table, "export", "", 1.0))
    write_backup(settings.backups, "https://hub.example.com", project, datetime.now(UTC), CANARY)
    for other in (project.id, OTHER):
        word = CANARY if other == project.id else "kept"
        entry = LedgerEntry("2026-11-26T14:03:00.000Z", "https://hub.example.com", False, other,
                            stage.id, word, "r", word)  # fmt: skip
        keep_entry(store, entry)
        keep_entry(store, replace(entry, own=True))
    uploads = data / "hub-files" / project.id / "assets"
    uploads.mkdir(parents=True)
    (uploads / "1.txt").write_text(CANARY, encoding="utf-8")
    (data / "plugins").mkdir(exist_ok=True)
    (data / "plugins" / "p.log").write_text(CANARY, encoding="utf-8")
    other = opened_file(data, store, [OTHER], "other.json")
    (data / "hostile.json").unlink()
    return settings, store, file, other, project


def holding(folder, word):
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    )


def test_nothing_of_it_is_left_in_the_folder(world, make_hub_on):
    settings, store, file, _, project = world
    assert len(holding(settings.data, CANARY)) >= 5
    hub = make_hub_on(settings.data)
    what = to_purge(settings, store, file)
    assert len(places(what)) >= 3 and what.in_hub
    with pytest.raises(InputError, match="nothing was purged"):
        purge(settings, store, what, "another name")
    assert purge(settings, store, what, what.name) >= 5
    assert holding(settings.data, CANARY) == []
    assert hub.process.poll() is None
    assert hub.ask("GET", f"/v2/project/{project.id}").status_code == 404
    with pytest.raises(UnknownName):
        to_purge(settings, store, file)
    with pytest.raises(UnknownName):
        OpenedFiles(store, settings.tables).get(file)


@pytest.fixture
def make_hub_on():
    made = []

    def make(data):
        made.append(HubProcess(data).start())
        return made[-1]

    yield make
    for hub in made:
        hub.end()


def test_it_is_asked_for_by_name_on_the_command_line(world, capsys):
    settings, _, file, _, _ = world
    args = ["workspace", "purge", file, "--data", str(settings.data)]
    assert main([*args, "--json"]) == 1
    about = json.loads(capsys.readouterr().out)
    assert about["purged"] is False and holding(settings.data, CANARY)
    assert main([*args, "--confirm", about["name"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["purged"] is True
    assert holding(settings.data, CANARY) == []
    assert main(args) == 2


def test_only_an_admin_may(world):
    settings, store, file, _, _ = world
    what = to_purge(settings, store, file)
    with acting_as(Actor("ada", Role.MANAGER, LOCAL)), pytest.raises(Forbidden):
        purge(settings, store, what, what.name)
    assert holding(settings.data, CANARY)


def test_what_is_of_others_stays(world):
    settings, store, file, other, _ = world
    what = to_purge(settings, store, file)
    assert [one.id for one in what.files] == [file, other]  # both came with this project
    alone = OpenedFiles(store, settings.tables).add("alone.json", sample(), None)
    begun = Starts(store)
    ours, theirs = (
        begun.add(write_start(StartDraft(project=project)))
        for project in (what.project, f"{what.project}x")
    )
    purge(settings, store, what, what.name)
    with store.read() as tx:
        assert [(one.project, one.own) for one in entries_kept(tx)] == [
            (OTHER, False),
            (OTHER, True),
        ]
    assert OpenedFiles(store, settings.tables).get(alone.id) == alone
    assert len(OpenedFiles(store, settings.tables).table(alone.table_fingerprint)) == 400
    assert f"{what.project}x" in begun.get(theirs)
    with pytest.raises(UnknownName):
        begun.get(ours)
