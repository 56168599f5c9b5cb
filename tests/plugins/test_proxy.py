"""A plugin elsewhere: the SDK as it is, to the hub behind nginx, over TLS."""

import pytest
import requests
from conftest import DATA
from hub_helpers import ENVIRONMENT, PROJECT, HubProcess
from nginx_server import CERTIFICATE, HUB, NginxServer


class ProxiedHub(HubProcess):
    """A hub with people who sign in, which may be called by the name of its proxy."""

    def __init__(self, *words, **how):
        super().__init__(*words, **how)
        self.more = {"SWITCHYARD_SIGN_IN": "accounts", "SWITCHYARD_HOSTS": f"{HUB},127.0.0.1"}


@pytest.fixture(scope="module")
def far(make_bench, tmp_path_factory):
    """A hub and its plugin, with nginx between them."""
    bench = make_bench(kind=ProxiedHub)
    with NginxServer(tmp_path_factory.mktemp("nginx"), hub=bench.hub.port) as proxy:
        bench.proxy, bench.url = proxy, f"https://127.0.0.1:{proxy.hub_port}"
        yield bench


def asked(far, path, **headers):
    return requests.get(
        far.url + path, headers={"Host": HUB, **headers}, verify=str(CERTIFICATE), timeout=20
    )


def test_a_plugin_works_through_the_proxy(far, monkeypatch, until):
    for name in ("REQUESTS_CA_BUNDLE", "WEBSOCKET_CLIENT_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setitem(ENVIRONMENT, name, str(CERTIFICATE))
    made = far.registry.add("Far", ["Car"])
    process = far.launch(made.plugin.id, made.secret, host=far.url)
    until(lambda: far.is_live(made.plugin.id), 30)
    run = far.run(made.plugin.id, {"do": "simple"}, 30)
    assert (run.state, run.labelled > 0) == ("succeeded", True)
    run = far.run(made.plugin.id, {"do": "lines", "count": 2_000}, 60)
    assert far.said(run.session, limit=5_000) == [f"line {n}" for n in range(2_000)]
    process.terminate()
    process.wait(10)
    until(lambda: '"GET /socket.io/"' in far.proxy.log)
    assert made.secret.reveal() not in far.proxy.log


def test_links_lead_back_through_the_proxy_and_their_signatures_are_in_no_log(far, until):
    asking = f"/v2/getUploadUrl?name=x.png&project={PROJECT}&type=assets"
    link = asked(far, asking, apikey=far.hub.key).json()["data"]["uploadUrl"]
    assert link.startswith(f"https://{HUB}/files/")
    path = link.removeprefix(f"https://{HUB}")
    sent = requests.put(
        far.url + path,
        (DATA / "export.zip").read_bytes(),
        headers={"Host": HUB},
        verify=str(CERTIFICATE),
        timeout=20,
    )
    assert sent.status_code == 200
    until(lambda: path.split("?")[0] in far.proxy.log)
    assert path.split("signature=")[1] not in far.proxy.log


def test_what_is_this_machines_alone_stays_so(far):
    assert asked(far, "/_hub/status", apikey=far.hub.key).status_code == 404
    answer = far.hub.ask("GET", "/_hub/status")
    assert answer.status_code == 200
    brought = {"apikey": far.hub.key, "X-Forwarded-For": "192.0.2.7"}
    answer = far.hub.ask("GET", "/_hub/status", headers=brought)
    assert answer.status_code == 403 and "on this machine only" in answer.text
