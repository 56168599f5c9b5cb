"""A version of a Logic stage under a dialect: all that comparing needs but the counted tasks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from core.model.dialect import Dialect
from core.model.rules import Rule, Unknown
from core.model.stages import Logic
from core.routing.engine.chances import Flags, reach


@dataclass(frozen=True)
class Version:
    """One version of the stage as it is read.

    Args:
        stage: Its rules; those of the same id in both versions share their draws.
        dialect: The readings that it is under.
    """

    stage: Logic
    dialect: Dialect

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that take part."""
        return self.stage.active

    @cached_property
    def targets(self) -> tuple[str | None, ...]:
        """Stage behind each output, Else last."""
        return self.stage.targets

    @cached_property
    def reach(self) -> Flags:
        """Which outputs a task may take, by the rule that takes it for certain."""
        return reach(self.rules, self.dialect)

    @property
    def uncertain_from(self) -> int:
        """First output that a rule which cannot be simulated may change."""
        unknown = (i for i, r in enumerate(self.rules) if isinstance(r.condition, Unknown))
        return next(unknown, len(self.targets))
