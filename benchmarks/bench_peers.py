"""Switchyard beside the tools that people would take otherwise, in one table of ratios.

All answer the same question with equal answers, which are compared: which of six rules, of all five
types, takes each task, as a number per task. The draw of the random rule is ready on all sides.

- Columns: pandas (`np.select`), Polars (`when/then`) and DuckDB (`CASE`) have a boolean column per
  class, person and batch, durations and uniforms; all 1,000,000 tasks. Switchyard has its bitmaps.
  Polars and DuckDB work on all cores, Switchyard and pandas on one.
- Rows: rule-engine, zen-engine and a Python loop get one dict of plain booleans and numbers per
  task, which is their quickest way; 10,000 tasks, and Switchyard has 10,000 beside them.
- json: an export of 20,000 tasks, from the file to the first counts, in a process each.
- The limit: how long the processor needs to read and write as many bytes as the six rules have to,
  at the speed at which it sums a large array.

Writes `docs/performance.md`.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import rule_engine
import zen

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_rules import (
    CHANCY,
    CONDITIONS,
    SEED,
    Columns,
    make_columns,
    make_facts,
    rules_of,
    with_bitmaps,
    with_pandas,
)
from make_export import write_export
from measure import fresh_process, in_turn, memory_mb

from core.routing.engine import draw
from core.routing.engine.evaluate import Matcher
from core.tasks import bits

COLUMNAR, BY_ROW, IN_FILE = 1_000_000, 10_000, 20_000
ROUNDS, ROW_ROUNDS, FILE_ROUNDS = 15, 3, 3
BYTES_PER_TASK = 8 / 8 + 8 + 8 + 1
"""Eight sets of a bit each, a duration, a uniform, and the answer."""
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"

EXPRESSIONS = (
    "batch_2 or batch_3",
    "uniform < 0.2",
    "class_0 and not class_1",
    "person_1 or person_4",
    "class_2 and class_3",
    "duration >= 60000 and duration <= 240000",
)

Labels = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table.

    Args:
        peer: What Switchyard is held against, with its version.
        what: The question.
        ratio: How many times faster Switchyard is; below 1 it is slower.
        ours: Milliseconds.
        theirs: Milliseconds.
    """

    peer: str
    what: str
    ratio: float
    ours: float
    theirs: float


def named(package: str) -> str:
    """A package with its version."""
    return f"{package} {version(package)}"


def uniforms_of(columns: Columns) -> Any:
    """The draw of the random rule, ready for all."""
    return draw.thresholds(columns["hash"], CHANCY, SEED)


def ours(columns: Columns) -> Labels:
    """Output per task, by bitmaps; nothing is remembered but the draw."""
    facts, rules, mixed = make_facts(columns), rules_of(CONDITIONS), uniforms_of(columns)
    within = bits.everything(facts.tasks)

    def answer() -> Any:
        matcher = Matcher(facts)
        matcher._draws[CHANCY, SEED, 0] = mixed
        return with_bitmaps(matcher, rules, within)[0]

    return answer


def by_columns(columns: Columns) -> dict[str, Labels]:
    """Output per task, by the libraries that work in columns."""
    uniforms = uniforms_of(columns) / draw.RESOLUTION
    flat = {name.replace(" ", "_"): column for name, column in columns.items()}
    frame, lazy = pd.DataFrame(columns), pl.DataFrame({**flat, "uniform": uniforms})
    column = pl.col
    conditions = (
        column("batch_2") | column("batch_3"),
        column("uniform") < 0.2,
        column("class_0") & ~column("class_1"),
        column("person_1") | column("person_4"),
        column("class_2") & column("class_3"),
        (column("duration") >= 60_000) & (column("duration") <= 240_000),
    )
    chain: Any = pl
    for place, condition in enumerate(conditions):
        chain = chain.when(condition).then(pl.lit(place, pl.UInt8))
    chosen = chain.otherwise(pl.lit(len(conditions), pl.UInt8)).alias("output")
    base = duckdb.connect()
    base.register("given", pd.DataFrame({**flat, "uniform": uniforms}))
    base.execute("CREATE TABLE tasks AS SELECT * FROM given")
    # DuckDB holds NaN to be greater than every number, so the upper bound leaves it out
    cases = " ".join(f"WHEN {one} THEN {place}" for place, one in enumerate(EXPRESSIONS))
    query = (
        f"SELECT CAST(CASE {cases} ELSE {len(EXPRESSIONS)} END AS UTINYINT) AS output FROM tasks"
    )
    return {
        named("pandas"): lambda: with_pandas(frame, uniforms)[0],
        named("polars"): lambda: lazy.select(chosen)["output"].to_numpy(),
        named("duckdb"): lambda: base.execute(query).fetchnumpy()["output"],
    }


def by_rows(columns: Columns) -> dict[str, Labels]:
    """Output per task, by what works task by task."""
    uniforms = (uniforms_of(columns) / draw.RESOLUTION).tolist()
    used = [name for name in columns if name.split()[0] in ("class", "person", "batch")]
    lists = {name.replace(" ", "_"): columns[name].tolist() for name in used}
    lists["duration"] = [-1.0 if d != d else d for d in columns["duration"].tolist()]
    lists["uniform"] = uniforms
    tasks = [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]
    rules = [rule_engine.Rule(text) for text in EXPRESSIONS]
    chain = "".join(f"({text}) ? {place} : " for place, text in enumerate(EXPRESSIONS))
    compiled = zen.compile_expression(f"{chain}{len(EXPRESSIONS)}")
    python = compile(
        "".join(f"{place} if {text} else " for place, text in enumerate(EXPRESSIONS))
        + str(len(EXPRESSIONS)),
        "rules",
        "eval",
    )

    def first(task: dict[str, Any]) -> int:
        return next((n for n, rule in enumerate(rules) if rule.matches(task)), len(rules))

    return {
        named("rule-engine"): lambda: [first(task) for task in tasks],
        named("zen-engine"): lambda: [int(compiled.evaluate(task)) for task in tasks],
        f"Python {platform.python_version()}, compiled to one expression": lambda: [
            eval(python, {}, task) for task in tasks
        ],
    }


def held_against(what: str, mine: Labels, others: dict[str, Labels], rounds: int) -> list[Row]:
    """Check that all answers are equal, and measure them in turn."""
    right = np.asarray(mine())
    for name, other in others.items():
        assert np.array_equal(np.asarray(other()), right), name
    took = in_turn({"ours": mine, **others}, rounds)
    return [
        Row(name, what, took[name] / took["ours"], 1e3 * took["ours"], 1e3 * took[name])
        for name in others
    ]


def reading() -> Row:
    """From the file of an export to the first counts, beside `json.load` and a loop."""
    script = str(Path(__file__).parent / "bench_read.py")
    taken: dict[str, list[float]] = {"switchyard": [], "loop": []}
    answers = []
    with TemporaryDirectory() as folder:
        export = Path(folder) / "export.json"
        write_export(export, IN_FILE)
        for _ in range(FILE_ROUNDS):
            for way, times in taken.items():
                done = fresh_process(script, way, str(export))
                times.append(done["seconds"])
                answers.append(done["answer"]["drawn"])
    assert all(answer == answers[0] for answer in answers)
    mine, theirs = (1e3 * median(times) for times in taken.values())
    what = f"an export of {IN_FILE:,} tasks, from the file to the first counts"
    return Row(f"json of Python {platform.python_version()}", what, theirs / mine, mine, theirs)


def share_of_the_limit(answer: Labels) -> tuple[float, float]:
    """What part of the memory's speed is reached, and that speed in bytes per second."""
    large = np.ones(2**26, np.uint64)
    took = in_turn({"sum": large.sum, "ours": answer}, ROUNDS)
    speed = large.nbytes / took["sum"]
    return COLUMNAR * BYTES_PER_TASK / speed / took["ours"], speed


def machine() -> str:
    """What it was measured on."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = [
        line.partition(": ")[2] for line in text.splitlines() if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({models[0] if models else platform.machine()}), "
        f"{memory:.0f} GiB, Python {platform.python_version()}, numpy {np.__version__}"
    )


def document(rows: list[Row], limit: tuple[float, float]) -> str:
    """The table as a page of the documentation."""
    lines = [
        "# Performance",
        "",
        f"Written by `make bench` on {date.today():%Y-%m-%d}: {machine()}. Both sides of a ratio "
        "are measured in turn in one run, and their answers are compared; take ratios, not times, "
        "to another machine. Polars and DuckDB work on all cores, Switchyard on one. What each "
        "side is given stands in `benchmarks/bench_peers.py`.",
        "",
        "| beside | question | times faster | Switchyard | the other |",
        "| --- | --- | ---: | ---: | ---: |",
        *(
            f"| {row.peer} | {row.what} | {row.ratio:,.1f} | {row.ours:,.2f} ms | "
            f"{row.theirs:,.2f} ms |"
            for row in rows
        ),
        "",
        f"Of the speed at which the memory can be read ({limit[1] / 1e9:.0f} GB/s, a sum over "
        f"512 MiB), {100 * limit[0]:.0f} % is reached: the six rules have to read and write "
        f"{BYTES_PER_TASK:.0f} bytes per task.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, write it."""
    columns, few = make_columns(COLUMNAR), make_columns(BY_ROW)
    rows = held_against(
        f"which of six rules takes each of {COLUMNAR:,} tasks",
        ours(columns),
        by_columns(columns),
        ROUNDS,
    )
    rows += held_against(
        f"which of six rules takes each of {BY_ROW:,} tasks", ours(few), by_rows(few), ROW_ROUNDS
    )
    rows.append(reading())
    text = document(rows, share_of_the_limit(ours(columns)))
    DOCUMENT.write_text(text, encoding="utf-8")
    print(text)
    print(json.dumps({"peak_mb": round(memory_mb())}), file=sys.stderr)


if __name__ == "__main__":
    main()
