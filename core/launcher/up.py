"""Hub, plugins and dashboard together: what `make run` calls."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from core.errors import InputError, StoreUnavailable, SwitchyardError
from core.hub.lock import hub_elsewhere, running_hub
from core.hub.server import listen
from core.launcher.dashboard import environment_of
from core.launcher.demo_project import add_demo_project, finish_demo, read_demo
from core.launcher.images import keep_by_hand
from core.launcher.start_over import keep_copy
from core.launcher.stopping import Stopped, Stopping
from core.launcher.supervise import Child
from core.plugin_runs.model import Plugin
from core.secret import Secret
from core.settings import Settings
from core.store.hub import HubStore, open_hub
from core.store.plugins import Registry

PAUSE_SECONDS = 0.5
READY_SECONDS = 60.0
DEAF_SECONDS = 90.0
"""A plugin that runs that long without being connected is started again."""
Say = Callable[[str], None]


@dataclass(slots=True)
class Together:
    """Everything that `up` keeps running.

    Args:
        settings: Whose data directory it is.
        say: Tells a person something.
        children: What runs, in the order of its start; the dashboard is there from the first.
        stopping: Hears already whether somebody asked to stop.
        url: Where the hub answers.
        listener: The hub's socket, held open here over a restart of the hub.
    """

    settings: Settings
    say: Say
    children: dict[str, Child]
    stopping: Stopping
    url: str = ""
    listener: socket.socket | None = None
    _told: set[str] = field(default_factory=set)

    def run(self, port: int, upstream: str | None) -> int:
        """Run until somebody stops it, or the dashboard ends; returns an exit code."""
        try:
            self.stopping.go_on()
            store = open_hub(self.settings.database)
            registry = Registry(store, self.settings.data)
            far = hub_elsewhere(store)
            if far is not None:
                self.say(f"The hub of this database runs on another machine: {far}")
            else:
                self._start_hub(port, upstream, store)
                self._wait_for_hub()
                self._put_demo(store, registry)
            while self.children["dashboard"].is_running and not self.stopping.asked:
                with suppress(StoreUnavailable):  # pages and hub say so, and go on by themselves
                    self._look(registry)
                time.sleep(PAUSE_SECONDS)
            code = self.children["dashboard"].process
            failed = code is None or bool(code.returncode)
            return 2 if failed and not self.stopping.asked else 0
        except Stopped:
            return 0
        finally:
            self.stopping.hear_no_more()
            for child in reversed(self.children.values()):
                child.ask_to_end()
            for child in reversed(self.children.values()):
                child.end()

    def _put_demo(self, store: HubStore, registry: Registry) -> None:
        demo = add_demo_project(store, self.settings)
        self.stopping.go_on()
        problem = demo and finish_demo(store, registry, self.url, demo)
        self.stopping.go_on()
        unread = read_demo(self.settings, store, self.url)
        for words in filter(None, (problem, unread)):
            self.say(words)
        if demo and not problem and not unread:
            keep_copy(self.settings, self.url)
            keep_by_hand(self.settings, store)

    def _start_hub(self, port: int, upstream: str | None, store: HubStore) -> None:
        """Start the hub with a socket of our own, so that plugins outlive its restart."""
        running = running_hub(self.settings.data, store)
        if running is not None:
            self.say(f"A hub runs on this data directory, or its database, already: {running}")
            self.url = running
            return
        try:
            listener = listen("127.0.0.1", port)
        except InputError:
            listener = listen("127.0.0.1", 0)
            self.say(f"Port {port} is in use; the hub takes another one.")
        os.set_inheritable(listener.fileno(), True)
        command = [sys.executable, "-m", "core", "hub", "--fd", str(listener.fileno()), "--json"]
        if upstream is not None:
            command += ["--upstream", upstream]
        hub = Child("hub", command, pass_fds=[listener.fileno()], stdout=subprocess.DEVNULL)
        hub.environment = environment_of(self.settings)
        self.children["hub"] = hub
        hub.start()
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.listener = listener

    def _wait_for_hub(self) -> None:
        hub = self.children.get("hub")
        if hub is None:
            return
        end = time.monotonic() + READY_SECONDS
        while running_hub(self.settings.data) is None:
            self.stopping.go_on()
            if not hub.is_running or time.monotonic() > end:
                raise InputError("hub", "did not start.", "Its own words stand above.")
            time.sleep(0.1)
        self.say(f"Hub: {self.url}")

    def _look(self, registry: Registry) -> None:
        """Restart what ended; start, stop or start anew the plugins that have a script."""
        if "hub" not in self.children:
            return
        hosted = {p.id: p for p in registry.list() if p.script and p.connector == "ws"}
        live = registry.liveness()
        for name in [n for n in self.children if n not in ("hub", "dashboard", *hosted)]:
            self.children.pop(name).end()
        for plugin in hosted.values():
            try:
                secret = registry.secret(plugin.id)
            except SwitchyardError as error:
                if plugin.id not in self._told:
                    self.say(str(error))
                    self._told.add(plugin.id)
                continue
            child = self.children.get(plugin.id)
            seen = live.get(plugin.id)
            if child is None or child.environment["PLUGIN_SECRET"] != secret:
                if child is not None:
                    child.end()
                self.children[plugin.id] = self._plugin(plugin, secret)
            elif seen and seen.state != "live" and child.runs_for > DEAF_SECONDS:
                child.end()
        for name, child in self.children.items():
            code = None if name == "dashboard" else child.look()
            if code is not None:
                self.say(f"{child.name} ended ({code}); it starts again.")

    def _plugin(self, plugin: Plugin, secret: Secret) -> Child:
        log = self.settings.data / "plugins" / f"{plugin.id}.log"
        child = Child(plugin.name, [sys.executable, str(plugin.script)], log=log, is_theirs=True)
        child.environment = {
            "CONNECTOR": "WS",
            "PLUGIN_HOST": self.url,
            "PLUGIN_ID": plugin.id,
            "PLUGIN_SECRET": secret,
        }
        child.start()
        return child
