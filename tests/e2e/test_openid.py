"""Signing in by OpenID Connect: a real provider, server and browser, and what can be wrong."""

import os
import subprocess
import sys
import time

import pytest
from access.world import WORD
from browser_helpers import ROOT, free_port, wait_until_ready
from openid_provider import CLIENT, CLIENT_SECRET, OpenIdProvider
from playwright.sync_api import expect
from waiting import wait_until

from core.access.acting import SYSTEM, acting_as
from core.access.roles import Role
from core.accounts.accounts import Accounts
from core.settings import read_settings
from core.store import audit
from core.store.hub import open_hub

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECRETS = """
[auth]
redirect_uri = "{base}/oauth2callback"
cookie_secret = "{cookie}"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def provider():
    with OpenIdProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def dashboard(provider, tmp_path_factory):
    """A dashboard whose people sign in at the provider: its address and its data folder."""
    data, port = tmp_path_factory.mktemp("openid"), free_port()
    base, secrets = f"http://127.0.0.1:{port}", data / "secrets.toml"
    secrets.write_text(
        SECRETS.format(
            base=base, cookie="c" * 40, client=CLIENT, secret=CLIENT_SECRET, provider=provider.url
        )
    )
    words = [sys.executable, "-m", "pages._ui.serve", "--server.port", str(port)]
    with (data / "log").open("w") as log:
        process = subprocess.Popen(
            [*words, "--secrets.files", str(secrets), "--server.address", "127.0.0.1"],
            cwd=ROOT,
            env={
                **os.environ,
                "SWITCHYARD_DATA": str(data),
                "SWITCHYARD_SIGN_IN": "oidc",
                "NO_PROXY": "127.0.0.1,localhost",
            },
            stdout=log,
            stderr=log,
        )
    wait_until_ready(base, process)
    yield base, data
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def accounts(dashboard):
    return Accounts(open_hub(read_settings({"SWITCHYARD_DATA": str(dashboard[1])}).database))


@pytest.fixture
def browser_page(chromium):
    """A page of a fresh browser, which may go to the provider and back."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(40_000)
    yield page
    context.close()


@pytest.fixture(autouse=True)
def right_again(provider):
    provider.wrong, provider.callbacks = "", []
    provider.claims = {
        "email": "ada@example.com", "email_verified": True, "switchyard_role": "operator",
    }  # fmt: skip


def go_in(page, base, path=""):
    page.goto(base + path)
    page.get_by_role("button", name="Sign in with OpenID Connect").click()


def refused(page, words):
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert not cookies_of(page)


def cookies_of(page):
    return [one for one in page.context.cookies() if "user" in one["name"]]


def signed_in(accounts):
    with accounts._store.read() as tx:
        return [entry.person for entry in audit.entries(tx, action="sign in")]


def test_whoever_the_provider_vouches_for_is_let_in_with_the_role_of_the_claim(
    dashboard, browser_page, accounts
):
    go_in(browser_page, dashboard[0])
    expect(browser_page.get_by_text("ada@example.com, operator")).to_be_visible()
    expect(browser_page.locator("a[href^='mailto:']")).to_have_count(0)
    account = accounts.get("ada@example.com")
    assert (account.role, account.has_password, account.from_provider) == (
        Role.OPERATOR,
        False,
        True,
    )
    before = signed_in(accounts)
    assert before[0] == "ada@example.com"
    browser_page.get_by_role("button", name="Sign out").click()
    wait_until(lambda: not cookies_of(browser_page), 40)
    again = browser_page.context.new_page()  # this one is on its way back from signing out
    again.goto(dashboard[0])
    expect(again.get_by_role("heading", name="Sign in")).to_be_visible()
    assert signed_in(accounts) == before  # the page that is left signs nobody in again


def test_an_account_of_the_same_address_says_the_role(dashboard, browser_page, accounts, provider):
    with acting_as(SYSTEM):
        accounts.add("boss@example.com", Role.ADMIN, None)
        accounts.add("vera@example.com", Role.VIEWER, None)
    provider.claims |= {"email": "Vera@example.com", "switchyard_role": "admin"}
    go_in(browser_page, dashboard[0])
    expect(browser_page.get_by_text("vera@example.com, viewer")).to_be_visible()


WRONG = "could not be believed"


@pytest.mark.parametrize("wrong", ["issuer", "audience", "expired", "signature", "nonce", "denied"])
def test_a_wrong_word_opens_nothing_and_is_one_sentence(
    dashboard, browser_page, accounts, provider, wrong
):
    if wrong == "nonce":  # a token of an earlier sign-in
        provider.first_nonce = "that of another sign-in"
    before = signed_in(accounts)
    provider.claims["email"] = "mallory@example.com"
    provider.wrong = wrong
    go_in(browser_page, dashboard[0])
    refused(browser_page, WRONG)
    assert signed_in(accounts) == before
    assert "mallory@example.com" not in [account.name for account in accounts.list()]
    log = (dashboard[1] / "log").read_text()
    assert "Uncaught exception" not in log and "code=" not in log
    provider.wrong = ""
    browser_page.get_by_role("button", name="Sign in with OpenID Connect").click()
    expect(browser_page.get_by_text("mallory@example.com, operator")).to_be_visible()
    with acting_as(SYSTEM):
        accounts.delete("mallory@example.com")


def test_a_sign_in_is_good_once_and_in_the_browser_that_began_it(
    dashboard, browser_page, accounts, provider, chromium
):
    go_in(browser_page, dashboard[0])
    expect(browser_page.get_by_text("ada@example.com, operator")).to_be_visible()
    before = signed_in(accounts)
    for page in (chromium.new_context().new_page(), browser_page):
        if page is browser_page:
            page.context.clear_cookies()
        page.goto(provider.callbacks[0])
        refused(page, "was used already")
    assert signed_in(accounts) == before


def test_a_sign_in_that_another_browser_began_is_not_finished_here(
    dashboard, browser_page, accounts, provider, chromium
):
    other = chromium.new_context().new_page()
    provider.wrong = "held"
    before = signed_in(accounts)
    go_in(other, dashboard[0])
    other.wait_for_url(f"{provider.url}/**")
    browser_page.goto(provider.callbacks[0])
    refused(browser_page, "was used already")
    assert signed_in(accounts) == before


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email_verified": False}, "names no verified email"),
        ({"email": None}, "names no verified email"),
        ({"email": "emil@example.com", "switchyard_role": "king"}, "has no account here"),
    ],
)
def test_who_is_not_named_or_has_no_role_is_not_let_in(
    dashboard, browser_page, accounts, provider, claims, words
):
    before = [account.name for account in accounts.list()]
    provider.claims |= claims
    go_in(browser_page, dashboard[0])
    expect(browser_page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    assert [account.name for account in accounts.list()] == before


def test_a_deleted_account_ends_a_session_that_goes_on(dashboard, browser_page, accounts, provider):
    provider.claims["email"] = "gone@example.com"
    go_in(browser_page, dashboard[0])
    expect(browser_page.get_by_text("gone@example.com, operator")).to_be_visible()
    with acting_as(SYSTEM):
        accounts.delete("gone@example.com")
    browser_page.get_by_role("link", name="Tasks").click()
    expect(browser_page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_admin_with_a_password_gets_in_while_the_provider_is_away(
    dashboard, browser_page, accounts
):
    with acting_as(SYSTEM):
        accounts.add(f"root {time.time_ns()}", Role.ADMIN, WORD)
    name = next(account.name for account in accounts.list() if account.has_password)
    browser_page.goto(dashboard[0] + "/audit")
    browser_page.get_by_role("textbox", name="Name").fill(name)
    browser_page.get_by_role("textbox", name="Password").fill(WORD)
    browser_page.get_by_role("button", name="Sign in", exact=True).click()
    expect(browser_page.get_by_text(f"{name}, admin")).to_be_visible()
    expect(browser_page.get_by_role("heading", name="Audit")).to_be_visible()
