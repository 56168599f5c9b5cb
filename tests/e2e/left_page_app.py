"""Two pages with fragments that ask to be run again far more often than a page takes to come."""

import time

import streamlit as st


@st.fragment(run_every=0.05)
def ticking(name):
    with st.container():
        st.caption(f"{name} {time.monotonic()}")


def first():
    st.header("First")
    for number in range(20):
        st.markdown(f"line {number}")
    ticking("first")
    if st.button("Go to the second"):
        st.switch_page(pages[1])


def second():
    st.header("Second")
    ticking("second")
    if st.button("Back to the first"):
        st.switch_page(pages[0])
    time.sleep(0.2)
    st.markdown("This is all.")
    st.stop()


pages = [st.Page(first, title="First"), st.Page(second, title="Second")]
page = st.navigation(pages)
st.caption("above every page")
page.run()
