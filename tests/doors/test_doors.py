"""Who may come in, as a pure function of an address and of headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.doors import FORWARDING, HOSTS, door_of, refuse_open_door
from core.errors import InputError
from core.settings import read_settings

NEAR = ("127.0.0.1", "127.0.0.2", "localhost", "::1", "[::1]", "LOCALHOST")
FAR = ("", None, "0.0.0.0", "::", "192.0.2.7", "hub.example.com", "unix:///tmp/x", "localhost.evil")


def door(*hosts, sign_in=False, port=8501):
    return door_of("dashboard", port, hosts, sign_in)


def comes_in(one, host="127.0.0.1:8501", **more):
    headers = [("host", host), *((name.replace("_", "-"), value) for name, value in more.items())]
    return one.refusal(headers) == ""


@pytest.mark.parametrize("address", NEAR)
def test_this_machine_may_always_be_listened_on(address):
    refuse_open_door(address, sign_in=False)


@pytest.mark.parametrize("address", FAR)
def test_another_address_needs_sign_in_and_says_how(address):
    with pytest.raises(InputError, match=r"^server\.address: .*without sign-in.*127\.0\.0\.1.*ssh"):
        refuse_open_door(address, False, "server.address")
    refuse_open_door(address, sign_in=True)


@pytest.mark.parametrize("name", [*sorted(FORWARDING), "x-forwarded-for", "x-forwarded-anything"])
def test_a_proxy_needs_sign_in_and_its_host(name):
    headers = [("host", "127.0.0.1:8501"), (name, "1.2.3.4")]
    for closed in (door(), door(sign_in=True), door("hub.example.com"),
                   door("localhost:9000", sign_in=True)):  # fmt: skip
        sentence = closed.refusal(headers)
        assert name.title() in sentence and "sign-in" in sentence and HOSTS in sentence
    assert door("hub.example.com", sign_in=True).refusal(headers) == ""


def test_a_name_of_the_settings_holds_with_sign_in_and_a_tunnels_port_without():
    far = door("hub.example.com", "other.example.com:444", sign_in=True)
    for host in ("hub.example.com", "hub.example.com:8080", "HUB.example.com", "127.0.0.1:8501",
                 "other.example.com:444"):  # fmt: skip
        assert comes_in(far, host)
    assert not comes_in(far, "other.example.com") and not comes_in(far, "example.com")
    assert comes_in(far, "hub.example.com", origin="https://hub.example.com")
    assert comes_in(far, "other.example.com:444", origin="https://other.example.com:444")
    assert not comes_in(far, "hub.example.com", origin="https://evil.example.com")
    assert not comes_in(door("hub.example.com"), "hub.example.com")
    tunnel = door("localhost:9000")
    assert comes_in(tunnel, "localhost:9000", origin="http://localhost:9000")
    assert not comes_in(tunnel, "localhost:9001") and not comes_in(door(), "localhost:9000")


def test_the_setting_is_read_and_what_is_no_name_is_refused():
    read = read_settings({HOSTS: "a.example, b.example:1,,c.example "}).hosts
    assert read == ("a.example", "b.example:1", "c.example") and read_settings({}).hosts == ()
    for text in ("http://a.example", "a.example/x", "a b", "*", "a:b", "\x1b[2J", ":1"):
        with pytest.raises(InputError, match=HOSTS) as refused:
            door(text)
        assert "\x1b" not in str(refused.value)


def test_one_host_is_given_and_no_two():
    assert door().refusal([]) and door().refusal([("host", "127.0.0.1:8501")] * 2)


def test_a_link_from_elsewhere_opens_a_page_and_nothing_else_does():
    link = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}
    assert comes_in(door(), **link) and comes_in(door(), **link, sec_fetch_dest="document")
    assert not comes_in(door(), **link, sec_fetch_dest="iframe")
    assert not comes_in(door(), sec_fetch_site="same-site", sec_fetch_mode="cors")
    assert comes_in(door(), sec_fetch_site="same-origin", sec_fetch_mode="cors")
    assert comes_in(door(), sec_fetch_site="none", sec_fetch_mode="navigate")


@given(st.text(max_size=40) | st.from_regex(r"[a-z0-9.:\[\]@/-]{1,40}", fullmatch=True))
def test_no_other_host_or_origin_comes_in_and_none_breaks_the_sentence(text):
    own = {"127.0.0.1:8501", "localhost:8501", "[::1]:8501"}
    sentence = door().refusal([("host", text)])
    assert sentence or text.lower() in own
    page = door().refusal([("host", "127.0.0.1:8501"), ("origin", f"http://{text}")])
    assert page or text.lower() in own
    for one in (sentence, page):
        assert len(one) < 320 and "\n" not in one and "\x1b" not in one
