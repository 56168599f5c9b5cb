"""The exact flow: fifty stages per group of alike tasks, and a workflow over a million tasks.

A ring of fifty stages with ways back, solved for many groups at once: visits, variances, exits,
touches. The baseline of the ratio is the same by one plain inverse per group.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_large import project_text
from bench_scale import make
from measure import at_most, for_information, heading, in_turn, seconds

from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.dataset.opening import open_table
from core.flow.absorbing import solve
from core.flow.chain import Chain
from core.flow.flow import flow_of, worth_of
from core.flow.graph import graph_of
from core.model.dialect import Dialect
from core.model.stages import Complete, Review, Start
from core.workspace import Workspace

STAGES, GROUPS, TASKS = 50, 200, 1_000_000
MOST_MS_PER_GROUP = 1.0


def ring() -> Chain:
    """Reviews one behind the other, each of which sends back to the one before or far back."""
    names = [f"R{n}" for n in range(STAGES - 2)]
    stages = [Start(id="Start", name="Start", next=("R0",))]
    for place, name in enumerate(names):
        on = names[place + 1] if place + 1 < len(names) else "Complete"
        back = names[max(0, place - 1 - place % 7)]
        stages.append(Review(id=name, name=name, next=(on, back)))  # type: ignore[arg-type]
    graph = graph_of((*stages, Complete(id="Complete", name="Complete")))
    rng = np.random.default_rng(1)
    chances = np.ones((GROUPS, len(graph.exits)))
    for place in range(1, STAGES - 1):
        first, second = graph.exits_of(place)
        chances[:, first] = rng.uniform(0.6, 0.95, GROUPS)
        chances[:, second] = 1 - chances[:, first]
    return Chain(graph, chances, np.full(GROUPS, 10), np.zeros(0, np.int32))


def plainly(chain: Chain) -> None:
    """One inverse per group, and nothing else."""
    size = len(chain.graph.stages)
    for chances in chain.chances:
        steps = np.zeros((size, size))
        for one, chance in zip(chain.graph.exits, chances, strict=True):
            if one.target is not None:
                steps[one.stage, one.target] += chance
        np.linalg.inv(np.eye(size) - steps)


def main() -> None:
    """Print both."""
    heading(f"{STAGES} stages, {GROUPS} groups of alike tasks")
    chain = ring()
    worth = worth_of(chain.graph)
    times = in_turn({"solve": lambda: solve(chain, worth), "plain": lambda: plainly(chain)}, 5)
    each = times["solve"] / GROUPS * 1_000
    at_most("exact, per group", MOST_MS_PER_GROUP, each, "ms")
    for_information("over one inverse per group", times["solve"] / times["plain"], "x")

    heading(f"{TASKS:,} tasks through a workflow with eight rules")
    with TemporaryDirectory(prefix="switchyard-") as folder:
        make(Path(folder) / "tasks", TASKS)
        table = open_table(Path(folder) / "tasks", 3 * TASKS)
    project = read_project(loads(project_text(), "project"), "project")
    work = Workspace(table, project, Dialect())
    facts = seconds(lambda: work.split(project.logic_stages[0]))
    for_information("facts and the first split", facts, "s")
    for_information("the exact flow after that", seconds(lambda: flow_of(work)), "s")


if __name__ == "__main__":
    main()
