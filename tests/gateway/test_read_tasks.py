"""Whole projects: by export, by pages, broken off and gone on with, from the cache."""

import json
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from conftest import DATA
from gateway.helpers import PROJECT, gateway_to, hub_task

from core import errors
from core.gateway.cache import Cache, age_text, open_project
from core.model.dialect import Dialect
from core.tasks.facts import resolve

ID = PROJECT["_id"]
TASKS = f"/v2/project/{ID}/tasks"


@pytest.fixture
def project(gateway):
    return gateway.read_project(ID)


def test_an_export_is_read_in_one_request_with_all_stages(
    hub, gateway, project, tmp_path, sample_table
):
    said = []
    read = gateway.read_tasks(project, tmp_path, said.append)
    assert (read.way, read.refused) == ("export", "")
    assert read.table.fingerprint == sample_table.fingerprint
    asked = [path for _, path, _ in hub.requests if path.startswith("/v2/export")]
    assert len(asked) == 1 and "stage=" not in asked[0] and "includeHistory=true" in asked[0]
    assert hub.count(TASKS) == 0
    assert {p.doing for p in said} == {
        "Asking for an export",
        "Downloading the export",
        "Reading the export",
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [400, 403, 404, 500, "hang", "html", "nodata"])
def test_pages_where_an_export_is_refused(hub, gateway, project, tmp_path, fault):
    hub.faults["/v2/export"] = [fault] * 9
    read = gateway.read_tasks(project, tmp_path)
    assert read.way == "pages" and read.refused.startswith("Asking for an export")
    assert len(read.table) == 250 and hub.count(TASKS) == 3
    assert all("limit=100" in path for _, path, _ in hub.requests if path.startswith(TASKS))
    honesty = resolve(read.table, project, Dialect()).honesty
    assert (honesty.no_history, honesty.no_answer_loaded) == (250, 0)
    assert read.table.stages == (("Label", "Label"),)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(401, errors.KeyRefused), (451, errors.Geofenced), ("cut", errors.Unreachable)],
)
def test_no_pages_where_they_would_fail_as_well(hub, gateway, project, tmp_path, fault, kind):
    hub.faults["/v2/export"] = [fault] * 9
    with pytest.raises(kind):
        gateway.read_tasks(project, tmp_path)
    assert hub.count(TASKS) == 0


def test_an_empty_project(hub, gateway, project, tmp_path):
    hub.export = b"[]"
    assert len(gateway.read_tasks(project, tmp_path).table) == 0
    hub.export, hub.tasks[ID] = None, []
    read = gateway.read_tasks(project, tmp_path)
    assert len(read.table) == 0 and read.way == "pages"


def test_an_export_that_breaks_off_goes_on_behind_the_last_byte(
    hub, gateway, project, tmp_path, sample_table
):
    hub.cuts = [50_000, 90_000, 130_000]
    read = gateway.read_tasks(project, tmp_path)
    assert read.way == "export" and read.table.fingerprint == sample_table.fingerprint
    ranges = [h.get("Range") for _, path, h in hub.requests if path.startswith("/file")]
    assert ranges[0] is None and all(r and r != "bytes=0-" for r in ranges[1:])
    assert len(ranges) == 4 and hub.count("/v2/export") == 1


def test_without_ranges_it_begins_again(hub, gateway, project, tmp_path, sample_table):
    hub.ranges, hub.cuts = False, [50_000, 90_000]
    read = gateway.read_tasks(project, tmp_path)
    assert read.table.fingerprint == sample_table.fingerprint


def test_a_file_that_changed_on_the_way_is_not_patched_together(hub, gateway, project, tmp_path):
    hub.cuts = [50_000]
    gateway.read_tasks(project, tmp_path)
    hub.cuts = [50_000] * 9
    with pytest.raises(errors.Unreachable):
        hub.ranges = False
        gateway.read_tasks(project, tmp_path)
    hub.export, hub.etag, hub.cuts, hub.ranges = b"[]", '"v2"', [], True
    assert len(gateway.read_tasks(project, tmp_path).table) == 0


def test_an_export_that_keeps_breaking_is_kept_and_gone_on_with_later(
    hub, gateway, project, tmp_path, sample_table
):
    hub.ranges, hub.cuts = False, [50_000] * 9
    with pytest.raises(errors.Unreachable, match="bytes are kept") as caught:
        gateway.read_tasks(project, tmp_path)
    assert "goes on where it stopped" in caught.value.hint and "signature" not in str(caught.value)
    assert hub.count(TASKS) == 0
    hub.ranges, hub.cuts = True, []
    read = gateway_to(hub.url).read_tasks(project, tmp_path)
    assert read.table.fingerprint == sample_table.fingerprint
    assert hub.count("/v2/export") == 1
    assert int(hub.requests[-1][2]["Range"][6:-1]) > 0


def test_a_link_that_ended_is_asked_for_anew(hub, gateway, project, tmp_path, sample_table):
    hub.ranges, hub.cuts = False, [50_000] * 9
    with pytest.raises(errors.Unreachable):
        gateway.read_tasks(project, tmp_path)
    hub.cuts, hub.faults["/file"] = [], [403]
    read = gateway.read_tasks(project, tmp_path)
    assert read.table.fingerprint == sample_table.fingerprint and hub.count("/v2/export") == 2
    hub.faults["/file"] = [403, 403]
    assert gateway.read_tasks(project, tmp_path).way == "pages"


def test_an_export_that_is_no_export_says_so_and_is_not_kept(hub, gateway, project, tmp_path):
    for data in (b"<html>Sign in</html>", b"PK\3\4 broken"):
        hub.export = data
        with pytest.raises(errors.UnexpectedAnswer, match="The export that the hub delivered"):
            gateway.read_tasks(project, tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_a_cancelled_download_goes_on_later(hub, gateway, project, tmp_path, sample_table):
    hub.export = b"[" + b" " * 900_000 + (DATA / "six.json").read_bytes().strip()[1:]
    said = []
    with pytest.raises(errors.Cancelled):
        gateway.read_tasks(project, tmp_path, said.append, lambda: len(said) > 1)
    before = hub.count("/file")
    gateway.read_tasks(project, tmp_path)
    assert hub.count("/file") == before + 1 and "Range" in hub.requests[-1][2]


def test_pages_go_on_behind_the_last_whole_page(hub, gateway, project, tmp_path):
    hub.export = None
    hub.faults[TASKS] = [(200, {}, json.dumps(page(hub, 1))), *["cut"] * 9]
    with pytest.raises(errors.Unreachable):
        gateway.read_tasks(project, tmp_path)
    with (tmp_path / "pages.ndjson").open("ab") as file:
        file.write(b'{"_id": "half a li')
    hub.faults.clear()
    hub.requests.clear()
    read = gateway_to(hub.url).read_tasks(project, tmp_path)
    assert len(read.table) == 250 and read.table.counts.skipped == 0
    assert [p.split("&")[0] for _, p, _ in hub.requests] == [f"{TASKS}?page=2", f"{TASKS}?page=3"]
    assert list(tmp_path.iterdir()) == []


def test_pages_can_be_cancelled_and_gone_on_with(hub, gateway, project, tmp_path):
    hub.export = None
    said = []
    with pytest.raises(errors.Cancelled):
        gateway.read_tasks(project, tmp_path, said.append, lambda: len(said) > 1)
    assert said[-1].done == 100 and said[-1].total == 250
    hub.requests.clear()
    assert len(gateway.read_tasks(project, tmp_path).table) == 250
    assert len(hub.requests) == 2


def test_what_broke_off_long_ago_is_read_anew(hub, gateway, project, tmp_path):
    hub.export = None
    said = []
    with pytest.raises(errors.Cancelled):
        gateway.read_tasks(project, tmp_path, said.append, lambda: len(said) > 1)
    late = gateway_to(hub.url, clock=lambda: 4e9)
    assert len(late.read_tasks(project, tmp_path).table) == 250
    assert hub.count("/v2/export") == 2


def page(hub, number, total=250):
    rows = hub.tasks[ID][(number - 1) * 100 : number * 100]
    return {"data": {"tasks": rows, **({} if total is None else {"total": total})}}


@pytest.mark.parametrize("total", [None, "250", 10_000])
def test_paging_ends_at_an_empty_page_whatever_the_total(hub, gateway, project, tmp_path, total):
    hub.export = None
    hub.faults[TASKS] = [(200, {}, json.dumps(page(hub, n, total))) for n in (1, 2, 3, 4)]
    assert len(gateway.read_tasks(project, tmp_path).table) == 250
    assert hub.count(TASKS) == 4


def test_a_hub_that_knows_no_pages_does_not_loop_for_ever(hub, gateway, project, tmp_path):
    hub.export = None
    hub.faults[TASKS] = [(200, {}, json.dumps(page(hub, 1, None)))] * 5
    assert len(gateway.read_tasks(project, tmp_path).table) == 100
    assert hub.count(TASKS) == 2


def big_export(tasks):
    """A stored zip with much text that no column keeps."""
    packed, filler = BytesIO(), "x" * 2000
    with zipfile.ZipFile(packed, "w") as archive, archive.open("export.json", "w") as file:
        file.write(b"[")
        for n in range(tasks):
            item = {"externalId": f"{n}.jpg", "task": {"taskId": f"t{n}", "stage": "Label"}}
            file.write((b"," if n else b"") + json.dumps({**item, "contextData": filler}).encode())
        file.write(b"]")
    return packed.getvalue()


def test_an_export_is_never_whole_in_memory(hub, project, tmp_path):
    hub.export = big_export(20_000)
    size = len(hub.export)
    assert size > 40_000_000
    gateway = gateway_to(hub.url)
    gateway.list_projects()
    tracemalloc.start()
    try:
        read = gateway.read_tasks(project, tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(read.table) == 20_000
    assert peak < size / 2, f"{peak:,} bytes for an export of {size:,}"


def test_the_cache_keeps_a_project_until_it_is_refreshed(hub, gateway, tmp_path):
    now = [1_000_000.0]
    gateway = gateway_to(hub.url, clock=lambda: now[0])
    cache = Cache(tmp_path, lambda: now[0])
    first = open_project(gateway, cache, ID)
    assert (first.name, first.tasks, first.way) == ("Street scenes", 400, "export")
    asked = len(hub.requests)
    now[0] += 7200
    again = open_project(gateway, cache, ID)
    assert again == first and len(hub.requests) == asked
    assert age_text(again.age_seconds(cache.now())) == "2 h old"
    hub.export, hub.tasks[ID] = None, [hub_task(1)]
    fresh = open_project(gateway, cache, ID, refresh=True)
    assert (fresh.tasks, fresh.way, fresh.asked_at) == (1, "pages", now[0])
    assert "HTTP 404" in fresh.refused
    assert cache.all() == (fresh,)
    assert [len(cache.table(fresh)) for _ in range(2)] == [1, 1] and cache.project(fresh).id == ID
    cache.forget(gateway.host, ID)
    assert cache.get(gateway.host, ID) is None and cache.all() == ()


def test_a_refresh_that_fails_leaves_what_was_kept(hub, gateway, tmp_path):
    cache = Cache(tmp_path)
    first = open_project(gateway, cache, ID)
    hub.faults["/v2/export"] = [401]
    with pytest.raises(errors.KeyRefused):
        open_project(gateway, cache, ID, refresh=True)
    assert cache.get(gateway.host, ID) == first
    assert [len(cache.table(first)) for _ in range(2)] == [400, 400]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(59, "just now"), (60, "1 min old"), (90_000, "25 h old"), (172_800, "2 days old")],
)
def test_ages_as_people_say_them(seconds, text):
    assert age_text(seconds) == text
