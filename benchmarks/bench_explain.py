"""Explaining and planning over 1,000,000 made-up tasks and 10 rules, after every edit.

An edit is one that was not seen before: a percentage, a bound, an order. The sets of the other
rules are remembered, as on a page. Timed is what the Explain page shows first: hits, overlap and
swaps, and both kinds of findings. Groups of Else and the curves of the Plan page have their own
lines.

The overlap is compared with the same matrix from boolean columns in numpy, and its numbers are
checked against it; the exact plan with a search that splits the tasks again at each try.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_rules import TASKS, make_columns, make_facts
from measure import at_least, at_most, for_information, heading, in_turn

from core.model.dialect import Dialect
from core.model.names import Names
from core.model.rules import Condition, Rule
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher
from core.routing.engine.possible import possible
from core.routing.engine.split import split
from core.routing.explain.else_groups import else_groups
from core.routing.explain.hits import both_match, hits
from core.routing.lint.findings import Study
from core.routing.lint.in_data import in_data
from core.routing.plan.goal_seek import ways_to
from core.routing.plan.shares import plan, with_settings
from core.routing.plan.sweep import Knob, heat, sweep, values_of
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample
from core.tasks import bits

ROUNDS = 15
CONDITIONS: tuple[Condition, ...] = (
    Batch(("batch 2", "batch 3")),
    RandomSample(0.2),
    AnnotationType((ClassFilter("class 0"), ClassFilter("class 1", False))),
    Annotator(("person 1", "person 4")),
    AnnotationType((ClassFilter("class 2"), ClassFilter("class 3"))),
    Duration(60_000, 240_000),
    RandomSample(0.3),
    Batch(("batch 5",)),
    AnnotationType((ClassFilter("class 4"),)),
    Duration(None, 400_000),
)
NAMES, WITHIN = Names(), bits.everything(TASKS)


def stage_of(conditions: tuple[Condition, ...]) -> Logic:
    """Ten rules with targets of their own."""
    rules = tuple(
        Rule(f"{condition.kind}-{place}", condition, f"stage {place % 6}")
        for place, condition in enumerate(conditions)
    )
    return Logic(id="routing", name="Routing", rules=rules, otherwise="else")


def edited(place: int, condition: Condition) -> Logic:
    """The stage with one rule changed."""
    return stage_of((*CONDITIONS[:place], condition, *CONDITIONS[place + 1 :]))


def edits() -> dict[str, Callable[[], Logic]]:
    """Edits that were never seen before."""
    numbers = count(1)

    def order() -> Logic:
        shift = next(numbers) % 9
        moved = list(CONDITIONS)
        moved.insert(0, moved.pop(shift + 1))
        return stage_of(tuple(moved))

    return {
        "percentage": lambda: edited(1, RandomSample(0.2 + next(numbers) / 1e4)),
        "duration": lambda: edited(5, Duration(60_000, 240_000 + next(numbers))),
        "order": order,
    }


def bench_edits(matcher: Matcher) -> None:
    """Everything that the Explain page shows at once."""

    def shown(stage: Logic) -> None:
        hits(matcher, stage, WITHIN, NAMES)
        proven = Study(stage, NAMES, matcher.facts.dialect, None).findings
        in_data(matcher, stage, WITHIN, NAMES, proven)

    sources = edits()
    took = in_turn({k: partial(lambda s: shown(s()), s) for k, s in sources.items()}, ROUNDS)
    heading(f"One edit over {TASKS:,} tasks and 10 rules, to hits, overlap, swaps and findings")
    for name, seconds in took.items():
        at_most(f"{name} edited", 20, seconds * 1e3, "ms")
    parts: dict[str, Callable[[], Any]] = {
        "hits, overlap and swaps": lambda: hits(matcher, sources["order"](), WITHIN, NAMES),
        "findings in the data": lambda: in_data(matcher, sources["order"](), WITHIN, NAMES),
        "groups of Else": lambda: else_groups(matcher, sources["order"](), WITHIN, NAMES),
    }
    took = in_turn(parts, ROUNDS)
    at_most("overlap matrix, with hits and swaps", 50, took["hits, overlap and swaps"] * 1e3, "ms")
    at_most("findings in the data", 20, took["findings in the data"] * 1e3, "ms")
    for_information("groups of Else", took["groups of Else"] * 1e3, "ms")


def bench_overlap(matcher: Matcher) -> None:
    """The overlap of certain rules against numpy over boolean columns."""
    stage = stage_of(tuple(c for c in CONDITIONS if not isinstance(c, RandomSample)))
    size = len(stage.rules)
    flags = [bits.unpack(matcher.matching(rule.condition), TASKS) for rule in stage.rules]

    def with_numpy() -> list[list[int]]:
        return [[int(np.count_nonzero(a & b)) for b in flags[: i + 1]]
                for i, a in enumerate(flags)]  # fmt: skip

    found = hits(matcher, stage, WITHIN, NAMES).overlap
    wanted = with_numpy()
    for i in range(size):
        assert [found[i][j].expected for j in range(i + 1)] == wanted[i]
    actions: dict[str, Callable[[], Any]] = {
        "ours": lambda: hits(matcher, stage, WITHIN, NAMES),
        "numpy": with_numpy,
        "rows": lambda: bits.rows_of(both_match(matcher, stage, (0, 2)), TASKS),
    }
    took = in_turn(actions, ROUNDS)
    heading("Overlap of 8 certain rules")
    for_information(
        "times faster than boolean columns, though hits and swaps are counted too",
        took["numpy"] / took["ours"],
    )
    for_information("tasks behind one field", took["rows"] * 1e3, "ms")


def bench_logic() -> None:
    """Findings that need no task: 10 and 50 rules, nothing remembered."""

    def cold(stage: Logic) -> None:
        possible.cache_clear()
        study = Study(stage, NAMES, Dialect(), None)
        assert study.findings is not None and study.outlooks

    many = tuple(
        AnnotationType((ClassFilter(f"class {n % 16}"), ClassFilter(f"class {n // 3 % 16}", False)))
        if n % 2
        else CONDITIONS[n % 10]
        for n in range(50)
    )
    took = in_turn(
        {"10": lambda: cold(stage_of(CONDITIONS)), "50": lambda: cold(stage_of(many))}, ROUNDS
    )
    heading("Findings by logic, nothing remembered")
    at_most("10 rules", 20, took["10"] * 1e3, "ms")
    for_information("50 rules", took["50"] * 1e3, "ms")


def bench_plan(matcher: Matcher) -> None:
    """Shares, curves, heat map and a wanted number."""
    stage = stage_of(CONDITIONS)
    found = plan(matcher, stage, WITHIN, [10, 5, 5])
    goal = [10.0, 5.0, found.reached[-1]]

    def by_search() -> Logic:
        """Bisection of each percentage over whole splits, to the same 4 decimals."""
        tried = stage
        for place, share in zip((1, 6), goal, strict=False):
            low, high = 0.0, 1.0
            for _ in range(14):
                middle = (low + high) / 2
                tried = with_settings(tried, [(place, middle)], Dialect())
                got = split(matcher, tried, WITHIN, NAMES).outputs[place].count.share * 100
                low, high = (middle, high) if got < share else (low, middle)
        return tried

    tried = with_settings(stage, plan(matcher, stage, WITHIN, goal).settings, Dialect())
    for i, share in ((1, 10.0), (6, 5.0)):
        for each in (tried, by_search()):
            got = split(matcher, each, WITHIN, NAMES).outputs[i].count.share * 100
            assert abs(got - share) < 0.02, (i, got)
    percentage, bound = Knob(1, "percent"), Knob(5, "high")
    percents, bounds = (values_of(k, matcher, WITHIN, 21) for k in (percentage, bound))
    fresh, edits_ = count(1), edits()
    actions: dict[str, Callable[[], Any]] = {
        "plan": lambda: plan(matcher, stage, WITHIN, goal),
        "curve": lambda: sweep(matcher, stage, WITHIN, percentage, percents, 1),
        "bound": lambda: sweep(
            matcher, stage, WITHIN, bound, [b + next(fresh) / 1e3 for b in bounds], 5
        ),
        "again": lambda: sweep(matcher, edits_["percentage"](), WITHIN, bound, bounds, 5),
        "heat": lambda: heat(matcher, stage, WITHIN, (percentage, bound), (percents, bounds), 5),
        "wanted": lambda: ways_to(matcher, stage, WITHIN, 5, 50_000, NAMES),
        "batches": lambda: ways_to(matcher, stage, WITHIN, 7, 50_000, NAMES),
    }
    took = in_turn(actions, ROUNDS) | in_turn({"search": by_search}, 2)
    heading("Planning")
    at_most("shares to settings", 20, took["plan"] * 1e3, "ms")
    at_least("times faster than bisection over splits", 10, took["search"] / took["plan"])
    at_most("curve of a percentage, 21 points with 95 % band", 20, took["curve"] * 1e3, "ms")
    at_most("curve of a bound, 21 points, after another rule's edit", 20, took["again"] * 1e3, "ms")
    for_information("curve of a bound, 21 points never seen", took["bound"] * 1e3, "ms")
    for_information("heat map of 21 × 21, percentage by bound", took["heat"] * 1e3, "ms")
    for_information("wanted number: bounds and percentages", took["wanted"] * 1e3, "ms")
    for_information("wanted number: batches and percentages", took["batches"] * 1e3, "ms")


def main() -> None:
    """Print all tables."""
    matcher = Matcher(make_facts(make_columns(TASKS)))
    bench_edits(matcher)
    bench_overlap(matcher)
    bench_logic()
    bench_plan(matcher)


if __name__ == "__main__":
    main()
