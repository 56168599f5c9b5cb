"""An engine at work: progress, an interrupt, and what is left behind."""

import sys
import tempfile
import time
from pathlib import Path

import pytest
from conftest import DATA
from dataset_helpers import on_disk

from core.cli import counting
from core.dataset.engines import open_engine
from core.errors import InputError
from core.export.reader import read_path


@pytest.fixture
def dataset(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return on_disk(read_path(DATA / "export.zip"), tmp_path)


def all_pairs(rows, names):
    """Each task with each task with each task …, by their positions under these names."""
    pairs = rows.select(a=rows.position)
    for name in names:
        more = rows.view()
        pairs = pairs.cross_join(more.select(**{name: more.position}))
    return pairs


def endless(rows):
    """Takes hours."""
    pairs = all_pairs(rows, "bcd")
    sums = (pairs.a ^ pairs.b ^ pairs.c ^ pairs.d) % 7
    return pairs.group_by(rest=sums).aggregate(tasks=lambda some: some.count())


def test_an_interrupt_ends_the_question_at_once_and_leaves_nothing(dataset, tmp_path):
    shares = []

    def interrupt(share):
        shares.append(share)
        if len(shares) > 3:
            raise KeyboardInterrupt

    with open_engine("duckdb", interrupt) as engine:
        rows = engine.rows(dataset)
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            engine.answer(endless(rows), dataset)
        assert time.monotonic() - began < 10
        assert shares == sorted(shares) and 0 <= shares[-1] < 1
        small = rows.aggregate(tasks=rows.count())
        assert engine.answer(small, dataset)["tasks"].to_pylist() == [400]
        assert list(tmp_path.glob("switchyard-*"))
    assert not list(tmp_path.glob("switchyard-*"))


def test_too_little_memory_is_one_sentence(dataset):
    with open_engine("duckdb", memory="24MiB") as engine:
        rows = engine.rows(dataset)
        pairs = all_pairs(rows, "bc")
        many = pairs.aggregate(all=pairs.a.collect())
        with pytest.raises(InputError, match="--engine duckdb: could not count: ") as refused:
            engine.answer(many, dataset)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_for_a_terminal_only(capsys, monkeypatch, terminal):
    clock = iter((0.0, 0.5, 2.0, 2.1, 4.0, 4.1))
    monkeypatch.setattr(counting.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    report = counting._counting()
    for share in (0.1, 0.25, 0.5):
        report(share)
    lines = ["Counting: 25 %", "Counting: 50 %"] if terminal else []
    assert capsys.readouterr().err.splitlines() == lines


def test_nothing_is_left_of_an_export_that_was_counted(tmp_path, monkeypatch):
    from core.cli.main import main

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    words = ["--tasks", DATA / "export.zip", "--logic", DATA / "project.json", "--engine", "duckdb"]
    assert main(["split", *map(str, words)]) == 0
    assert list(Path(tmp_path).iterdir()) == []
