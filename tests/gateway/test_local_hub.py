"""The same contract against the product's own hub: a process, with its fault switches."""

import json
from datetime import UTC, datetime

import pytest
from conftest import DATA
from gateway.helpers import PROJECT
from gateway.local_hub import ran, started
from imerit_ango.sdk import SDK

from core import errors
from core.ango_json.drafts import read_draft, write_draft
from core.ango_json.text import loads
from core.file_links import PREFIX
from core.gateway.cache import Cache, open_project
from core.gateway.connect import connect
from core.gateway.limits import Limits
from core.model.dialect import Dialect
from core.publish.backup import backups
from core.publish.publish import publish, restore
from core.publish.stranded import tasks_by_stage
from core.routing.edit import add, set_condition, set_target
from core.rule_types.random_sample import RandomSample
from core.secret import Secret
from core.settings import read_settings
from core.tasks.facts import resolve

ID = PROJECT["_id"]


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A started hub with the sample project."""
    data = tmp_path_factory.mktemp("hub")
    files = ("--project", DATA / "project.json", "--tasks", DATA / "export.zip")
    added = ran("project", "add", "--name", "Street scenes", *files, "--data", data, "--json")
    assert json.loads(added.stdout) == {"_id": ID}, added.stderr
    with started(data) as hub:
        yield hub


@pytest.fixture
def gateway(local):
    yield local.gateway()
    local.admin("DELETE", "faults")


@pytest.fixture
def project(gateway):
    return gateway.read_project(ID)


FAULTS = [
    *[
        ({"kind": "status", "status": status}, kind)
        for status, kind in [
            (400, errors.BadRequest),
            (401, errors.KeyRefused),
            (403, errors.NotAllowed),
            (404, errors.NotFound),
            (429, errors.TooManyRequests),
            (451, errors.Geofenced),
            (500, errors.HubFailed),
            (503, errors.HubFailed),
        ]
    ],
    ({"kind": "cut"}, errors.Unreachable),
    ({"kind": "html"}, errors.AnswerNotJson),
    ({"kind": "html", "status": 502}, errors.HubFailed),
    ({"kind": "hang"}, errors.TimedOut),
    ({"kind": "latency", "seconds": 2}, errors.TimedOut),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS, ids=str)
def test_each_fault_is_its_own_error_with_a_hint(local, gateway, fault, kind):
    local.fault(f"GET /v2/project/{ID}", **fault)
    with pytest.raises(errors.GatewayError) as caught:
        gateway.read_project(ID)
    assert type(caught.value) is kind and caught.value.hint


@pytest.mark.parametrize(
    "fault",
    [{"kind": "status", "status": 429, "retryAfter": 1}, {"kind": "cut"}, {"kind": "hang"}],
    ids=lambda f: f["kind"],
)
def test_a_read_goes_on_after_one_fault(local, gateway, fault):
    local.fault(f"GET /v2/project/{ID}", times=1, **fault)
    assert gateway.read_project(ID).id == ID


def test_connecting_as_pages_do(local):
    found = connect(f" {local.url}/v2/", Secret(local.key), read_settings({}))
    assert found.host == local.url and len(found.list_projects()) == 1


def test_wrong_key_and_wrong_project(local, gateway):
    with pytest.raises(errors.KeyRefused):
        local.gateway(key="another").list_projects()
    with pytest.raises(errors.NotFound):
        gateway.read_project("nowhere")
    assert [p.id for p in gateway.list_projects()] == [ID]


def test_export_and_pages_end_in_the_same_table(
    local, gateway, project, tmp_path, sample_table, sample_project
):
    by_export = gateway.read_tasks(project, tmp_path)
    local.fault("GET /v2/export", "status", status=403)
    by_pages = gateway.read_tasks(project, tmp_path)
    assert (by_export.way, by_pages.way) == ("export", "pages")
    one, other = by_export.table, by_pages.table
    assert one.ids.to_pylist() == sample_table.ids.to_pylist()
    assert sorted(other.ids.to_pylist()) == sorted(one.ids.to_pylist())
    assert tasks_by_stage(one, project.stages) == tasks_by_stage(other, project.stages)
    assert tasks_by_stage(one, project.stages) == tasks_by_stage(sample_table, project.stages)
    known = {task: row for row, task in enumerate(other.ids.to_pylist())}
    for row, task in enumerate(one.ids.to_pylist()):
        classes = {one.schema_ids[code] for code in one.classes.of(row)}
        assert classes == {other.schema_ids[code] for code in other.classes.of(known[task])}
    assert len(other.history.stage) == 0 and len(one.history.stage) > 400
    first = resolve(one, project, Dialect()).honesty
    again = resolve(other, project, Dialect()).honesty
    assert first.no_history < again.no_history == 400
    assert first.no_answer_loaded == again.no_answer_loaded == 0


def test_histories_from_the_hub_are_those_of_the_export(local, gateway, project, tmp_path):
    whole = gateway.read_tasks(project, tmp_path).table
    local.fault("GET /v2/export", "status", status=403)
    table = gateway.read_tasks(project, tmp_path).table
    chosen = whole.ids.to_pylist()[:12]
    found = gateway.read_histories(project, table, chosen)

    def passes(table, task):
        row, history = table.row_of(task), table.history
        return [
            (table.stages[history.stage[i]][0], history.duration[i], history.at[i])
            for i in range(history.offsets[row], history.offsets[row + 1])
        ]

    for task in chosen:
        assert passes(found, task) == passes(whole, task)


def test_a_download_that_is_cut_goes_on_or_says_so(local, gateway, project, tmp_path):
    local.fault(f"GET {PREFIX}*", "cut", times=1)
    assert len(gateway.read_tasks(project, tmp_path).table) == 400
    assert local.admin("GET", "faults")["faults"] == []
    local.fault(f"GET {PREFIX}*", "cut")
    with pytest.raises(errors.Unreachable, match="bytes are kept"):
        gateway.read_tasks(project, tmp_path)
    local.admin("DELETE", "faults")
    assert len(gateway.read_tasks(project, tmp_path).table) == 400


def test_a_slow_answer_is_waited_for(local, gateway):
    local.fault("GET /v2/listProjects", "slow", seconds=0.2)
    assert [p.id for p in gateway.list_projects()] == [ID]


def test_what_a_plugin_changes_is_read(local, gateway, project, tmp_path):
    sdk = SDK(api_key=local.key, host=local.url)
    sdk.create_batch(ID, "from here")
    assert "from here" in {b.name for b in gateway.read_project(ID).batches}
    table = gateway.read_tasks(project, tmp_path).table
    schema = loads(project.source)["data"]["project"]["categorySchema"]["tools"][0]["schemaId"]
    box = {"schemaId": schema, "bounding-box": {"x": 1, "y": 1, "width": 2, "height": 2}}
    name = table.external_ids[0].as_py()
    said = sdk.import_labels(ID, [{"externalId": name, "objects": [box]}])["data"]["project"]
    assert said == "1 / 1 tasks are labeled."
    task = table.ids[0].as_py()
    moved = sdk.requeue_tasks(ID, "Label", {"taskIds": [task]}, {})["data"]["modifiedCount"]
    assert moved["modified"] == 1
    after = gateway.read_tasks(project, tmp_path).table
    assert after.stages[after.stage[after.row_of(task)]][0] == "Label"


def test_a_schema_that_was_written_is_read_as_it_is(local, gateway):
    schema = loads(gateway.read_project(ID).source)["data"]["project"]["categorySchema"]
    schema["tools"][0]["title"] = "Renamed"
    SDK(api_key=local.key, host=local.url).create_label_set(ID, raw_category_schema=schema)
    after = gateway.read_project(ID)
    assert after.schema.tools[0].title == "Renamed"
    assert loads(after.source)["data"]["project"]["categorySchema"] == schema


def draft_of(project, percent):
    stage = project.logic_stages[0]
    stage, _ = add(stage, RandomSample(0.1), "Review")
    return set_target(set_condition(stage, "RandomSample-0", RandomSample(percent)), None, "Review")


def now():
    return datetime.now(UTC)


def test_publish_concurrent_change_and_restore(local, gateway, tmp_path, door):
    seen = gateway.read_project(ID)
    done = publish(gateway, seen, draft_of(seen, 0.35), tmp_path, now, door)
    with pytest.raises(errors.WorkflowChanged) as caught:
        publish(gateway, seen, draft_of(seen, 0.6), tmp_path, now, door)
    assert any("35 %" in text for text in caught.value.changes)
    assert len(backups(tmp_path, gateway.host, ID)) == 1
    back = restore(gateway, done.project, done.backup, tmp_path, now, door)
    stages = [[loads(s.source) for s in p.stages] for p in (seen, back.project)]
    assert stages[0] == stages[1]


def test_a_project_from_the_cache_and_a_kept_draft_are_published(gateway, tmp_path, door):
    """What the Rules page has at hand: both were texts in between."""
    cache = Cache(tmp_path / "hubs")
    seen = cache.project(open_project(gateway, cache, ID))
    draft = read_draft(write_draft(draft_of(seen, 0.55)))
    done = publish(gateway, seen, draft, tmp_path, now, door)
    assert [change.kind for change in done.changes] == [
        "rule condition",
        "rule added",
        "else target",
    ]
    (backup,) = backups(tmp_path, gateway.host, ID)
    restore(gateway, done.project, backup, tmp_path, now, door)


@pytest.mark.parametrize(
    "fault", [{"kind": "cut"}, {"kind": "status", "status": 500}], ids=lambda f: f["kind"]
)
def test_a_write_whose_answer_is_lost_is_made_once_and_looked_up(
    local, gateway, tmp_path, door, fault
):
    seen = gateway.read_project(ID)
    local.fault(f"POST /v2/project/{ID}", times=1, apply=True, **fault)
    done = publish(gateway, seen, draft_of(seen, 0.45), tmp_path, now, door)
    restore(gateway, done.project, done.backup, tmp_path, now, door)
    local.fault(f"POST /v2/project/{ID}", times=1, **fault)
    with pytest.raises((errors.Unreachable, errors.HubFailed)):
        publish(gateway, gateway.read_project(ID), draft_of(seen, 0.5), tmp_path, now, door)
    assert gateway.read_project(ID).stages == seen.stages


def test_the_key_is_in_nothing_that_the_gateway_or_the_hub_keeps(local, gateway, tmp_path):
    gateway.read_tasks(gateway.read_project(ID), tmp_path)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]
    assert local.key not in (local.data / "hub.err").read_text()


def test_a_small_limit_is_kept(local):
    slept = []
    clock = lambda: sum(slept)  # noqa: E731
    limits = Limits(10, clock=clock, sleep=slept.append)
    gateway = local.gateway(limits=limits)
    for _ in range(12):
        gateway.list_projects()
    assert sum(slept) >= 60
