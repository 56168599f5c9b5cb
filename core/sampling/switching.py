"""From one severity of inspection to another: the switching rules of ISO 2859-1:1999."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

SwitchSeverity = Literal["normal", "tightened", "reduced", "discontinued"]

SCORE_TO_REDUCE = 30
LOTS_LOOKED_AT = 5
REFUSED_TO_TIGHTEN = 2
ACCEPTED_TO_LOOSEN = 5
REFUSED_TO_STOP = 5


@dataclass(frozen=True, slots=True)
class LotVerdict:
    """What inspection made of a lot.

    Args:
        wrong: Wrong tasks in the sample.
        accept: Acceptance number of the plan in force.
        stricter: Acceptance number of the same letter at the next stricter AQL; it counts only
            where `accept` is 2 or more.
    """

    wrong: int
    accept: int
    stricter: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the lot is accepted."""
        return self.wrong <= self.accept


@dataclass(frozen=True, slots=True)
class Switching:
    """Where a series of lots stands.

    Args:
        severity: That of the next lot; discontinued until the work is mended.
        score: Switching score under normal inspection; 30 allow reduced inspection.
        recent: Whether the last lots under this severity were accepted, the latest last.
        refused: Lots that were not accepted under tightened inspection.
    """

    severity: SwitchSeverity = "normal"
    score: int = 0
    recent: tuple[bool, ...] = ()
    refused: int = 0


def after(state: Switching, verdict: LotVerdict) -> Switching:
    """Where the series stands after a lot.

    Normal to tightened: two of five lots in a row, or fewer, not accepted. Tightened to normal:
    five in a row accepted. Normal to reduced: a score of 30, two for each accepted lot of a plan
    that accepts at none or one wrong, three where the next stricter AQL would have accepted it,
    too; else it begins anew. Reduced to normal: a lot not accepted. Five lots not accepted under
    tightened inspection end it. Whether work is steady, which reduced inspection needs as well, is
    for people to say.
    """
    recent = (*state.recent, verdict.accepted)[-LOTS_LOOKED_AT:]
    if state.severity == "discontinued":
        return state
    if state.severity == "reduced":
        return replace(state, recent=recent) if verdict.accepted else Switching()
    if state.severity == "tightened":
        refused = state.refused + (not verdict.accepted)
        if refused >= REFUSED_TO_STOP:
            return Switching("discontinued")
        if len(recent) == ACCEPTED_TO_LOOSEN and all(recent):
            return Switching()
        return Switching("tightened", 0, recent, refused)
    if recent.count(False) >= REFUSED_TO_TIGHTEN:
        return Switching("tightened")
    score = _score(state.score, verdict)
    return Switching("reduced") if score >= SCORE_TO_REDUCE else Switching("normal", score, recent)


def _score(before: int, verdict: LotVerdict) -> int:
    if verdict.accept >= 2:
        return before + 3 if verdict.wrong <= verdict.stricter else 0
    return before + 2 if verdict.accepted else 0
