"""Drafts: saved at every edit, undone 50 steps, safe with two editors, lossless."""

import pytest
from conftest import DATA

from core.ango_json.drafts import read_draft, write_draft
from core.ango_json.inputs import read_logic_input
from core.ango_json.stages import write_stage
from core.ango_json.text import dumps, loads
from core.errors import DraftChanged, InputError, UnknownName
from core.export.reader import read_path
from core.routing import edit
from core.rule_types.random_sample import RandomSample
from core.store.database import open_database
from core.store.drafts import UNDO_STEPS, Drafts
from core.store.workspaces import OpenedFiles


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(database_url, clock):
    return open_database(database_url, clock)


@pytest.fixture
def drafts(store):
    return Drafts(store)


@pytest.mark.parametrize("name", ["project.json", "logic-odd.json", "logic-six.json"])
def test_a_draft_without_edits_writes_the_stage_that_it_came_from(name):
    text = (DATA / name).read_text(encoding="utf-8")
    stage, _ = read_logic_input(text, name)
    again = read_draft(write_draft(stage))
    assert dumps(write_stage(again)) == stage.source


def test_a_draft_keeps_rule_ids_and_switched_off_rules():
    stage, _ = read_logic_input((DATA / "logic-six.json").read_text(), "six")
    edited = edit.switch(edit.move(stage, "RandomSample-0", 2), "RandomSample-1")
    edited, added = edit.add(edited, RandomSample(0.125), "Review")
    again = read_draft(write_draft(edited))
    assert [(r.id, r.enabled, r.target) for r in again.rules] == [
        (r.id, r.enabled, r.target) for r in edited.rules
    ]
    assert [r.condition for r in again.rules] == [r.condition for r in edited.rules]
    assert again.rules[-1].id == added


def test_a_draft_without_an_index_stays_without_it_until_it_is_edited():
    text = '{"type":"Logic","next":["a","b"],"logic":{"conditions":[{"type":"Batch","value":[]}]}}'
    stage, _ = read_logic_input(text, "stage")
    assert loads(dumps(write_stage(read_draft(write_draft(stage))))) == loads(text)


def test_a_draft_of_another_version_is_refused():
    with pytest.raises(InputError, match="not of this version"):
        read_draft('{"version": 99}')


def test_undo_and_redo_walk_the_steps(drafts):
    draft = drafts.create("demo", "stage", "0", "1", "me")
    draft = drafts.save(draft, "2", "me")
    assert (draft.document, draft.undo, draft.redo) == ("2", 2, 0)
    draft = drafts.undo(drafts.undo(draft, "me"), "me")
    assert (draft.document, draft.undo, draft.redo) == ("0", 0, 2)
    assert drafts.undo(draft, "me") == draft
    draft = drafts.redo(draft, "me")
    assert draft.document == "1"
    draft = drafts.save(draft, "3", "me")
    assert drafts.get(draft.id) == draft
    assert (draft.document, draft.redo) == ("3", 0)


def test_fifty_steps_can_be_undone(drafts):
    draft = drafts.create("demo", "stage", "0", "1", "me")
    for n in range(2, 80):
        draft = drafts.save(draft, str(n), "me")
        assert drafts.get(draft.id) == draft
    assert draft.undo == UNDO_STEPS == 50
    for _ in range(50):
        draft = drafts.undo(draft, "me")
    assert draft.document == "29"


def test_saving_the_same_again_is_no_step(drafts):
    draft = drafts.create("demo", "stage", "0", "1", "me")
    assert drafts.save(draft, "1", "me") == draft


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(drafts):
    mine = drafts.create("demo", "stage", "0", "1", "me")
    yours = drafts.get(mine.id)
    drafts.save(mine, "mine", "me")
    for change in (lambda: drafts.save(yours, "yours", "you"), lambda: drafts.undo(yours, "you")):
        with pytest.raises(DraftChanged) as told:
            change()
        assert told.value.hint
    assert drafts.get(mine.id).document == "mine"


def test_editors_see_each_other_for_a_while(drafts, clock):
    draft = drafts.create("demo", "stage", "0", "1", "me").id
    assert drafts.others(draft, "me") == 0
    assert drafts.others(draft, "you") == 1
    assert drafts.others(draft, "me") == 1
    clock.now += 60
    assert drafts.others(draft, "me") == 0


def test_drafts_survive_another_process_opening_the_database(drafts, database_url):
    draft = drafts.create("demo", "stage", "0", "1", "me")
    again = Drafts(open_database(database_url))
    assert again.get(draft.id) == draft
    (listed,) = again.recent("demo")
    assert (listed.id, listed.saved_at, listed.name) == (draft.id, draft.saved_at, "")
    with pytest.raises(UnknownName):
        again.get("nothing")


def test_a_draft_has_a_name_and_comes_back_after_its_deletion_with_its_undo(drafts, clock):
    draft = drafts.create("demo", "stage", "0", "1", "me")
    drafts.rename(draft.id, " Fewer reviews ")
    seen = drafts.get(draft.id)
    assert seen.name == "Fewer reviews" and drafts.save(seen, "2", "me").name == seen.name
    drafts.delete(draft.id)
    assert drafts.recent("demo") == ()
    assert [one.name for one in drafts.recent(None, deleted=True)] == ["Fewer reviews"]
    with pytest.raises(UnknownName, match="Fewer reviews was deleted"):
        drafts.get(draft.id)
    with pytest.raises(DraftChanged):  # so a window that has it in hand keeps its edit apart
        drafts.save(seen, "3", "me")
    drafts.restore(draft.id)
    back = drafts.get(draft.id)
    assert (back.name, back.document, back.undo) == ("Fewer reviews", "2", 2)
    for act in (drafts.delete, drafts.restore, lambda one: drafts.rename(one, "x")):
        with pytest.raises(UnknownName):
            act("nothing")


def test_an_opened_file_is_renamed_deleted_and_brought_back(store, tmp_path, sample_table):
    files = OpenedFiles(store, tmp_path / "tables")
    file = files.add("export.zip", sample_table, None)
    files.rename(file.id, "Street scenes, May")
    assert files.add("export.zip", sample_table, None).name == "Street scenes, May"
    files.delete(file.id)
    assert files.recent() == () and [one.id for one in files.recent(deleted=True)] == [file.id]
    with pytest.raises(UnknownName, match="May was deleted"):
        files.get(file.id)
    files.restore(file.id)
    assert files.get(file.id).name == "Street scenes, May"
    files.rename(file.id, "")
    assert files.get(file.id).name == "export.zip"
    files.delete(file.id)
    assert files.add("export.zip", sample_table, None) == files.recent()[0]  # opened again


def test_an_opened_file_is_kept_once_and_found_again(store, tmp_path, sample_table):
    files = OpenedFiles(store, tmp_path / "tables")
    first = files.add("export.zip", sample_table, None)
    again = files.add("export.zip", read_path(DATA / "export.zip"), None)
    assert first.id == again.id
    assert [file.id for file in files.recent()] == [first.id]
    for _ in range(2):  # handed over, then read
        assert files.table(first.table_fingerprint).fingerprint == sample_table.fingerprint
    for path in (tmp_path / "tables").iterdir():
        path.unlink()
    with pytest.raises(UnknownName, match="no longer kept"):
        files.get(first.id)


def test_a_table_that_was_kept_just_now_is_handed_over_once(store, tmp_path, sample_table):
    files = OpenedFiles(store, tmp_path / "tables")
    kept = files.add("export.zip", sample_table, None).table_fingerprint
    assert files.table(kept) is sample_table
    assert files.table(kept) is not sample_table
    files.add("export.zip", sample_table, None)
    with pytest.raises(InputError, match="is kept here, but damaged"):
        files.table("another")
    assert files.table(kept) is not sample_table
