"""In a real browser: what stands on the primary colour can be read, light and dark."""

import pytest
from browser_helpers import settled

pytestmark = pytest.mark.browser

LEAST = 4.5  # WCAG 2.1, 1.4.3, for text of this size
CONTRASTS = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).slice(0, 3).map((part) => part / 255)
      .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    const color = getComputedStyle(node).backgroundColor;
    return (channels(color)[3] ?? 1) === 1 ? color : behind(node.parentElement);
  };
  const found = {};
  for (const [name, selector] of Object.entries({
    chip: "[data-baseweb=tag] span", button: "[data-testid=stBaseButton-primary] p",
    tab: "[role=tab][aria-selected=true] p",
  })) {
    found[name] = [...document.querySelectorAll(selector)].map((node) => {
      const both = [light(getComputedStyle(node).color), light(behind(node))].sort((a, b) => a - b);
      return (both[1] + 0.05) / (both[0] + 0.05);
    });
  }
  return found;
}"""


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_stands_on_the_primary_colour_can_be_read(chromium_page, serve, mode):
    page = chromium_page
    page.emulate_media(color_scheme=mode)
    page.goto(f"{serve()}/rules?batch=2026-09-23+night+watch")
    settled(page)
    page.get_by_role("tab", name="JSON").click()  # a primary button stands there
    page.wait_for_selector("[data-testid=stBaseButton-primary]", state="attached")
    page.wait_for_selector("[data-baseweb=tag]", state="attached")
    for _ in range(40):  # styles arrive after what they paint
        found = page.evaluate(CONTRASTS)
        if all(found.values()) and min(map(min, found.values())) >= LEAST:
            break
        page.wait_for_timeout(250)
    assert all(found.values())
    assert min(min(several) for several in found.values()) >= LEAST, found
