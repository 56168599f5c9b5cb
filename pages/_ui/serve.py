"""Starts the dashboard: `python -m pages._ui.serve [options of streamlit run]`.

Streamlit takes a folder called `pages` for its older kind of pages until `st.navigation` has run
once, and would tell the first visitor who follows a link that the page does not exist.

It also leaves the sockets to browsers as they are, where the system keeps all but the first of
several small messages back until the browser has acknowledged it: 40 ms at every edit.

And what pages import, it would import once somebody waits for a page.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli
from streamlit.web.server import server
from streamlit.web.server.browser_websocket_handler import BrowserWebSocketHandler

from core.private import write_for_owner
from pages._ui.coming_back import say_refused_sign_ins
from pages._ui.door import guard_server
from pages._ui.outage import say_outages
from pages._ui.reruns import keep_to_what_is_shown

APP = Path(__file__).parents[2] / "app.py"
AHEAD = ("pages._ui.frame", "pages._ui.tour", "pages._ui.scenarios", "core.charts.overview")
"""They bring along what takes time: pandas, Plotly, the reader of exports, the database."""


class _PromptSocket(BrowserWebSocketHandler):
    """Sends every message at once; who may open it, our door has decided before."""

    def check_origin(self, _: str) -> bool:
        """Streamlit knows no names of a proxy, and would ask the internet for its own address."""
        return True

    def open(self, *args: Any, **kwargs: Any) -> Awaitable[None] | None:
        """Greet a browser."""
        self.set_nodelay(True)
        return super().open(*args, **kwargs)


def _import_ahead() -> None:
    """Import what the first page needs while the first browser is still loading."""
    with suppress(ImportError):  # the page says it, to whoever opens it
        for name in AHEAD:
            import_module(name)


def main(app: Path = APP) -> None:
    """Run Streamlit on an app with the given options."""
    write_for_owner()
    PagesManager.uses_pages_directory = False
    server.BrowserWebSocketHandler = _PromptSocket  # type: ignore[attr-defined]
    guard_server()
    keep_to_what_is_shown()
    say_outages()
    say_refused_sign_ins()
    Thread(target=_import_ahead, daemon=True).start()
    sys.argv = ["streamlit", "run", str(app), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
