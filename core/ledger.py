"""The ledger of forecasts: a publish that keeps its own, and how those of the past held.

Page and command publish here, so `core.publish` need not know of forecasts. A publish is never
stopped by its forecast: what cannot be told is kept as that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby

import numpy as np

from core.ango_json.stages import rules_key
from core.errors import SwitchyardError
from core.gateway.cache import Cache
from core.gateway.hosts import same_hub
from core.gateway.protocol import Gateway
from core.hub.lock import own_hub
from core.model.diagnostics import RuleDiagnostic
from core.model.phrases import iso, joined
from core.model.project import Project
from core.model.stages import Logic
from core.publish.publish import Clock, Published, publish
from core.routing.observed.conformance import first_doubtful
from core.routing.observed.held import (
    Ledger,
    ScoredForecast,
    ScoredOutput,
    held_share,
    scored,
)
from core.routing.observed.kept_forecast import (
    KeptForecast,
    forecast_to_keep,
    kept_document,
    nothing,
    read_kept,
)
from core.settings import Settings
from core.store.database import LATER
from core.store.hub import HubStore
from core.store.ledger import LedgerEntry, comings_under, entries_kept, keep_entry
from core.tasks.table import TaskTable
from core.tasks.transitions import FirstComing, first_comings
from core.workspace import Workspace

ON_DISK = "The tasks at hand are too many to be held in memory, so no forecast was made."
ODD = "The tasks at hand could not be worked with, so no forecast was made."
LARGE = "The tasks are too many to be held in memory, so their histories were not looked at."
NOT_READ = "Read the project again on the Connect page to see what came since."
OTHER_RULES = (
    "The stage has other rules since; which of them sent a task, histories of another hub do not "
    "tell."
)


def publish_and_keep(
    gateway: Gateway,
    seen: Project,
    draft: Logic,
    workspace: Workspace,
    settings: Settings,
    store: HubStore,
    clock: Clock,
    problems: Sequence[RuleDiagnostic] = (),
) -> Published:
    """Publish a Logic stage, and keep what its rules are forecast to do.

    Args:
        gateway: The hub.
        seen: The project as it was read when the difference was shown.
        draft: The stage.
        workspace: The tasks at hand, which tell the forecast.
        settings: Where backups go.
        store: Knows whether whoever acts may do this, records it, and keeps the forecast.
        clock: Stamps backup and forecast.
        problems: What was found in the draft.

    Raises:
        Forbidden, PublishError, GatewayError: As `core.publish.publish.publish`; then nothing is
            kept.
    """
    at = clock()
    done = publish(gateway, seen, draft, settings.backups, clock, store, problems)
    published = next((one for one in done.project.logic_stages if one.id == draft.id), None)
    if published is not None:
        own = own_hub(settings.data, store)
        entry = LedgerEntry(
            at=iso(at.timestamp()),
            host=gateway.host,
            own=own is not None and own.url == gateway.host,
            project=seen.id,
            stage=draft.id,
            name=published.name,
            rules=rules_key(published),
            document=kept_document(_forecast(workspace, done.project, published)),
        )
        with suppress(SwitchyardError, *LATER):  # the hub has it, whatever becomes of the entry
            keep_entry(store, entry)
    return done


def _forecast(workspace: Workspace, project: Project, stage: Logic) -> KeptForecast:
    if not workspace.table.in_memory:
        return nothing(ON_DISK)
    try:
        return forecast_to_keep(workspace.table, project, workspace.dialect, stage)
    except SwitchyardError as error:
        return nothing(str(error))
    except (ArithmeticError, LookupError, MemoryError, ValueError):
        return nothing(ODD)


def read_ledger(
    store: HubStore, hubs: Cache, project: str | None = None, host: str | None = None
) -> Ledger:
    """The forecasts that publishes kept, each beside what came since.

    Args:
        store: Keeps them; of its own hub it has every pass, too.
        hubs: Copies of projects of other hubs, whose histories tell what they can.
        project: Whose, by its id; None for all.
        host: Of which hub; None for all.
    """
    with store.read() as tx:
        entries = entries_kept(tx, project)
        entries = tuple(e for e in entries if host is None or same_hub(e.host, host))
        judged: list[tuple[int, ScoredForecast]] = []
        for _, group in groupby(sorted(entries, key=_place), key=_place):
            some = tuple(group)
            came = comings_under(tx, some) if some[0].own else {}
            for entry in some:
                one = (
                    _of_passes(entry, came[entry.number])
                    if entry.own
                    else _of_copy(entry, hubs, entry is some[-1])
                )
                judged.append((entry.number, one))
    judged.sort(key=lambda pair: -pair[0])
    scores = tuple(one for _, one in judged)
    return Ledger(scores, held_share(output for one in scores for output in one.outputs))


def _place(entry: LedgerEntry) -> tuple[str, str, str, int]:
    """What puts entries of one stage together; the hub of a data folder may change its port."""
    return "" if entry.own else entry.host, entry.project, entry.stage, not entry.own


def _of_passes(entry: LedgerEntry, counts: Mapping[int, int]) -> ScoredForecast:
    """By the passes that the hub of this data folder wrote down."""
    forecast = read_kept(entry.document)
    seen = [counts.get(place, 0) for place in range(len(forecast.outputs))]
    came = sum(counts.values())
    return _scored(entry, forecast, came, scored(forecast, came, seen, {}), forecast.why)


def _of_copy(entry: LedgerEntry, hubs: Cache, is_last: bool) -> ScoredForecast:
    """By the histories of the copy that was read of another hub's project since."""
    forecast = read_kept(entry.document)

    def untold(why: str) -> ScoredForecast:
        reasons = dict.fromkeys(range(len(forecast.outputs)), why)
        return _scored(entry, forecast, None, scored(forecast, 0, (), reasons), why)

    if forecast.why:
        return untold(forecast.why)
    since = datetime.fromisoformat(entry.at).timestamp()
    copy = hubs.get(entry.host, entry.project)
    if copy is None or copy.asked_at <= since:
        return untold(NOT_READ)
    project, table = hubs.project(copy), hubs.table(copy)
    stage = next((one for one in project.logic_stages if one.id == entry.stage), None)
    if not is_last or stage is None or rules_key(stage) != entry.rules:
        return untold(OTHER_RULES)
    if not table.in_memory:
        return untold(LARGE)
    first = first_comings(table, stage, project.stages or (), first_doubtful(stage))
    return _by_histories(entry, forecast, table, first, 1_000 * since)


def _by_histories(
    entry: LedgerEntry,
    forecast: KeptForecast,
    table: TaskTable,
    first: FirstComing,
    since: float,
) -> ScoredForecast:
    """By the tasks that came first at this time, in milliseconds since 1970, or after it."""
    there = np.flatnonzero(first.entry >= 0)
    times = table.history.at[first.entry[there]]
    cells = first.cell[there[times >= since]]
    seen = [0] * len(forecast.outputs)
    untold = dict(first.untold)
    for place, cell in enumerate(first.cells):
        names = joined([forecast.outputs[output].label for output in cell.outputs], "and")
        for output in cell.outputs:
            seen[output] = int((cells == place).sum())
            if len(cell.outputs) > 1:
                untold.setdefault(output, f"{names} lead to the same stage")
    return _scored(entry, forecast, len(cells), scored(forecast, len(cells), seen, untold), "")


def _scored(
    entry: LedgerEntry,
    forecast: KeptForecast,
    came: int | None,
    outputs: tuple[ScoredOutput, ...],
    why: str,
) -> ScoredForecast:
    return ScoredForecast(
        entry.at,
        entry.host,
        entry.own,
        entry.project,
        entry.stage,
        entry.name,
        forecast,
        came,
        outputs,
        why,
    )
