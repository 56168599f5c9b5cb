"""Takes a picture of every page, light and dark, at three widths: `make screens`.

They are written to `screens/`, which is not committed, and are there to be looked at.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from browser_helpers import FLAGS, chromium_path, free_port, settled, wait_until_ready
from playwright.sync_api import sync_playwright

from pages._ui.nav import PAGES, address

ROOT = Path(__file__).parents[1]
SIZES = ((1280, 800), (1920, 1080), (400, 800))
MODES = ("light", "dark")


def take(page, base, folder, names):
    """Pictures of the pages of these addresses, in the browser page's own size and mode."""
    for entry in PAGES:
        if names and entry.title.lower() not in names:
            continue
        page.goto(f"{base}/{address(entry)}")
        settled(page)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{entry.title.lower().replace(' ', '-')}.png")


def main(names):
    """Serve a fresh data folder and take the pictures; names of pages narrow it."""
    port, data = free_port(), tempfile.mkdtemp()
    command = [sys.executable, "-m", "pages._ui.serve", "--server.port", str(port)]
    environment = {**os.environ, "SWITCHYARD_DATA": os.environ.get("SWITCHYARD_DATA", data)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", server)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            for width, height in SIZES:
                for mode in MODES:
                    size = {"width": width, "height": height}
                    context = browser.new_context(viewport=size, color_scheme=mode)
                    folder = ROOT / "screens" / f"{width}-{mode}"
                    folder.mkdir(parents=True, exist_ok=True)
                    take(context.new_page(), f"http://127.0.0.1:{port}", folder, names)
                    context.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    main({name.lower() for name in sys.argv[1:]})
