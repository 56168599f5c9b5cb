"""The contract of a gateway, over real HTTP and the unmodified SDK."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from gateway.helpers import PROJECT, gateway_to
from gateway.small_hub import KEY

from core import errors
from core.ango_json.stages import read_stages
from core.gateway import ango, transport
from core.gateway.limits import Limits
from core.gateway.protocol import Gateway, Requeueing
from core.secret import Secret

ID = PROJECT["_id"]
PROJECT_PATH = f"/v2/project/{ID}"


def test_few_projects_are_listed_with_one_request(hub, gateway):
    assert [one.id for one in gateway.list_projects()] == [ID]
    assert [path for _, path, _ in hub.requests] == ["/v2/listProjects?page=1&limit=100"]


def test_projects_are_listed_over_all_pages(hub, gateway):
    for n in range(230):
        hub.projects[f"p{n}"] = {"_id": f"p{n}", "name": f"Project {n}", "description": None}
    found = gateway.list_projects()
    assert len(found) == 231 and found[-1].name == "Project 229"
    assert hub.count("/v2/listProjects") == 3


def test_a_project_has_its_schema_batches_stages_and_people(gateway):
    project = gateway.read_project(ID)
    assert project.name == "Street scenes"
    assert len(project.stages) == 7 and len(project.batches) == 6
    assert project.schema.tools and project.people


STATUSES = [
    (400, errors.BadRequest),
    (401, errors.KeyRefused),
    (403, errors.NotAllowed),
    (404, errors.NotFound),
    (429, errors.TooManyRequests),
    (451, errors.Geofenced),
    (500, errors.HubFailed),
    (503, errors.HubFailed),
    ("cut", errors.Unreachable),
    ("hang", errors.TimedOut),
    ("html", errors.AnswerNotJson),
    ("nodata", errors.UnexpectedAnswer),
    ((302, {"Location": "/elsewhere"}, ""), errors.UnexpectedAnswer),
    ((200, {}, '{"status": "fail", "message": "no"}'), errors.BadRequest),
    ((200, {}, '{"data": {"project": {"_id": NaN, "stages": [NaN]}}}'), errors.UnexpectedAnswer),
    ((404, {}, "<html>gone</html>"), errors.NotFound),
]
TRIES = {errors.TooManyRequests: 4, errors.HubFailed: 4, errors.Unreachable: 4, errors.TimedOut: 2}


@pytest.mark.parametrize(("fault", "kind"), STATUSES, ids=str)
def test_each_failure_of_a_read_is_its_own_error_with_a_hint(hub, gateway, fault, kind):
    hub.faults[PROJECT_PATH] = [fault] * 9
    with pytest.raises(errors.GatewayError) as caught:
        gateway.read_project(ID)
    assert type(caught.value) is kind
    assert caught.value.hint and caught.value.message.startswith("Reading the project")
    assert hub.count(PROJECT_PATH) == TRIES.get(kind, 1)
    if isinstance(fault, int):
        assert caught.value.status == fault


@pytest.mark.parametrize(("fault", "kind"), STATUSES[:12], ids=str)
def test_a_write_is_made_once_whatever_comes_of_it(hub, gateway, fault, kind):
    hub.faults[PROJECT_PATH] = [fault] * 9
    with pytest.raises(kind) as caught:
        gateway.write_stages(ID, read_stages(PROJECT["stages"]))
    assert hub.count(PROJECT_PATH) == 1
    if kind in (errors.Unreachable, errors.TimedOut, errors.HubFailed, errors.AnswerNotJson):
        assert "before you repeat it" in caught.value.hint


@pytest.mark.parametrize("fault", [500, 503, "cut", "hang", (429, {"Retry-After": "0"}, "{}")])
def test_a_read_goes_on_after_one_failure(hub, gateway, fault):
    hub.faults[PROJECT_PATH] = [fault]
    assert gateway.read_project(ID).id == ID
    assert hub.count(PROJECT_PATH) == 2


def test_wrong_host_and_closed_port():
    with pytest.raises(errors.Unreachable) as caught:
        gateway_to("http://127.0.0.1:9").list_projects()
    assert "Check the host" in caught.value.hint


def test_wrong_key_and_wrong_project(hub, gateway):
    with pytest.raises(errors.KeyRefused):
        gateway_to(hub.url, key="another").list_projects()
    with pytest.raises(errors.NotFound):
        gateway.read_project("nowhere")
    with pytest.raises(errors.InputError):
        gateway.read_project("..")
    before = len(hub.requests)
    with pytest.raises(errors.NotFound):
        gateway.read_project("a/../b?c#d")
    assert hub.requests[before][1] == "/v2/project/a%2F..%2Fb%3Fc%23d"


def test_a_redirect_is_not_followed_so_the_key_stays(hub, gateway):
    hub.faults[PROJECT_PATH] = [(302, {"Location": f"{hub.url}/file"}, "")]
    with pytest.raises(errors.UnexpectedAnswer):
        gateway.read_project(ID)
    assert hub.count("/file") == 0


def test_a_workflow_is_never_emptied(hub, gateway):
    with pytest.raises(errors.InputError):
        gateway.write_stages(ID, ())
    assert not hub.requests


def test_histories_of_a_chosen_part(hub, gateway, tmp_path):
    hub.export = None
    project = gateway.read_project(ID)
    table = gateway.read_tasks(project, tmp_path).table
    first, second = table.ids[0].as_py(), table.ids[1].as_py()
    rows = [
        {
            "stage": "Review",
            "completedAt": "2026-09-02T08:00:00Z",
            "completedBy": "rev1@example.com",
            "reviewStatus": "Accepted",
            "duration": 5,
        },
        {
            "stage": "Label",
            "createdAt": "2026-09-01T08:00:00Z",
            "completedBy": "bela@example.com",
            "duration": 700,
        },
    ]
    hub.histories = {first: rows, second: rows[1]}
    found = gateway.read_histories(project, table, [first, second])
    assert len(found) == len(table)
    assert found.history.offsets[:4].tolist() == [0, 2, 3, 3]
    shown = [found.stages[code] for code in found.history.stage]
    assert shown == [("Label", "Label"), ("Review", "Review"), ("Label", "Label")]
    people = [found.people[code] for code in found.history.person]
    assert people == ["bela@example.com", "rev1@example.com", "bela@example.com"]
    assert found.history.duration.tolist() == [700, 5, 700]
    again = gateway.read_histories(project, found, [first])
    assert again.history.offsets.tolist() == found.history.offsets.tolist()
    with pytest.raises(errors.NotFound):
        gateway.read_histories(project, table, [table.ids[5].as_py()])


def test_four_at_once_and_no_more(hub, tmp_path):
    gateway = gateway_to(hub.url, limits=Limits(100_000))
    project = gateway.read_project(ID)
    hub.export = None
    table = gateway.read_tasks(project, tmp_path).table
    chosen = table.ids.to_pylist()[:24]
    hub.histories = {task: [] for task in chosen}
    hub.delay = 0.05
    gateway.read_histories(project, table, chosen)
    assert hub.most_at_once == 4


# -- the key ---------------------------------------------------------------------------------------


def test_the_key_appears_nowhere(hub, capfd, caplog, tmp_path):
    """A hub that repeats the key in each refusal; everything that anybody may read is searched."""
    import logging
    import pickle
    import traceback

    caplog.set_level(logging.DEBUG)
    gateway = gateway_to(hub.url)
    seen = [repr(gateway), str(gateway), f"{gateway}", repr(Secret(KEY)), f"{Secret(KEY):>20}"]
    asks = [
        gateway.list_projects,
        lambda: gateway.read_project(ID),
        lambda: gateway.write_stages(ID, read_stages(PROJECT["stages"])),
        lambda: gateway.requeue(ID, Requeueing("Label"), ["a"], ["Review"]),
        lambda: gateway.set_priority(ID, 1, ["a"], ["Review"]),
        lambda: gateway.assign(ID, "ada@example.com", ["a"], "Review"),
    ]
    faults = [400, 401, 500, "cut", "html", (200, {}, f'{{"status":"fail","message":"{KEY}"}}')]
    for fault in faults:
        hub.faults[""] = [fault] * 20
        for ask in asks:
            with pytest.raises(errors.GatewayError) as caught:
                ask()
            seen += [
                str(caught.value),
                repr(caught.value),
                *traceback.format_exception(caught.value),
            ]
            pickled = pickle.dumps(caught.value.args)
            assert KEY.encode() not in pickled
        hub.faults.clear()
        hub.requests.clear()
    project = gateway.read_project(ID)
    hub.export_link = f"{hub.url}/file?key={KEY}"
    gateway.read_tasks(project, tmp_path / "a")
    hub.export_link, hub.cuts = None, [1000, 1000]
    gateway.read_tasks(project, tmp_path / "b")
    for value in (gateway, Secret(KEY)):
        with pytest.raises(TypeError):
            pickle.dumps(value)
    out, err = capfd.readouterr()
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    texts = [*seen, out, err, caplog.text, *(path for _, path, _ in hub.requests)]
    assert not [text for text in texts if KEY in text]
    assert not [data for data in files if KEY.encode() in data]
    assert all("apikey" not in h for _, path, h in hub.requests if path.startswith("/file"))


@pytest.mark.parametrize("text", ["", "  ", "left right", "schlüssel", "left\nright", "left\x00"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(text):
    with pytest.raises(errors.InputError) as caught:
        Secret(text)
    assert not text.strip() or text not in str(caught.value)


# -- what the SDK can do ---------------------------------------------------------------------------

USED = {
    "assign_task",
    "get_project",
    "get_task_history",
    "get_tasks",
    "list_projects",
    "requeue_tasks",
    "update_tasks_priority",
    "update_workflow_stages",
}
LEFT = set(
    """
    add_comment_to_issue add_members_to_project annotate_task assign_batches
    clone_project create_asset_builder_template create_attachment create_batch create_batches
    create_issue create_label_set create_llm create_project create_storage delete_assets
    delete_issue delete_llm
    delete_organization_invites delete_organization_members delete_project delete_storage
    export exportV3 file_explorer get_asset_builder_templates get_assets get_batches get_issues
    get_llms
    get_metrics get_organization_invites get_organization_members get_project_performance
    get_storages get_task import_labels invite_members_to_org list_storage_files make_request
    purge_project
    rerun_webhook review_task send_notification set_tasks_as_benchmark setup_logger
    update_benchmark_settings update_issue update_label_validation
    update_organization_members_role upload_brush_array
    upload_chat_assets upload_files upload_files_cloud upload_files_with_asset_builder
    upload_instructions
    """.split()  # noqa: SIM905  a list of words, not of code
)


def test_every_public_method_of_the_sdk_is_used_or_left_on_purpose():
    from imerit_ango.sdk import SDK

    public = {name for name, _ in inspect.getmembers(SDK, inspect.isfunction) if name[0] != "_"}
    assert public == USED | LEFT
    tree = ast.parse(Path(ango.__file__).read_text())
    asked = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("sdk", "s")
    }
    assert asked - {"session"} == USED


def test_everything_that_the_sdk_can_raise_has_an_error():
    """An SDK that raises something new fails here, not at a user."""
    import imerit_ango.sdk as module

    tree = ast.parse(Path(module.__file__).read_text())
    raised = {ast.unparse(n.exc).split("(")[0] for n in ast.walk(tree) if isinstance(n, ast.Raise)}
    assert raised == {"Exception", "ValueError", "e", "'Storage ID is Invalid!'"}


def test_every_error_of_the_http_library_becomes_one_of_ours():
    kinds = [k for _, k in inspect.getmembers(requests.exceptions, inspect.isclass)]
    kinds = [k for k in kinds if issubclass(k, requests.RequestException)]
    assert len(kinds) > 15
    for kind in kinds:
        error = kind("x", "", 0) if kind is requests.exceptions.JSONDecodeError else kind("x")
        found = transport.transport_error(error, "Asking", writes=False)
        assert type(found) is not errors.GatewayError and found.hint


def test_a_bare_exception_of_the_sdk_is_mapped(gateway, monkeypatch):
    from imerit_ango.sdk import SDK

    for error in (Exception("text"), TypeError("t"), KeyError("k"), ValueError("v")):
        monkeypatch.setattr(
            SDK, "get_project", lambda *_, error=error: (_ for _ in ()).throw(error)
        )
        with pytest.raises(errors.UnexpectedAnswer) as caught:
            gateway.read_project(ID)
        assert caught.value.__cause__ is error


def test_only_the_gateway_imports_the_sdk_and_only_when_asked():
    root = Path(ango.__file__).parents[2]
    scripts = root / "core" / "demo" / "plugins"  # processes of their own
    users = [
        str(path.relative_to(root))
        for folder in ("core", "pages")
        for path in (root / folder).rglob("*.py")
        if scripts not in path.parents
        and any(
            (isinstance(n, ast.Import) and any(a.name.startswith("imerit_ango") for a in n.names))
            or (isinstance(n, ast.ImportFrom) and (n.module or "").startswith("imerit_ango"))
            for n in ast.walk(ast.parse(path.read_text()))
        )
    ]
    assert users == ["core/gateway/ango.py"]
    code = (
        "import sys, core.gateway.ango, core.publish.publish; print('imerit_ango' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert run.stdout.strip() == "False", run.stderr


def test_the_sdk_is_not_patched():
    from imerit_ango.sdk import SDK

    before = dict(vars(SDK))
    gateway_to("http://127.0.0.1:9")._new_sdk()
    assert dict(vars(SDK)) == before


def test_it_is_a_gateway(gateway):
    wanted: Gateway = gateway
    names = [n for n in dir(Gateway) if n[0] != "_"]
    assert all(hasattr(wanted, name) for name in names) and len(names) == 11
