"""A page whose first choice takes its time to be taken, so that the next one comes meanwhile."""

import time

import streamlit as st


def take(name):
    time.sleep(1.5)
    taken = {**st.session_state.get("taken", {}), name: st.session_state[name]}
    time.sleep(0.2)
    st.session_state["taken"] = taken


for name in ("first", "second", "third"):
    st.checkbox(name, key=name, on_change=take, args=(name,))
chosen = [name for name, value in st.session_state.get("taken", {}).items() if value]
st.markdown(f"Taken: {', '.join(chosen) or 'nothing'}.")
