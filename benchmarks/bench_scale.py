"""Tables larger than memory: a split of eight rules over 1, 10 and 100 million tasks on DuckDB.

The tables are made up by DuckDB itself, a part after the other, in the layout of
`core.dataset.layout`: hashes of the task's number decide classes, batch, people, times. Each split
has a process of its own, with DuckDB's memory limited so that the whole process stays within
4 GiB; its peak is measured. Before the last table is deleted, its split is interrupted as Ctrl+C
does it, and what is left behind is looked for.

The first table is also split in memory, and the documents are compared: the same work is done. The
ratios tell how cost grows with the work. Needs 5 GB in the folder for temporary files; other sizes
can be named: `bench_scale.py 1000000 10000000`. Converting is measured first, with small parts, so
that a growth of memory with the file would show.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import duckdb
from make_export import write_export
from measure import at_least, at_most, for_information, fresh_process, heading, memory_mb

from core.dataset.layout import WHOLE, Part, document_of, open_dataset, read_whole, write_document
from core.export.reader import read_path
from core.model.dialect import Dialect
from core.routing.document import split_document
from core.tasks.parquet import names_of_about, write_parquet
from core.workspace import Workspace

SIZES = (1_000_000, 10_000_000, 100_000_000)
PART = 1_000_000
EXPORTS, CONVERTED_PART = (100_000, 400_000), 25_000
GIB_MB = 1_024**3 / 1e6
MOST_MB = 4 * GIB_MB
SEED = 7

CLASSES = [f"class-{n}" for n in range(12)]
BATCHES = [f"batch-{n}" for n in range(20)]
PEOPLE = [f"person-{n}@example.com" for n in range(50)]
ABOUT = {
    "version": 1,
    "stage_ids": ["Label", "Review", "Complete"],
    "stage_names": ["Label", "Review", "Complete"],
    "people": PEOPLE,
    "schema_ids": CLASSES,
    "schema_titles": CLASSES,
    "batch_names": BATCHES,
    "review_words": ["", "Accepted"],
    "counts": {},
    "notes": [],
    "label_sets": [[[]], [[]]],
}
CONDITIONS: list[dict[str, Any]] = [
    {"type": "Batch", "value": BATCHES[:2]},
    {"type": "RandomSample", "value": 0.1},
    {
        "type": "AnnotationType",
        "value": {
            "tools": [
                {"schemaId": "class-0", "filter": ["exists"]},
                {"schemaId": "class-1", "filter": ["notExists"]},
            ]
        },
    },
    {"type": "Annotator", "value": PEOPLE[:5]},
    {"type": "Duration", "value": [60_000, 120_000]},
    {"type": "RandomSample", "value": 0.25},
    {"type": "AnnotationType", "value": {"tools": [{"schemaId": "class-5", "filter": ["exists"]}]}},
    {"type": "Duration", "value": [None, 30_000]},
]
STAGE = {
    "type": "Logic",
    "next": [f"to-{n}" for n in range(len(CONDITIONS) + 1)],
    "logic": {"conditions": [{**one, "index": n} for n, one in enumerate(CONDITIONS)]},
}

MADE_UP = """
COPY (
  WITH hashed AS (SELECT range AS position, hash(range) AS h FROM range({first}, {last}))
  SELECT
    position,
    'task-' || position AS task_id,
    'image-' || position AS external_id,
    ('0x' || substr(md5('task-' || position), 1, 16))::UBIGINT AS id_hash,
    2::INTEGER AS stage_code,
    'Complete' AS stage,
    CASE WHEN h % 7 > 0 THEN 'person-' || (h % 50) || '@example.com' END AS assignee,
    CASE WHEN h % 31 > 0 THEN (1000 + h % 240000)::DOUBLE END AS total_duration_ms,
    TIMESTAMPTZ '2026-09-01 00:00:00+00' + to_seconds(h % 5000000) AS last_at,
    h % 101 > 0 AS answer_loaded,
    CASE WHEN (h >> 8) % 4 = 0 THEN ['class-' || ((h >> 12) % 12)]
      ELSE ['class-' || ((h >> 12) % 12), 'class-' || ((h >> 16) % 12)] END AS schema_ids,
    []::VARCHAR[] AS nested_schema_ids,
    ['batch-' || ((h >> 24) % 20)] AS batches,
    [{{stage_code: 0::INTEGER, completed_by: 'person-' || ((h >> 32) % 50) || '@example.com',
       duration_ms: (500 + (h >> 32) % 120000)::DOUBLE,
       completed_at: TIMESTAMPTZ '2026-09-01 00:00:00+00', review_status: '',
       label_set: -1::INTEGER}},
     {{stage_code: 1::INTEGER, completed_by: 'person-' || ((h >> 40) % 50) || '@example.com',
       duration_ms: (500 + (h >> 40) % 120000)::DOUBLE,
       completed_at: TIMESTAMPTZ '2026-09-02 00:00:00+00', review_status: 'Accepted',
       label_set: -1::INTEGER}}] AS history
  FROM hashed
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""


def make(folder: Path, tasks: int) -> None:
    """Write a table of so many tasks, a part at a time."""
    folder.mkdir()
    parts = []
    with duckdb.connect(config={"memory_limit": "2GiB"}) as connection:
        for number, first in enumerate(range(0, tasks, PART)):
            path = folder / f"part-{number:05}.parquet"
            last = min(first + PART, tasks)
            connection.execute(MADE_UP.format(first=first, last=last, path=path))
            parts.append(Part(path.name, last - first, path.stat().st_size, last, first))
    write_document(folder / WHOLE, document_of(parts, names_of_about(ABOUT)))


def on_disk(folder: Path) -> dict[str, Any]:
    """What DuckDB counts, as the command has it."""
    from core.dataset.engines import open_engine
    from core.dataset.workspace import DatasetWorkspace

    stage = _stage()
    with open_engine("duckdb") as engine:
        workspace = DatasetWorkspace(open_dataset(folder), None, Dialect(), engine)
        counts = workspace.tally(stage, SEED)
        result = workspace.split_of(stage, counts, SEED)
        problems = workspace.check(stage, counts)
        return split_document(result, Dialect(), problems, workspace.honesty(counts))


def in_memory(folder: Path) -> dict[str, Any]:
    """The same from a table in memory."""
    workspace = Workspace(read_whole(open_dataset(folder)), None, Dialect())
    result, problems = workspace.split(_stage(), SEED), workspace.check(_stage())
    return split_document(result, Dialect(), problems, workspace.honesty)


def _stage() -> Any:
    from core.ango_json.stages import read_logic

    return read_logic(STAGE)


def in_parts(source: Path) -> int:
    """Convert an export to a table in parts; how many tasks."""
    from core.dataset.convert import convert

    out = source.with_suffix(".parts")
    return len(convert(source, out, "p", lambda done, total: None, CONVERTED_PART))


def in_one_file(source: Path) -> int:
    """Convert it to a table of one file, as `tasks --out F.parquet` does; how many tasks."""
    table = read_path(source)
    write_parquet(table, source.with_suffix(".parquet"))
    return len(table)


def conversion(base: Path) -> None:
    """How converting grows with the file."""
    done, sources = {}, [base / f"export-{tasks}.ndjson" for tasks in EXPORTS]
    for source, tasks in zip(sources, EXPORTS, strict=True):
        write_export(source, tasks)
    for way, source in [("one file", sources[0]), *(("parts", source) for source in sources)]:
        done[way, source] = fresh_process(__file__, way, str(source))
    one, small, large = done.values()
    assert one["document"] == small["document"] == EXPORTS[0]
    gigabytes = sources[1].stat().st_size / 1e9
    heading(f"Converting {EXPORTS[0]:,} and {EXPORTS[1]:,} tasks ({gigabytes:.1f} GB)")
    times = EXPORTS[1] / EXPORTS[0]
    at_most(f"peak memory of {times:,.0f} times the tasks", 1.25, large["mb"] / small["mb"])
    at_most("times longer for them", 1.5 * times, large["seconds"] / small["seconds"])
    at_most(
        "times longer than to one file, in parts an eighth of the usual",
        2,
        small["seconds"] / one["seconds"],
    )
    for_information("tasks a second", EXPORTS[1] / large["seconds"], "")
    for_information("peak memory", large["mb"], "MB")
    for source in sources:
        source.unlink()


WAYS = {"duckdb": on_disk, "memory": in_memory, "parts": in_parts, "one file": in_one_file}


def measure(way: str, folder: Path) -> None:
    """Run one way here and print what it took as JSON."""
    began = perf_counter()
    document: Any = WAYS[way](folder)
    took = perf_counter() - began
    print(json.dumps({"seconds": took, "mb": memory_mb(), "document": document}))


def _heed_interrupts() -> None:
    """A job in the background ignores them, and what it starts does so, too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupt(folder: Path, logic: Path, temporary: Path) -> dict[str, Any]:
    """Interrupt the command after three seconds, as Ctrl+C does; what it says and leaves."""
    command = [sys.executable, "-m", "core", "split", "--tasks", str(folder), "--logic", str(logic)]
    running = subprocess.Popen(
        [*command, "--engine", "duckdb"],
        cwd=Path(__file__).resolve().parents[1],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,
    )
    sleep(3)
    was_running = running.poll() is None
    began = perf_counter()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    return {
        "seconds": perf_counter() - began,
        "was_running": was_running,
        "words": out + err,
        "left": [path.name for path in temporary.iterdir()],
    }


def _tables(sizes: list[int], base: Path) -> Iterator[tuple[int, Path, float]]:
    for tasks in sizes:
        folder = base / f"tasks-{tasks}"
        began = perf_counter()
        make(folder, tasks)
        yield tasks, folder, perf_counter() - began
        for path in folder.iterdir():
            path.unlink()


def main(sizes: list[int]) -> None:
    """Measure all sizes and print the table."""
    with TemporaryDirectory() as base:
        logic, temporary = Path(base, "logic.json"), Path(base, "temporary")
        logic.write_text(json.dumps(STAGE), encoding="utf-8")
        temporary.mkdir()
        conversion(Path(base))
        previous: tuple[int, float] | None = None
        for tasks, folder, made in _tables(sizes, Path(base)):
            size = sum(path.stat().st_size for path in folder.iterdir()) / 1e9
            heading(f"{tasks:,} tasks, {size:.2f} GB of Parquet, made in {made:,.0f} s")
            done = fresh_process(__file__, "duckdb", str(folder))
            for_information("split of eight rules on DuckDB", done["seconds"], "s")
            for_information("tasks a second", tasks / done["seconds"] / 1e6, "million")
            at_most("peak memory of the process (4 GiB)", MOST_MB, done["mb"], "MB")
            if previous is None:
                memory = fresh_process(__file__, "memory", str(folder))
                assert memory["document"] == done["document"]
                ratio = memory["seconds"] / done["seconds"]
                at_least("times faster than reading into memory and splitting", 1, ratio)
                for_information("peak memory of that", memory["mb"], "MB")
            else:
                more, longer = tasks / previous[0], done["seconds"] / previous[1]
                at_most(f"times longer for {more:,.0f} times the tasks", 1.5 * more, longer)
            previous = tasks, done["seconds"]
            if tasks == sizes[-1]:
                ended = interrupt(folder, logic, temporary)
                if ended["was_running"]:
                    assert ended["words"] == "Stopped.\n", ended
                    assert ended["left"] == [], ended
                    at_most("Ctrl+C: until it has ended, nothing left", 2, ended["seconds"], "s")


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in WAYS:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
