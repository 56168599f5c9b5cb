"""The dashboard's entry: page config, navigation, the frame that is true everywhere, the page."""

from pathlib import Path

import streamlit as st

from pages._ui import door, frame, landmarks, nav, shortcuts, signing_in, steps_back, tour, uploads
from pages._ui.charts_ahead import charts_ahead

HERE = Path(__file__).parent / "pages" / "_ui"
SIDEBAR_PIXELS = 210

st.set_page_config("Switchyard", str(HERE / "icon.png"), "wide", SIDEBAR_PIXELS)
door.guard_session()
is_in = signing_in.let_in()
page = nav.navigation(shown=is_in)
st.logo(str(HERE / "brand.svg"), size="large", icon_image=str(HERE / "icon.png"))
st.html(HERE / "over_streamlit.css")
if not is_in:
    st.stop()
signing_in.who_is_here()
frame.line(nav.entry_of(page))
steps_back.one_step_a_page()
landmarks.landmarks()
shortcuts.shortcuts()
uploads.uploads()
tour.tour()
page.run()
charts_ahead()
