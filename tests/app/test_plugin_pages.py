"""The pages of plugins show what core's functions say, over a real hub and the real demo plugin."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import streamlit as st
from harbour_helpers import EXACT, Harbour, drawn
from hub_helpers import ENVIRONMENT, HubProcess
from page_helpers import field, settled
from streamlit.testing.v1 import AppTest

from core.after_run import after_run
from core.charts.runs import class_table
from core.cli.main import main
from core.demo import shapes
from core.gateway.cache import Cache, open_project
from core.gateway.connect import connect
from core.model.names import names_of
from core.plugin_runs.doubles import Doubles
from core.plugin_runs.draft import read_start, write_start
from core.plugin_runs.model import RunRequest
from core.plugin_runs.probe import probe_request
from core.plugin_runs.script import plugin_script
from core.plugin_runs.standing import labelled_of
from core.secret import Secret
from core.settings import read_settings
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.runs import Runs, save
from core.store.starts import Starts
from pages.plugins.parts import run_list


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    made = Harbour(tmp_path_factory.mktemp("harbour"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def dry(harbour):
    return harbour.run(dry_run=True)


@pytest.fixture
def visit(harbour, monkeypatch):
    monkeypatch.setenv("SWITCHYARD_DATA", str(harbour.data))
    st.cache_resource.clear()
    st.cache_data.clear()

    def open_page(page, **link):
        app = AppTest.from_file("app.py", default_timeout=30)
        for name, value in link.items():
            app.query_params[name] = value
        app.switch_page(f"pages/plugins/{page}.py").run()
        assert not app.exception, app.exception
        return app

    yield open_page
    st.cache_resource.clear()


def words(app):
    return "\n".join(str(one.value) for kind in (app.caption, app.markdown) for one in kind)


def metric(app, label):
    return next(one.value for one in app.metric if one.label == label)


def blocks(block):
    """A block and all blocks in it."""
    yield block
    for child in getattr(block, "children", {}).values():
        yield from blocks(child)


def view_of(app):
    return next(one for one in app.button_group if str(one.key).startswith("runs.view/"))


def draft_of(app, harbour):
    return read_start(Starts(harbour.store).get(app.query_params["start"][0]))


def test_the_registry_shows_a_plugin_and_a_script_that_runs_as_it_is(visit, harbour):
    app = visit("registry")
    assert [h.value for h in app.subheader] == [shapes.NAME]
    assert "Connected and authorised" in words(app)
    code = [block.value for block in app.code]
    assert harbour.plugin.id in code and f'run(plugin, host="{harbour.hub.url}")' in code
    script = next(block for block in code if "def callback(data)" in block)
    compile(script, "script", "exec")
    assert harbour.secret not in "".join(code) + words(app)


def test_the_script_runs_as_it_is(harbour):
    made = harbour.registry.add("Nothing yet", ("Vehicle",))
    file = harbour.data / "nothing_yet.py"
    file.write_text(plugin_script(made.plugin, harbour.hub.url))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**ENVIRONMENT, "PLUGIN_SECRET": made.secret.reveal()}
    process = subprocess.Popen([sys.executable, str(file)], env=environment, **quiet)
    try:
        live = harbour.registry.liveness
        harbour.until(lambda: (one := live().get(made.plugin.id)) and one.state == "live")
        request = RunRequest(made.plugin.id, harbour.project_id, (harbour.batch,))
        session = harbour.runs.start(request).session
        run = harbour.until(lambda: (r := harbour.runs.get(session)).is_final and r)
        assert (run.state, run.message) == ("succeeded", "Labelled 0 of 36 assets.")
    finally:
        process.kill()
        process.wait(10)
        harbour.registry.archive(made.plugin.id)


def test_a_plugin_is_registered_and_its_secret_is_shown_once(visit, harbour):
    app = visit("registry")
    app.button(key="plugins.new").click().run()
    app.text_input(key="plugins.field/#name").set_value("Yard")
    app.text_area(key="plugins.field/#classes").set_value("Vehicle\n Person \n\n")
    app.text_area(key="plugins.field/#config").set_value('{"a": ')
    app.button(key="plugins.register").click().run()
    assert "config" in app.error[0].value and "Yard" not in str(harbour.registry.list())
    app.text_area(key="plugins.field/#config").set_value('{"a": 1.50}')
    app.text_area(key="plugins.field/#schema").set_value('{"type": "nonsense"}')
    app.button(key="plugins.register").click().run()
    assert "JSON Schema, type: 'nonsense'" in app.error[0].value.replace("\\", "")
    app.text_area(key="plugins.field/#schema").set_value("")
    app.button(key="plugins.register").click().run()
    made = harbour.registry.list()[-1]
    assert (made.name, made.classes, made.config) == ("Yard", ("Vehicle", "Person"), '{"a": 1.50}')
    secret = harbour.registry.secret(made.id)
    assert secret.reveal() in [block.value for block in app.code]
    app.button(key="plugins.copied").click().run()
    assert secret.reveal() not in [block.value for block in app.code]
    app.button(key="plugins.rotate").click().run()
    assert harbour.registry.knows(made.id, secret) and "ends at once" in app.warning[0].value
    app.button(key=f"plugins.rotating/{made.id}#no").click().run()
    assert harbour.registry.knows(made.id, secret) and not app.warning
    app.button(key="plugins.rotate").click().run()
    app.button(key=f"plugins.rotating/{made.id}#yes").click().run()
    assert not harbour.registry.knows(made.id, secret)
    app.button(key="plugins.archive").click().run()
    assert made.id not in [one.id for one in harbour.registry.list()]


def test_a_start_offers_what_core_offers_and_keeps_every_edit(visit, harbour):
    app = visit("start")
    schema = {c.title: c.schema_id for c in harbour.project.schema.tools}
    chosen = {name: field(app.selectbox, f"start.map/{name}").value for name in shapes.CLASSES}
    assert chosen == {
        "vessel": schema["Vessel"], "small_boat": schema["Small boat"],
        "person": schema["Person"], "lorry": schema["Truck"], "buoy": schema["Buoy"], "kite": "",
        "ferry": schema["Ferry"],
    }  # fmt: skip
    field(app.multiselect, "start.batches").set_value([harbour.batch]).run()
    field(app.selectbox, "start.map/kite").set_value(schema["Buoy"]).run()
    field(app.text_input, "start.config/min_area").set_value("55").run()
    field(app.text_input, "start.limit").set_value("4").run()
    assert "4 assets looked at" in words(app)
    kept = draft_of(app, harbour)
    assert kept.mapping["kite"] == kept.mapping["buoy"] == schema["Buoy"]
    assert kept.config == EXACT.replace('"min_area": 40', '"min_area": 55')
    again = visit("start", start=app.query_params["start"][0])
    assert field(again.text_input, "start.config/min_area").value == "55"
    assert field(again.multiselect, "start.batches").value == [harbour.batch]
    payload = next(json.loads(c.value) for c in again.code if "configJSON" in c.value)
    assert payload["configJSON"] == kept.config and set(payload["apiKey"]) == {"•"}
    assert [*payload] == [
        "projectId", "categorySchema", "apiKey", "orgId", "runBy", "session", "batches",
        "configJSON",
    ]  # fmt: skip


def test_a_start_is_blocked_with_the_reason_beside_the_field(visit, harbour):
    app = visit("start")
    field(app.selectbox, "start.map/lorry").set_value("").run()
    assert not app.button(key="start.go").disabled
    store, draft = Starts(harbour.store), app.query_params["start"][0]
    kept = read_start(store.get(draft))
    gone = (*[(n, s) for n, s in kept.chosen if n != "vessel"], ("vessel", "deleted"))
    store.save(draft, write_start(replace(kept, chosen=gone, config='{\n "min_area": "x"}')))
    app.run()
    assert app.button(key="start.go").disabled and app.button(key="start.dry").disabled
    said = words(app)
    assert "no longer exists" in said
    assert "Line 2, column 14" in said.replace("\\", "")
    assert "must be a whole number" in said


def test_a_start_for_real_asks_once_and_never_with_a_doubt_unread(visit, harbour):
    absent = harbour.registry.add("Absent", ("vessel", "kite")).plugin
    try:
        app = visit("start")
        field(app.selectbox, "start.plugin").set_value(absent.id).run()
        field(app.multiselect, "start.batches").set_value([harbour.batch]).run()
        before = len(harbour.runs.list())
        app.button(key="start.go").click().run()
        assert len(harbour.runs.list()) == before and not app.exception
        shown = words(app).replace("\\", "")
        for wanted in ("**Plugin** Absent", "**Project** Harbour traffic", "36 assets, all of the",
                       "Labels of 1 class: Vessel."):  # fmt: skip
            assert wanted in shown
        assert app.button(key="start.real").disabled and "not connected" in app.warning[0].value
        app.button(key="start.not").click().run()
        assert not [one for one in app.button if one.key == "start.real"]
        app.button(key="start.go").click().run()
        app.checkbox[0].check().run()
        app.button(key="start.real").click().run()
        (session,) = app.query_params["run"]
        assert not harbour.runs.get(session).request.dry_run
        harbour.runs.cancel(session)
    finally:
        harbour.registry.archive(absent.id)


def test_a_comma_in_the_class_box_is_asked_about(visit, harbour):
    app = visit("registry")
    app.button(key="plugins.new").click().run()
    app.text_input(key="plugins.field/#name").set_value("Commas")
    app.text_area(key="plugins.field/#classes").set_value("Vehicle, Person\nBoat").run()
    app.button(key="plugins.register").click().run()
    assert "hold a comma" in app.error[0].value
    assert "Commas" not in [one.name for one in harbour.registry.list()]
    app.radio(key="plugins.commas//Vehicle%2C%20Person").set_value(True).run()
    app.button(key="plugins.register").click().run()
    made = harbour.registry.list()[-1]
    assert made.classes == ("Vehicle", "Person", "Boat")
    harbour.registry.archive(made.id)


def test_form_and_json_stay_in_step_and_leave_the_rest_alone(visit, harbour):
    config = '{"names": ["a"], "size": 40,  "deep": {"x": [1.50]}, "big": 12345678901234567890, '
    config += '"neg": -1.5, "odd": 1e3}'
    plain = harbour.registry.add("Plain", ["vessel"], config=config).plugin
    other = harbour.registry.add("Other", ["vessel"], config='{"names": "x", "size": 4.5}').plugin
    app = visit("start")
    field(app.selectbox, "start.plugin").set_value(plain.id).run()
    field(app.multiselect, "start.config/names").set_value(["a", "new one"]).run()
    field(app.text_input, "start.config/neg").set_value("−2,25").run()
    wanted = config.replace('["a"]', '["a", "new one"]').replace("-1.5", "-2.25")
    assert draft_of(app, harbour).config == wanted
    field(app.selectbox, "start.plugin").set_value(other.id).run()
    assert field(app.text_input, "start.config/names").value == "x"
    assert field(app.text_input, "start.config/size").value == "4.5"
    field(app.selectbox, "start.plugin").set_value(plain.id).run()  # what was prepared comes back
    assert field(app.multiselect, "start.config/names").value == ["a", "new one"]
    assert draft_of(app, harbour).config == wanted and not app.exception
    for one in (plain, other):
        harbour.registry.archive(one.id)


def test_many_classes_are_shown_page_by_page_and_found_by_name(visit, harbour):
    classes = [f"class {number}" for number in range(59)] + ["vessels"]
    made = harbour.registry.add("Many", classes)
    app = visit("start")
    field(app.selectbox, "start.plugin").set_value(made.plugin.id).run()
    app.number_input(key="start.map.page").set_value(3).run()
    assert field(app.selectbox, "start.map/vessels").value
    assert len([s for s in app.selectbox if str(s.key).startswith("start.map/")]) == 20
    (rows,) = [b for b in blocks(app.main) if "start-map-rows" in str(b.proto)]
    assert rows.proto.height_config.pixel_height == 480, "the page is as short as with ten classes"
    assert "59 of 60 left out" in words(app) and "left out:" not in words(app)
    app.text_input(key="start.map.find").set_value("class 1").run()
    assert not app.exception
    assert len([s for s in app.selectbox if str(s.key).startswith("start.map/")]) == 11
    field(app.selectbox, "start.plugin").set_value(harbour.plugin.id).run()
    assert field(app.selectbox, "start.map/kite").value == ""
    harbour.registry.archive(made.plugin.id)


def test_only_safe_suggestions_are_taken_and_the_rest_is_counted_and_shown(visit, harbour):
    classes = ("Vessels", "CD8+", "skier", "truck/person", "Lorry", "kite")
    made = harbour.registry.add("Doubtful", classes)
    try:
        app = visit("start")
        field(app.selectbox, "start.plugin").set_value(made.plugin.id).run()
        offered = [s.value for s in app.selectbox if str(s.key).startswith("start.map/")]
        app.button(key="start.map.clear").click().run()
        assert not any(draft_of(app, harbour).mapping.values())
        app.button(key="start.undo").click().run()
        kept = [one or "" for one in draft_of(app, harbour).mapping.values()]
        assert any(offered) and kept == offered
        app.button(key="start.map.clear").click().run()
        assert app.button(key="start.map.take").label == "Take 2 safe suggestions"
        field(app.selectbox, "start.map/Lorry").set_value(_schema(harbour)["Buoy"]).run()
        app.button(key="start.map.take").click().run()
        schema = _schema(harbour)
        chosen = {name: one for name, one in draft_of(app, harbour).mapping.items() if one}
        assert chosen == {"Vessels": schema["Vessel"], "Lorry": schema["Buoy"]}
        assert app.button(key="start.map.take").disabled
        app.toggle(key="start.map.left").set_value(True).run()
        assert app.toggle(key="start.map.left").label == "Only the 2 left to look at"
        shown = [s.key for s in app.selectbox if str(s.key).startswith("start.map/")]
        assert shown == ["start.map/skier", "start.map/truck%2Fperson"]
        assert "2 fit equally well" in words(app)
        app.button(key="start.map.use/truck%2Fperson/0").click().run()
        assert draft_of(app, harbour).mapping["truck/person"] in (schema["Truck"], schema["Person"])
    finally:
        harbour.registry.archive(made.plugin.id)


def _schema(harbour):
    return {c.title: c.schema_id for c in harbour.project.schema.tools}


def test_the_class_box_takes_names_with_commas_and_a_json_list(visit, harbour):
    made = harbour.registry.add("Rooms", ("building, edifice", "wall"))
    try:
        app = visit("registry")
        app.button(key=f"plugins.choose/{made.plugin.id}").click().run()
        app.button(key="plugins.edit").click().run()
        box = f"plugins.field/{made.plugin.id}#classes"
        assert app.text_area(key=box).value == "building, edifice\nwall"
        app.text_area(key=box).set_value('["a", 1]')
        app.button(key="plugins.register").click().run()
        assert "entry 2" in app.error[0].value
        app.text_area(key=box).set_value('["sky, cloud", "line\\nbreak"]')
        app.button(key="plugins.register").click().run()
        assert harbour.registry.get(made.plugin.id).classes == ("sky, cloud", "line\nbreak")
    finally:
        harbour.registry.archive(made.plugin.id)


def test_presets_are_saved_loaded_and_renamed(visit, harbour):
    app = visit("start")
    field(app.selectbox, "start.map/person").set_value("").run()
    app.text_input(key="start.preset.name").set_value("No people").run()
    app.button(key="start.preset.save").click().run()
    app.button(key="start.map.clear").click().run()
    assert "all" not in [draft_of(app, harbour).mapping]
    assert set(draft_of(app, harbour).mapping.values()) == {None}
    app.button(key="start.preset.load").click().run()
    mapping = draft_of(app, harbour).mapping
    assert mapping["person"] is None and mapping["vessel"]
    app.text_input(key="start.preset.new").set_value("Ships only").run()
    app.button(key="start.preset.rename").click().run()
    names = [one.name for one in harbour.runs.presets(harbour.project_id, harbour.plugin.id)]
    assert names == ["Ships only"]


def test_a_preset_of_another_project_is_refused_with_what_could_be_taken(visit, harbour):
    app = visit("start")
    foreign = {
        "switchyard": "mapping-preset", "version": 1, "name": "x",
        "project": {"_id": "other", "name": "Another yard"}, "plugin": None,
        "mapping": [
            {"schemaId": "a", "modelClass": "kite"}, {"schemaId": "b", "modelClass": "lorry"},
        ],
        "classes": [{"schemaId": "a", "title": "Vessel", "tool": "bounding-box"}],
    }  # fmt: skip
    app.text_area(key="start.map.paste").set_value(json.dumps(foreign)).run()
    assert "Another yard" in app.error[0].value
    app.button(key="start.map.byname").click().run()
    mapping = draft_of(app, harbour).mapping
    vessel = next(c.schema_id for c in harbour.project.schema.tools if c.title == "Vessel")
    assert mapping["kite"] == vessel and mapping["lorry"] is None
    app.text_area(key="start.map.paste").set_value("[1").run()
    assert "line 1, column 3" in app.error[0].value


def test_two_windows_on_one_start_do_not_undo_each_other(visit, harbour):
    first = visit("registry")
    first.button(key="plugins.start").click().run()
    first.switch_page("pages/plugins/start.py").run()
    second = visit("start", start=first.query_params["start"][0])
    field(first.selectbox, "start.map/vessel").set_value("").run()
    field(second.selectbox, "start.map/lorry").set_value("").run()
    field(second.text_input, "start.config/min_area").set_value("7").run()
    field(first.text_input, "start.config/tolerance").set_value("9.0").run()
    kept = draft_of(first, harbour)
    assert kept.mapping["vessel"] is kept.mapping["lorry"] is None and kept.mapping["person"]
    assert '"min_area": 7' in kept.config and '"tolerance": 9,' in kept.config


def test_a_run_started_here_is_shown_with_cores_numbers(visit, harbour):
    app = visit("start")
    field(app.multiselect, "start.batches").set_value([harbour.batch]).run()
    app.button(key="start.dry").click().run()
    session = app.query_params["run"][0]
    run = harbour.until(lambda: (r := harbour.runs.get(session)).is_final and r)
    app = visit("run", run=session)
    assert run.state == "succeeded" and run.tasks
    assert metric(app, "Labelled") == labelled_of(run) == f"{run.tasks} of 36"
    assert metric(app, "Labels") == str(sum(run.per_class.values())) == str(len(drawn(least=40)))
    assert run.message.replace(";", "") in app.success[0].value.replace("\\", "").replace(";", "")


def test_a_run_leads_to_its_tasks_on_split(visit, harbour, dry):
    app = visit("run", run=dry.session)
    after = after_run(harbour.store, dry)
    words = " ".join(markdown.value for markdown in app.markdown)
    assert f"{round(after.moved)} of the {after.tasks} tasks would go elsewhere" in words
    (table,) = [t.value for t in app.dataframe if "Expected after" in t.value]
    assert "Double check" in list(table["Stage"]) and "Incident desk" not in list(table["Stage"])
    settled(app)
    app.run()
    app.button(key="runs.split").click().run()
    state = app.session_state["state"]
    assert state.selection.batches == ("pixels",) and state.workspace == "demo"


def test_the_run_page_loads_no_asset_for_a_number(visit, harbour, dry, monkeypatch):
    expected = len(harbour.runs.without_labels(dry.session))

    def loaded(*_):
        raise AssertionError("assets were loaded for a number")

    for name in ("touched", "without_labels", "shown"):
        monkeypatch.setattr(Runs, name, loaded)
    app = visit("run", run=dry.session)
    assert f"({expected})" in app.button(key="runs.retry").label


def test_labels_that_do_not_fit_but_were_kept_are_among_the_notes(visit, harbour, dry):
    reason = "A polygon is no bounding-box, which the class <b>Vessel</b> is."
    with harbour.runs._store.work() as tx:
        save(tx, replace(dry, doubtful={reason: 3}))
    app = visit("run", run=dry.session)
    assert any("3 labels were kept" in note.value for note in app.warning)
    with harbour.runs._store.work() as tx:
        save(tx, dry)


def test_labels_that_do_not_fit_are_written_after_a_question_and_still_told_of(visit, harbour):
    run = harbour.run(dry_run=True, config='{"classes": ["vessel"], "min_area": 2}')
    with harbour.runs._store.work() as tx:
        save(tx, replace(run, doubtful={"A polygon is no bounding-box.": 2}))
    app = visit("run", run=run.session)
    app.button(key="runs.apply").click().run()
    assert any("2 of these" in one.value for one in app.warning), "asked before it writes"
    assert harbour.runs.get(run.session).applied_by is None
    settled(app.button(key=f"runs.applying/{run.session}#yes").click().run())
    applied = harbour.runs.get(harbour.runs.get(run.session).applied_by)
    assert app.query_params["run"] == [applied.session]
    assert any("2 labels were kept" in note.value for note in app.warning)
    harbour.labels.undo(applied.session)


def test_the_history_lists_what_core_lists_and_filters_many(visit, harbour, dry, monkeypatch):
    monkeypatch.setattr(run_list, "FEW", len(harbour.runs.list()))
    app = visit("runs")
    assert not [one for one in app.selectbox if str(one.key).startswith("runs.")]
    monkeypatch.setattr(run_list, "FEW", 0)
    app = visit("runs")
    shown = app.dataframe[0].value
    found = harbour.runs.list()
    assert list(shown["Labels"]) == [sum(run.per_class.values()) for run in found]
    app.selectbox(key="runs.mode").set_value("real").run()
    real = harbour.runs.list(dry_run=False)
    assert (len(app.dataframe[0].value) if app.dataframe else 0) == len(real)
    app.selectbox(key="runs.mode").set_value("").run()
    app.text_input(key="runs.search").set_value("nothing says this").run()
    assert "No run passes" in app.info[0].value


def test_labels_of_a_dry_run_are_cores_and_can_be_discarded(visit, harbour):
    run = harbour.run(dry_run=True, config='{"classes": ["lorry", "kite"], "min_area": 1}')
    app = visit("run", run=run.session)
    view_of(app).set_value("Labels").run()
    table = next(f.value for f in app.dataframe if "Class" in f.value)
    wanted = class_table(run.per_class, names_of(harbour.project))
    assert table.equals(wanted)
    assert list(table["Labels"]) == [len([one for one in drawn() if one.name == "lorry"])]
    kept = next(f.value for f in app.dataframe if "Asset" in f.value)
    assert kept["New labels"].sum() == table["Labels"].sum()
    app.button(key="runs.discard").click().run()
    assert harbour.runs.get(run.session).discarded_at is None
    app.button(key=f"runs.discarding/{run.session}#yes").click().run()
    assert harbour.runs.get(run.session).discarded_at is not None
    assert not [one for one in app.button if one.key == "runs.apply"]


def test_labels_that_lie_there_already_are_marked_and_asked_about(visit, harbour, capsys):
    config = '{"classes": ["vessel"], "min_area": 1}'
    first = harbour.labels.apply(harbour.run(dry_run=True, config=config).session)
    again = harbour.run(dry_run=True, config=config)
    doubles, many = harbour.labels.doubles(again.session), sum(again.per_class.values())
    assert doubles == Doubles(many, many, many, again.tasks)
    command = ["run", "apply", again.session, "--data", str(harbour.data), "--json"]
    assert main([*command, "--on-doubles", "skip"]) == 2
    assert "would change nothing" in capsys.readouterr().err
    app = visit("run", run=again.session)
    assert app.button(key="runs.apply").disabled and doubles.words in words(app)
    assert "of them twice" in str(app.get("imgs")[0].proto)
    app.radio(key=f"runs.doubles/{again.session}").set_value("skip").run()
    assert app.button(key="runs.apply").disabled and "nothing to change" in words(app)
    app.radio(key=f"runs.doubles/{again.session}").set_value("replace").run()
    settled(app.button(key="runs.apply").click().run())
    replaced = harbour.runs.get(app.query_params["run"][0])
    assert replaced.per_class == first.per_class and "took the place of" in replaced.message
    third = harbour.run(dry_run=True, config=config)
    assert harbour.labels.doubles(third.session) == doubles  # and not twice as many
    assert main([*command[:2], third.session, *command[3:], "--on-doubles", "add"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["doubles"] == {
        "labels": many, "doubles": many, "there": many, "tasks": again.tasks,
    }  # fmt: skip
    harbour.labels.undo(printed["session"])
    assert harbour.labels.undo(replaced.session)[1] == 0
    assert harbour.labels.undo(first.session)[1] == 0, "what was replaced is as it was"


def test_apply_undo_compare_and_clone(visit, harbour):
    run = harbour.run(dry_run=True, config='{"classes": ["vessel"], "min_area": 1}')
    app = visit("run", run=run.session)
    settled(app.button(key="runs.apply").click().run())
    applied = harbour.runs.get(app.query_params["run"][0])
    assert applied.origin == "apply" and applied.per_class == run.per_class
    view_of(app).set_value("Compare").run()
    table = next(
        f.value for f in app.dataframe if "Difference" in f.value and "Stage" not in f.value
    )
    assert list(table["Difference"]) == [0]
    assert list(table["In both, at the same place"]) == list(run.per_class.values())
    once_more = harbour.run(dry_run=True, config=run.request.config)
    seen = visit("run", run=once_more.session)
    view_of(seen).set_value("Labels").run()
    met = harbour.labels.collisions(once_more.session)
    assert met == run.tasks and f"{met} of {run.tasks} tasks have labels" in words(seen)
    app.button(key="runs.undo").click().run()
    assert harbour.runs.get(applied.session).undone_at is not None
    app.button(key="runs.clone").click().run()
    assert draft_of(app, harbour).config == run.request.config


def test_a_probe_is_counted_and_none_of_its_labels_or_ids_is_shown(visit, harbour):
    request = probe_request(harbour.plugin, harbour.project, (harbour.batch,))
    session = harbour.runs.start(request).session
    run = harbour.until(lambda: (r := harbour.runs.get(session)).is_final and r)
    ids = [pair.schema_id for pair in run.request.mapping]
    app = visit("run", run=session)
    assert view_of(app).value == "Labels" and metric(app, "Labelled") == labelled_of(run)
    for view in ("Labels", "Images", "Log", "What was asked", "Compare"):
        view_of(app).set_value(view).run()
        assert not app.exception, app.exception
        shown = "".join(frame.value.to_csv() for frame in app.dataframe)
        shown += "".join(repr(block) for block in blocks(app.main))
        assert not [one for one in ids if one in shown], view
        if view == "Images":
            assert not app.get("imgs") and any("shown nowhere" in one.value for one in app.info)
        if view == "Labels":
            table = next(f.value for f in app.dataframe if "Class" in f.value)
            assert dict(zip(table["Class"], table["Labels"], strict=True)) == run.per_class
    keys = {one.key for one in app.button}
    assert not keys & {"runs.apply", "runs.discard"} and app.button(key="runs.undo").disabled
    app.button(key="runs.clone").click().run()
    clone = draft_of(app, harbour)
    assert clone.chosen is None and clone.config == run.request.config
    vessel = next(c.schema_id for c in harbour.project.schema.tools if c.title == "Vessel")
    assert field(app.selectbox, "start.map/vessel").value == vessel, "as names suggest"


def test_a_finished_dry_run_opens_on_its_images(visit, harbour, dry):
    app = visit("run", run=dry.session)
    assert view_of(app).value == "Images" and len(app.get("imgs")) == 6


def test_the_list_is_always_one_click_away(visit, harbour, dry):
    app = visit("runs", run=dry.session)  # as links were before
    assert app.query_params["run"] == [dry.session] and app.metric
    app.switch_page("pages/plugins/runs.py").run()
    assert [h.value for h in app.header] == ["Runs"] and "run" not in app.query_params


def test_no_run_yet_is_said_with_one_button_that_begins(visit, harbour, monkeypatch, tmp_path):
    monkeypatch.setenv("SWITCHYARD_DATA", str(tmp_path))
    app = visit_at(tmp_path, "runs")
    assert [one.key for one in app.button if str(one.key).startswith("runs.")] == ["runs.begin"]
    assert "will stand here" in app.info[0].value and "No plugin is regis" in app.info[0].value
    monkeypatch.setattr(run_list, "any_run", lambda: False)
    monkeypatch.setenv("SWITCHYARD_DATA", str(harbour.data))
    st.cache_resource.clear()
    app = visit("runs")
    app.button(key="runs.demo").click().run()
    assert not app.exception
    run = harbour.runs.get(app.query_params["run"][0])
    assert run.request.dry_run and run.request.batches == (harbour.batch,)
    assert run.request.mapping == harbour.request(dry_run=True).mapping
    harbour.until(lambda: harbour.runs.get(run.session).is_final)


def test_what_the_hub_does_not_know_is_said(visit):
    app = visit("run", run="no-such-session")
    assert [h.value for h in app.header] == ["Runs"]
    app = visit("start", start="no-such-draft")
    assert field(app.selectbox, "start.plugin").value


def test_without_a_hub_the_pages_say_how_to_start_it(visit, harbour, monkeypatch, tmp_path):
    monkeypatch.setenv("SWITCHYARD_DATA", str(tmp_path))
    for page in ("registry", "start", "runs"):
        app = visit_at(tmp_path, page)
        assert any("make run" in one.value for one in app.warning), page


def visit_at(data, page):
    st.cache_resource.clear()
    app = AppTest.from_file("app.py", default_timeout=30).run()
    app.switch_page(f"pages/plugins/{page}.py").run()
    assert not app.exception, app.exception
    return app


def test_a_failed_run_shows_its_reason_and_offers_to_retry(visit, harbour):
    run = harbour.run(dry_run=True, config='{"classes": ["plane"]}')
    assert run.state == "failed"
    app = visit("run", run=run.session)
    assert "I do not know plane" in app.error[0].value.replace("\\", "")
    app.button(key="runs.retry").click().run()
    again = harbour.runs.get(app.query_params["run"][0])
    assert (again.origin, again.parent) == ("retry", run.session)
    assert len(harbour.runs.shown(again.session)) == 36
    harbour.until(lambda: harbour.runs.get(again.session).is_final)


def test_a_run_is_cancelled_and_never_called_successful(visit, harbour):
    config = '{"images_per_import": 1, "seconds_per_image": 0.5}'
    session = harbour.runs.start(harbour.request(dry_run=True, config=config)).session
    harbour.until(lambda: harbour.runs.get(session).tasks)
    app = visit("run", run=session)
    assert metric(app, "Labelled").endswith(" of 36")
    app.button(key="runs.cancel").click().run()
    assert not harbour.runs.get(session).is_final
    assert any("Cancel this run?" in one.value for one in app.warning)
    app.button(key=f"runs.cancelling/{session}#yes").click().run()
    run = harbour.until(lambda: (r := harbour.runs.get(session)).is_final and r)
    app = visit("run", run=session)
    assert run.state == "cancelled" and not app.success
    assert "stopped at its next call" in app.warning[0].value
    assert "kept aside" in words(app)  # what it sent before can still be looked at


def test_a_wrong_secret_is_said(visit, harbour):
    made = harbour.registry.add("Wrongly started")
    about = {"PLUGIN_HOST": harbour.hub.url, "PLUGIN_ID": made.plugin.id, "PLUGIN_SECRET": "no"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(
        [sys.executable, str(shapes.SCRIPT)], env={**ENVIRONMENT, **about}, **quiet
    )
    try:
        live = harbour.registry.liveness
        harbour.until(lambda: (one := live().get(made.plugin.id)) and one.state == "wrong secret")
        app = visit("registry")
        app.button(key=f"plugins.choose/{made.plugin.id}").click().run()
        assert "Connected with a wrong secret" in words(app)
    finally:
        process.kill()
        process.wait(10)
        harbour.registry.archive(made.plugin.id)


def test_plugins_can_be_let_to_work_on_a_project_of_another_hub(harbour, tmp_path, monkeypatch):
    near = HubProcess(tmp_path, "--upstream", harbour.hub.url).start()
    try:
        monkeypatch.setenv("SWITCHYARD_DATA", str(tmp_path))
        settings = read_settings()
        Registry(open_hub(settings.database), tmp_path).add(shapes.NAME, shapes.CLASSES)
        hubs, key = Cache(settings.hubs), Secret(harbour.hub.key)
        gateway = connect(harbour.hub.url, key, settings)
        kept = open_project(gateway, hubs, harbour.project_id)
        st.cache_resource.clear()
        app = AppTest.from_file("app.py", default_timeout=30)
        app.query_params["workspace"] = hubs.id_of(kept)
        app.run().switch_page("pages/plugins/start.py").run()
        assert app.button(key="start.forward").disabled
        app.session_state["state"].keys[harbour.hub.url] = key
        app.run().button(key="start.forward").click().run()
        assert not app.exception, app.exception
        assert field(app.selectbox, "start.project").value == harbour.project_id
        assert field(app.selectbox, "start.map/lorry").value in {
            one.schema_id for one in harbour.project.schema.tools
        }
        app.button(key="start.go").click().run()
        for doubt in app.checkbox:
            doubt.check().run()
        assert app.button(key="start.real").disabled  # until its name is typed
        app.text_input(key="start.confirm").set_value("Harbour traffic").run()
        assert not app.button(key="start.real").disabled
    finally:
        near.end()
        st.cache_resource.clear()


def test_a_form_shows_what_is_sent_and_its_schemas_choices(visit, harbour):
    schema = {
        "properties": {
            "Maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}], "maximum": 10**400},
            "Mode": {"oneOf": [{"const": 1, "title": "fast"}, {"const": 2, "title": "exact"}]},
            "Share": {"type": "number", "default": 0.25},
            "Loud": {"type": "boolean", "default": True},
            "Note": {"type": ["string", "null"]},
            "Sizes": {"type": "array", "items": {"enum": [8, 16]}},
        }
    }
    config = '{"Maybe": null, "Mode": 2}'
    plugin = harbour.registry.add(
        "Formed", ["vessel"], config=config, config_schema=json.dumps(schema)
    ).plugin
    app = visit("start")
    field(app.selectbox, "start.plugin").set_value(plugin.id).run()

    def at(kind, label):
        return next(widget for widget in getattr(app, kind) if widget.label == label)

    assert not app.exception
    assert [at("text_input", name).value for name in ("Maybe", "Share")] == ["", ""]
    assert at("selectbox", "Mode").value == 2 and at("selectbox", "Loud").value is None
    assert at("selectbox", "Mode").proto.default == 1, "a browser shows the widget's own default"
    assert at("text_input", "Maybe").placeholder == "null"
    assert at("text_input", "Share").placeholder == "not sent (0.25)"
    payload = next(json.loads(c.value) for c in app.code if "configJSON" in c.value)
    assert payload["configJSON"] == config  # a default that is shown is not sent
    at("text_input", "Maybe").set_value("3").run()
    at("selectbox", "Mode").set_value(1).run()
    at("selectbox", "Loud").set_value(False).run()
    at("multiselect", "Sizes").set_value([16]).run()
    at("text_input", "Note").set_value("x").run()
    assert not app.exception
    assert json.loads(draft_of(app, harbour).config) == {
        "Maybe": 3, "Mode": 1, "Loud": False, "Sizes": [16], "Note": "x",
    }  # fmt: skip
    at("text_input", "Maybe").set_value("").run()
    assert json.loads(draft_of(app, harbour).config)["Maybe"] is None
    assert at("toggle", "Loud").value is False and not app.exception
    harbour.registry.archive(plugin.id)
