"""The dashboard's server lets in its own pages only, and does not start where others reach it."""

import http.client
import os
import socket
import subprocess
import sys

import pytest
import websocket
from browser_helpers import ROOT, free_port, wait_until_ready
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

OURS = ("pages._ui.serve",)
BY_HAND = ("streamlit", "run", "app.py")
WAYS = (
    "/", "/rules", "/_stcore/health", "/_stcore/host-config", "/_stcore/upload_file/a/b",
    "/media/a.csv", "/component/a", "/_stcore/bidi-components/a", "/_stcore/metrics",
    "/static/x.js", "/favicon.png",
)  # fmt: skip
STREAM = "/_stcore/stream"


def started(data, *words, **environment):
    """A dashboard as a process, with what it says in a file of the folder."""
    own = {n: v for n, v in os.environ.items() if not n.startswith(("SWITCHYARD", "STREAMLIT"))}
    with (data / "said").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env={**own, "SWITCHYARD_DATA": str(data / "data"), **environment},
            stdout=said,
            stderr=said,
        )


@pytest.fixture(scope="module", params=[OURS, BY_HAND], ids=["ours", "by hand"])
def port(request, tmp_path_factory):
    number = free_port()
    process = started(tmp_path_factory.mktemp("door"), *request.param, "--server.port", str(number))
    wait_until_ready(f"http://127.0.0.1:{number}", process)
    if request.param == BY_HAND:  # the first page closes the door
        until_shown(websocket.create_connection(f"ws://127.0.0.1:{number}{STREAM}", timeout=60))
    yield number
    process.terminate()
    process.wait(20)


def until_shown(stream):
    """All that a page sends until its script has ended."""
    wish = BackMsg()
    wish.rerun_script.SetInParent()
    stream.send_binary(wish.SerializeToString())
    shown = b""
    while (piece := stream.recv()) and not ForwardMsg.FromString(piece).HasField("script_finished"):
        shown += piece
    stream.close()
    return shown


def ask(port, path, headers=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": f"127.0.0.1:{port}", **(headers or {})}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, text


@pytest.mark.parametrize("path", WAYS)
def test_another_name_another_page_or_a_proxy_get_one_sentence(port, path):
    _, good = ask(port, path)
    assert "of this dashboard" not in good and "proxy" not in good[:200]
    for headers in (
        {"Host": "evil.example"},
        {"Host": f"evil.example:{port}"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "null"},
        {"X-Forwarded-For": "1.2.3.4"},
        {"Forwarded": "for=1.2.3.4"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "1.2.3.4"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ):
        for method in ("GET", "PUT", "POST"):
            status, text = ask(port, path, headers, method)
            assert status == 403 and text.count("\n") == 1 and "dashboard" in text, headers
    status, text = ask(port, path, {"X-Forwarded-Proto": "https"})
    assert "sign-in" in text and "SWITCHYARD_HOSTS" in text


def test_the_stream_of_a_page_opens_for_our_own_page_only(port):
    url = f"ws://127.0.0.1:{port}{STREAM}"
    for more in (
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:3000"},
        {"host": f"evil.example:{port}", "origin": f"http://evil.example:{port}"},
        {"header": ["X-Forwarded-For: 1.2.3.4"]},
    ):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            websocket.create_connection(url, timeout=20, **more)
        assert refused.value.status_code == 403
    for name in ("127.0.0.1", "localhost"):
        websocket.create_connection(f"ws://{name}:{port}{STREAM}", timeout=20).close()


@pytest.mark.parametrize(
    ("path", "mib"), [("/_stcore/upload_file/a/b", 300), ("/rules", 1), (STREAM, 1)]
)
def test_a_body_that_is_too_large_is_not_read(port, path, mib):
    for size in (f"Content-Length: {mib * 2**20 + 1}", "Transfer-Encoding: chunked"):
        with socket.create_connection(("127.0.0.1", port), 20) as line:
            line.sendall(
                f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{size}\r\n\r\n".encode()
            )
            answer = b""
            while some := line.recv(65_536):
                answer += some
        assert answer.startswith(b"HTTP/1.1 413 ") and f"larger than {mib} MiB".encode() in answer


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (("--server.address", "0.0.0.0"), {}),
        (("--server.address", "::"), {}),
        (("--server.address", "unix:///tmp/never"), {}),
        ((), {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}),
        (("--server.useStarlette", "true"), {}),
        ((), {"STREAMLIT_SERVER_USE_STARLETTE": "true"}),
        ((), {"SWITCHYARD_HOSTS": "http://x"}),
    ],
)
def test_a_dashboard_that_others_could_reach_does_not_start(tmp_path, words, environment):
    port = free_port()
    process = started(tmp_path, *OURS, "--server.port", str(port), *words, **environment)
    assert process.wait(60) == 2
    said = (tmp_path / "said").read_text()
    cause = next((n for n in ("SWITCHYARD_HOSTS", "useStarlette") if n in said), "server.address")
    assert cause in said and "Traceback" not in said
    if cause == "server.address":
        assert "without sign-in" in said and "127.0.0.1" in said


@pytest.mark.parametrize(
    ("words", "environment"),
    [(("--server.address", "0.0.0.0"), {}), ((), {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"})],
)
def test_started_by_hand_it_shows_nothing_and_ends(tmp_path, words, environment):
    port = free_port()
    process = started(tmp_path, *BY_HAND, "--server.port", str(port), *words, **environment)
    wait_until_ready(f"http://127.0.0.1:{port}", process)
    stream = websocket.create_connection(f"ws://127.0.0.1:{port}{STREAM}", timeout=60)
    shown = until_shown(stream)
    assert b"without sign" in shown and b"Split" not in shown
    process.wait(60)
    assert "server.address: 0.0.0.0 can be reached" in (tmp_path / "said").read_text()


@pytest.mark.parametrize(
    ("words", "environment"),
    [(("--address", "0.0.0.0"), {}), ((), {"STREAMLIT_SERVER_ADDRESS": "192.0.2.1"})],
)
def test_up_does_not_start_where_others_could_reach_it(tmp_path, words, environment):
    ports = ("--port", str(free_port()), "--dashboard-port", str(free_port()))
    process = started(tmp_path, "core", "up", *ports, *words, **environment)
    assert process.wait(60) == 2
    said = (tmp_path / "said").read_text()
    assert said.startswith("--address: ") and "without sign-in" in said and said.count("\n") == 1
    assert not (tmp_path / "data" / "switchyard.db").exists()
