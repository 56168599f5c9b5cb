"""Two dashboards, each with a data folder of its own, over one PostgreSQL; and that one away."""

import pytest
from playwright.sync_api import expect

from core.plugin_runs.model import RunRequest
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.runs import Runs

pytestmark = pytest.mark.browser


@pytest.fixture
def dashboards(serve, make_database, tmp_path, let_go):
    url = make_database("postgresql")
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    return url, [serve(data=folder, database=url) for folder in folders], folders[0]


@pytest.mark.slow
def test_what_one_dashboard_does_another_shows_and_both_wait_for_the_server(
    chromium_page, chromium, dashboards, postgres
):
    url, (one, two), folder = dashboards
    page, context = chromium_page, chromium.new_context()
    other = context.new_page()
    page.goto(f"{one}/rules")
    page.get_by_role("button", name="Duplicate rule 1", exact=True).click()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    draft = page.url.partition("draft=")[2].partition("&")[0]
    other.goto(f"{two}/rules?draft={draft}")  # the draft of one, by its link
    expect(other.get_by_role("button", name="Undo")).to_be_enabled()

    store = open_hub(url)
    plugin = Registry(store, folder).add("Detector", ["Car"]).plugin.id
    run = Runs(store).start(RunRequest(plugin, "p"))
    its_page = f"/run?run={run.session}"
    other.goto(f"{two}{its_page}")
    expect(other.get_by_text("Detector").first).to_be_visible()

    postgres.stop()
    expect(other.get_by_text("does not answer").first).to_be_visible()
    page.locator(".rules .card").first.hover()
    page.get_by_role("button", name="Remove rule 1", exact=True).click()
    expect(page.get_by_text("does not answer").first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
    late = chromium_page.context.new_page()
    late.goto(f"{one}{its_page}")
    expect(late.get_by_text("does not answer").first).to_be_visible()

    postgres.start()
    for shown in (page, other, late):
        expect(shown.get_by_text("does not answer")).to_have_count(0)
    expect(late.get_by_text("Detector").first).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    page.locator(".rules .card").first.hover()
    page.get_by_role("button", name="Remove rule 1", exact=True).click()
    Runs(store).cancel(run.session)
    expect(other.get_by_text("cancelled before it was sent").first).to_be_visible()
    context.close()
