"""The dashboard's door: where its server may listen, and which requests reach a page.

Streamlit answers under any name and, without an address, on all of them. So its server is stopped
where others could reach it, and every request passes `core.doors` before a handler sees it: pages,
uploads, media, the stream of a page. `streamlit run app.py` by hand starts the server without us;
there the first page that is asked for does it (`guard_session`), before it shows anything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from threading import Timer
from typing import Any, NoReturn

import streamlit as st
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.web.server import server
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler, stream_request_body

from core.doors import ServerDoor, door_of, refuse_open_door
from core.errors import InputError, SwitchyardError
from core.model.figures import counted
from core.settings import read_settings
from core.terminal import note
from pages._ui.markdown_escape import plain

ADDRESS = "server.address"
MIB = 2**20
MOST_ELSEWHERE = 1
"""MiB of a body that is no upload: the dashboard itself sends none."""
LAST_SECONDS = 2.0
"""For a browser to get the sentence, before the server that said it ends."""


@stream_request_body
class _Refused(RequestHandler):
    """Answers with one sentence, before anything of the body is read."""

    def initialize(self, status: int, sentence: str) -> None:
        self._status, self._sentence = status, sentence

    def check_xsrf_cookie(self) -> None:
        """Whoever is refused needs none."""

    def prepare(self) -> None:
        """Refuse."""
        self.set_status(self._status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Connection", "close")
        self.finish(f"{self._sentence}\n")

    def data_received(self, _: bytes) -> None:
        """Nothing more is wanted."""


def guard_server() -> None:
    """Close the doors of the server that this process is about to start."""
    listen: Callable[[Application], None] = server.start_listening

    def start_listening(app: Application) -> None:
        if config.get_option(ADDRESS) is None:
            config.set_option(ADDRESS, "127.0.0.1", "Switchyard")
        try:
            _refuse_open()
        except SwitchyardError as error:
            note(str(error))
            sys.exit(2)
        listen(app)

    async def start_other(_: Any) -> NoReturn:
        note("server.useStarlette: nobody stands at the door of that server. Leave it out.")
        sys.exit(2)

    server.start_listening = start_listening
    server.Server._start_starlette = start_other  # type: ignore[assignment, method-assign]
    _guard_requests()


def guard_session() -> None:
    """Stop a page that was asked for by somebody who may not, or of a server that is open."""
    if getattr(config, "_server_mode", None) is None:  # a page without a server
        return
    try:
        _refuse_open()
        _guard_requests()
        headers = [(name.lower(), value) for name, value in st.context.headers.items()]
        sentence = _door(config.get_option("server.port")).refusal(headers)
    except InputError as error:
        sentence = str(error)
        note(sentence)
        Timer(LAST_SECONDS, Runtime.instance().stop).start()
    if sentence:
        st.error(plain(sentence))
        st.stop()


def _refuse_open() -> None:
    """Raise InputError where the server could be reached from other machines, or not by name."""
    refuse_open_door(config.get_option(ADDRESS), read_settings().asks_who, ADDRESS)
    _door(config.get_option("server.port"))
    if config.get_option("server.useStarlette"):
        raise InputError("server.useStarlette", "has no door.", "Leave it out.")


@cache
def _door(port: int) -> ServerDoor:
    settings = read_settings()
    return door_of("dashboard", port, settings.hosts, settings.asks_who)


@cache
def _guard_requests() -> None:
    handler_of: Callable[..., Any] = Application.find_handler

    def find_handler(self: Application, request: HTTPServerRequest, **more: Any) -> Any:
        status, sentence = _refusal(request)
        if not sentence:
            return handler_of(self, request, **more)
        about = {"status": status, "sentence": sentence}
        return self.get_handler_delegate(request, _Refused, about)

    Application.find_handler = find_handler  # type: ignore[method-assign]


def _refusal(request: HTTPServerRequest) -> tuple[int, str]:
    """Status and sentence for a request that may not come in; the sentence is "" for one that may.

    Nobody but ourselves uses Tornado in this process, so every application is the dashboard's.
    """
    headers = [(name.lower(), value) for name, value in request.headers.get_all()]
    sentence = _door(config.get_option("server.port")).refusal(headers)
    if sentence:
        return 403, sentence
    uploads = server.UPLOAD_FILE_ENDPOINT in request.path
    most = int(config.get_option("server.maxUploadSize")) if uploads else MOST_ELSEWHERE
    length = request.headers.get("Content-Length", "0")
    unknown = "Transfer-Encoding" in request.headers
    if unknown or not length.isdecimal() or int(length) > most * MIB:
        return 413, f"The body is larger than {counted(most)} MiB, or does not say its size."
    return 0, ""
