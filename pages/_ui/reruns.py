"""Keeps Streamlit from carrying out reruns of fragments that are on show no more.

A fragment asks to be run again by a timer of the browser, which may go off while the next page, or
another view of the same one, is on its way. Streamlit carries it out all the same: the browser
takes the answer for a page of its own, throws away what it shows and stays blank, or says "Bad
delta path index". And a rerun of a fragment that begins right behind a run of the page makes
Streamlit forget the last of what that run drew, so that what is behind has no place. Version 1.56;
`tests/e2e/test_left_page.py` fails without this.
"""

from __future__ import annotations

from dataclasses import replace

from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner

PAUSE_SECONDS = 0.01


class _RunnerOfWhatIsShown(ScriptRunner):
    """Carries out reruns of fragments that are on show, and of no others."""

    _is_replaced = False

    def request_stop(self) -> None:
        """Somebody else runs from now on, or nobody does."""
        self._is_replaced = True
        super().request_stop()

    def _run_script(self, rerun_data: RerunData) -> None:
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


def keep_to_what_is_shown() -> None:
    """Make the server keep to it; call it once, before it starts."""
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

    app_session.AppSession._clear_queue = clear_for  # type: ignore[assignment, method-assign]
    app_session.ScriptRunner = _RunnerOfWhatIsShown  # type: ignore[attr-defined]
    app_session.AppSession._create_scriptrunner = in_turn  # type: ignore[assignment, method-assign]
