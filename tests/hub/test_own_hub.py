"""The local hub connects itself: its key goes to its own address on loopback and nowhere else."""

import json
import os

import pytest

from core.hub.lock import NAME, announce, only_hub, own_hub
from core.settings import read_settings
from core.store.hub import open_hub


@pytest.fixture
def store(tmp_path):
    return open_hub(read_settings({"SWITCHYARD_DATA": str(tmp_path)}).database)


def test_a_running_hub_is_reached_under_its_own_key(hub):
    store = open_hub(read_settings({"SWITCHYARD_DATA": str(hub.data)}).database)
    own = own_hub(hub.data, store)
    assert (own.url, own.key.reveal()) == (hub.url, hub.key)
    assert hub.key not in repr(own) and hub.key not in str(own)


def test_without_a_hub_there_is_no_key_to_hand_out(tmp_path, store):
    assert own_hub(tmp_path, store) is None
    # what an ended hub left behind, or somebody wrote, is held by nobody
    (tmp_path / NAME).write_text(json.dumps({"url": "http://127.0.0.1:9", "pid": os.getpid()}))
    store.secret("key")
    assert own_hub(tmp_path, store) is None


@pytest.mark.parametrize(
    ("url", "reached"),
    [
        ("http://127.0.0.1:8600", "http://127.0.0.1:8600"),
        ("http://[::1]:8600", "http://[::1]:8600"),
        ("http://0.0.0.0:8600", "http://127.0.0.1:8600"),
        ("http://[::]:8600", "http://[::1]:8600"),
        ("http://192.0.2.7:8600", None),
        ("http://example.com:8600", None),
        ("https://imeritapi.ango.ai", None),
        ("http://127.0.0.1.example.com:8600", None),
    ],
)
def test_only_an_address_on_loopback_gets_the_key(tmp_path, store, url, reached):
    store.secret("key")
    with only_hub(tmp_path) as lock:
        announce(lock, url)
        own = own_hub(tmp_path, store)
    assert (own and own.url) == reached


def test_looking_makes_no_key(tmp_path, store):
    with only_hub(tmp_path) as lock:
        announce(lock, "http://127.0.0.1:8600")
        assert own_hub(tmp_path, store) is None
    assert store.known_secret("key") is None
