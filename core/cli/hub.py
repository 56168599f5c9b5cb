"""The commands `hub` and `project add`."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.arguments import FINE, NO, Command, natural, port, settings_of
from core.cli.logic import print_counts
from core.cli.who import sign_in
from core.doors import refuse_open_door
from core.errors import InputError
from core.model.figures import counted
from core.routing.document import behaving_document
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from core.hub.server import Ready
    from core.store.hub import HubStore


def register(command: Command, group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line.

    Args:
        command: Adds a command of a name, a function and a sentence.
        group: Gives the same for the commands below a word, such as `project`.
    """
    running = command("hub", _hub, "Run the local hub.")
    running.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    running.add_argument("--port", type=port, default=8600, help="port (8600); 0 takes a free one")
    running.add_argument("--upstream", metavar="URL", help="the one host to forward to")
    running.add_argument(
        "--fd", type=natural, help=argparse.SUPPRESS
    )  # a socket that `up` holds open
    project = group("project", "Projects of the local hub.")
    adding = project("add", _project_add, "Add a project.")
    adding.add_argument("--name", required=True)
    adding.add_argument("--project", type=Path, help="get_project response")
    adding.add_argument("--tasks", type=Path, help="export or get_tasks response")
    adding.add_argument("--new-id", action="store_true", help="new ids for those that are taken")
    judging = project("behaving", _behaving, "Did the hub do what the rules say, pass by pass?")
    judging.add_argument("--id", required=True, help="id of the project")
    judging.add_argument("--stage", help="id or name of the Logic stage, where there are several")
    for one in (running, adding, judging):
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def store_of(args: argparse.Namespace) -> HubStore:
    """The state of the data directory of the command line, for whoever the command acts as."""
    from core.store.hub import open_hub

    store = open_hub(settings_of(args).database)
    sign_in(args, store)
    return store


def _hub(args: argparse.Namespace) -> int:
    from core.hub.server import listen, serve  # other commands start faster without a web server
    from core.hub.upstream import read_upstream

    upstream = None if args.upstream is None else read_upstream(args.upstream)

    def ready(hub: Ready) -> None:
        if args.json:
            projects = [{"_id": p.id, "name": p.name} for p in hub.projects]
            print_json({"url": hub.url, "apiKey": hub.key.reveal(), "projects": projects})
            return
        lines = [f"Hub: {hub.url}", f"API key: {hub.key.reveal()}"]
        lines += [f"{p.id}  {p.name}" for p in hub.projects] or ["No project yet: project add"]
        say(*lines)

    if args.fd is not None:
        listener = socket.socket(fileno=args.fd)
    else:
        refuse_open_door(args.host, settings_of(args).asks_who, source="--host")
        listener = listen(args.host, args.port)
    serve(settings_of(args), listener, upstream, ready)
    return FINE


def _project_add(args: argparse.Namespace) -> int:
    from core.cli.inputs import reporter
    from core.hub.projects.adding import add_project

    added = add_project(
        store_of(args), args.name, args.project, args.tasks, args.new_id, reporter()
    )
    note(*added.notes)
    if args.json:
        print_json({"_id": added.id})
    else:
        say(f"{added.id}  {args.name}: {counted(added.tasks)} tasks")
    return FINE


def _behaving(args: argparse.Namespace) -> int:
    from core.ango_json.inputs import pick_logic
    from core.hub.projects.items import table_of
    from core.hub.projects.shapes import project_value
    from core.model.dialect import Dialect
    from core.store.hub import find_project
    from core.store.hub_passes import first_passes, rules_of
    from core.workspace import Workspace

    with store_of(args).read() as tx:
        kept = find_project(tx, args.id)
        if kept is None:
            raise InputError("--id", f"the hub has no project {args.id}.", "Check the id.")
        project = project_value(kept.document)
        stage = pick_logic(project.logic_stages, args.stage, project.name)
        went = first_passes(tx, rules_of(project.id, stage))
        table = table_of(tx, kept)
    behaviour = Workspace(table, project, Dialect()).passed(stage, went)
    if args.json:
        print_json(behaving_document(behaviour))
    else:
        print_counts(behaviour)
    return FINE if behaviour.behaving else NO
