"""What a provider of OpenID Connect says of whoever looks at a page.

Streamlit asks it and checks its word: signature, issuer, audience, time and nonce. What comes back
is a cookie that it signs and keeps for 30 days, which is longer than a role should be believed.
"""

from __future__ import annotations

import time

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from core.access.roles import Role
from core.errors import NotSignedIn
from core.model.figures import counted
from pages._ui.services import services

REFUSED = "sign-in"
"""Stands in the address where a sign-in came back without a person."""
WORDS = {
    "refused": "The provider's word could not be believed, so nobody was signed in. Try again.",
    "again": "This sign-in was used already or took too long, so nobody was signed in. Try again.",
}
NOT_CONFIGURED = (
    "SWITCHYARD_SIGN_IN is oidc, and no provider is named. Fill in `[auth]` in "
    "`.streamlit/secrets.toml` (docs/security.md)."
)


def is_configured() -> bool:
    """Whether a provider is named in Streamlit's secrets."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def refused() -> str | None:
    """Why a sign-in that just came back opened nothing."""
    return WORDS.get(st.query_params.get(REFUSED, ""))


def vouched() -> tuple[str, Role | None] | None:
    """Name and role of whoever came back from the provider; None for nobody.

    Raises:
        NotSignedIn: The provider says no name that it has verified, or said so too long ago.
    """
    if not st.user.is_logged_in:
        return None
    claims, settings = st.user.to_dict(), services().settings
    said_at, hours = claims.get("iat"), settings.sign_in_hours
    if not isinstance(said_at, (int, float)) or time.time() > said_at + 3_600 * hours:
        message = f"This sign-in is older than {counted(hours)} hours."
        raise NotSignedIn(message, "Sign in again.")
    name = claims.get(settings.name_claim)
    verified = settings.name_claim != "email" or claims.get("email_verified") is True
    if not isinstance(name, str) or not name.strip() or not verified:
        message = f"The provider names no verified {settings.name_claim}."
        raise NotSignedIn(message, "SWITCHYARD_NAME_CLAIM says which claim names an account.")
    given = claims.get(settings.role_claim)
    roles = [one for one in Role if one.value in (given if isinstance(given, list) else [given])]
    return name, max(roles, key=lambda role: role.rank, default=None)
