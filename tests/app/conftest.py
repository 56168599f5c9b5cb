"""Page tests start at app.py, as a visitor does, with a data folder of their own."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.workspace import Workspace

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="session")
def demo_workspace():
    project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    return Workspace(read_path(demo.EXPORT), project, Dialect())


@pytest.fixture(scope="session", autouse=True)
def demo_read_once(demo_workspace):
    """Every test begins with empty caches, but nothing changes a table: one demo is enough."""

    def read(path):
        return demo_workspace.table if path == demo.EXPORT else read_path(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pages._ui.cached.read_path", read)
        yield


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("SWITCHYARD_DATA", str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def visit(data):
    """Opens the app at a page: visit("logic/rules.py", draft="…") gives its AppTest."""

    def open_page(page=None, **link):
        app = AppTest.from_file(str(APP), default_timeout=30)
        for name, value in link.items():
            app.query_params[name] = value
        if page:
            app.switch_page(f"pages/{page}")
        assert not app.run().exception, app.exception
        return app

    return open_page
