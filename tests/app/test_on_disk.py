"""Every page shows of tasks on disk what it shows of the same tasks in memory."""

import re

import pytest
import streamlit as st
from conftest import DATA
from page_helpers import database, menus, settled

from core.export.reader import read_path
from core.store.workspaces import OpenedFiles
from pages._ui.nav import PAGES

ON_DISK = "Tasks stay on disk"
SAID_OF_DISK = "are more than memory is meant for"


def shown(app):
    """What a page shows: its texts, tables and charts, in order; numbers of charts as well."""
    elements = []
    for node in app.main:
        kind = getattr(node, "type", "")
        if kind == "arrow_data_frame":
            elements.append(node.value.to_csv())
        elif kind in ("plotly_chart", "html"):
            elements.append(re.sub(r"st-key-\S+", "", str(node.proto)))
        elif kind == "metric":
            elements.append(f"{node.label}: {node.value}")
        elif hasattr(node, "value") and not hasattr(node, "options"):
            elements.append(f"{kind}: {node.value}")
    return [one for one in elements if SAID_OF_DISK not in one]


@pytest.fixture
def opened(data):
    text = (DATA / "project.json").read_text(encoding="utf-8")
    files = OpenedFiles(database(data), data / "tables")
    return files.add("export.zip", read_path(DATA / "export.zip"), text).id


@pytest.mark.parametrize("moment", ["final", "Label"])
def test_every_page(visit, opened, monkeypatch, moment):
    link = {"workspace": opened, "at": moment}
    pages = [entry.file for entry in PAGES if entry.section != "Pre-labelling"]
    in_memory = {page: settled(visit(page, **link), 90) for page in pages}
    wanted = {page: shown(app) for page, app in in_memory.items()}
    assert all(ON_DISK not in menus(app) for app in in_memory.values())
    monkeypatch.setenv("SWITCHYARD_TASKS_IN_MEMORY", "100")
    st.cache_resource.clear()
    st.cache_data.clear()
    for page in pages:
        app = settled(visit(page, **link), 90)
        assert ON_DISK in menus(app), page
        changed = [one for one in menus(app) if one.startswith("Assumptions")]
        assert all(one.endswith("(changed)") == (moment != "final") for one in changed)
        assert shown(app) == wanted[page], page
    assert sum(map(len, wanted.values())) > 100


def test_tasks_that_are_gone_or_damaged_leave_the_demo_and_a_sentence(visit, data, opened):
    (kept,) = (data / "tables").glob("*.parquet")
    kept.write_bytes(kept.read_bytes()[:-100])
    app = visit("logic/rules.py", workspace=opened)
    assert "workspace" not in app.query_params
    assert any("is kept here, but damaged" in toast.value for toast in app.toast)
