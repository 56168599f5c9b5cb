"""The hub's door: a page that somebody visits, another name or a proxy do not come in."""

import http.client
import json
import socket

import pytest
import requests
import socketio
import websocket
from hub_helpers import HubProcess

POLLING = "/socket.io/?transport=polling&EIO=4"
SOCKET = "/socket.io/?transport=websocket&EIO=4"
WAYS = ["/v2/listProjects", "/_hub/status", "/_hub/health", "/files/a/b", POLLING]
FORWARDING = [
    "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
    "X-Forwarded-Port", "X-Real-IP", "CF-Connecting-IP",
]  # fmt: skip
UPGRADE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}  # fmt: skip


def ask(hub, method, path, headers, body=None):
    """Status, JSON body and headers of an answer to exactly these headers."""
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=20)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"apikey": hub.key, **headers}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, text, answer.headers


def own(hub, **more):
    return {"Host": f"127.0.0.1:{hub.port}", **more}


@pytest.mark.parametrize("path", WAYS)
def test_another_name_and_another_page_are_refused_on_every_way(hub, path):
    good, text, _ = ask(hub, "GET", path, own(hub))
    assert good in (200, 403) and b"of this hub" not in text
    for host in ("evil.example", f"evil.example:{hub.port}", "127.0.0.1", "127.0.0.1:1", "",
                 f"127.0.0.1.evil.example:{hub.port}", f"127.0.0.1:{hub.port}@evil"):  # fmt: skip
        status, text, _ = ask(hub, "GET", path, {"Host": host})
        message = json.loads(text)["message"]
        assert status == 403 and "no name of this hub" in message and "SWITCHYARD_HOSTS" in message
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://localhost:8501",
                   f"ftp://127.0.0.1:{hub.port}", f"http://evil.example:{hub.port}"):  # fmt: skip
        status, text, answered = ask(hub, "GET", path, own(hub, Origin=origin))
        assert status == 403 and "only pages of this hub may" in json.loads(text)["message"]
        assert "access-control-allow-origin" not in answered
    for site in ("cross-site", "same-site"):
        fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
        assert ask(hub, "GET", path, own(hub, **fetched))[0] == 403
        framed = {**fetched, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
        assert ask(hub, "GET", path, own(hub, **framed))[0] == 403
    for name in ("127.0.0.1", "localhost", "[::1]", "LOCALHOST"):
        place = f"{name}:{hub.port}"
        named = {"Host": place, "Origin": f"http://{place}"}
        assert ask(hub, "GET", path, named)[0] == good


@pytest.mark.parametrize("path", [*WAYS, SOCKET])
@pytest.mark.parametrize("name", FORWARDING)
def test_what_comes_through_a_proxy_is_refused_on_every_way(hub, path, name):
    more = UPGRADE if path == SOCKET else {}
    status, text, _ = ask(hub, "GET", path, own(hub, **{name: "for=1.2.3.4", **more}))
    assert status == 403
    if path != SOCKET:
        message = json.loads(text)["message"]
        assert name.title() in message and "sign-in" in message and "SWITCHYARD_HOSTS" in message


def test_a_websocket_opens_for_the_sdk_and_for_no_page(hub):
    url = f"ws://127.0.0.1:{hub.port}{SOCKET}"
    for more in (
        {"origin": "https://evil.example"},
        {"host": f"evil.example:{hub.port}"},
        {"origin": f"http://evil.example:{hub.port}", "host": f"evil.example:{hub.port}"},
        {"header": ["X-Forwarded-For: 1.2.3.4"]},
        {"header": ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: websocket"]},
    ):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            websocket.create_connection(url, timeout=20, **more)
        assert refused.value.status_code == 403
    open_socket = websocket.create_connection(url, timeout=20)  # with an Origin made of the host
    assert open_socket.recv().startswith("0{")
    open_socket.close()
    for transport in ("polling", "websocket"):
        client = socketio.Client()
        client.connect(hub.url, transports=[transport], namespaces=["/plugin"])
        assert client.transport() == transport
        client.eio.disconnect(abort=True)  # a poll that is under way would be waited for
    assert hub.sdk().list_projects()["data"]["total"] >= 1


@pytest.mark.parametrize(
    "target", ["http://evil.example/v2/listProjects", "/v2/../_hub/status", "/v2/./x", "*",
               "/v2/project/a/%2e%2e/b", "/v2/project/a/..%5Cb"],
)  # fmt: skip
def test_a_path_that_could_mean_another_is_refused(hub, target):
    assert ask(hub, "GET", target, own(hub))[0] == 400


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/swagger.json", "/"])
def test_there_are_no_open_documents_of_the_api(hub, path):
    assert requests.get(hub.url + path, timeout=20).status_code == 401
    answer = hub.ask("GET", path)
    assert answer.status_code in (404, 501) and answer.json()["status"] == "fail"
    assert "paths" not in answer.text and "<html" not in answer.text.lower()


def too_much(hub, path, chunked, most):
    """What comes back until the hub closes the line, when a body begins that is too large."""
    with socket.create_connection(("127.0.0.1", hub.port), 20) as line:
        size = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {most + 1}"
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{hub.port}\r\napikey: {hub.key}\r\n"
        line.sendall(f"{head}{size}\r\n\r\n".encode())
        for piece in (b"x" * 2**16,) * (most // 2**16) + (b"x",) if chunked else ():
            line.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        answer = b""
        while some := line.recv(65_536):  # its end is the line's: what else is sent is not read
            answer += some
        return answer


@pytest.mark.parametrize(
    ("path", "mib"),
    [("/v2/import/labels", 512), ("/_hub/faults", 1), (POLLING, 64), ("/files/a/b", 2_048),
     ("/anything", 512)],
)  # fmt: skip
def test_a_body_that_is_too_large_is_not_read(hub, path, mib):
    answer = too_much(hub, path, False, mib * 2**20)
    assert answer.startswith(b"HTTP/1.1 413 ") and b"connection: close" in answer.lower()
    assert f"larger than {mib:,} MiB. Send it in parts.".encode() in answer


def test_a_body_of_unknown_size_is_read_up_to_the_limit(hub):
    answer = too_much(hub, "/_hub/faults", True, 2**20)
    assert answer.startswith(b"HTTP/1.1 413 ") and b"larger than 1 MiB" in answer
    assert hub.admin("GET", "status")["faults"] == []


def test_a_message_of_a_websocket_that_is_too_large_ends_it(hub):
    url = f"ws://127.0.0.1:{hub.port}{SOCKET}"
    plain = websocket.create_connection(url, timeout=60)
    plain.recv()
    plain.send("40/plugin,")
    assert plain.recv().startswith("40/plugin,")
    with pytest.raises((OSError, websocket.WebSocketException)):
        plain.send("4" + "x" * (65 * 2**20))
        while True:  # a close frame, or the connection is gone
            opcode, _ = plain.recv_data()
            assert opcode == websocket.ABNF.OPCODE_CLOSE
    assert hub.ask("GET", "/v2/listProjects").status_code == 200
    squeezed = websocket.create_connection(
        url, timeout=20, header=["Sec-WebSocket-Extensions: permessage-deflate"]
    )
    assert "sec-websocket-extensions" not in squeezed.getheaders()
    squeezed.close()


def test_an_upload_is_never_a_page_of_the_hub(hub):
    project = hub.projects[0]["_id"]
    link = hub.ask("GET", f"/v2/getUploadUrl?name=x.html&project={project}&type=assets").json()
    upload = link["data"]["uploadUrl"]
    assert requests.put(upload, b"<script>alert(1)</script>", timeout=20).status_code == 200
    signed = hub.ask("GET", f"/v2/getSignedUrl?name={upload}").json()["data"]["signedUrl"]
    answer = requests.get(signed, timeout=20)
    assert answer.content.startswith(b"<script>")
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_a_hub_that_others_could_reach_does_not_start(tmp_path, host):
    with pytest.raises(AssertionError) as refused:
        HubProcess(tmp_path, "--host", host).start()
    assert f"--host: {host} can be reached from other machines" in str(refused.value)
    assert "127.0.0.1" in str(refused.value) and str(refused.value).count("\n") == 1
