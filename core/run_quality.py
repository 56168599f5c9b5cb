"""The labels of a run beside those that people made on the same assets, read from the store.

Lines between plugins, the hub's tasks and `quality`: nothing is written, images are not needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.errors import InputError
from core.model.names import names_of
from core.model.phrases import joined
from core.model.project import Project
from core.plugin_runs.label_changes import KINDS, Difference, Labels, change
from core.plugin_runs.model import Run
from core.quality.check import Compared, compared, unlike
from core.quality.columns import Gathering
from core.quality.evidence import Evidence, proposed
from core.quality.truth import ACCEPTED, Truth, author, by_people, of_some
from core.store.hub import SANDBOX, HubStore, find_project
from core.store.hub_tasks import batches_of, chunks
from core.store.label_text import read_labels
from core.store.run_notes import of_other_runs
from core.store.runs import find, scope, shown_assets
from core.store.tables.hub import tasks
from core.store.tables.runs import run_tasks


@dataclass(frozen=True, slots=True)
class RunAgainstPeople:
    """A run held against people.

    Args:
        run: The run.
        project: Its project.
        truth: Which labels count as right, with the ids of the stages that were meant.
        both: Their labels.
        no_truth: Assets of the run that take no part, by why.
        authors: Labels of people on the assets that were looked at, by who made them.
        incomplete: Why not all of its assets are looked at, or "".
    """

    run: Run
    project: Project
    truth: Truth
    both: Compared
    no_truth: Mapping[str, int]
    authors: Mapping[str, int]
    incomplete: str

    @property
    def titles(self) -> dict[str, str]:
        """Class names by schema ID."""
        return names_of(self.project).classes

    @property
    def not_compared(self) -> dict[str, Any]:
        """Assets without truth by why, and labels of both sides by what they are."""
        labels = {side: dict(many) for side, many in self.both.left_out.items()}
        return {"assets": dict(self.no_truth), **labels}

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known of the result, a sentence each."""
        notes = [self.incomplete] if self.incomplete else []
        if not self.both.assets:
            notes.append(
                "None of the run's assets has a label of a person that counts: choose other stages "
                "or batches, or run over assets that people have labelled."
            )
        notes += [
            f"“{self.titles.get(schema_id, schema_id)}” is one kind of label for the run and "
            "another for people, such as a box and a point: these never overlap."
            for schema_id in unlike(self.both)
        ]
        return tuple(notes)


NO_TASK = "no task"
OTHER_STAGE = "no task in the chosen stages"
OTHER_BATCH = "not in the chosen batches"
NOT_CHOSEN = "not accepted in review, or no benchmark"
NO_LABEL = "no label of a person"
UNKNOWN = "annotations not on this machine"


def evidence_of(
    store: HubStore, session: str, truth: Truth
) -> tuple[tuple[Evidence, ...], dict[str, str]]:
    """The mapping that a probe shows, class by class of the model, and class names by schema ID.

    Args:
        store: The hub's state.
        session: Of the probe.
        truth: Which labels of people count.

    Raises:
        InputError: As `against_people`, or it is no probe.
    """
    sides = _gathered(store, session, truth)
    if not sides.run.request.probe:
        raise InputError("run", "is no probe.", "Start one with `run probe`.")
    minted = {pair.schema_id: pair.model_class for pair in sides.run.request.mapping or ()}
    return proposed(sides.both, minted), sides.titles


def against_people(store: HubStore, session: str, truth: Truth) -> RunAgainstPeople:
    """Gather the labels of a run and of people on its assets.

    Args:
        store: The hub's state.
        session: Of the run: dry, or not.
        truth: Which labels of people count.

    Raises:
        InputError: There is no such run, its labels or its project are not on this machine, or a
            stage or batch is not the project's.
    """
    sides = _gathered(store, session, truth)
    if sides.run.request.probe:
        message = "is a probe: its labels have no class of the project."
        raise InputError("run", message, "See `run mapping`, and start a dry run with that.")
    return sides


def _gathered(store: HubStore, session: str, truth: Truth) -> RunAgainstPeople:
    with store.read() as tx:
        run = find(tx, session)
        kept_project = find_project(tx, run.request.project)
        if kept_project is None:
            raise InputError("run", "was of a project that is gone.", "Choose another run.")
        if kept_project.backend != SANDBOX:
            raise InputError("run", ELSEWHERE, "Check a run of a project on the local hub.")
        if run.discarded_at is not None:
            raise InputError("run", "keeps no labels any more: they were discarded.", AGAIN)
        project = read_project({"project": loads(kept_project.document)})
        wanted = of_project(truth, project)
        assets: list[str] = []
        gathering, why, authors = Gathering(), Counter[str](), Counter[str]()
        for some in chunks(shown_assets(tx, session) or scope(tx, run.request)):
            for asset, labels in _labels(tx, run, wanted, some, why):
                authors.update(labels.authors)
                if not labels.has_truth:
                    why[NO_LABEL] += 1
                    continue
                gathering.add(gathering.people, len(assets), labels.people)
                if labels.run is not None:
                    gathering.add(gathering.run, len(assets), labels.run)
                assets.append(asset)
    incomplete = ""
    if run.state != "succeeded":
        state = "is still going" if not run.is_final else f"ended as {run.state}"
        incomplete = f"The run {state}: only assets that it has labelled so far are compared."
    both = compared(gathering, assets)
    return RunAgainstPeople(run, project, wanted, both, why, authors, incomplete)


ELSEWHERE = "is of a project on Ango Hub, whose labels of people are not on this machine."
AGAIN = "Start the dry run again."


def of_project(truth: Truth, project: Project) -> Truth:
    """The truth with the ids of the stages and batches that it names.

    Raises:
        InputError: The project has none of that name.
    """
    stages = project.stages or ()
    complete = [stage.id for stage in stages if stage.kind == "Complete"]
    batches = project.batches or ()
    chosen = _ids("--truth-stage", truth.stages, [(one.name, one.id) for one in stages])
    if not chosen and not complete:
        hint = "Name the stages whose tasks are labelled rightly."
        raise InputError("--truth-stage", "is needed: there is no Complete stage.", hint)
    inside = _ids("--truth-batch", truth.batches, [(one.name, one.id) for one in batches])
    return replace(truth, stages=chosen or tuple(complete), batches=inside)


def _ids(place: str, wanted: Sequence[str], known: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Ids by id or name; a name that several have means all of them."""
    ids: dict[str, None] = {}
    for one in wanted:
        meant = [id_ for name, id_ in known if one in (id_, name)]
        if not meant:
            names = joined([name for name, _ in known[:12]], "and")
            hint = f"There are: {names}." if known else "There is none."
            raise InputError(place, f"names {one[:80]!r}, which the project has not.", hint)
        ids |= dict.fromkeys(meant)
    return tuple(ids)


@dataclass(frozen=True, slots=True)
class BothLabels:
    """The labels of one asset that take part.

    Args:
        people: Those of people that count.
        run: Those of the run, None where it gave the asset none.
        authors: Labels of people by who made them, whoever is chosen.
    """

    people: Labels
    run: Labels | None
    authors: Mapping[str, int]

    @property
    def has_truth(self) -> bool:
        """Whether a label of people counts."""
        return any(self.people[kind] for kind in ("tools", "classifications"))


def labels_of(
    store: HubStore, sides: RunAgainstPeople, assets: Sequence[str]
) -> dict[str, BothLabels]:
    """The labels of some assets of a comparison, in the order of their places, by asset id."""
    with store.read() as tx:
        return dict(_labels(tx, sides.run, sides.truth, list(assets), Counter()))


def _labels(
    tx: sa.Connection, run: Run, truth: Truth, asset_ids: list[str], why: Counter[str]
) -> Iterator[tuple[str, BothLabels]]:
    """The labels of those assets that take part; others are counted only."""
    of_run = sa.and_(run_tasks.c.task == tasks.c.id, run_tasks.c.session == run.session)
    query = sa.select(
        tasks.c.id, tasks.c.asset, tasks.c.stage, tasks.c.answer, tasks.c.review_status,
        tasks.c.is_benchmark, run_tasks.c.added, run_tasks.c.removed,
    ).outerjoin(run_tasks, of_run)  # fmt: skip
    query = query.where(tasks.c.asset.in_(asset_ids), tasks.c.parent.is_(None))
    query = query.order_by(tasks.c.number.desc())  # of several tasks of an asset the first counts
    rows = {row.asset: row for row in tx.execute(query)}
    task_ids = [row.id for row in rows.values()]
    written = of_other_runs(tx, run.session, task_ids)
    batches = batches_of(tx, asset_ids) if truth.batches else {}
    for asset in asset_ids:
        row = rows.get(asset)
        if row is not None and run.state != "succeeded" and row.added is None:
            continue  # whether the run would have labelled it is not known
        reason = NO_TASK if row is None else _refused(row, truth, batches.get(asset, ()))
        if row is None or reason:
            why[reason] += 1
            continue
        everybody = by_people(_without(run, row), written.get(row.id, ()))
        authors = Counter(author(label) for kind in KINDS for label in everybody[kind])
        of_run_here = None if row.added is None else read_labels(row.added)
        yield asset, BothLabels(of_some(everybody, truth.people), of_run_here, authors)


def _without(run: Run, row: Any) -> Labels:
    """A task's annotations without what the run itself wrote, where it was no dry run."""
    answer: Labels = read_labels(row.answer)
    if row.added is None or run.request.dry_run or run.undone_at is not None:
        return answer
    own = Difference(read_labels(row.added), read_labels(row.removed))
    return change(answer, own.inverse)[0]


def _refused(row: Any, truth: Truth, batches: Sequence[str]) -> str:
    if row.stage not in truth.stages:
        return OTHER_STAGE
    if truth.batches and not set(batches) & set(truth.batches):
        return OTHER_BATCH
    if truth.reviewed and row.review_status not in ACCEPTED:
        return NOT_CHOSEN
    if truth.benchmark and not row.is_benchmark:
        return NOT_CHOSEN
    return UNKNOWN if row.answer is None else ""


@dataclass(frozen=True, slots=True)
class TruthNumbers:
    """How many of a run's assets each choice of a truth would keep.

    Args:
        stages: By stage id.
        batches: By batch id.
        reviewed: With a task that a reviewer accepted or fixed.
        benchmark: With a benchmark task.
    """

    stages: Mapping[str, int]
    batches: Mapping[str, int]
    reviewed: int
    benchmark: int


def truth_numbers(store: HubStore, session: str) -> TruthNumbers:
    """Count the assets of a run by where their first tasks are.

    Raises:
        UnknownName: There is no such run.
    """
    stages, batches, reviewed, benchmark = Counter[str](), Counter[str](), 0, 0
    with store.read() as tx:
        run = find(tx, session)
        for some in chunks(shown_assets(tx, session) or scope(tx, run.request)):
            query = sa.select(
                tasks.c.asset, tasks.c.stage, tasks.c.review_status, tasks.c.is_benchmark
            ).where(tasks.c.asset.in_(some), tasks.c.parent.is_(None))
            rows = {row.asset: row for row in tx.execute(query.order_by(tasks.c.number.desc()))}
            stages.update(row.stage for row in rows.values())
            reviewed += sum(row.review_status in ACCEPTED for row in rows.values())
            benchmark += sum(bool(row.is_benchmark) for row in rows.values())
            for names in batches_of(tx, some).values():
                batches.update(names)
    return TruthNumbers(stages, batches, reviewed, benchmark)
