"""The ways to a provider of OpenID Connect and back, where Streamlit leaves something open.

What goes wrong there it answers with an error page of the server, and a sign-in that comes back
twice with nothing at all; here both lead to the page with one sentence. And it lets any browser
finish what another began, so a link could sign somebody in as somebody else; here a cookie ties
both ends together. Version 1.56; to be called once, before the server starts.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

from streamlit.web.server import oauth_authlib_routes as routes

from pages._ui.provider import REFUSED

COOKIE, COOKIE_SECONDS = "_switchyard_sign_in", 600
OWN_LOG = logging.getLogger("switchyard.dashboard")


def say_refused_sign_ins() -> None:
    """Put the handlers below in the place of Streamlit's."""
    routes.AuthLoginHandler = _Going  # type: ignore[misc]
    routes.AuthCallbackHandler = _ComingBack  # type: ignore[misc]


class _Told(routes.AuthHandlerMixin):
    """Leads to the page instead of an error; no address is logged, since it holds a code."""

    def log_exception(self, kind: Any, error: Any, _: Any) -> None:
        """Say in the log what went wrong, by its kind."""
        OWN_LOG.warning("A sign-in was refused: %s", getattr(error, "error", kind.__name__))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ARG002
        """Any error is a refusal."""
        self.send_back("refused")

    def send_back(self, why: str) -> None:
        """Lead to the page, with the word for its sentence."""
        page = f"/{self.base_url.strip('/')}".rstrip("/")
        self.set_status(302)
        self.set_header("Location", f"{page}/?{REFUSED}={why}")
        self.finish()


class _Going(_Told, routes.AuthLoginHandler):
    def redirect(self, url: str, *args: Any, **kwargs: Any) -> None:
        """Remember in the browser which sign-in it began."""
        state = parse_qs(urlsplit(url).query).get("state")
        if state:
            self.set_signed_cookie(
                COOKIE, state[0], expires_days=None, max_age=COOKIE_SECONDS, httponly=True,
                samesite="Lax",
            )  # fmt: skip
        super().redirect(url, *args, **kwargs)


class _ComingBack(_Told, routes.AuthCallbackHandler):
    async def get(self) -> None:
        """Let in who comes back from the sign-in that this browser began, once."""
        state = self.get_argument("state", None)
        if state is None:  # after signing out
            self.redirect_to_base()
            return
        began = self.get_signed_cookie(COOKIE, max_age_days=1)
        self.clear_cookie(COOKIE)
        if began != state.encode() or self._get_provider_by_state() is None:
            self.send_back("again")
        elif self.get_argument("error", None):
            self.send_back("refused")
        else:
            await super().get()
