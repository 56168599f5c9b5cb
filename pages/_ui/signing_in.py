"""Who looks at a page: nobody needs to sign in, or nothing is shown until somebody has.

The person stands in the session on the server. What they may do is asked anew at every change, in
`core`; here it is only looked at, so that a page ends with the account.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.access.acting import OPENID, STRANGER, Actor, ask_sessions
from core.accounts.accounts import Accounts
from core.errors import InputError, NotSignedIn, SwitchyardError, UnknownName
from pages._ui import provider
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services

PERSON, NOTICE, LEFT = key("who.person"), key("who.notice"), key("who.left")
FORM_PIXELS = 420


def whose() -> Actor | None:
    """The person of the session that is being drawn; None outside of one, or without sign-in."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    person: Actor | None = st.session_state.get(PERSON)
    if person is None and services().settings.sign_in:
        return STRANGER
    return person


ask_sessions(whose)


def is_on() -> bool:
    """Whether people sign in here."""
    return bool(services().settings.sign_in) or Accounts(services().hub).exist


def let_in() -> bool:
    """Whether the page may be drawn; where not, the way in stands in its place."""
    try:
        needed = is_on()
    except InputError:
        return True  # the line above the page says what is wrong with the data folder
    if not needed or _still_here():
        return True
    st.space("large")  # below the mark in the corner
    st.title("Sign in")
    if words := st.session_state.pop(NOTICE, None) or provider.refused():
        st.error(plain(words), icon=":material/error:")
    if services().settings.sign_in == "oidc":
        _by_provider()
    if any(account.has_password for account in Accounts(services().hub).list()):
        _by_password()
    elif services().settings.sign_in != "oidc":
        st.info(
            "There is no account yet. Whoever runs this Switchyard makes the first one with "
            "`python -m core user add NAME --role admin`.",
            icon=":material/person_add:",
        )
    return False


def who_is_here() -> None:
    """Say it below the navigation, with the way out."""
    person: Actor | None = st.session_state.get(PERSON)
    if person is not None:
        with st.sidebar:
            st.caption(f":material/person: {plain(person.name)}, {person.role.value}")
            st.button("Sign out", on_click=sign_out, key="who.out", type="tertiary")


def sign_out(words: str = "") -> None:
    """Forget the person, and with them everything that the session holds: keys, drafts in hand."""
    person: Actor | None = st.session_state.get(PERSON)
    st.session_state.clear()
    if words:
        st.session_state[NOTICE] = words
    if person is not None and person.way == OPENID:
        st.session_state[LEFT] = True  # this page still has the provider's word, until it is left
        st.logout()


def _still_here() -> bool:
    person: Actor | None = st.session_state.get(PERSON)
    if person is None:
        return False
    try:
        account = Accounts(services().hub).get(person.name)
    except UnknownName:
        sign_out(f"The account of {person.name} was deleted.")
        return False
    st.session_state[PERSON] = replace(person, role=account.role)
    return True


def _by_password() -> None:
    with st.form(key("who.form"), width=FORM_PIXELS):
        name = st.text_input("Name", key="who.name", autocomplete="username")
        password = st.text_input(
            "Password", type="password", key="who.password", autocomplete="current-password"
        )
        asked = st.form_submit_button("Sign in", type="primary")
    if asked:
        try:
            _come_in(Accounts(services().hub).sign_in(name, password))
        except NotSignedIn as error:
            st.error(plain(str(error)), icon=":material/error:")


def _by_provider() -> None:
    if not provider.is_configured():
        st.error(provider.NOT_CONFIGURED, icon=":material/error:")
        return
    try:
        vouched = None if st.session_state.get(LEFT) else provider.vouched()
        if vouched is not None:
            _come_in(Accounts(services().hub).vouched_for(*vouched))
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.button("Sign in as somebody else", on_click=st.logout, key="who.other")
        return
    st.button("Sign in with OpenID Connect", on_click=st.login, type="primary", key="who.in")


def _come_in(person: Actor) -> None:
    st.session_state[PERSON] = person
    st.rerun()
