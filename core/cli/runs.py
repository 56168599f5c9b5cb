"""The commands `run …` and `up`."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli import run_check
from core.cli.arguments import FINE, Command, natural, seconds, settings_of
from core.cli.hub import store_of
from core.cli.inputs import text_of
from core.cli.probing import run_probe, show_mapping
from core.errors import InputError, SwitchyardError
from core.model.figures import counted, tenths
from core.plugin_runs.doubles import ON_DOUBLES
from core.plugin_runs.log_text import last_words, line_text, time_text
from core.plugin_runs.standing import progress
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.plugin_runs.model import LogEntry, Run
    from core.plugin_runs.preflight import Preflight
    from core.store.hub import HubStore
    from core.store.runs import Runs

NO = 1
PAUSE_SECONDS = 0.1
UNSET = "deadline not set, 4 h hold"
LIST_MOST, SHOW_MOST = 100, 2_000
"""Characters of a run's last words in a list and in `run show`."""


def register(group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line; see `core.cli.hub.register`."""
    run = group("run", "Runs of plugins.")
    starting = run("start", _run_start, "Queue a run for the hub of the same data directory.")
    starting.add_argument("--plugin", required=True, metavar="ID")
    starting.add_argument("--project", required=True, metavar="ID")
    starting.add_argument("--map", type=Path, help="file with a list of schemaId and modelClass")
    starting.add_argument("--config", type=Path, help="file whose text the plugin receives")
    starting.add_argument("--batch", action="append", default=[], metavar="NAME_OR_ID")
    starting.add_argument(
        "--first", type=natural, metavar="N", help="only the first N assets (a canary)"
    )
    starting.add_argument("--dry-run", action="store_true", help="keep the labels aside")
    starting.add_argument("--import", dest="importing", choices=("add", "replace"), default="add")
    starting.add_argument("--deadline", type=seconds, metavar="SECONDS")
    starting.add_argument("--wait", type=seconds, metavar="SECONDS", help="wait for its end")
    probing = run("probe", run_probe, "Ask a plugin what it finds; nothing of it can be stored.")
    probing.add_argument("--plugin", required=True, metavar="ID")
    probing.add_argument("--project", required=True, metavar="ID")
    probing.add_argument("--config", type=Path, help="file whose text the plugin receives")
    probing.add_argument("--batch", action="append", default=[], metavar="NAME_OR_ID")
    probing.add_argument("--first", type=natural, metavar="N", help="only the first N assets")
    probing.add_argument("--deadline", type=seconds, metavar="SECONDS")
    probing.add_argument("--wait", type=seconds, metavar="SECONDS", help="wait for its end")
    listing = run("list", _run_list, "Runs, newest first.")
    listing.add_argument("--limit", type=natural, default=50)
    showing = run("show", _run_show, "One run.")
    showing.add_argument("--logs", action="store_true", help="with its log lines")
    cancelling = run("cancel", _run_cancel, "Ask a run to stop.")
    applying = run("apply", _run_apply, "Store the labels that a dry run kept.")
    applying.add_argument(
        "--on-doubles",
        choices=ON_DOUBLES,
        default="add",
        help="what becomes of labels where one of the same class lies already: they lie beside it "
        "(add), take its place (replace), or are left out (skip)",
    )
    routing = run("routes", _run_routes, "Where its tasks go, without its labels and with them.")
    discarding = run("discard", _run_discard, "Throw away the labels that a dry run kept.")
    undoing = run("undo", _run_undo, "Take a run's labels out of a project of this hub again.")
    again = run("again", _run_again, "Queue an equal run.")
    retrying = run("retry", _run_retry, "Queue an equal run over the assets that got no label.")
    checking = run_check.add(run)
    mapping = run("mapping", show_mapping, "The mapping that the labels of a probe ask for.")
    mapping.add_argument("session")
    for one in (probing, mapping):
        run_check.about_truth(one)
    about_one = (showing, cancelling, applying, routing, discarding, undoing, again, retrying)
    for one in about_one:
        one.add_argument("session")
    for one in (starting, probing, mapping, checking, listing, *about_one):
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def _run_start(args: argparse.Namespace) -> int:
    from core.plugin_runs.last_look import last_look
    from core.plugin_runs.model import DEADLINE_SECONDS, RunRequest
    from core.plugin_runs.preflight import preflight
    from core.store.plugins import Registry
    from core.store.run_around import around
    from core.store.runs import Runs

    store = store_of(args)
    registry = Registry(store, settings_of(args).data)
    plugin = registry.get(args.plugin)
    config = text_of(args.config)
    need_first(args)
    request = RunRequest(
        plugin=plugin.id,
        project=args.project,
        mapping=_mapping(args.map),
        config=plugin.config if config is None else config,
        dry_run=args.dry_run,
        limit=args.first,
        deadline=DEADLINE_SECONDS if args.deadline is None else args.deadline,
        importing=args.importing,
    )
    request = replace(request, batches=batches_of(store, args.project, args.batch))
    facts = around(store, registry, request)
    findings = preflight(request, facts)
    judge(findings, {"mapping": args.map, "config": args.config})
    if not request.dry_run:  # what the page says before it starts for real
        look = last_look(request, facts, findings)
        note(*(f"{heading}: {sentence}" for heading, sentence in look.lines))
    runs = Runs(store)
    run = runs.start(request)
    if args.wait is None:
        return show_run(args, run)
    run = followed(runs, run, args.wait)
    show_run(args, run)
    return FINE if run.state == "succeeded" else NO


def need_first(args: argparse.Namespace) -> None:
    """Raise InputError for a `--first` that would leave no asset."""
    if args.first is not None and args.first < 1:
        raise InputError("--first", "is not a number from 1.", "Leave it out for all assets.")


def followed(runs: Runs, run: Run, seconds: float) -> Run:
    """A run at its end, or after so many seconds."""
    end = time.monotonic() + seconds
    while not run.is_final and time.monotonic() < end:
        time.sleep(PAUSE_SECONDS)
        run = runs.get(run.session)
    return run


def judge(findings: Sequence[Preflight], places: Mapping[str, Path | None]) -> None:
    """Say what is doubtful; of what keeps the run from being started the first thing is raised.

    Args:
        findings: What is to be said.
        places: The files that hold a part of the request, by that part.
    """
    for one in findings:
        if one.severity == "error":
            raise InputError(str(places.get(one.subject) or one.subject), one.message, one.hint)
        if one.severity == "warning":
            note(f"{one.severity}: {one.message} {one.hint}".strip())


def _mapping(path: Path | None) -> Any:
    from core.ango_json.text import loads
    from core.plugin_runs.model import read_pairs

    text = text_of(path)
    return None if text is None else read_pairs(loads(text, str(path)), str(path))


def batches_of(store: HubStore, project: str, wanted: list[str]) -> tuple[str, ...]:
    """Batch ids by name or id."""
    from core.ango_json.text import loads
    from core.hub.projects.documents import batch_ids
    from core.store.hub import SANDBOX, find_project

    with store.read() as tx:
        row = find_project(tx, project)
    if row is None:
        raise InputError("--project", f"there is no project {project}.", "See project add.")
    if row.backend != SANDBOX:
        return tuple(dict.fromkeys(wanted))  # their names are known on Ango Hub only
    try:
        return tuple(dict.fromkeys(batch_ids(loads(row.document), wanted)))
    except SwitchyardError as error:
        raise InputError("--batch", error.message, "Check its name.") from error


def _run_list(args: argparse.Namespace) -> int:
    from core.store.runs import Runs

    runs = Runs(store_of(args)).list(limit=max(1, args.limit))
    if args.json:
        print_json([_document(run) for run in runs])
    else:
        say(*(_line(run, LIST_MOST) for run in runs) if runs else ("No runs yet.",))
    return FINE


def _run_show(args: argparse.Namespace) -> int:
    from core.ango_json.text import kept
    from core.store.runs import Runs

    runs = Runs(store_of(args))
    run = runs.get(args.session)
    if not args.logs:
        return show_run(args, run)
    lines: list[LogEntry] = []
    last = 0
    while some := runs.logs(run.session, after=last, limit=5_000):
        lines += some
        last = some[-1].number
    if args.json:
        documents = [
            {
                "number": line.number,
                "at": line.at,
                "level": line.level,
                "message": line.message,
                "extra": kept(line.extra),
            }
            for line in lines
        ]
        print_json({**_document(run), "lines": documents})
        return FINE
    show_run(args, run)
    say(*(f"{time_text(line.at)} {line.level:<8} {line_text(line.message)}" for line in lines))
    return FINE


def _run_cancel(args: argparse.Namespace) -> int:
    from core.store.runs import Runs

    return show_run(args, Runs(store_of(args)).cancel(args.session))


def _run_apply(args: argparse.Namespace) -> int:
    from core.cli.inputs import reporter
    from core.store.run_labels import RunLabels

    labels = RunLabels(store_of(args))
    doubles = labels.doubles(args.session)
    run = labels.apply(args.session, args.on_doubles, reporter("Storing labels"))
    if args.json:
        counts = None if doubles is None else doubles.as_dict()
        print_json({**_document(run), "onDoubles": args.on_doubles, "doubles": counts})
        return FINE
    if doubles is not None and doubles.new and args.on_doubles == "add":
        note(f"warning: {doubles.words} See --on-doubles; run undo takes it back.")
    return show_run(args, run)


def _run_discard(args: argparse.Namespace) -> int:
    from core.store.run_labels import RunLabels

    return show_run(args, RunLabels(store_of(args)).discard(args.session))


def _run_undo(args: argparse.Namespace) -> int:
    from core.store.run_labels import RunLabels

    run, stayed = RunLabels(store_of(args)).undo(args.session)
    if args.json:
        print_json({**_document(run), "stayed": stayed})
        return FINE
    if stayed:
        note(f"{counted(stayed)} labels had been changed since and stay.")
    return show_run(args, run)


def _run_again(args: argparse.Namespace) -> int:
    from core.store.runs import Runs

    return show_run(args, Runs(store_of(args)).again(args.session))


def _run_retry(args: argparse.Namespace) -> int:
    from core.store.runs import Runs

    return show_run(args, Runs(store_of(args)).retry(args.session))


def show_run(args: argparse.Namespace, run: Run) -> int:
    """Print a run, on one line or as JSON."""
    if args.json:
        print_json(_document(run))
    else:
        say(_line(run, SHOW_MOST))
    return FINE


def _document(run: Run) -> dict[str, Any]:
    return {**run.as_dict(), "progress": progress(run)}


def _line(run: Run, most: int) -> str:
    """A run on one line, with so many characters of what it said; `--json` has all of them."""
    reason = last_words(run.reason or run.message or "", most)
    dry = f" ({run.request.kind})" if run.request.dry_run else ""
    unset = "" if run.request.deadline is not None else f"  ({UNSET})"
    lines = f"{counted(run.logs)} lines of log"
    return f"{run.session}  {progress(run)}{dry}  {lines}{unset}  {reason}".rstrip()


def _run_routes(args: argparse.Namespace) -> int:
    from core.after_run import after_run
    from core.store.runs import Runs

    store = store_of(args)
    after = after_run(store, Runs(store).get(args.session))
    if after is None:
        hint = "It needs labels in a project of this hub that has a Logic stage."
        raise InputError("run", "has no tasks that a Logic stage could send on.", hint)
    if args.json:
        print_json(asdict(after))
        return FINE
    say(f"{counted(after.tasks)} tasks through {after.logic}, expected without and with its labels")
    for one in after.stages:
        say(f"{tenths(one.before):>10}  {tenths(one.after):>10}  {one.stage or 'not wired'}")
    return FINE
