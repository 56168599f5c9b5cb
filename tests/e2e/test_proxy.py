"""The dashboard behind nginx, under a name and TLS, as `docs/nginx.conf` sets it up."""

import http.client
import os
import ssl
import subprocess
import sys

import pytest
import websocket
from access.world import WORD
from browser_helpers import (
    FLAGS,
    ROOT,
    chromium_path,
    free_port,
    go_to,
    open_export,
    settled,
    wait_until_ready,
)
from conftest import DATA
from nginx_server import DASHBOARD, NginxServer
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PERSON = "ada@example.com"


def served(folder, **environment):
    """A dashboard as a process, and its port."""
    port = free_port()
    own = {n: v for n, v in os.environ.items() if not n.startswith(("SWITCHYARD", "STREAMLIT"))}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pages._ui.serve", "--server.port", str(port)],
            cwd=ROOT,
            env={**own, "SWITCHYARD_DATA": str(folder / "data"), **environment},
            stdout=log,
            stderr=log,
        )
    wait_until_ready(f"http://127.0.0.1:{port}", process)
    return process, port


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """A dashboard with an account, behind nginx."""
    folder = tmp_path_factory.mktemp("proxied")
    words = ["user", "add", PERSON, "--role", "admin", "--data", str(folder / "data")]
    added = subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=ROOT,
        env={**os.environ, "SWITCHYARD_NEW_PASSWORD": WORD},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert added.returncode == 0, added.stderr
    process, port = served(folder, SWITCHYARD_SIGN_IN="accounts", SWITCHYARD_HOSTS=DASHBOARD)
    (folder / "nginx").mkdir()
    with NginxServer(folder / "nginx", port) as proxy:
        proxy.behind = port
        yield proxy
    process.terminate()
    process.wait(20)


@pytest.fixture
def far_page(chromium, proxied):
    """A page of a browser that finds the name at the proxy, and nothing else anywhere."""
    rules = f"MAP {DASHBOARD}:443 127.0.0.1:{proxied.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    browser = chromium.browser_type.launch(
        executable_path=chromium_path(), args=[*FLAGS, f"--host-resolver-rules={rules}"]
    )
    page = browser.new_context(ignore_https_errors=True).new_page()
    page.set_viewport_size({"width": 1440, "height": 1000})
    yield page
    browser.close()


def asked(proxy, path="/", method="GET", **headers):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection("127.0.0.1", proxy.port, timeout=20, context=context)
    line.putrequest(method, path, skip_host=True)
    for name, value in {"Host": DASHBOARD, **headers}.items():
        line.putheader(name.replace("_", "-"), value)
    line.endheaders()
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text


def test_somebody_signs_in_through_the_proxy_opens_a_large_file_and_sees_rules(
    far_page, proxied, tmp_path
):
    padded = tmp_path / "project.json"  # more than nginx takes where nobody says how much
    padded.write_text((DATA / "project.json").read_text() + " " * 2 * 2**20)
    far_page.goto(f"https://{DASHBOARD}/")
    far_page.get_by_role("textbox", name="Name").fill(PERSON)
    far_page.get_by_role("textbox", name="Password").fill(WORD)
    far_page.get_by_role("button", name="Sign in", exact=True).click()
    expect(far_page.get_by_text(f"{PERSON}, admin")).to_be_visible()
    settled(far_page)
    open_export(far_page, DATA / "export.zip", padded)
    go_to(far_page, "Rules")
    expect(far_page.get_by_role("button", name="Move rule 2 up", exact=True)).to_be_visible()


def test_the_stream_of_another_sites_page_is_refused_through_the_proxy(proxied):
    upgrade = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    for origin in ("https://evil.example", f"https://{DASHBOARD}.evil.example", "null"):
        status, text = asked(proxied, "/_stcore/stream", Origin=origin, **upgrade)
        assert status == 403 and "only pages of this dashboard may" in text
    status, text = asked(proxied, Host="other.example.com")
    assert status == 403 and "no name of this dashboard" in text


def test_our_door_alone_decides_and_asks_nobody_else(proxied):
    """Of a proxy that leaves the name out: Streamlit would ask the internet who it is."""
    url = f"ws://127.0.0.1:{proxied.behind}/_stcore/stream"
    websocket.create_connection(url, timeout=20, origin=f"https://{DASHBOARD}").close()
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(url, timeout=20, origin="https://other.example.com")
    assert refused.value.status_code == 403


def test_a_body_that_is_too_large_gets_the_dashboards_own_sentence(proxied):
    for size in (300 * 2**20 + 1, 301 * 2**20):
        path = "/_stcore/upload_file/a/b"
        status, text = asked(proxied, path, "PUT", Content_Length=str(size))
        assert status == 413 and "larger than 300 MiB" in text
    status, text = asked(proxied, path, "PUT", Content_Length=str(301 * 2**20 + 1))
    assert status == 413 and "nginx" in text


def test_what_stands_behind_the_path_is_in_no_log(proxied, until):
    assert asked(proxied, "/oauth2callback?code=canary-of-a-code")[0] != 403
    until(lambda: "/oauth2callback" in proxied.log)
    assert "canary" not in proxied.log


@pytest.mark.parametrize("environment", [{}, {"SWITCHYARD_HOSTS": DASHBOARD}], ids=["no", "hosts"])
def test_without_sign_in_the_same_request_gets_the_sentence(tmp_path, environment):
    process, port = served(tmp_path, **environment)
    try:
        with NginxServer(tmp_path, port) as proxy:
            for path in ("/", "/rules", "/_stcore/stream", "/_stcore/health"):
                status, text = asked(proxy, path)
                assert status == 403 and text.count("\n") == 1
                assert "came through a proxy" in text and "SWITCHYARD_SIGN_IN" in text
    finally:
        process.terminate()
        process.wait(20)
