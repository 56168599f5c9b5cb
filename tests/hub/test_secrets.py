"""A key is plain text where it comes in and where it goes out, and nowhere between."""

import copy
import json
import pickle
import traceback
from dataclasses import asdict
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.hub.call import Call, Hub
from core.hub.runs.memory import Memories
from core.hub.runs.plugin_events import PluginEvents
from core.hub.server import Ready
from core.hub.upstream import Upstream
from core.launcher.supervise import Child
from core.secret import MASK, Secret, claimed, new_secret
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.run_keys import mint

ROOT = Path(__file__).parents[2]
EDGES = {
    "core/secret.py",
    "core/gateway/ango.py",  # header of a request
    "core/gateway/handover.py",  # the same, and the hand-over to the local hub
    "core/hub/upstream.py",
    "core/hub/runs/rest_plugins.py",
    "core/hub/runs/engine.py",  # the payload that a plugin is about to receive
    "core/file_links.py",  # signs a link
    "core/store/person_keys.py",  # signs the keys of people
    "core/launcher/supervise.py",  # environment of a plugin's process
    "core/cli/hub.py",  # shown to who started the hub
    "core/cli/plugins.py",  # shown once
    "core/cli/users.py",
    "pages/plugins/parts/plugin_form.py",
    "core/launcher/demo_project.py",  # header of a request
    "core/store/plugins.py",  # hashed
    "core/store/run_keys.py",
}
keys = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)

quiet = settings(deadline=None)


@quiet
@given(keys)
def test_no_text_of_a_secret_shows_it(key):
    secret = Secret(f" {key}\n")
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>9}", "%s" % secret, str([secret])]  # noqa: UP031
    shown += [msgspec.json.encode({"a": secret}, enc_hook=str).decode()]
    try:
        raise ValueError(secret)
    except ValueError as error:
        shown.append("".join(traceback.format_exception(error)))
    assert not any(key in text for text in shown) or key in f"{MASK}Secret()"
    for save in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            save(secret)
    assert secret.reveal() == key and secret == Secret(key) != Secret(f"{key}x")
    assert secret.is_it(key) and secret.is_it(key.encode()) and not secret.is_it(f"{key}x")
    assert secret.mask(f"a{key}b{key}") == f"a{MASK}b{MASK}"


@pytest.mark.parametrize("text", ["", " ", "a b", "ü", "a\x00", "a\nb"])
def test_what_no_header_can_carry_is_no_secret(text):
    assert claimed(text) is None
    with pytest.raises(InputError):
        Secret(text)


def test_whatever_holds_a_secret_within_the_hub_masks_it(tmp_path, database_url):
    store = open_hub(database_url)
    registry = Registry(store, tmp_path)
    made = registry.add("D", ["Car"])
    key, signing, user = store.secret("key"), store.secret("signing"), new_secret()
    upstream = Upstream("https://hub.example.com")
    upstream.take_key("local user", user)
    memories = Memories()
    events = PluginEvents(store, memories, lambda *_: None)
    with store.work() as tx:
        run = mint(tx, "session")
    memories.begin("session", run)
    hub = Hub(store, tmp_path, signing)
    body = json.dumps({"key": user.reveal()}).encode()
    holders = [
        made,
        Ready("http://127.0.0.1:1", key, ()),
        hub,
        Call(hub, "POST", "/_hub/upstream-key", {}, {}, body, "", ""),
        Child("D", ["python"], {"PLUGIN_SECRET": registry.secret(made.plugin.id)}),
        vars(upstream),
        list(vars(events).values()),
        registry.rotate(made.plugin.id),
    ]
    shown = repr(holders) + repr(vars(memories))
    for secret in (key, signing, user, run, made.secret, registry.secret(made.plugin.id)):
        assert len(secret.reveal()) >= 32 and secret.reveal() not in shown
    with pytest.raises(TypeError):
        asdict(made)


def test_secrets_are_revealed_at_the_edges_only():
    files = [*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if ".reveal()" in path.read_text(encoding="utf-8")
    }
    assert found == EDGES
