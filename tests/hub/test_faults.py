"""Faults are switched on over HTTP, hit the endpoints that they name, and nothing else."""

import time

import pytest
import requests
from hub_helpers import PROJECT
from urllib3.exceptions import ProtocolError

PATH = f"/v2/project/{PROJECT}"


def switch_on(hub, kind, pattern="GET /v2/project/*", **more):
    hub.admin("POST", "faults", {"pattern": pattern, "kind": kind, **more})


@pytest.mark.parametrize("status", [400, 403, 429, 451, 500, 503])
def test_status(hub, status):
    switch_on(hub, "status", status=status, retryAfter=7, times=1)
    answer = hub.ask("GET", PATH)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    assert answer.json()["status"] == "fail"
    assert hub.ask("GET", PATH).status_code == 200


def test_html_instead_of_json(hub):
    switch_on(hub, "html")
    answer = hub.ask("GET", PATH)
    assert answer.status_code == 200 and answer.text.startswith("<!doctype html>")
    assert hub.ask("GET", "/v2/listProjects").json()["status"] == "success"


def test_latency_slow_bodies_and_hanging(hub):
    switch_on(hub, "latency", seconds=0.4, times=1)
    start = time.monotonic()
    assert hub.ask("GET", PATH).status_code == 200 and time.monotonic() - start > 0.4
    switch_on(hub, "slow", seconds=0.01, times=1)
    start = time.monotonic()
    assert hub.ask("GET", PATH).json()["data"]["project"] and time.monotonic() - start > 0.5
    switch_on(hub, "hang", times=1)
    with pytest.raises(requests.ReadTimeout):
        hub.ask("GET", PATH, timeout=0.5)


def test_a_cut_connection_before_and_after_the_call_was_carried_out(hub):
    body = {"name": "Cut"}

    def projects():
        return hub.ask("GET", "/v2/listProjects?limit=100").json()["data"]["total"]

    before = projects()
    for apply in (False, True):
        switch_on(hub, "cut", "POST /v2/project", apply=apply, times=1)
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            hub.ask("POST", "/v2/project", json=body)
        assert projects() == before + apply


def test_export_links_can_be_cut_half_way(hub):
    link = hub.ask("GET", f"/v2/export?project={PROJECT}").json()["data"]["exportPath"]
    switch_on(hub, "cut", "GET /files/*")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        requests.get(link, timeout=5)


def test_an_answer_that_breaks_off_half_way(hub):
    whole = hub.ask("GET", PATH).content
    switch_on(hub, "half", times=1)
    with requests.get(
        hub.url + PATH, headers={"apikey": hub.key}, stream=True, timeout=5
    ) as answer:
        assert int(answer.headers["content-length"]) == len(whole)
        got = answer.raw.read(len(whole) // 2)
        assert got == whole[: len(whole) // 2]
        with pytest.raises(ProtocolError):
            answer.raw.read()


def test_switches_need_the_key_and_say_what_is_wrong(hub):
    assert hub.ask("POST", "/_hub/faults", headers={}, json={}).status_code == 401
    for wrong in ({}, {"pattern": "*", "kind": "x"}, {"pattern": "*", "kind": "cut", "times": 0}):
        assert hub.ask("POST", "/_hub/faults", json=wrong).status_code == 400
    switch_on(hub, "status")
    assert hub.admin("GET", "faults")["faults"][0]["kind"] == "status"
    hub.admin("DELETE", "faults")
    assert hub.admin("GET", "status")["faults"] == []
