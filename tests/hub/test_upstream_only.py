"""The hub asks one upstream host and no other, whatever a call, its path or an answer says."""

import http.client
import re
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from conftest import DATA
from hub_helpers import ROOT

from core.errors import GatewayError, InputError
from core.gateway.connect import connect
from core.hub.call import Refused
from core.hub.upstream import Upstream, read_upstream
from core.secret import Secret
from core.settings import read_settings

KEY = "k" * 40
ANSWER = b'{"status": "success", "data": {}}'


class Recorder:
    """A server that writes down what is asked; under TLS when it gets a certificate."""

    def __init__(self, location=None, certificate=None):
        self.asked = asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append((self.path, self.headers.get("Host"), self.headers.get("apikey")))
                self.send_response(302 if location and "moved" in self.path else 200)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", str(len(ANSWER)))
                self.end_headers()
                self.wfile.write(ANSWER)

            do_POST = do_PUT = do_DELETE = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        scheme = "https" if certificate else "http"
        self.place = f"127.0.0.1:{self.server.server_port}"
        self.url = f"{scheme}://{self.place}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def elsewhere():
    return Recorder()


@pytest.fixture(scope="module")
def upstream(elsewhere):
    return Recorder(f"{elsewhere.url}/v2/project/far/caught")


@pytest.fixture(scope="module")
def near(make_hub, upstream):
    hub = make_hub("--upstream", upstream.url, sample=False)
    hub.admin("POST", "projects", {"_id": "far", "name": "Far"})
    hub.admin("POST", "upstream-key", {"key": KEY})
    return hub


def raw(hub, target):
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=20)
    connection.request("GET", target, headers={"apikey": hub.key})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_no_path_leads_to_another_host_or_another_project(near, upstream, elsewhere):
    place = elsewhere.place
    targets = [
        f"//{place}/v2/project/far", f"/\\{place}/v2/project/far", f"http://{place}/v2/project/far",
        f"@{place}/v2/project/far", f"/v2/project/far/../other?x=@{place}",
        "/v2/project/far/%2e%2e/other", "/v2/project/far/..%2fother", "/v2/project/far/.%5cx",
        f"/v2/project/far/tasks?project=far&host={place}", "/v2/project/far/a%3Fproject=other",
        "/v2/project/far/a%23b", "/v2/project/far/%0d%0aHost:%20x",
        f"/v2/project/far/http:%2f%2f{place}",
    ]  # fmt: skip
    for target in targets:
        assert raw(near, target) in (200, 400, 401, 403, 404, 501)
    assert elsewhere.asked == []
    paths = [path.partition("?")[0] for path, _, _ in upstream.asked]
    assert paths and all(re.fullmatch(r"/v2/project/far(/[^?#\\]*)?", path) for path in paths)
    assert not any("/../" in path or path.endswith("/..") for path in paths)
    assert "/v2/project/far/a%3Fproject=other" in paths and "/v2/project/far/a%23b" in paths
    assert {host for _, host, _ in upstream.asked} == {upstream.place}
    assert {key for _, _, key in upstream.asked} == {KEY}


def test_an_answer_that_sends_elsewhere_is_not_followed(near, elsewhere):
    answer = near.ask("GET", "/v2/project/far/moved")
    assert answer.status_code == 502 and "another address" in answer.json()["message"]
    assert elsewhere.asked == []


@pytest.mark.parametrize("path", ["x", "@evil.example/v2", "http:/evil.example", "/a/../b", ""])
def test_the_upstream_itself_refuses_what_is_no_path(upstream, path):
    one = Upstream(upstream.url)
    one.take_key("ada", Secret(KEY))
    before = len(upstream.asked)
    with pytest.raises(Refused, match="no path"):
        one.send("ada", "GET", path, "", b"", "")
    assert len(upstream.asked) == before


@pytest.mark.parametrize(
    "url", ["http://hub.example.com", "https://u:p@hub.example.com", "https://:p@hub.example.com",
            "ftp://hub.example.com", "https://hub.example.com/x", "https://", "hub.example.com"],
)  # fmt: skip
def test_an_upstream_is_one_host_over_tls(url):
    with pytest.raises(InputError, match="--upstream"):
        read_upstream(url)
    assert read_upstream("https://hub.example.com/") == "https://hub.example.com"
    assert read_upstream("http://127.0.0.1:8600") == "http://127.0.0.1:8600"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    far = Recorder(certificate=DATA / "self-signed.pem")
    one = Upstream(far.url)
    one.take_key("ada", Secret(KEY))
    with pytest.raises(Refused, match="SSLError"):
        one.send("ada", "GET", "/v2/listProjects", "", b"", "")
    settings = read_settings({"SWITCHYARD_DATA": str(tmp_path)})
    with pytest.raises(GatewayError):
        connect(far.url, Secret(KEY), settings).list_projects()
    assert far.asked == []


def test_nothing_turns_the_check_of_certificates_off():
    off = re.compile(
        r"verify\s*=\s*(False|0|None)|CERT_NONE|_create_unverified|check_hostname\s*=\s*False"
        r"|disable_warnings|InsecureRequestWarning|--insecure|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE"
    )
    files = [*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    assert len(files) > 200
    assert [f.name for f in files if off.search(f.read_text(encoding="utf-8"))] == []
    for text in ("verify=False", "verify = False", "ssl.CERT_NONE", "check_hostname = False"):
        assert off.search(text)


def test_secrets_are_compared_in_constant_time():
    """Texts that hold a secret, or what proves one, are never compared by `==`."""
    compared = re.compile(
        r"\.reveal\(\)\s*[!=]=|[!=]=\s*[\w.]+\.reveal\(\)"
        r"|\b(secret_hash|signature|_hash\([^)]*\)|_mark\([^)]*\))\s*[!=]=\s"
        r"|[!=]=\s*(\w+\.)?(secret_hash|signature|password)\b"
    )
    offences = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "core").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if compared.search(line)
    ]
    # the hash of a run's key is looked up by the database: what it tells is of the hash
    assert offences == []
    for text in ("other.reveal() == self.__value", "a == row.secret_hash", "x != b.reveal()"):
        assert compared.search(text)
