"""The report of a scenario: a headline, what changes in whole tasks, rules, what it rests on.

What only proves the numbers (fingerprint, seed, draws, matrices) stands in an appendix. It is over
all tasks of the table; date and author are the caller's, so equal input gives equal bytes.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from core import VERSION
from core.charts.palette import COLORS, ELSE_GREY, output_colors
from core.model.figures import between, counted, signed, tenths
from core.model.stages import Logic
from core.publish.touched import anew_words
from core.report import cells, svg
from core.report.html import (
    Bullets,
    Cards,
    Cell,
    DownloadLink,
    Drawing,
    Heading,
    Headline,
    Paragraph,
    Part,
    Table,
    page,
)
from core.routing.dialect_text import at_words, missing, readings
from core.routing.sentence import ELSE, output_text, rule_text, sentence
from core.routing.versions.compare import SMALLEST, WHICH_DRAWS, Comparison, Side
from core.routing.versions.stages import headline, headline_alone, stage_changes
from core.scenario.file import VERSION as FILE_VERSION
from core.scenario.file import write_scenario
from core.scenario.scenario import Scenario, misfits
from core.workspace import Workspace

EXAMPLES = 20


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


def report(
    scenario: Scenario,
    workspace: Workspace,
    against: Against | None = None,
    date: str = "",
    author: str = "",
) -> str:
    """The report as the text of an HTML file.

    Args:
        scenario: What is reported.
        workspace: The tasks, the project, and the dialect of the scenario.
        against: The baseline, None for a report without one.
        date: As it is to be read, "" to leave it out.
        author: Who reports, "" to leave it out.
    """
    sections = _Report(scenario, workspace, against)
    parts = [
        *sections.opening(date, author),
        *sections.changes(),
        *sections.rules(),
        *sections.split(),
        *sections.golden(),
        *sections.findings(),
        *sections.foundations(),
        *sections.appendix(),
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
        self.result = workspace.split(self.stage, scenario.seed)
        self.sides: tuple[Side, Side] | None = None
        self.comparison: Comparison | None = None
        before = self.result
        if against is not None:
            self.sides = workspace.sides(against.rules, self.stage, against.workspace)
            self.comparison = workspace.compare(against.rules, self.stage, other=against.workspace)
            before = against.workspace.split(against.rules, scenario.seed)
        self.stages = stage_changes(before, self.result)

    def opening(self, date: str, author: str) -> list[Part]:
        """Title, headline, and who says so when."""
        scenario, project = self.scenario, self.workspace.project
        tasks = len(self.workspace.table)
        if self.against is None or self.comparison is None:
            words = headline_alone(tasks, self.stages, self.names)
        else:
            moved = self.comparison.moved.expected
            words = headline(moved, tasks, self.stages, self.names, self.against.name)
        name = project.name if project else scenario.project_name
        about = [author, date, name, f"expected {anew_words(self.workspace, self.stage)}"]
        return [
            Heading(scenario.name, 1),
            Headline(words),
            Paragraph(" · ".join(word for word in about if word), quiet=True),
            *([Bullets(wrong)] if (wrong := misfits(scenario, self.workspace)) else []),
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
            rows.append([str(number), words, of_stage(rule.target), *([was] if old else [])])
        rows.append(["", ELSE, of_stage(self.stage.otherwise), *([""] if old else [])])
        known = {rule.id for rule in self.stage.rules}
        gone = [
            sentence(r.condition, self.names, dialect) for i, r in old.items() if i not in known
        ]
        return [
            Heading("Rules"),
            Paragraph("Tried from top to bottom; the first that matches takes the task.", True),
            Table(["", "Rule", "Then go to", *(["Was"] if old else [])], rows, "n"),
            *([Paragraph(f"Gone: {'; '.join(gone)}.")] if gone else []),
        ]

    def split(self) -> list[Part]:
        """Expected tasks per stage and per output, in whole tasks."""
        result, rows = self.result, self._output_rows()
        stages: list[list[Cell]] = [
            [
                self.names.of_stage(target),
                cells.count_bar(count, self._most, COLORS[0]),
                *cells.whole_cells(count, label),
            ]
            for (target, count), label in zip(result.stages, result.stage_labels, strict=True)
        ]
        columns = ["Tasks", "Expected", "95 % interval", "Share"]
        shown = [row for row, output in zip(rows, result.outputs, strict=True) if output.count.high]
        nothing = cells.left_out(
            len(rows) - len(shown), "outputs get no task", "output gets no task"
        )
        return [
            Heading("Where tasks go"),
            Paragraph(
                "Expected is the mean; the interval is exact, and so is what has none.", True
            ),
            Table(["Stage", *columns], stages, "  nnn"),
            Heading("Per output"),
            Table(["", "Rule", *columns], shown, "   nnn"),
            *nothing,
        ]

    @property
    def _most(self) -> float:
        counts = [output.count for output in self.result.outputs]
        counts += [count for _, count in self.result.stages]  # several outputs lead to a stage
        return max([count.high for count in counts] + [1])

    def _output_rows(self) -> list[list[Cell]]:
        result = self.result
        return [
            [
                output_text(output.number),
                f"{output.sentence} → {self.names.of_stage(output.target)}",
                cells.count_bar(
                    output.count, self._most, self.colors.get(output.rule_id, ELSE_GREY)
                ),
                *cells.whole_cells(output.count, label),
            ]
            for output, label in zip(result.outputs, result.labels, strict=True)
        ]

    def changes(self) -> list[Part]:
        """What differs from the baseline, in whole tasks."""
        if self.against is None or self.comparison is None or self.sides is None:
            return []
        before, names, result = self.against, self.names, self.comparison
        moved, rerouted = result.moved, result.rerouted
        interval = "exact" if moved.low == moved.high else between(moved.low, moved.high)
        changed = [change for change in self.stages if change.changed]
        rows: list[list[Cell]] = [
            [
                names.of_stage(change.stage),
                svg.bar(
                    change.difference, 0, 0, -self._reach, self._reach, cells.sign_color(change)
                ),
                counted(change.before),
                counted(change.after),
                signed(round(change.after) - round(change.before)),
            ]
            for change in changed
        ]
        same = len(self.stages) - len(changed)
        parts: list[Part] = [
            Heading("What changes"),
            Paragraph(f"Against {before.name}, in expected tasks of each stage.", quiet=True),
            *(
                [Table(["Stage", "", "Before", "After", "Difference"], rows, "  nnn")]
                if rows
                else []
            ),
            *cells.left_out(same, "stages unchanged", "stage unchanged"),
            Cards(
                [
                    ("Tasks that move", counted(moved.expected), interval),
                    ("Move whatever chance does", counted(moved.certain), "certain"),
                    ("Same stage, other rule", counted(rerouted.expected), "expected"),
                ]
            ),
        ]
        if moved.expected:
            paint = [COLORS[place % len(COLORS)] for place in range(len(result.targets))]
            nodes = [
                (cells.label_text(names.of_stage(target)), color)
                for target, color in zip(result.targets, paint, strict=True)
            ]
            links = [
                (i, j, float(result.stages[i, j]))
                for i in range(len(nodes))
                for j in range(len(nodes))
                if i != j and result.stages[i, j] >= SMALLEST
            ]
            lefts, rights = sorted({i for i, _, _ in links}), sorted({j for _, j, _ in links})
            drawn = [(lefts.index(i), rights.index(j), value) for i, j, value in links]
            drawing = svg.flows([nodes[i] for i in lefts], [nodes[j] for j in rights], drawn)
            parts.append(Drawing(drawing) if links else Paragraph("Too few to show.", quiet=True))
        return parts

    @property
    def _reach(self) -> float:
        return max([1.0, *(abs(change.difference) for change in self.stages)])

    def appendix(self) -> list[Part]:
        """What proves the numbers: fingerprint, seed, draws, intervals and matrices."""
        scenario, result = self.scenario, self.result
        link = DownloadLink(
            "scenario.json",
            b64encode(write_scenario(scenario).encode("utf-8", "replace")).decode(),
            "The scenario file",
            ": import it in Switchyard to get these numbers again.",
        )
        rows: list[list[Cell]] = [
            ["Tasks", counted(len(self.workspace.table))],
            ["Code of the tasks (the same tasks have the same)", self.workspace.table.fingerprint],
            ["Random draw no.", str(scenario.seed)],
            ["Compared with", self.against.name if self.against else "nothing"],
            ["Written by", f"Switchyard {VERSION}, scenario file version {FILE_VERSION}"],
        ]
        outputs: list[list[Cell]] = [
            [output_text(output.number), *cells.number_cells(output.count, label)]
            for output, label in zip(result.outputs, result.labels, strict=True)
        ]
        stages: list[list[Cell]] = [
            [self.names.of_stage(target), *cells.number_cells(count, label)]
            for (target, count), label in zip(result.stages, result.stage_labels, strict=True)
        ]
        columns = ["Expected", "95 % interval", "Share", "Drawn"]
        return [
            Heading("Appendix: where the numbers come from"),
            Table(["", ""], rows),
            link,
            Heading("Numbers in full"),
            Paragraph(f"Drawn: chance tried once, draw {scenario.seed}.", quiet=True),
            Table(["Output", *columns], outputs, " nnnn"),
            Table(["Stage", *columns], stages, " nnnn"),
            *self._differences(),
        ]

    def _differences(self) -> list[Part]:
        """Intervals of the differences, the matrix, and examples."""
        if self.against is None or self.comparison is None or self.sides is None:
            return []
        work, names, result, sides = self.workspace, self.names, self.comparison, self.sides
        changed = [
            (target, change)
            for target, change in zip(result.targets, result.arrivals, strict=True)
            if change.changed
        ]
        changes: list[list[Cell]] = [
            [
                names.of_stage(target),
                cells.difference_bar(change, result.tasks),
                *cells.difference_cells(change),
            ]
            for target, change in changed
        ]
        columns = ["Stage", "Difference", "Before", "After", "Difference"]
        columns += ["95 %, same draws", "95 %, independent draws"]
        matrix: list[list[Cell]] = [
            [label, *(tenths(value) if value else "" for value in row)]
            for label, row in zip(
                self._outputs(self.against.rules), result.matrix.tolist(), strict=True
            )
        ]
        after = [*map(str, self.stage.numbers), "Else"]
        parts: list[Part] = [
            Heading(f"Differences against {self.against.name}"),
            Paragraph("The same tasks with the same draws on both sides.", quiet=True),
            *([Table(columns, changes, "  nnnnn")] if changes else []),
            *cells.left_out(
                len(result.targets) - len(changed), "stages unchanged", "stage unchanged"
            ),
            Paragraph(f"95 % intervals of the difference. {WHICH_DRAWS}", quiet=True),
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
                Heading(f"Examples of tasks that move in draw {self.scenario.seed}"),
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
        return [Heading("Pinned tasks"), Table(["Task", "Verdict", "Waived because"], rows)]

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
            "are those of the one draw above.",
            "Tasks are as the file has them, read as below.",
        ]
        return [
            Heading("Assumptions"),
            Bullets([*self.scenario.assumptions, *own]),
            Heading("What is not known"),
            Bullets(lines) if lines else Paragraph("Nothing is missing."),
            Heading("Assumptions about Ango Hub"),
            Paragraph("These are not public; each is a setting.", quiet=True),
            Table(["Setting", "Value"], words),
        ]

    def _outputs(self, stage: Logic) -> list[str]:
        dialect = self.workspace.dialect
        words = [
            f"{number} · {sentence(rule.condition, self.names, dialect)}"
            for number, rule in zip(stage.numbers, stage.active, strict=True)
        ]
        return [*words, f"Else · {ELSE}"]
