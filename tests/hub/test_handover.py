"""The user's key on its way to the hub that forwards under it: here only, and in memory only."""

import pytest
from hub_helpers import PROJECT

from core import errors
from core.gateway.handover import LocalHub
from core.secret import Secret


@pytest.fixture(scope="module")
def far(make_hub):
    return make_hub()


@pytest.fixture(scope="module")
def near(make_hub, far):
    return make_hub("--upstream", far.url, sample=False)


def test_a_project_is_forwarded_once_its_key_is_handed_over(far, near):
    local = LocalHub(near.url, Secret(near.key))
    assert not local.knows_key(far.url)
    local.hand_over(far.url, PROJECT, "Far streets", Secret(far.key))
    assert local.knows_key(f"{far.url}/")
    assert near.sdk().get_tasks(PROJECT)["data"]["total"] == 400
    local.hand_over(far.url, PROJECT, "Far streets", Secret(far.key))
    kept = b"".join(p.read_bytes() for p in near.data.rglob("*") if p.is_file())
    assert far.key.encode() not in kept


def test_after_a_restart_it_is_asked_for_again_and_nothing_else_is_lost(far, near):
    local = LocalHub(near.url, Secret(near.key))
    local.hand_over(far.url, PROJECT, "Far streets", Secret(far.key))
    near.end()
    with pytest.raises(errors.Unreachable):
        local.knows_key(far.url)
    near.start()
    assert not local.knows_key(far.url)
    assert PROJECT in [project["_id"] for project in near.admin("GET", "status")["projects"]]
    local.hand_over(far.url, PROJECT, "Far streets", Secret(far.key))
    assert near.sdk().get_tasks(PROJECT)["data"]["total"] == 400


def test_what_is_refused_and_nothing_is_handed_over(far, near):
    with pytest.raises(errors.InputError, match="not on this machine"):
        LocalHub("https://hub.example.com", Secret("key"))
    with pytest.raises(errors.KeyRefused):
        LocalHub(near.url, Secret("wrong")).hand_over(far.url, PROJECT, "x", Secret(far.key))
    with pytest.raises(errors.InputError, match=r"--upstream https://imeritapi\.ango\.ai"):
        LocalHub(near.url, Secret(near.key)).hand_over(
            "https://imeritapi.ango.ai", PROJECT, "x", Secret("k")
        )
    with pytest.raises(errors.InputError, match="forwards nothing"):
        LocalHub(far.url, Secret(far.key)).knows_key(near.url)
    mine = near.sdk().create_project("Mine")["data"]["project"]["_id"]
    with pytest.raises(errors.GatewayError, match="project of this hub has this id"):
        LocalHub(near.url, Secret(near.key)).hand_over(far.url, mine, "x", Secret(far.key))
