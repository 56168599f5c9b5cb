"""Rules that can never take a task, and outputs that nothing leaves through, with the proof.

Two kinds are kept apart. *By logic*: true for every possible task, decided by `engine.possible`.
*In this data* (`lint.in_data`): true for the tasks looked at, by counting. Where a rule above
cannot be simulated and the rest does not decide, the answer is "cannot tell", which is no finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from core.model.diagnostics import Diagnostic
from core.model.dialect import Dialect
from core.model.names import Names
from core.model.phrases import joined
from core.model.project import Project
from core.model.stages import Logic
from core.routing.engine.hypothetical import Supposed, words
from core.routing.engine.possible import Possibility, asked, one_annotator, possible
from core.routing.sentence import rule_text, rules_text, sentence
from core.rule_types.asked import Always, Asked, Unclear

Kind = Literal["logic", "data"]


class Proof(NamedTuple):
    """Why a finding must be so.

    Args:
        kind: `logic` for every possible task, `data` for the tasks looked at.
        text: One sentence.
    """

    kind: Kind
    text: str


Finding = Diagnostic[int | None, Proof]
"""Something that is so of a rule by its position, None for Else, with the reason why it must be."""


def proven(code: str, kind: Kind, rule: int | None, message: str, proof: str, hint: str) -> Finding:
    """A finding; all of them are doubtful, none of them forbids anything."""
    return Diagnostic(code, "warning", rule, "", message, hint, Proof(kind, proof))


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether any possible task can leave through an output.

    Args:
        rule: Position among the rules that take part, None for Else.
        can: `no` is proven, `yes` has a witness.
        because: The witness in words, or the reason.
        witness: A task that leaves here, if every random draw falls so.
    """

    rule: int | None
    can: Literal["yes", "no", "cannot tell"]
    because: str
    witness: Supposed | None = None


@dataclass(frozen=True)
class Study:
    """Questions about a Logic stage that need no task.

    Args:
        stage: Switched-off rules take no part.
        names: For the sentences.
        dialect: The readings in force.
        project: Batches are looked up in it.
    """

    stage: Logic
    names: Names
    dialect: Dialect
    project: Project | None

    @cached_property
    def asks(self) -> tuple[Asked, ...]:
        """What each rule asks, whatever its spelling."""
        return tuple(asked(r.condition, self.dialect, self.project) for r in self.stage.active)

    def look(self, matched: Sequence[int], missed: Sequence[int]) -> Possibility:
        """A task that some rules match and others do not take, by position."""
        asks = self.asks
        return possible(
            tuple(asks[i] for i in matched),
            tuple(asks[i] for i in missed),
            one_annotator(self.dialect),
        )

    def apart(self, upper: int) -> bool:
        """Whether it is proven that no task meets both a rule and the next: they may be swapped."""
        return self._none([upper, upper + 1], range(upper))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All that is proven, from the top rule down, then Else and the stages behind."""
        of_rules = [f for i in range(len(self.asks)) if (f := self._of_rule(i)) is not None]
        return (*of_rules, *self._dead_outputs(of_rules))

    @cached_property
    def outlooks(self) -> tuple[Outlook, ...]:
        """One per output, Else last."""
        size = len(self.asks)
        return tuple(self._outlook(i if i < size else None) for i in range(size + 1))

    def _outlook(self, rule: int | None) -> Outlook:
        above = range(len(self.asks) if rule is None else rule)
        answer = self.look([] if rule is None else [rule], above)
        if answer.task is not None:
            example = words(answer.task, self.names) or "with nothing that a rule asks for"
            return Outlook(rule, "yes", f"for example a task {example}", answer.task)
        if answer.known:
            return Outlook(rule, "no", "see the findings")
        unclear = [i for i in (*above, *([] if rule is None else [rule]))
                   if isinstance(self.asks[i], Unclear)]  # fmt: skip
        if not unclear:
            return Outlook(rule, "cannot tell", "its classes are too entangled to decide")
        return Outlook(rule, "cannot tell", f"{self._rules(unclear)} cannot be simulated")

    # ---- single rules -----------------------------------------------------------------------

    def _of_rule(self, i: int) -> Finding | None:
        above = range(i)
        if self._none([], above):
            return self._unreachable(i)
        if self._none([i], []):
            proof = f"No possible task has what it asks for: “{self._says(i)}”."
            return self._finding(
                "rule.contradiction", i, "No task can match it.", proof, "Change what it asks for."
            )
        if self._none([i], above):
            return self._shadowed(i)
        if self._none([], range(i + 1)):
            return self._always(i)
        return None

    def _unreachable(self, i: int) -> Finding:
        core = self._everything
        takes = "take" if len(core) > 1 else "takes"
        between = " between them" if len(core) > 1 else ""
        return self._finding(
            "rule.unreachable",
            i,
            f"{upper(self._rules(core))} above {takes} every task{between}, so none gets here.",
            self._cover(core),
            f"Move it above {self._rules(core[-1:])}, or change that one.",
        )

    def _shadowed(self, i: int) -> Finding:
        same = [j for j in range(i) if self.asks[j] == self.asks[i]]
        if same:
            first = upper(self._rules(same[:1]))
            return self._finding(
                "rule.duplicate",
                i,
                f"{first} asks the same (“{self._says(i)}”); nothing is left.",
                "Both match exactly the same tasks, and the upper one is first.",
                "Remove one of the two.",
            )
        core = self._core([i], range(i))
        takes = "take" if len(core) > 1 else "takes"
        return self._finding(
            "rule.shadowed",
            i,
            f"{upper(self._rules(core))} above {takes} every task that it matches.",
            f"Whatever matches “{self._says(i)}” matches {self._quoted(core)}.",
            f"Move it above {self._rules(core[:1])}, or remove it.",
        )

    def _always(self, i: int) -> Finding:
        core = self._everything
        return self._finding(
            "rule.always",
            i,
            "It takes every task that gets here, so nothing below gets any.",
            self._cover(core),
            "Narrow it, or leave this to Else.",
        )

    def _dead_outputs(self, of_rules: Sequence[Finding]) -> list[Finding]:
        size = len(self.asks)
        no_output: set[int | None] = {f.subject for f in of_rules if f.code != "rule.always"}
        dead: list[Finding] = []
        if self._none([], range(size)):
            core = self._everything
            no_output.add(None)
            dead.append(
                self._finding(
                    "output.dead", None, "No task is left for Else.", self._cover(core),
                    f"Narrow {self._rules(core[-1:])} if Else should get tasks.",
                )
            )  # fmt: skip
        return [*dead, *dead_stages(self.stage, self.names, no_output, "logic")]

    # ---- words ------------------------------------------------------------------------------

    def _none(self, matched: Sequence[int], missed: Sequence[int]) -> bool:
        answer = self.look(matched, missed)
        return answer.task is None and answer.known

    @cached_property
    def _everything(self) -> list[int]:
        """The topmost rules that take every task between them; only where there are such."""
        sizes = range(len(self.asks) + 1)
        return self._core([], range(next(n for n in sizes if self._none([], range(n)))))

    def _core(self, matched: Sequence[int], missed: Sequence[int]) -> list[int]:
        """A smallest part of the missed rules that is proof enough: none of it can be left out."""
        core = list(missed)
        for each in list(missed):
            fewer = [i for i in core if i != each]
            if self._none(matched, fewer):
                core = fewer
        return core

    def _cover(self, core: Sequence[int]) -> str:
        if len(core) == 1 and isinstance(self.asks[core[0]], Always):
            return f"{upper(self._rules(core))} is “{self._says(core[0])}”."
        return f"Whatever classes a task has, it matches {self._quoted(core)}."

    def _says(self, i: int) -> str:
        return sentence(self.stage.active[i].condition, self.names, self.dialect)

    def _quoted(self, positions: Sequence[int]) -> str:
        return joined(
            [f"{rule_text(self.stage.numbers[i])} (“{self._says(i)}”)" for i in positions], "or"
        )

    def _rules(self, positions: Sequence[int]) -> str:
        return rules_text([self.stage.numbers[i] for i in positions])

    def _finding(self, code: str, rule: int | None, message: str, proof: str, hint: str) -> Finding:
        return proven(code, "logic", rule, message, proof, hint)


def upper(text: str) -> str:
    """The sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def dead_stages(stage: Logic, names: Names, dead: set[int | None], kind: Kind) -> list[Finding]:
    """Stages behind that no task gets to from here.

    Args:
        stage: Its outputs.
        names: For the stages.
        dead: Outputs that nothing leaves through; None is Else.
        kind: What the outputs were found by.
    """
    ways: dict[str, list[int | None]] = {}
    for position, rule in enumerate(stage.active):
        ways.setdefault(rule.target or "", []).append(position)
    ways.setdefault(stage.otherwise or "", []).append(None)
    of_stages = []
    for target, outputs in ways.items():
        if not target or outputs == [None] or not dead.issuperset(outputs):
            continue
        numbers = [stage.numbers[i] for i in outputs if i is not None]
        leading = rules_text(numbers) + (" and Else" if None in outputs else "")
        only = len(outputs) == 1
        of_stages.append(
            proven(
                "output.dead",
                kind,
                outputs[0],
                f"No task {'can get' if kind == 'logic' else 'gets'} to {names.of_stage(target)} "
                "from here.",
                f"{upper(leading)}, the only {'one that leads' if only else 'ones that lead'} "
                f"there, {'gets' if only else 'get'} none.",
                "Correct the rules, or wire another output to it.",
            )
        )
    return of_stages
