"""The commands `demo …`: its people at work, its plugin's dry run, and the way back."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.access.actions import Action
from core.cli.arguments import FINE, NO, Command, natural, seconds, settings_of, whole
from core.cli.hub import store_of
from core.errors import InputError
from core.model.figures import counted
from core.model.phrases import about_duration
from core.terminal import print_json, say

if TYPE_CHECKING:
    from core.launcher.labour import Labour

MOST_TASKS = 100_000


def register(_: Command, group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line; see `core.cli.hub.register`."""
    demo = group("demo", "The demo project of the local hub.")
    working = demo("work", _work, "Let tasks through: the demo's people label, review and reject.")
    working.add_argument("--tasks", type=natural, default=500, help="how many tasks (500)")
    working.add_argument("--seed", type=whole, default=7, help="of all that chance decides (7)")
    working.add_argument("--speed", type=seconds, default=0.0, help="tasks a second; 0: no waiting")
    working.add_argument("--id", default="", help=argparse.SUPPRESS)  # what a page calls it
    trying = demo("run", _run, "Queue a dry run of the demo's plugin over its images.")
    resetting = demo("reset", _reset, "Start over: the demo as packaged; drafts and runs stay.")
    for one in (working, trying, resetting):
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def labour_document(labour: Labour) -> dict[str, object]:
    """What some work did, as JSON."""
    return {
        "passed": labour.passed,
        "outputs": [
            {"stage": one.stage, "name": one.name, "counts": list(one.counts)}
            for one in labour.outputs
        ],
        "seed": labour.seed,
        "tasks": labour.tasks,
        "steps": labour.steps,
        "state": labour.state,
    }


def _work(args: argparse.Namespace) -> int:
    from core.launcher.demo_work import work

    if not 1 <= args.tasks <= MOST_TASKS:
        raise InputError(
            "--tasks", f"{counted(args.tasks)} is not from 1 to {counted(MOST_TASKS)}.", "Try 500."
        )
    settings = settings_of(args)
    labour = work(settings, store_of(args), args.tasks, args.seed, args.speed, args.id)
    if args.json:
        print_json(labour_document(labour))
    else:
        steps = f"{counted(labour.steps)} steps of people"
        say(f"{counted(labour.passed)} tasks passed, {steps}, seed {labour.seed}")
        for one in labour.outputs:
            say(f"{one.name}: {', '.join(f'{counted(count)}' for count in one.counts)}")
    return FINE if labour.state == "done" else NO


def _run(args: argparse.Namespace) -> int:
    from core.cli.runs import show_run
    from core.launcher.demo_run import demo_request
    from core.store.plugins import Registry
    from core.store.runs import Runs

    store = store_of(args)
    request = demo_request(store, Registry(store, settings_of(args).data))
    if request is None:
        raise InputError("demo", "its plugin is not connected here.", "Start it with `make run`.")
    return show_run(args, Runs(store).start(request))


def _reset(args: argparse.Namespace) -> int:
    from core import demo
    from core.hub.lock import running_hub
    from core.launcher.demo_project import make_packaged_state
    from core.launcher.start_over import start_over

    settings = settings_of(args)
    store = store_of(args)
    store.check(Action.START_OVER)
    make_packaged_state(settings)
    took = start_over(settings, store, running_hub(settings.data, store))
    if args.json:
        print_json({"_id": demo.PROJECT_ID, "seconds": round(took, 3)})
    else:
        after = about_duration(1_000 * took)
        say(f"The demo is as packaged, after {after}. Drafts, scenarios and runs stay.")
    return FINE
