"""The command `run probe`: a dry run that asks a plugin what it finds, whatever is mapped."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from core.cli.arguments import FINE, NO, settings_of
from core.cli.hub import store_of
from core.cli.inputs import text_of
from core.terminal import print_json

if TYPE_CHECKING:
    from core.plugin_runs.model import Run
    from core.store.hub import HubStore


def run_probe(args: argparse.Namespace) -> int:
    """Queue a probe, wait for its end, and print what it tells of the mapping."""
    from core.cli.runs import batches_of, followed, judge, need_first, show_run
    from core.plugin_runs.model import DEADLINE_SECONDS
    from core.plugin_runs.preflight import preflight
    from core.plugin_runs.probe import probe_request
    from core.store.plugins import Registry
    from core.store.run_around import around
    from core.store.run_probes import project_of
    from core.store.runs import Runs

    store = store_of(args)
    registry = Registry(store, settings_of(args).data)
    plugin = registry.get(args.plugin)
    need_first(args)
    batches = batches_of(store, args.project, args.batch)
    with store.read() as tx:
        project = project_of(tx, args.project)
    request = probe_request(
        plugin,
        project,
        batches,
        text_of(args.config),
        args.first,
        DEADLINE_SECONDS if args.deadline is None else args.deadline,
    )
    judge(preflight(request, around(store, registry, request)), {"config": args.config})
    runs = Runs(store)
    run = runs.start(request)
    if args.wait is not None:
        run = followed(runs, run, args.wait)
    if args.json:
        mapping = _mapping(store, run)
        print_json({"session": run.session, "state": run.state, "mapping": mapping})
    else:
        show_run(args, run)
    return FINE if args.wait is None or run.state == "succeeded" else NO


def _mapping(store: HubStore, run: Run) -> list[dict[str, Any]]:
    """What the probe shows of the mapping."""
    from core.run_quality import evidence_of

    return [one.as_dict() for one in evidence_of(store, run.session)] if run.is_final else []
