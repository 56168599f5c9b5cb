"""The dashboard's entry: page config, navigation, the frame that is true everywhere, the page."""

import streamlit as st

from pages._ui import frame, nav

st.set_page_config(page_title="Switchyard", page_icon=":material/alt_route:", layout="wide")
page = nav.navigation()
frame.sidebar()
page.run()
