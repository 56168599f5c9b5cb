"""What happens to hold for the tasks looked at, though it need not for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.model.dialect import Dialect
from core.model.figures import counted
from core.model.names import Names
from core.model.phrases import joined
from core.model.stages import Logic
from core.routing.engine.evaluate import Matcher, first_match
from core.routing.lint.findings import Finding, dead_stages, proven
from core.routing.sentence import rules_text
from core.rule_types.opaque import is_opaque
from core.rule_types.registry import is_certain
from core.tasks import bits
from core.tasks.bits import Bits

HINT = "Check that the data is from this project and recent enough."


def in_data(
    matcher: Matcher, stage: Logic, within: Bits, names: Names, known: Sequence[Finding] = ()
) -> tuple[Finding, ...]:
    """Findings of the kind `data`, from the top rule down.

    Args:
        matcher: The facts.
        stage: Switched-off rules take no part.
        within: The tasks looked at.
        names: For the stages.
        known: What holds by logic; it is not said again.
    """
    sets = [matcher.matching(rule.condition) & within for rule in stage.active]
    taken, dialect = first_match(sets, within), matcher.facts.dialect
    looked_at = _LookedAt(stage, sets, taken, bits.count(within), dialect)
    if not looked_at.total:
        return ()
    known_already = {(finding.code, finding.subject) for finding in known}
    dead: set[int | None] = {
        f.subject for f in known if f.code not in ("rule.always", "output.dead")
    }
    dead |= {None for f in known if f.code == "output.dead" and f.subject is None}
    findings = []
    for i in range(len(sets)):
        finding = None if i in dead else looked_at.finding(i)
        if finding is not None and (finding.code, i) not in known_already:
            findings.append(finding)
            dead |= {i} if finding.code != "rule.always" else set()
    if not bits.count(looked_at.taken[-1]) and None not in dead:
        dead.add(None)
        proof = f"The rules take all {counted(looked_at.total)} tasks."
        findings.append(
            proven("output.dead", "data", None, "No task is left for Else.", proof, HINT)
        )
    behind = dead_stages(stage, names, dead, "data")
    return (*findings, *(f for f in behind if (f.code, f.subject) not in known_already))


@dataclass(frozen=True)
class _LookedAt:
    """Tasks that each rule matches, those that it takes (Else last), how many, and how read."""

    stage: Logic
    sets: list[Bits]
    taken: list[Bits]
    total: int
    dialect: Dialect

    def finding(self, i: int) -> Finding | None:
        """The first thing that holds of a rule."""
        condition = self.stage.active[i].condition
        if is_opaque(condition):
            return None
        left = sum(bits.count(won) for won in self.taken[i:])
        if not left:
            message = "No task of the data gets here."
            return _finding("rule.unreachable", i, message, self._takers(i, None))
        if not is_certain(condition, self.dialect):
            return None
        matched, won = bits.count(self.sets[i]), bits.count(self.taken[i])
        if won:
            proof = f"All {counted(left)} tasks that get here match it."
            message = "It takes every task of the data that gets here."
            return _finding("rule.always", i, message, proof) if won == left else None
        if not matched:
            message = "No task of the data matches it."
            return _finding(
                "rule.never_in_data", i, message, f"0 of {counted(self.total)} tasks match."
            )
        same = [j for j in range(i) if np.array_equal(self.sets[j], self.sets[i])]
        if same:
            rule = self._rules(same[:1])
            message = f"It matches the same tasks of the data as {rule}; nothing is left."
            proof = f"Both match the same {counted(matched)} tasks."
            return _finding("rule.duplicate", i, message, proof)
        message = "Every task of the data that it matches is taken above."
        return _finding("rule.shadowed", i, message, self._takers(i, matched))

    def _takers(self, i: int, matched: int | None) -> str:
        """Who takes the tasks of a rule, or with None all tasks."""
        lost = [
            (bits.count(won if matched is None else won & self.sets[i]), j)
            for j, won in enumerate(self.taken[:i])
        ]
        parts = [f"{self._rules([j])} takes {counted(count)}" for count, j in lost if count]
        return f"Of {counted(self.total if matched is None else matched)}, {joined(parts, 'and')}."

    def _rules(self, positions: Sequence[int]) -> str:
        return rules_text([self.stage.numbers[i] for i in positions])


def _finding(code: str, rule: int, message: str, proof: str) -> Finding:
    return proven(code, "data", rule, message, proof, HINT)
