"""The dashboard's entry: page config, navigation, the frame that is true everywhere, the page."""

from pathlib import Path

import streamlit as st

from pages._ui import frame, nav

HERE = Path(__file__).parent / "pages" / "_ui"

st.set_page_config(page_title="Switchyard", page_icon=str(HERE / "icon.png"), layout="wide")
page = nav.navigation()
frame.sidebar()
st.html(HERE / "over_streamlit.css")
page.run()
