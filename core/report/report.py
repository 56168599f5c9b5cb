"""The report of a scenario: inputs, rules, numbers, what moves, findings, and what it rests on.

It is over all tasks of the table and holds no time stamp, so the same scenario and the same tasks
give the same bytes.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from markupsafe import Markup

from core import VERSION
from core.charts.palette import COLORS, ELSE_GREY, output_colors
from core.model.figures import between, counted, signed, tenths
from core.model.stages import Logic
from core.report import svg
from core.report.html import (
    Bullets,
    Cards,
    Cell,
    Download,
    Drawing,
    Heading,
    Paragraph,
    Part,
    Table,
    page,
)
from core.routing.dialect_text import at_words, missing, readings
from core.routing.engine.split import Count
from core.routing.sentence import ELSE, output_text, rule_text, sentence
from core.routing.versions.compare import WHICH_DRAWS, ArrivalChange
from core.scenario.file import VERSION as FILE_VERSION
from core.scenario.file import write_scenario
from core.scenario.scenario import Scenario, misfits
from core.workspace import Workspace

EXAMPLES = 20
SMALLEST = 0.05
LABEL = 40


@dataclass(frozen=True)
class Against:
    """What the scenario is compared with.

    Args:
        name: As a clause says it.
        workspace: What it is asked of, perhaps in another dialect.
        rules: Its Logic stage, under ids that it shares with the scenario.
    """

    name: str
    workspace: Workspace
    rules: Logic


def report(scenario: Scenario, workspace: Workspace, against: Against | None = None) -> str:
    """The report as the text of an HTML file.

    Args:
        scenario: What is reported.
        workspace: The tasks, the project, and the dialect of the scenario.
        against: The baseline, None for a report without one.
    """
    sections = _Report(scenario, workspace, against)
    parts = [
        *sections.inputs(),
        *sections.rules(),
        *sections.split(),
        *sections.comparison(),
        *sections.golden(),
        *sections.findings(),
        *sections.foundations(),
    ]
    return page(f"{scenario.name}: {scenario.rules.name}", parts)


class _Report:
    """Sections of one report."""

    def __init__(self, scenario: Scenario, workspace: Workspace, against: Against | None) -> None:
        self.scenario, self.workspace, self.against = scenario, workspace, against
        self.names, self.stage = workspace.names, scenario.rules
        first = against.rules if against else scenario.rules
        ids = [rule.id for rule in first.rules]
        self.colors = output_colors(ids, [rule.id for rule in self.stage.rules])

    def inputs(self) -> list[Part]:
        """Title and what went in."""
        scenario, table_ = self.scenario, self.workspace.table
        project = self.workspace.project
        rows: list[list[Cell]] = [
            ["Project", project.name if project else scenario.project_name or "not known"],
            ["Logic stage", self.stage.name],
            ["Tasks", counted(len(table_))],
            ["Fingerprint of the tasks", table_.fingerprint],
            ["Seed of the draw", str(scenario.seed)],
            ["Compared with", self.against.name if self.against else "nothing"],
            ["Written by", f"Switchyard {VERSION}, scenario file version {FILE_VERSION}"],
        ]
        data = b64encode(write_scenario(scenario).encode("utf-8", "replace")).decode()
        link = Download(
            "scenario.json",
            data,
            "The scenario file",
            ": import it in Switchyard to get these numbers again.",
        )
        said = misfits(scenario, self.workspace)
        return [
            Heading(scenario.name, 1),
            Paragraph(f"Where every task goes from “{self.stage.name}”.", quiet=True),
            Table(["", ""], rows),
            link,
            *([Bullets(said)] if said else []),
        ]

    def rules(self) -> list[Part]:
        """The rules as sentences, with the baseline's where they differ."""
        dialect, of_stage = self.workspace.dialect, self.names.of_stage
        old = {rule.id: rule for rule in self.against.rules.rules} if self.against else {}
        rows: list[list[Cell]] = []
        for number, rule in self.stage.numbered:
            was = ""
            if self.against and rule.id not in old:
                was = "new"
            elif self.against and old[rule.id].condition != rule.condition:
                was = sentence(old[rule.id].condition, self.names, dialect)
            off = "" if rule.enabled else " (switched off)"
            words = sentence(rule.condition, self.names, dialect) + off
            rows.append([str(number), words, of_stage(rule.target), was])
        rows.append(["", ELSE, of_stage(self.stage.otherwise), ""])
        known = {rule.id for rule in self.stage.rules}
        gone = [
            sentence(r.condition, self.names, dialect) for i, r in old.items() if i not in known
        ]
        return [
            Heading("Rules"),
            Paragraph("Tried from top to bottom; the first that matches takes the task.", True),
            Table(["", "Rule", "Then go to", "Was"], rows, "n"),
            *([Paragraph(f"Gone: {'; '.join(gone)}.")] if gone else []),
        ]

    def split(self) -> list[Part]:
        """Counts per output and per stage."""
        result = self.workspace.split(self.stage, self.scenario.seed)
        most = max([output.count.high for output in result.outputs] + [1])
        rows = [
            [
                output_text(output.number),
                f"{output.sentence} → {self.names.of_stage(output.target)}",
                _bar(output.count, most, self.colors.get(output.rule_id, ELSE_GREY)),
                *_numbers(output.count, label),
            ]
            for output, label in zip(result.outputs, result.labels, strict=True)
        ]
        stages: list[list[Cell]] = [
            [self.names.of_stage(target), _bar(count, most, COLORS[0]), *_numbers(count, label)]
            for (target, count), label in zip(result.stages, result.stage_labels, strict=True)
        ]
        columns = ["Tasks", "Expected", "95 % interval", "Share", "Drawn"]
        return [
            Heading("Where tasks go"),
            Paragraph(
                "Expected is the mean; the interval is exact, and so is what has none.", True
            ),
            Table(["", "Rule", *columns], rows, "   nnnn"),
            Heading("Per stage"),
            Table(["Stage", *columns], stages, "  nnnn"),
        ]

    def comparison(self) -> list[Part]:
        """What differs from the baseline."""
        if self.against is None:
            return []
        work, before, names = self.workspace, self.against, self.names
        sides = work.sides(before.rules, self.stage, before.workspace)
        result = work.compare(before.rules, self.stage, other=before.workspace)
        moved, rerouted = result.moved, result.rerouted
        interval = "exact" if moved.low == moved.high else between(moved.low, moved.high)
        parts: list[Part] = [
            Heading(f"Against {before.name}"),
            Paragraph("The same tasks with the same draws on both sides.", quiet=True),
            Cards(
                [
                    ("Tasks that move", tenths(moved.expected), interval),
                    ("Move whatever the draws", counted(moved.certain), "certain"),
                    ("Same stage, other rule", tenths(rerouted.expected), "expected"),
                ]
            ),
        ]
        if moved.expected:
            labels = [_label(text) for text in self._outputs(before.rules)]
            labels_now = [_label(text) for text in self._outputs(self.stage)]
            old = list(zip(labels, self._paint(before.rules), strict=True))
            new = list(zip(labels_now, self._paint(self.stage), strict=True))
            links = [
                (i, j, float(result.matrix[i, j]))
                for i in range(len(old))
                for j in range(len(new))
                if result.matrix[i, j] >= SMALLEST and sides[0].targets[i] != sides[1].targets[j]
            ]
            lefts, rights = sorted({i for i, _, _ in links}), sorted({j for _, j, _ in links})
            drawn = [(lefts.index(i), rights.index(j), value) for i, j, value in links]
            drawing = svg.flows([old[i] for i in lefts], [new[j] for j in rights], drawn)
            parts.append(Drawing(drawing) if links else Paragraph("Too few to draw.", quiet=True))
        changes: list[list[Cell]] = [
            [names.of_stage(target), _difference(change, result.tasks), *_signed(change)]
            for target, change in zip(result.targets, result.arrivals, strict=True)
        ]
        columns = ["Stage", "Difference", "Before", "After", "Difference"]
        columns += ["95 %, same draws", "95 %, independent draws"]
        parts.append(Table(columns, changes, "  nnnnn"))
        parts.append(Paragraph(f"95 % intervals of the difference. {WHICH_DRAWS}", quiet=True))
        matrix: list[list[Cell]] = [
            [label, *(tenths(value) if value else "" for value in row)]
            for label, row in zip(self._outputs(before.rules), result.matrix.tolist(), strict=True)
        ]
        after = [*map(str, self.stage.numbers), "Else"]
        parts += [
            Heading("From output to output"),
            Paragraph("Expected tasks; rows are before, columns are the rules above.", quiet=True),
            Table(["", *after], matrix, " " + "n" * len(after)),
        ]
        moves = work.moves(sides, work.everything, self.scenario.seed, count=EXAMPLES)
        if moves:
            examples = [
                [
                    move.external_id or move.task,
                    names.of_stage(sides[0].targets[move.before]),
                    names.of_stage(sides[1].targets[move.after]),
                    move.because,
                ]
                for move in moves
            ]
            parts += [
                Heading(f"Examples of tasks that move in the draw of seed {self.scenario.seed}"),
                Table(["Asset", "From", "To", "Because"], examples),
            ]
        return parts

    def golden(self) -> list[Part]:
        """Where the golden tasks go."""
        verdicts = self.workspace.golden(self.stage, self.scenario.golden)
        rows = [
            [v.sentence, "fine" if v.ok else "waived" if v.golden.waived else "failed",
             v.golden.waived]
            for v in verdicts
        ]  # fmt: skip
        if not rows:
            return []
        return [Heading("Golden tasks"), Table(["Task", "Verdict", "Waived because"], rows)]

    def findings(self) -> list[Part]:
        """What is wrong or doubtful."""
        numbers = self.stage.numbers
        lines = [
            f"{problem.severity.capitalize()}, "
            f"{'stage' if problem.subject is None else rule_text(numbers[problem.subject])}: "
            f"{problem.message} {problem.hint}".rstrip()
            for problem in self.workspace.check(self.stage)
        ]
        return [Heading("Findings"), Bullets(lines) if lines else Paragraph("None.")]

    def foundations(self) -> list[Part]:
        """Assumptions, readings, and what is not known."""
        honesty, dialect = self.workspace.facts.honesty, self.workspace.dialect
        unknown = missing(honesty, at_words(dialect.at, self.names), self.stage, dialect)
        lines = [f"{counted(count)} {what}." for count, what in unknown]
        words: list[list[Cell]] = [[label, value] for label, value in readings(dialect, self.names)]
        own = [
            "Ango Hub draws random samples afresh for each task and pass; the drawn numbers here "
            "are those of the seed.",
            "A task's facts are those of the file, read as below.",
        ]
        return [
            Heading("Assumptions"),
            Bullets([*self.scenario.assumptions, *own]),
            Heading("What is not known"),
            Bullets(lines) if lines else Paragraph("Nothing is missing."),
            Heading("How Ango Hub is read"),
            Paragraph("These are not public; each is a setting.", quiet=True),
            Table(["Setting", "Reading"], words),
        ]

    def _outputs(self, stage: Logic) -> list[str]:
        dialect = self.workspace.dialect
        words = [
            f"{number} · {sentence(rule.condition, self.names, dialect)}"
            for number, rule in zip(stage.numbers, stage.active, strict=True)
        ]
        return [*words, f"Else · {ELSE}"]

    def _paint(self, stage: Logic) -> list[str]:
        return [*(self.colors.get(rule.id, ELSE_GREY) for rule in stage.active), ELSE_GREY]


def _label(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


def _bar(count: Count, most: float, color: str) -> Markup:
    return svg.bar(count.expected, count.low, count.high, 0, most, color)


def _numbers(count: Count, label: str) -> list[Cell]:
    interval = "exact" if count.exact else between(count.low, count.high)
    return [
        tenths(count.expected),
        "uncertain" if count.uncertain else interval,
        label,
        counted(count.drawn),
    ]


def _difference(change: ArrivalChange, tasks: int) -> Markup:
    reach = max(1.0, tasks / 4, abs(change.low), abs(change.high))
    color = COLORS[0] if change.expected >= 0 else COLORS[4]
    return svg.bar(change.expected, change.low, change.high, -reach, reach, color)


def _signed(change: ArrivalChange) -> list[Cell]:
    return [
        tenths(change.expected_before),
        tenths(change.expected_after),
        signed(change.expected, 1),
        change.same_draws,
        change.independent_draws,
    ]
