"""A real browser on a page of somebody else reaches neither dashboard nor hub."""

import http.server
import threading

import pytest
from browser_helpers import FLAGS, chromium_path
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
REBOUND = "evil.example"
TRY = """
async ([dashboard, hub]) => {
  const socket = (url) => new Promise((tell) => {
    const opened = new WebSocket(url);
    opened.onopen = () => tell(`${url} opened`);
    opened.onerror = () => tell("refused");
  });
  const ask = (url, more) => fetch(url, more).then((a) => `${url} ${a.type}`, () => "refused");
  const image = (url) => new Promise((tell) => {
    const shown = new Image();
    shown.onload = () => tell(`${url} shown`);
    shown.onerror = () => tell("refused");
    shown.src = url;
  });
  const ws = (url) => url.replace("http", "ws");
  return Promise.all([
    socket(`${ws(dashboard)}/_stcore/stream`),
    socket(`${ws(hub)}/socket.io/?transport=websocket&EIO=4`),
    ask(`${dashboard}/_stcore/health`), ask(`${hub}/_hub/health`),
    ask(`${hub}/socket.io/?transport=polling&EIO=4`),
    ask(`${hub}/_hub/faults`, {method: "POST", body: "{}"}),
    image(`${dashboard}/favicon.png`),
  ]);
}
"""


@pytest.fixture(scope="module")
def browser(chromium):
    """One for which a name of the network leads to this machine, as an attacker's DNS says."""
    rule = f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1"
    other = chromium.browser_type.launch(executable_path=chromium_path(), args=[*FLAGS, rule])
    yield other
    other.close()


@pytest.fixture(scope="module")
def foreign():
    """A page of another server of this machine, which is the nearest that a foreign page can be."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Elsewhere</title>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", REBOUND])
def test_a_foreign_page_reaches_nothing(browser, serve, hub, foreign, name, until):
    page = browser.new_page()
    urls, answers = {}, {}
    wire = page.context.new_cdp_session(page)  # also sees what the browser keeps from the page
    wire.on(
        "Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]})
    )
    wire.on(
        "Network.responseReceivedExtraInfo",
        lambda e: answers.update({e["requestId"]: e["statusCode"]}),
    )
    wire.send("Network.enable")
    page.goto(f"http://{name}:{foreign}/")
    expect(page).to_have_title("Elsewhere")
    dashboard = serve()
    assert set(page.evaluate(TRY, [dashboard, hub.url])) == {"refused"}

    def there():
        page.wait_for_timeout(50)  # for what the browser tells
        return {urls[n]: code for n, code in answers.items()
                if urls.get(n, "").startswith((dashboard, hub.url))}  # fmt: skip

    until(lambda: len(there()) == 5)
    assert set(there().values()) == {403}, there()
    page.set_content(f'<iframe src="{dashboard}/rules"></iframe>')
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("only pages of this dashboard may")).to_be_visible()
    page.close()


def test_a_name_that_was_made_to_lead_here_gets_one_sentence(browser, serve, hub):
    page = browser.new_page()
    for server, url in (("dashboard", serve()), ("hub", hub.url)):
        answer = page.goto(url.replace("127.0.0.1", REBOUND))
        assert answer.status == 403 and f"no name of this {server}" in answer.text()
    page.close()


def test_a_link_on_a_foreign_page_opens_the_dashboard(browser, serve, foreign):
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{foreign}/")
    page.set_content(f'<a href="{serve()}/rules">Rules</a>')
    page.get_by_role("link", name="Rules").click()
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()
    page.close()
