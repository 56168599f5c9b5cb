"""Marks of processes: what the SDK's own WebSocket client keeps and sends again."""

import pytest
from hub_helpers import run_apart
from hypothesis import given
from hypothesis import strategies as st
from websocket._cookiejar import SimpleCookieJar

from core.hub.runs.marks import SCOPE_KEY, marking

HOSTS = ["127.0.0.1", "localhost", "::1", "hub.internal", "my_box", "Hub.Example.COM"]


def handshake(headers):
    """What one handshake gives: the marks that the application sees, and the cookie set."""
    seen, sent = [], []

    async def app(scope, receive, send):
        seen.append(scope[SCOPE_KEY])
        await send({"type": "websocket.accept", "headers": [(b"x-own", b"1")]})

    async def send(message):
        sent.append(message)

    raw = [(name, value.encode()) for name, value in headers.items()]
    run_apart(marking(app)({"type": "websocket", "headers": raw}, None, send))
    (message,) = sent
    assert (b"x-own", b"1") in message["headers"]
    cookies = [value.decode() for name, value in message["headers"] if name == b"set-cookie"]
    return seen[0], cookies


def address(host):
    return f"[{host}]:8600" if ":" in host else f"{host}:8600"


@pytest.mark.parametrize("host", HOSTS)
def test_a_process_shows_the_mark_that_it_got_and_another_has_one_of_its_own(host):
    jar = SimpleCookieJar()  # as each process has one
    headers = {b"host": address("proxied.example"), b"origin": f"http://{address(host)}"}
    first, cookies = handshake(headers)
    jar.add(cookies[0])
    again, more = handshake({**headers, b"cookie": jar.get(host.lower())})
    assert again == first and more == []
    other, _ = handshake(headers)
    assert not other & first


def test_two_plugins_of_one_process_that_connect_at_once_share_its_marks():
    jar, headers = SimpleCookieJar(), {b"host": b"127.0.0.1:8600".decode()}
    both = [handshake(headers) for _ in range(2)]
    for _, cookies in both:
        jar.add(cookies[0])
    again, _ = handshake({**headers, b"cookie": jar.get("127.0.0.1")})
    assert all(again & marks for marks, _ in both)


ODD = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)


@given(cookie=ODD, origin=ODD, host=ODD)
def test_whatever_a_stranger_sends_it_gets_a_mark_and_cannot_write_headers(cookie, origin, host):
    headers = {b"cookie": cookie, b"origin": origin, b"host": host}
    raw = {name: value for name, value in headers.items() if value.isascii()}
    marks, cookies = handshake(raw)
    assert marks and all(mark.startswith("switchyard-") for mark in marks)
    assert all(c.count(";") == 4 and "\n" not in c and "\r" not in c for c in cookies)
