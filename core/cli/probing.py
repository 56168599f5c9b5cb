"""The command `run probe`: a dry run that asks a plugin what it finds, whatever is mapped."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core.cli.arguments import FINE, NO, settings_of
from core.cli.hub import store_of
from core.cli.inputs import text_of
from core.cli.run_check import truth_of
from core.model.figures import counted
from core.terminal import print_json, say

if TYPE_CHECKING:
    from core.plugin_runs.model import Run
    from core.quality.evidence import Evidence
    from core.store.hub import HubStore


def run_probe(args: argparse.Namespace) -> int:
    """Queue a probe, wait for its end, and print what it tells of the mapping."""
    from core.cli.runs import batches_of, followed, judge, need_first, show_run
    from core.plugin_runs.model import DEADLINE_SECONDS
    from core.plugin_runs.preflight import preflight
    from core.plugin_runs.probe import probe_request
    from core.run_quality import of_project
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
    of_project(truth_of(args), project)  # what cannot be compared afterwards is refused at once
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
    if not args.json:
        show_run(args, run)
    _print_mapping(args, store, run)
    return FINE if args.wait is None or run.state == "succeeded" else NO


def show_mapping(args: argparse.Namespace) -> int:
    """Print what an earlier probe tells of the mapping."""
    from core.store.runs import Runs

    store = store_of(args)
    _print_mapping(args, store, Runs(store).get(args.session))
    return FINE


def _print_mapping(args: argparse.Namespace, store: HubStore, run: Run) -> None:
    """What the probe shows of the mapping; nothing before its end."""
    from core.run_quality import evidence_of

    evidence: tuple[Evidence, ...] = ()
    titles: dict[str, str] = {}
    if run.is_final:
        evidence, titles = evidence_of(store, run.session, truth_of(args))
    if args.json:
        mapping = [one.as_dict() for one in evidence]
        print_json({"session": run.session, "state": run.state, "mapping": mapping})
        return
    for one in evidence:
        on = "nothing that people labelled"
        if one.schema_id is not None:
            on = titles.get(one.schema_id, one.schema_id)
        many = f"{counted(one.support)} of {counted(one.of)} labels"
        say(f"{one.model_class}: {many} lie on {on}")
