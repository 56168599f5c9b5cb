"""Keeps Streamlit from reruns of fragments that are on show no more, and from losing choices.

A fragment asks to be run again by a timer of the browser, which may go off while the next page, or
another view of the same one, is on its way. Streamlit carries it out all the same: the browser
takes the answer for a page of its own, throws away what it shows and stays blank, or says "Bad
delta path index". And a rerun of a fragment that begins right behind a run of the page makes
Streamlit forget the last of what that run drew, so that what is behind has no place.

What somebody chooses while the callback of an earlier choice is at work begins a run of its own
beside it. The callback is then broken off at whatever it next reads of the session, and what it had
to do is never done, since the new run takes the earlier choice for an old one. Here callbacks are
carried out to their end, and those of the next run begin after them.

A browser that is busy tells of a choice and of a fragment of its own accord in one message, which
asks for the fragment alone. The choice then counts as taken though the page was never drawn with
it. Such a message gets a run of the whole page here.

Version 1.56; `tests/e2e/test_left_page.py` fails without this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Event
from typing import Any

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, StopException
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import Serialized, WStates

PAUSE_SECONDS = 0.01


class _RunnerOfWhatIsShown(ScriptRunner):
    """Carries out reruns of fragments that are on show alone, and callbacks to their end."""

    _is_replaced = False
    _is_in_callbacks = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._callbacks_done = Event()
        state = self._session_state
        session = state._state  # one for all runners of a session
        self._before: Event | None = getattr(session, "switchyard_callbacks_done", None)
        session.switchyard_callbacks_done = self._callbacks_done  # type: ignore[attr-defined]
        take = state.on_script_will_rerun

        def take_whole(latest: Any) -> None:
            if self._is_replaced and self._callbacks_done.is_set():
                raise StopException  # another runner has newer choices
            if self._before is not None:
                self._before.wait()
            self._is_in_callbacks = True
            try:
                take(latest)
            finally:
                self._is_in_callbacks = False
                self._callbacks_done.set()

        # its own way of setting an attribute would put it into the session
        object.__setattr__(state, "on_script_will_rerun", take_whole)

    def _maybe_handle_execution_control_request(self) -> None:
        if not self._is_in_callbacks:
            super()._maybe_handle_execution_control_request()

    def _run_script_thread(self) -> None:
        try:
            super()._run_script_thread()
        finally:
            self._callbacks_done.set()

    def request_stop(self) -> None:
        """Somebody else runs from now on, or nobody does."""
        self._is_replaced = True
        super().request_stop()

    def _run_script(self, rerun_data: RerunData) -> None:
        if rerun_data.widget_states is None:
            self._callbacks_done.set()
        if rerun_data.fragment_id_queue:
            known = [one for one in rerun_data.fragment_id_queue
                     if self._fragment_storage.contains(one)]  # fmt: skip
            page = self._pages_manager.current_page_script_hash
            if not known or rerun_data.page_script_hash != page:
                return
            rerun_data = replace(rerun_data, fragment_id_queue=known)
        super()._run_script(rerun_data)
        run = self._get_script_run_ctx()
        if not run.fragment_ids_this_run and not self._is_replaced:
            # Streamlit itself does so only where a page was run to its last line
            self._fragment_storage.clear(run.new_fragment_ids)


def chosen_outside(
    message: ClientState, before: Mapping[str, bytes], session: SessionState
) -> bool:
    """Whether a message about a fragment tells of a choice outside of it, too.

    Args:
        message: What the browser says.
        before: What it said of each widget before.
        session: What the session has of its widgets.
    """
    for one in message.widget_states.widgets:
        about = session._new_widget_state.widget_metadata.get(one.id)
        if about is None or about.fragment_id == message.fragment_id:
            continue
        if one.id in before:
            if before[one.id] != one.SerializeToString():
                return True
        elif _differs(one, about, session):
            return True
    return False


def _differs(one: WidgetState, about: WidgetMetadata[Any], session: SessionState) -> bool:
    """Whether a widget that was not spoken of before has another value than it was drawn with."""
    try:
        drawn: Any = session._getitem(one.id, None)
        return bool(WStates({one.id: Serialized(one)}, {one.id: about})[one.id] != drawn)
    except KeyError:
        return False


def keep_to_what_is_shown() -> None:
    """Make the server keep to it; call it once, before it starts."""
    asked = app_session.AppSession.request_rerun

    def whole_where_chosen(self: app_session.AppSession, message: ClientState | None) -> None:
        if message is not None:
            before: dict[str, bytes] = getattr(self, "switchyard_widgets", {})
            if message.fragment_id and chosen_outside(message, before, self._session_state):
                message.fragment_id = ""
            widgets = message.widget_states.widgets
            written = {one.id: one.SerializeToString() for one in widgets}
            self.switchyard_widgets = written  # type: ignore[attr-defined]
        asked(self, message)

    at_once = app_session.AppSession._create_scriptrunner

    def in_turn(self: app_session.AppSession, wanted: RerunData) -> None:
        """Begin to run; for a fragment only once the last words of the run before are taken."""
        if not wanted.fragment_id or self._scriptrunner is None:
            at_once(self, wanted)
        else:
            self._event_loop.call_later(PAUSE_SECONDS, again, self, wanted)

    def again(self: app_session.AppSession, wanted: RerunData) -> None:
        ended = self._state is app_session.AppSessionState.SHUTDOWN_REQUESTED
        if ended or not self._fragment_storage.contains(str(wanted.fragment_id)):
            return
        if self._scriptrunner is None or not self._scriptrunner.request_rerun(wanted):
            in_turn(self, wanted)

    clear = app_session.AppSession._clear_queue

    def clear_for(self: app_session.AppSession, fragments: list[str] | None = None) -> None:
        """Keep what was drawn and not sent: what stands behind a fragment counts on its place."""
        if fragments:
            self._browser_queue._delta_index_map = {}
        else:
            clear(self)

    session = app_session.AppSession
    session.request_rerun = whole_where_chosen  # type: ignore[assignment, method-assign]
    app_session.AppSession._clear_queue = clear_for  # type: ignore[assignment, method-assign]
    app_session.ScriptRunner = _RunnerOfWhatIsShown  # type: ignore[attr-defined]
    app_session.AppSession._create_scriptrunner = in_turn  # type: ignore[assignment, method-assign]
