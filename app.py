"""The dashboard's entry: page config, navigation, the frame that is true everywhere, the page."""

from pathlib import Path

import streamlit as st

from pages._ui import frame, nav

ICON = Path(__file__).parent / "pages" / "_ui" / "icon.png"

st.set_page_config(page_title="Switchyard", page_icon=str(ICON), layout="wide")
page = nav.navigation()
frame.sidebar()
page.run()
