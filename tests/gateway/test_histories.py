"""Histories on request: for a chosen part, part by part, kept, and gone on with after a break."""

import threading
import time

import numpy as np
import pytest
from gateway.helpers import PROJECT, gateway_to

from core import errors
from core.gateway import histories
from core.gateway.cache import Cache, open_project
from core.gateway.histories import fetch_histories, without_history
from core.gateway.job import Job
from core.gateway.protocol import Progress
from core.tasks import bits
from pages._ui.reading import words

ID = PROJECT["_id"]


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path)


@pytest.fixture
def kept(hub, gateway, cache):
    """A project that was read page by page."""
    hub.export = None
    found = open_project(gateway, cache, ID)
    assert found.way == "pages"
    return found


def unknown(cache, kept, within=None):
    table = cache.table(kept)
    chosen = bits.everything(len(table)) if within is None else within
    return without_history(cache, kept, table, chosen)


def entry(stage="Label", by="ada@example.com"):
    return {
        "stage": stage,
        "duration": 700,
        "completedAt": "2026-09-01T08:00:00Z",
        "completedBy": by,
    }


def test_an_export_has_all_histories(gateway, cache):
    kept = open_project(gateway, cache, ID)
    assert kept.way == "export" and unknown(cache, kept) == []


def test_a_chosen_part_is_fetched_kept_and_not_asked_for_again(hub, gateway, cache, kept):
    assert len(unknown(cache, kept)) == 250
    flags = np.zeros(250, np.bool_)
    flags[:60] = True
    chosen = unknown(cache, kept, bits.pack(flags))
    assert len(chosen) == 60
    hub.histories = {task: [entry()] for task in chosen[:40]} | {task: [] for task in chosen[40:59]}
    said = []
    now = fetch_histories(gateway, cache, kept, chosen, said.append)
    assert (now.histories, said[-1].done, said[-1].total) == (60, 60, 60)
    assert [p.done for p in said] == sorted(p.done for p in said)
    again = cache.get(gateway.host, ID)
    assert again == now != kept
    table = cache.table(again)
    assert int(np.diff(table.history.offsets).sum()) == 40
    # known to be empty, and deleted meanwhile: neither is asked for again
    assert unknown(cache, again, bits.pack(flags)) == []
    assert len(unknown(cache, again)) == 190


def test_what_was_fetched_before_a_break_is_kept(hub, gateway, cache, kept, monkeypatch):
    monkeypatch.setattr(histories, "AT_A_TIME", 10)
    chosen = unknown(cache, kept)[:30]
    hub.histories = {task: [entry()] for task in chosen}
    hub.faults[f"/v2/task/{chosen[15]}/history"] = [401]
    with pytest.raises(errors.KeyRefused):
        fetch_histories(gateway, cache, kept, chosen)
    now = cache.get(gateway.host, ID)
    assert now.histories == 10
    left = [task for task in unknown(cache, now) if task in chosen]
    assert left == chosen[10:]
    hub.faults.clear()
    fetch_histories(gateway, cache, now, left)
    assert not set(unknown(cache, cache.get(gateway.host, ID))) & set(chosen)


def test_it_can_be_stopped(hub, gateway, cache, kept, monkeypatch, until):
    monkeypatch.setattr(histories, "AT_A_TIME", 20)
    chosen = unknown(cache, kept)
    hub.histories = {task: [entry()] for task in chosen}
    hub.delay = 0.02
    job = Job(lambda r, c: fetch_histories(gateway, cache, kept, chosen, r, c))
    until(lambda: job.progress.done >= 30)
    job.stop()
    assert job.ended(5)
    with pytest.raises(errors.Cancelled):
        job.result()
    assert 20 <= cache.get(gateway.host, ID).histories < 250


def test_a_hub_without_histories_says_so_and_marks_nothing_as_known(hub, gateway, cache, kept):
    with pytest.raises(errors.NotFound):
        fetch_histories(gateway, cache, kept, unknown(cache, kept)[:20])
    assert cache.get(gateway.host, ID) == kept


def test_a_whole_new_reading_wins(hub, gateway, cache, kept):
    chosen = unknown(cache, kept)[:5]
    hub.histories = {task: [entry()] for task in chosen}
    fresh = open_project(gateway, cache, ID, refresh=True)
    assert fresh.asked_at != kept.asked_at
    with pytest.raises(errors.SwitchyardError, match="read again meanwhile"):
        fetch_histories(gateway, cache, kept, chosen)
    assert cache.get(gateway.host, ID) == fresh and len(unknown(cache, fresh)) == 250


def test_two_windows_that_fetch_lose_nothing_of_each_other(hub, gateway, cache, kept):
    chosen = unknown(cache, kept)
    hub.histories = {task: [entry()] for task in chosen}
    parts = [chosen[:30], chosen[30:60]]
    jobs = [
        Job(lambda r, c, part=part: fetch_histories(gateway_to(hub.url), cache, kept, part, r, c))
        for part in parts
    ]
    assert all(job.ended(20) for job in jobs)
    assert len(unknown(cache, cache.get(gateway.host, ID))) == 190


def test_a_job_hands_on_what_came_of_it():
    def fail(report, cancelled):
        raise errors.InputError("file", "is odd.")

    assert Job(lambda report, cancelled: 7).ended(5)
    job = Job(fail)
    assert job.ended(5)
    with pytest.raises(errors.InputError, match="is odd"):
        job.result()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_job_that_breaks_off_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    job = Job(lambda report, cancelled: 1 / 0)
    assert job.ended(5)
    with pytest.raises(errors.SwitchyardError, match="broke off"):
        job.result()


def test_a_job_says_how_long_its_step_still_takes(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    begun, go_on = threading.Event(), threading.Event()

    def work(report, _):
        report(Progress("Reading", 100, 500, "tasks"))
        begun.set()
        go_on.wait(10)

    job = Job(work)
    assert begun.wait(10) and job.seconds_left is None
    now[0] = 10.0
    job._tell(Progress("Reading", 200, 500, "tasks"))
    assert job.seconds_left == 30.0
    assert words(job.progress, job.seconds_left) == "Reading: 200 of 500 tasks, about 30 s left"
    job._tell(Progress("Checking", 200, 500, "tasks"))
    assert job.seconds_left is None  # another step has a pace of its own
    go_on.set()
