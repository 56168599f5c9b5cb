"""The local hub is asked to forward a project; the key reaches it and nothing else."""

import pytest
from conftest import DATA
from hub_helpers import PROJECT, HubProcess, run_core

from core.errors import NotAllowed, Unreachable
from core.gateway.local_hub import Forwarding, LocalHub
from core.gateway.secret import Secret


@pytest.fixture(scope="module")
def far(tmp_path_factory):
    data = tmp_path_factory.mktemp("far")
    run_core("project", "add", "--name", "Far", "--project", DATA / "project.json", "--data", data)
    hub = HubProcess(data).start()
    yield hub
    hub.end()


@pytest.fixture(scope="module")
def near(tmp_path_factory, far):
    hub = HubProcess(tmp_path_factory.mktemp("near"), "--upstream", far.url).start()
    yield hub
    hub.end()


def test_a_project_is_forwarded_under_the_users_key(near, far):
    local = LocalHub(near.url, near.key)
    assert local.forwarding() == Forwarding(far.url, False)
    local.forward(PROJECT, "Far", Secret(far.key))
    assert local.forwarding() == Forwarding(far.url, True)
    answer = near.ask("GET", f"/v2/project/{PROJECT}")
    assert answer.json()["data"]["project"]["name"] == "Far"
    assert far.key.encode() not in b"".join(
        file.read_bytes() for file in near.data.rglob("*") if file.is_file()
    )


def test_what_goes_wrong_is_said_in_words(near):
    with pytest.raises(NotAllowed, match="key"):
        LocalHub(near.url, "wrong").forwarding()
    with pytest.raises(Unreachable, match="does not answer"):
        LocalHub("http://127.0.0.1:9", "wrong").forwarding()
