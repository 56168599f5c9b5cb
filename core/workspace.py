"""A table, a project and a dialect put together for questions about a Logic stage.

Pages and command line both ask here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.model.diagnostics import RuleDiagnostic
from core.model.dialect import Dialect
from core.model.names import Names, names_of
from core.model.passes import Pass
from core.model.project import Project
from core.model.pseudonyms import Pseudonyms
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher
from core.routing.engine.split import Split, split
from core.routing.explain.breakdown import groups
from core.routing.explain.counterfactual import Why, why
from core.routing.explain.else_groups import Group, else_groups
from core.routing.explain.hits import Hits, hits
from core.routing.explain.trace import Trace, trace
from core.routing.lint.check import check
from core.routing.lint.findings import Finding, Study
from core.routing.lint.in_data import in_data
from core.routing.observed.conformance import Basis, Behaviour, of_counts
from core.routing.observed.followed import of_history
from core.routing.observed.forecast import Coming, coming
from core.routing.observed.passes import of_passes
from core.routing.plan.stage_share import StagePlan, plan_stage
from core.routing.versions.compare import Comparison, Side, compare, drawn_moves
from core.routing.versions.golden import Golden, GoldenVerdict, judge
from core.routing.versions.moved_tasks import Move, MovedGroup, moved_groups, moves
from core.tasks import bits
from core.tasks.bits import Bits
from core.tasks.facts import Facts, Honesty, resolve
from core.tasks.table import TaskTable


@dataclass(frozen=True)
class Workspace:
    """What questions are asked of; facts and sets are worked out once and remembered.

    Args:
        table: The tasks.
        project: What is known around them, or None.
        dialect: The readings in force.
        shown: Whether its names are fit to be seen, for pages; JSON has them as they are.
        pseudonyms: What its people are called instead of their addresses; None for these.
    """

    table: TaskTable
    project: Project | None
    dialect: Dialect
    shown: bool = False
    pseudonyms: Pseudonyms | None = None

    def under(self, pseudonyms: Pseudonyms | None) -> Workspace:
        """The same workspace, facts and sets, with its people called otherwise."""
        other = replace(self, pseudonyms=pseudonyms)
        vars(other).update(facts=self.facts, matcher=self.matcher)
        return other

    @cached_property
    def facts(self) -> Facts:
        """The facts of all tasks."""
        return resolve(self.table, self.project, self.dialect)

    @property
    def honesty(self) -> Honesty:
        """How much is not known."""
        return self.facts.honesty

    @cached_property
    def matcher(self) -> Matcher:
        """Answers about conditions, remembered."""
        return Matcher(self.facts)

    @cached_property
    def names(self) -> Names:
        """Names for the ids in rules."""
        table = self.table
        schema = zip(table.schema_ids, table.schema_titles, strict=True)
        names = names_of(self.project, schema, table.batch_names, table.people, table.stages)
        names = replace(names, pseudonyms=self.pseudonyms)
        return names.to_show() if self.shown else names

    @cached_property
    def everything(self) -> Bits:
        """All tasks."""
        return bits.everything(len(self.table))

    def split(self, stage: Logic, seed: int = 0, within: Bits | None = None) -> Split:
        """How many tasks leave through each output."""
        chosen = self.everything if within is None else within
        return split(self.matcher, stage, chosen, self.names, seed)

    def compare(
        self,
        before: Logic,
        after: Logic,
        within: Bits | None = None,
        other: Workspace | None = None,
    ) -> Comparison:
        """What the second version does differently; rules of the same id share their draws.

        Args:
            before: The first version.
            after: The second.
            within: The tasks looked at, None for all.
            other: What the first version is asked of, where it is read in another dialect.
        """
        chosen = self.everything if within is None else within
        return compare(*self.sides(before, after, other), chosen)

    def sides(
        self, before: Logic, after: Logic, other: Workspace | None = None
    ) -> tuple[Side, Side]:
        """Both versions with the facts that each is asked about."""
        return Side((other or self).matcher, before), Side(self.matcher, after)

    def moves(
        self, sides: tuple[Side, Side], within: Bits, seed: int = 0, start: int = 0, count: int = 20
    ) -> tuple[Move, ...]:
        """Tasks that move in the draw of the seed, in the order of the table, and why."""
        rows = bits.rows_of(drawn_moves(*sides, within, seed), len(self.table))
        return moves(self.table, *sides, rows[start : start + count].tolist(), self.names, seed)

    def moved_count(self, sides: tuple[Side, Side], within: Bits, seed: int) -> int:
        """How many tasks move in the draw of the seed."""
        return bits.count(drawn_moves(*sides, within, seed))

    def moved_groups(
        self, sides: tuple[Side, Side], result: Comparison, within: Bits, by: str
    ) -> tuple[MovedGroup, ...]:
        """Who moves, by one of `routing.explain.breakdown.BREAKDOWNS`."""
        sets = groups(self.table, self.facts, self.names, by)
        return moved_groups(*sides, result, within, sets)

    def golden(self, stage: Logic, pinned: Sequence[Golden]) -> tuple[GoldenVerdict, ...]:
        """Where each golden task goes."""
        return judge(self.table, self.matcher, stage, pinned, self.names)

    def coming(self, stage: Logic, many: int, within: Bits | None = None) -> Coming:
        """What the next tasks do, and how far one week has told the next."""
        chosen = self.everything if within is None else within
        return coming(self.matcher, self.table, stage, chosen, many)

    def plan_stage(
        self, stage: Logic, target: str, wanted: float, within: Bits | None = None
    ) -> StagePlan:
        """The one percentage that gives a stage a share of all tasks, from 0 to 1."""
        chosen = self.everything if within is None else within
        return plan_stage(self.matcher, stage, chosen, target, wanted, self.names)

    def behaving(
        self, stage: Logic, observed: Sequence[int], basis: Basis, within: Bits | None = None
    ) -> Behaviour:
        """Whether counts per output are what the stage does, with these or with like tasks."""
        chosen = self.everything if within is None else within
        return of_counts(self.matcher, stage, chosen, observed, basis)

    def behaved(self, stage: Logic, within: Bits | None = None) -> Behaviour:
        """Whether the histories of the tasks are what the stage does."""
        chosen = self.everything if within is None else within
        return of_history(self.table, self.project, self.dialect, stage, chosen, self.names)

    def passed(self, stage: Logic, went: Sequence[Pass]) -> Behaviour:
        """Whether what a hub wrote down of its passes is what the stage does."""
        return of_passes(self.table, self.project, stage, went)

    def check(self, stage: Logic) -> tuple[RuleDiagnostic, ...]:
        """What is wrong or doubtful in the stage."""
        return check(stage, self.names, self.dialect, self.project, self.matcher.matches_none)

    def hits(self, stage: Logic, within: Bits | None = None) -> Hits:
        """What each rule matches, gets, takes and loses, in order."""
        chosen = self.everything if within is None else within
        return hits(self.matcher, stage, chosen, self.names)

    def study(self, stage: Logic) -> Study:
        """Questions about the stage that need no task."""
        return Study(stage, self.names, self.dialect, self.project)

    def findings(self, stage: Logic, within: Bits | None = None) -> tuple[Finding, ...]:
        """What is proven: for every possible task first, then for the tasks looked at."""
        chosen = self.everything if within is None else within
        proven = self.study(stage).findings
        return (*proven, *in_data(self.matcher, stage, chosen, self.names, proven))

    def else_groups(self, stage: Logic, within: Bits | None = None) -> tuple[Group, ...]:
        """What falls into Else, in groups."""
        chosen = self.everything if within is None else within
        return else_groups(self.matcher, stage, chosen, self.names)

    def why(self, stage: Logic, task_id: str) -> Why:
        """What would send one task elsewhere."""
        return why(self.table, self.matcher, stage, task_id, self.names)

    def trace(self, stage: Logic, task_id: str, seed: int = 0) -> Trace:
        """One task's way through the stage."""
        return trace(self.table, self.matcher, stage, task_id, self.names, seed)
