"""Comparing two versions of ten rules over 1,000,000 made-up tasks.

One percentage is edited and one rule moved. Ours is timed to everything that the Compare page
shows of counts: matrix, moves, exact intervals of every output's and stage's difference. Conditions
are remembered, the edited one is new each time. Monte Carlo is given the pairs of certain rules and
draws every task's shared uniforms in each run, which is the least that it could do for the same
intervals; 20 runs are timed and taken for 1,000.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_rules import CONDITIONS, SEED, TASKS, make_columns, make_facts, rules_of
from measure import at_least, at_most, for_information, heading, in_turn, seconds

from core.model.stages import Logic
from core.routing import edit
from core.routing.engine.evaluate import Matcher
from core.routing.versions.compare import Comparison, Side, compare, drawn_moves
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.batch import Batch
from core.rule_types.random_sample import RandomSample
from core.rule_types.registry import chance_of
from core.tasks import bits
from core.tasks.bits import Bits

ROUNDS = 30
RUNS, TIMED_RUNS = 1_000, 20
TEN = (
    *CONDITIONS,
    RandomSample(0.3),
    Batch(("batch 5",)),
    RandomSample(0.5),
    AnnotationType((ClassFilter("class 7", False),)),
)


Lines = list[tuple[int, int]]


def simulate(before: Side, after: Side, within: Bits, lines: Lines, runs: int) -> NDArray[np.int64]:
    """Difference of the counts of each pair of outputs, by run."""
    random = np.random.default_rng(SEED)
    tasks = before.matcher.facts.tasks
    sure = [bits_labels(side.certain(within), tasks) for side in (before, after)]
    differences = []
    for _ in range(runs):
        uniforms: dict[str, NDArray[np.float32]] = {}
        counts = []
        for side, fates in zip((before, after), sure, strict=True):
            outputs = fates.copy()
            for place, rule in reversed(list(enumerate(side.rules))):
                chance = chance_of(rule.condition, side.matcher.facts.dialect)
                if chance is None:
                    continue
                if rule.id not in uniforms:
                    uniforms[rule.id] = random.random(tasks, np.float32)
                passing = (uniforms[rule.id] < chance) & (fates > place)
                outputs[passing] = place
            counts.append(np.bincount(outputs, minlength=len(side.targets)))
        differences.append([counts[1][new] - counts[0][old] for old, new in lines])
    return np.array(differences)


def bits_labels(taken: Sequence[Bits], tasks: int) -> NDArray[np.uint8]:
    """Which of the sets has each task."""
    labels = np.zeros(tasks, np.uint8)
    for place, members in enumerate(taken):
        labels[bits.unpack(members, tasks)] = place
    return labels


def main() -> None:
    """Print the table."""
    facts, within = make_facts(make_columns(TASKS)), bits.everything(TASKS)
    matcher = Matcher(facts)
    stage = Logic(id="routing", name="Routing", rules=rules_of(TEN), otherwise="else")
    moved = edit.move(stage, stage.rules[3].id, 0)
    values = count(1)
    batches = (Batch((f"batch {n % 8}", f"new {n}")) for n in count())

    def percentage() -> Comparison:
        value = RandomSample(0.2 + next(values) / 10_000)
        edited = edit.set_condition(moved, stage.rules[1].id, value)
        return compare(Side(matcher, stage), Side(matcher, edited), within)

    def condition() -> Comparison:
        edited = edit.set_condition(moved, stage.rules[0].id, next(batches))
        return compare(Side(matcher, stage), Side(matcher, edited), within)

    edited = edit.set_condition(moved, stage.rules[1].id, RandomSample(0.25))
    sides = Side(matcher, stage), Side(matcher, edited)
    found = compare(*sides, within)
    lines = [(c.before or 0, c.after or 0) for c in found.outputs]
    runs = simulate(*sides, within, lines, 5)
    took = seconds(lambda: simulate(*sides, within, lines, TIMED_RUNS)) * RUNS / TIMED_RUNS
    spread = [(c.high - c.low) / 2 + 1 for c in found.outputs]
    expected = np.array([c.expected for c in found.outputs])
    assert (np.abs(runs - expected) <= 3 * np.array(spread)).all(), (runs, expected)
    ours = in_turn(
        {
            "percentage": percentage,
            "condition": condition,
            "moves": lambda: drawn_moves(*sides, within, SEED),
        },
        ROUNDS,
    )
    heading(f"Comparing two versions of ten rules over {TASKS:,} tasks")
    at_most("a percentage edited, everything compared", 50, ours["percentage"] * 1e3, "ms")
    at_most("a condition edited, everything compared", 50, ours["condition"] * 1e3, "ms")
    at_least(f"times faster than {RUNS:,} Monte Carlo runs", 100, took / ours["percentage"])
    for_information("which tasks move in one draw, draws remembered", ours["moves"] * 1e3, "ms")


if __name__ == "__main__":
    main()
