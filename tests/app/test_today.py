"""Pages on a data folder of today: what was made there is on show."""

import shutil
import sqlite3

import pytest
from conftest import DATA
from page_helpers import database

from core.settings import read_settings
from core.store.drafts import Drafts
from core.store.hub import open_hub
from core.store.plugins import KEY_FILE, Registry
from core.store.scenarios import Scenarios
from core.store.workspaces import OpenedFiles

DRAFT = "hwkpnnl269h2"


@pytest.fixture
def today(data):
    """A data folder of today; gives the id of the opened file."""
    made = sqlite3.connect(data / "switchyard.db")
    made.executescript((DATA / "stores" / "10-today.sql").read_text(encoding="utf-8"))
    made.close()
    (data / KEY_FILE).write_bytes(b"today" + bytes(27))
    (data / KEY_FILE).chmod(0o600)
    (data / "tables").mkdir()
    store = database(data)
    (opened,) = OpenedFiles(store, data / "tables").recent()
    store.close()
    name = f"{opened.table_fingerprint}.parquet"
    shutil.copy(DATA / "table-today.parquet", data / "tables" / name)
    return opened.id


def test_a_draft_is_in_hand_and_its_undo_goes_back(visit, today, data):
    app = visit("logic/rules.py", workspace=today, draft=DRAFT)
    before = Drafts(database(data)).get(DRAFT)
    assert app.query_params["draft"] == [DRAFT]
    app.button(key="rules.step/undo").click().run()
    assert not app.exception
    after = Drafts(database(data)).get(DRAFT)
    assert (after.undo, after.redo) == (before.undo - 1, before.redo + 1)


def test_runs_and_plugins_are_listed(visit, today):
    runs = visit("plugins/runs.py", workspace=today).dataframe[0].value
    assert list(runs["State"]) == ["Cancelled", "Cancelled", "Succeeded", "Succeeded"]
    (plugin,) = Registry(open_hub(read_settings().database), read_settings().data).list()
    said = visit("plugins/registry.py", workspace=today)
    assert any(plugin.name in one.value for one in [*said.subheader, *said.markdown])


def test_the_scenario_is_in_hand_with_its_seed(visit, today, data):
    store = database(data)
    (scenario,) = Scenarios(store).recent(today)
    app = visit("logic/compare.py", scenario=scenario.id)
    assert app.query_params["workspace"] == [today] and app.query_params["seed"] == ["7"]
    assert any("Half the reviews" in str(one.options) for one in app.selectbox)
