"""Where the tasks of a run go, as values; `core.after_run` works them out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageArrivals:
    """How many tasks of a run come to a stage, as a mean over all draws.

    Args:
        stage: Its id, None for an output that is not wired.
        before: With the labels that the tasks have without the run.
        after: With those of the run.
    """

    stage: str | None
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class AfterRun:
    """Where the tasks of a run go.

    Args:
        tasks: Those with labels of the run that were looked at.
        all_tasks: Those with labels of the run.
        logic: Name of the Logic stage.
        stages: Where they go, in the order of the outputs.
        moved: How many go elsewhere because of the run, as a mean.
    """

    tasks: int
    all_tasks: int
    logic: str
    stages: tuple[StageArrivals, ...]
    moved: float
