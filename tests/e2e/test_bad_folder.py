"""What a dashboard shows whose data folder is in a bad state: one sentence, on every page."""

import pytest
from playwright.sync_api import expect

from core.store.hub import LogLine, open_hub

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_a_database_that_has_lost_its_end_is_said_where_a_page_would_be(
    serve, chromium_page, tmp_path
):
    file = tmp_path / "switchyard.db"
    store = open_hub(f"sqlite:///{file}")
    store.say([LogLine("s", "INFO", "x" * 200) for _ in range(500)])
    store.close()
    whole = file.read_bytes()
    file.write_bytes(whole[:4_096])
    base = serve(data=tmp_path)
    for page in ("", "/rules", "/runs"):
        chromium_page.goto(f"{base}{page}")
        expect(chromium_page.get_by_text("cannot be read as a database").first).to_be_visible()
        expect(chromium_page.get_by_text("python -m core restore").first).to_be_visible()
        expect(chromium_page.get_by_text("Traceback")).to_have_count(0)
    assert file.read_bytes() == whole[:4_096]
    file.write_bytes(whole)  # put back: the next visitor gets the page
    chromium_page.goto(base)
    expect(chromium_page.get_by_role("heading").first).to_be_visible()
    expect(chromium_page.get_by_text("cannot be read as a database")).to_have_count(0)
