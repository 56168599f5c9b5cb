"""What the hub's own key and strangers may say on the ways of plugins; runs: `tests/plugins`."""


def test_a_foreign_page_may_not_connect(hub):
    url = "/socket.io/?transport=polling&EIO=4"
    foreign = hub.ask("GET", url, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code in (400, 403)
    assert hub.ask("GET", url, headers={"Origin": hub.url}).status_code == 200


def test_lines_of_no_run_are_kept(hub):
    body = {"level": "ERROR", "msg": "no", "session": "rest", "pluginId": "detector", "n": 1}
    answer = hub.ask("POST", "/v2/pluginLog", json=body)
    assert answer.json()["data"] == {"response": {"logged": True}}
    assert hub.logs("rest")[0]["extra"] == {"n": 1}
    other = {"level": "info", "message": "public page's spelling", "pluginId": "detector"}
    assert hub.ask("POST", "/v2/pluginLog", json=other).status_code == 200
