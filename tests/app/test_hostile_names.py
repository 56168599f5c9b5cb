"""Every page that shows text of others shows it, whatever it is."""

from dataclasses import replace

import pytest
import streamlit
from hostile import NAMES, class_list, hub_world, opened_file, rules
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_helpers import database, field, look_at

from core.model.text import visible
from core.scenario.file import write_scenario
from core.scenario.scenario import scenario_of
from core.store.scenarios import Scenarios

PAGES = (
    *("project/overview.py", "project/tasks.py", "logic/split.py", "logic/explain.py"),
    *("logic/plan.py", "logic/compare.py", "logic/publish.py", "share/report.py"),
)
# half pairs, control characters and marks of direction as often as letters
CHARACTERS = (
    st.sampled_from("ab /.#_%\ud83d\udcff\x00\x1b\n\u202e\ufeff<&*[$=夜🚗") | st.characters()
)
DRAWN = st.lists(st.text(CHARACTERS, max_size=12) | st.sampled_from(NAMES), min_size=1, max_size=24,
                 unique=True)  # fmt: skip
few = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VIEWS = ("Log", "Labels", "Images", "What was asked", "Compare")


@pytest.fixture
def opened(data):
    return opened_file(data, database(data), NAMES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_tasks_and_rules_opens(visit, opened, page):
    app = visit("project/tasks.py", workspace=opened)
    field(app.multiselect, "frame.batches").set_value(
        field(app.multiselect, "frame.batches").options
    )
    assert not app.run().exception  # the link holds them now
    assert not app.switch_page(f"pages/{page}").run().exception
    assert not visit(page, **dict(app.query_params)).exception


def test_every_rule_opens_in_its_editor_and_in_the_form_of_json(visit, opened):
    app = visit("logic/rules.py", workspace=opened)
    state = app.session_state["state"]
    types = [f"{rule['type']}-" for rule in rules(NAMES)]
    shown = set()
    for place, kind in enumerate(types):
        state.rule = f"{kind}{types[:place].count(kind)}"
        app.run()
        assert not app.exception
        shown |= {one.key.split("/")[0] for kind in ("multiselect", "text_input", "text_area")
                  for one in app.get(kind) if one.key.startswith("rules.")}  # fmt: skip
    wanted = {
        f"rules.{n}" for n in ["batches", "has", "lacks", "people", "percent", "low", "high", "raw"]
    }
    assert wanted <= shown


def test_a_scenario_of_any_name_with_rules_called_else_is_opened(visit, data, demo_workspace):
    stage = demo_workspace.project.logic_stages[0]
    named = [replace(rule, id=id) for rule, id in zip(stage.rules, ("else", "Else"), strict=False)]
    for name in ("half \ud83d", "a/b", "../.."):
        made = scenario_of(demo_workspace, stage.with_rules(tuple(named)), name, 0)
        kept = Scenarios(database(data)).save("demo", stage.id, visible(name), write_scenario(made))
        app = look_at(visit("logic/rules.py", scenario=kept.id), "Table")
        table = next(f.value for f in app.dataframe if {"Drawn", "Rule"} <= set(f.value))
        assert list(table["Output"]) == ["1", "2", "Else"]
        assert not visit("share/report.py", scenario=kept.id).exception


def test_a_run_of_any_names_is_prepared_and_queued(visit, data):
    hub_world(data, NAMES)
    app = visit("plugins/start.py")
    assert not app.exception
    assert len([s for s in app.selectbox if s.key.startswith("start.map/")]) == 20
    app.number_input(key="start.map.page").set_value(2)
    app.button(key="start.map.take").click().run()
    assert not app.exception
    assert {"start.config/odd", "start.config/several"} <= {
        one.key for kind in ("text_input", "multiselect") for one in app.get(kind)
    }
    app.button(key="start.config.format").click().run()
    assert not app.exception


def test_a_run_of_any_names_is_shown(visit, data):
    _, sessions, _ = hub_world(data, NAMES)
    assert not visit("plugins/registry.py").exception
    app = visit("plugins/runs.py")
    assert not app.exception and len(app.dataframe[0].value) == 2
    for session in sessions:
        app = visit("plugins/run.py", run=session)
        for view in VIEWS:
            views = (one for one in app.button_group if str(one.key).startswith("runs.view/"))
            next(views).set_value(view).run()
            assert not app.exception


@pytest.mark.parametrize(
    "days",
    [{"from": "1990-01-01", "to": "2199-01-01"}, {"from": "2199-01-01"}, {"to": "1990-01-01"},
     {"from": "2026-10-01", "to": "2026-09-10"}],
)  # fmt: skip
def test_a_link_may_name_any_days(visit, days):
    app = visit("project/overview.py", **days)
    first, last = field(app.date_input, "frame.days").value
    assert first <= last and not app.exception


def test_a_page_that_is_no_longer_there_becomes_the_last_one(visit):
    app = visit("project/tasks.py")
    app.number_input(key="tasks.page").set_value(20).run()
    field(app.multiselect, "frame.batches").set_value(["2026-09-23 night watch"]).run()
    assert not app.exception and app.number_input(key="tasks.page").value == 2


@pytest.fixture
def anew(tmp_path_factory, monkeypatch):
    """An empty data folder, for every example."""

    def make():
        folder = tmp_path_factory.mktemp("drawn")
        monkeypatch.setenv("SWITCHYARD_DATA", str(folder))
        streamlit.cache_resource.clear()
        return folder

    return make


@settings(few, max_examples=10)
@given(names=DRAWN, page=st.sampled_from([*PAGES, "logic/rules.py"]))
def test_a_page_about_tasks_and_rules_opens_with_any_names(visit, anew, names, page):
    data = anew()
    assert not visit(page, workspace=opened_file(data, database(data), names)).exception


@settings(few, max_examples=5)
@given(names=DRAWN)
def test_a_run_of_any_drawn_names_is_prepared_and_shown(visit, anew, names):
    _, sessions, _ = hub_world(anew(), names)
    app = visit("plugins/start.py")
    shown = [one.key for one in app.selectbox if one.key.startswith("start.map/")]
    assert len(shown) == len(set(shown)) == min(20, len(class_list(names)))
    assert not visit("plugins/registry.py").exception
    assert not visit("plugins/run.py", run=sessions[0]).exception
