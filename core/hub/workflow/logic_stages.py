"""Where Logic stages send tasks: the product's own evaluator, with a fresh draw per pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.export.builder import TableBuilder
from core.export.schema import DECODER
from core.hub.codec import Json, encode
from core.model.dialect import Dialect
from core.model.project import Project
from core.model.stages import Logic
from core.routing.engine.draw import hash_text
from core.routing.engine.evaluate import Matcher, first_match
from core.tasks import bits
from core.tasks.facts import resolve


def route(
    project: Project, stage: Logic, items: Sequence[Json], passes: Sequence[int], seed: int
) -> list[int]:
    """The output that each task leaves through, by position, Else last.

    Args:
        project: Around the stage.
        stage: The Logic stage.
        items: The tasks as items of an export, each with exactly one task.
        passes: How often each task went through this stage before.
        seed: The project's; every Logic stage draws from its own part of it, since rules of two
            stages that have the same id must not draw alike.
    """
    builder = TableBuilder()
    for item in items:
        builder.add(DECODER.decode(encode(item)), "task")
    table = builder.finish()
    matcher = Matcher(resolve(table, project, Dialect()))
    own_seed = hash_text(f"{seed}:{stage.id}")
    outputs = [0] * len(items)
    turns = np.array(passes)
    for turn in sorted(set(passes)):
        within = bits.pack(turns == turn)
        taken = first_match([matcher.drawn(r, own_seed, turn) for r in stage.active], within)
        for output, won in enumerate(taken):
            for row in bits.rows_of(won, len(items)):
                outputs[int(row)] = output
    return outputs
