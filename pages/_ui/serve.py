"""Starts the dashboard: `python -m pages._ui.serve [options of streamlit run]`.

Streamlit takes a folder called `pages` for its older kind of pages until `st.navigation` has run
once, and would tell the first visitor who follows a link that the page does not exist.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

APP = Path(__file__).parents[2] / "app.py"


def main() -> None:
    """Run Streamlit on the app with the given options."""
    PagesManager.uses_pages_directory = False
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
