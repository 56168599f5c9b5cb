"""Why the project on show cannot be published."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from pages._ui.demo_copy import place_words
from pages._ui.markdown_escape import plain
from pages._ui.state import DEMO, current


def no_hub(ended: bool = False) -> NoReturn:
    """Say it, with the way on, and end the page.

    Args:
        ended: Whether the project is of a local hub, which does not run now.
    """
    if ended and current().workspace != DEMO:
        st.info(
            "The local hub of this project does not run now. Start it with `python -m core up`; "
            "your draft stays.",
            icon=":material/cloud_off:",
        )
    elif current().workspace == DEMO:
        st.info(
            f"{plain(place_words())} Start one on this data folder with `python -m core up`; "
            "your draft stays.",
            icon=":material/cloud_off:",
        )
    else:
        st.info(
            "An opened file has no hub. Download the JSON on the Rules page instead.",
            icon=":material/cloud_off:",
        )
    st.stop()
