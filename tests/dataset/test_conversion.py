"""An export in pieces: the table that it is in memory, whole or refused, goes on after a break."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies
from conftest import DATA, HERE
from dataset_helpers import split_in_memory, split_on
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_world import chance, has, stage_of, took

from core.cli.main import main
from core.dataset.convert import convert
from core.dataset.engines import open_engine
from core.dataset.layout import UNFINISHED, WHOLE, open_dataset, read_whole
from core.errors import InputError
from core.export.reader import read_path
from core.model.dialect import Dialect

EXPORT = DATA / "export.zip"
STAGE = stage_of(has("A"), chance(0.3), took(0, 40))


def silent(done, total):
    pass


def items(many, start=0):
    for n in range(start, start + many):
        tools = [{"schemaId": "AB"[n % 2]}]
        yield {
            "externalId": f"{n}",
            "task": {"taskId": f"t{n}", "totalDuration": n, "tools": tools},
        }


def export(path, *lists):
    lines = [json.dumps(item) for each in lists for item in each]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def equal(dataset, source):
    whole, table = read_whole(dataset), read_path(source)
    return (whole.fingerprint, whole.notes) == (table.fingerprint, table.notes)


# ---- equal ----------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), size=st.integers(1, 15), as_lines=st.booleans())
def test_pieces_of_any_size_are_the_whole_table(tmp_path_factory, data, size, as_lines):
    project = data.draw(strategies.projects())
    content = data.draw(strategies.items(project) | strategies.hub_tasks(project))
    folder = tmp_path_factory.mktemp("pieces")
    source = folder / "export.json"
    text = "\n".join(map(json.dumps, content)) if as_lines else json.dumps(content)
    source.write_text(text, encoding="utf-8")
    try:
        table = read_path(source)
    except InputError as error:
        with pytest.raises(InputError) as refused:
            convert(source, folder / "out", "p", silent, size)
        assert refused.value.message.split(";")[0] == error.message.split(";")[0]
        return
    dataset = convert(source, folder / "out", "p", silent, size)
    whole = read_whole(open_dataset(folder / "out"))
    assert len(dataset) == len(table) and whole.ids.to_pylist() == table.ids.to_pylist()
    assert whole.fingerprint == table.fingerprint and whole.counts == table.counts


def test_tasks_that_came_before_are_taken_out_of_later_parts(tmp_path):
    source = export(tmp_path / "e.ndjson", items(20), items(5, 3), items(10, 15), items(1))
    dataset = convert(source, tmp_path / "out", "p", silent, 7)
    assert equal(dataset, source) and dataset.names.counts.repeated == 11
    again = convert(source, tmp_path / "out", "p", silent, 7)
    assert [part.tasks for part in again.parts] == [part.tasks for part in dataset.parts]


def test_a_table_of_one_file_is_converted_too(tmp_path):
    assert main(["tasks", "--in", str(EXPORT), "--out", str(tmp_path / "t.parquet")]) == 0
    dataset = convert(tmp_path / "t.parquet", tmp_path / "out", "p", silent, 150)
    assert len(dataset.parts) == 3 and equal(dataset, EXPORT)


# ---- commands -------------------------------------------------------------------------------


def said(capsys, *words):
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_commands_print_the_same_of_a_folder_as_of_the_export(tmp_path, capsys):
    project, out = DATA / "project.json", tmp_path / "out"
    done = ("tasks", "--in", EXPORT, "--out", out, "--partition", "--project", project, "--json")
    code, text, _ = said(capsys, *done)
    home = out / "project=e099a5ca83ba8dbc63f02dc0"
    assert code == 0 and json.loads(text)["tasks"] == 400 and (home / WHOLE).exists()
    about = ("--project", project, "--seed", 5, "--json")
    for words in (
        ("split", "--logic", project),
        ("compare", "--before", project, "--after", DATA / "logic-certain.json"),
    ):
        wanted = said(capsys, *words, *about, "--tasks", EXPORT)
        assert wanted[0] == 0
        for tasks in (EXPORT, out, home):
            for engine in ("memory", "duckdb"):
                got = said(capsys, *words, *about, "--tasks", tasks, "--engine", engine)
                assert got[:2] == wanted[:2], (tasks, engine)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--next", 5), "--next: the next tasks are told in memory only, not by duckdb."),
        (("--dialect", "at=Label"), "worked out in memory only. Leave --engine out"),
    ],
)
def test_what_an_engine_cannot_answer_is_refused(capsys, words, sentence):
    about = ("--tasks", EXPORT, "--logic", DATA / "project.json", "--engine", "duckdb")
    code, _, err = said(capsys, "split", *about, *words)
    assert code == 2 and sentence in err and err.count("\n") == 1


def test_a_project_without_a_partition_is_refused(tmp_path, capsys):
    words = ("tasks", "--in", EXPORT, "--out", tmp_path / "t.parquet")
    code, _, err = said(capsys, *words, "--project", DATA / "project.json")
    assert code == 2 and err.startswith("--project: only names a partition.")


def test_of_several_projects_the_one_of_the_project_file_is_taken(tmp_path, capsys):
    source, out = export(tmp_path / "other.ndjson", items(3)), tmp_path / "out"
    project, logic = DATA / "project.json", DATA / "logic-six.json"
    assert said(capsys, "tasks", "--in", source, "--out", out, "--partition")[0] == 0
    done = ("tasks", "--in", EXPORT, "--out", out, "--partition", "--project", project)
    assert said(capsys, *done)[0] == 0
    code, _, err = said(capsys, "split", "--tasks", out, "--logic", logic)
    assert code == 2 and "several projects: e099a5ca83ba8dbc63f02dc0, other." in err
    words = ("split", "--tasks", out, "--logic", logic, "--project", project, "--json")
    for engine in ("memory", "duckdb"):
        code, text, err = said(capsys, *words, "--engine", engine)
        assert code == 0 and json.loads(text)["tasks"] == 400, err


# ---- breaks ---------------------------------------------------------------------------------

CONVERT = """
import sys
from pathlib import Path
from core.dataset.convert import convert
from core.errors import SwitchyardError
try:
    convert(Path(sys.argv[1]), Path(sys.argv[2]), "p", lambda done, total: None, int(sys.argv[3]))
except SwitchyardError as error:
    sys.exit(str(error))
"""


def process(source, out, size, **more):
    command = [sys.executable, "-c", CONVERT, str(source), str(out), str(size)]
    return subprocess.Popen(
        command,
        cwd=HERE.parent,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        **more,
    )


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return export(tmp_path_factory.mktemp("large") / "e.ndjson", items(6_000))


def test_a_killed_conversion_is_refused_and_goes_on(large, tmp_path, capsys):
    out = tmp_path / "out"
    running = process(large, out, 100)
    until = time.monotonic() + 30
    while len(list(out.glob("*/part-*.parquet"))) < 5 and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=30)
    home = out / "project=p"
    assert (home / UNFINISHED).exists() and not (home / WHOLE).exists()
    for engine in ("memory", "duckdb"):
        words = ("split", "--tasks", out, "--logic", DATA / "logic-six.json", "--engine", engine)
        code, _, err = said(capsys, *words)
        assert code == 2 and "the conversion was not finished. Run the same" in err
    before = {path.name: path.stat().st_mtime_ns for path in home.glob("part-*.parquet")}
    (home / ".part-00099.parquet.0a.part").write_bytes(b"half")
    assert equal(convert(large, out, "p", silent, 100), large)
    after = {path.name: path.stat().st_mtime_ns for path in home.glob("part-*.parquet")}
    kept = [name for name in before if after[name] == before[name]]
    assert len(kept) >= 4 and len(after) == 60
    assert not list(home.glob(".*")) and not (home / UNFINISHED).exists()


def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(tmp_path):
    out = tmp_path / "out"
    small = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
    longer = ({**item, "externalId": os.urandom(99).hex()} for item in items(2_000, 6_000))
    source = export(tmp_path / "e.ndjson", items(6_000), longer)
    running = process(source, out, 2_000, preexec_fn=small)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "there is no room left (file too large); 6,000 tasks are converted. Make" in err
    assert err.strip().endswith("run the same command again; it goes on where it stopped.")
    home = out / "project=p"
    assert not (home / WHOLE).exists() and not list(home.glob(".*.part"))
    assert equal(convert(source, out, "p", silent, 2_000), source)


def test_two_conversions_do_not_meet(large, tmp_path):
    running = process(large, tmp_path / "out", 20)
    until = time.monotonic() + 30
    while not list((tmp_path / "out").glob("*/part-*")) and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGSTOP)
    with pytest.raises(InputError, match="somebody converts into it just now"):
        convert(large, tmp_path / "out", "p", silent, 20)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=30)


# ---- bad input ------------------------------------------------------------------------------


@pytest.fixture
def made(tmp_path):
    source = export(tmp_path / "e.ndjson", items(60))
    return source, convert(source, tmp_path / "out", "p", silent, 20)


def refused(folder):
    """The sentence with which each engine refuses a folder."""
    sentences = set()
    with open_engine("duckdb") as engine:
        for answer in (read_whole, partial(_split, engine)):
            with pytest.raises(InputError) as error:
                answer(open_dataset(folder))
            sentences.add(str(error.value))
    (sentence,) = sentences
    return sentence


def _split(engine, dataset):
    return split_on(engine, dataset, None, Dialect(), STAGE, 1)


def test_a_part_that_is_missing_or_cut_off_is_named_and_made_again(made):
    source, dataset = made
    folder, part = dataset.folder, dataset.paths[1]
    part.write_bytes(part.read_bytes()[:-7])
    assert f"{part}: is damaged: it has " in refused(folder) and "Delete it." in refused(folder)
    part.unlink()
    assert refused(folder).startswith(f"{part}: is missing. Run the same")
    assert equal(convert(source, folder.parent, "p", silent, 20), source)


def test_a_part_that_is_damaged_inside_is_named(made):
    source, dataset = made
    part = dataset.paths[2]
    data = bytearray(part.read_bytes())
    data[4:2_000] = os.urandom(1_996)
    part.write_bytes(data)
    assert refused(dataset.folder).startswith(f"{part}: is damaged. Delete it.")
    part.unlink()
    assert equal(convert(source, dataset.folder.parent, "p", silent, 20), source)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("batches", None, "it has no batches, and lists of text is expected."),
        ("id_hash", ["a"] * 20, "it has text as id_hash, and uint64 is expected."),
        ("schema_ids", [[1]] * 20, "as schema_ids, and lists of text is expected."),
    ],
)
def test_a_part_of_another_kind_is_named(made, name, values, words):
    _, dataset = made
    part = dataset.paths[0]
    arrow = pq.read_table(part, partitioning=None).drop_columns([name])
    if values is not None:
        arrow = arrow.append_column(name, pa.array(values))
    pq.write_table(arrow, part)
    note = dataset.folder / WHOLE
    document = json.loads(note.read_text())
    document["parts"][0]["size"] = part.stat().st_size
    note.write_text(json.dumps(document))
    sentence = refused(dataset.folder)
    assert sentence.startswith(f"{part}: is no part of a task table: ") and words in sentence


def test_a_folder_that_is_no_table_says_what_it_is(tmp_path, made):
    empty, foreign = tmp_path / "empty", tmp_path / "foreign"
    empty.mkdir()
    foreign.mkdir()
    pq.write_table(pa.table({"a": [1]}), foreign / "a.parquet")
    assert refused(empty).startswith(
        f"{empty}: is a folder that holds no task table. Convert an export: "
    )
    assert "holds Parquet files, but no task table." in refused(foreign)
    assert refused(tmp_path / "gone").endswith("does not exist. Check the name.")
    note = made[1].folder / WHOLE
    newer = json.loads(note.read_text()) | {"version": 2}
    note.write_text(json.dumps(newer))
    assert "was written by a newer version of Switchyard." in refused(made[1].folder)
    note.write_text("{")
    assert refused(made[1].folder).startswith(f"{note}: is damaged. Delete ")
    with pytest.raises(InputError, match=r"_tasks\.json: is damaged"):
        convert(made[0], made[1].folder.parent, "p", silent)


def test_another_source_does_not_go_on_where_one_stopped(made, tmp_path):
    source, dataset = made
    with pytest.raises(InputError, match=r"holds the tasks of e\.ndjson, which is another file"):
        export(source, items(61))
        convert(source, dataset.folder.parent, "p", silent, 20)


def test_hostile_names_of_folders_are_names(tmp_path):
    source = export(tmp_path / "e.ndjson", items(30))
    project = "a'b/*?[x] ü;--"
    dataset = convert(source, tmp_path / "o'ut [1]*", project, silent, 10)
    assert dataset.folder.parent == tmp_path / "o'ut [1]*"
    with open_engine("duckdb") as engine:
        got = _split(engine, open_dataset(tmp_path / "o'ut [1]*"))
    assert got == split_in_memory(read_path(source), None, Dialect(), STAGE, 1)


def test_a_source_that_is_none_is_refused_and_leaves_no_table(tmp_path):
    with pytest.raises(InputError, match=r"gone: does not exist\."):
        convert(tmp_path / "gone", tmp_path / "out", "p", silent)
    bad = tmp_path / "bad.json"
    bad.write_text('[{"no": "task"}]')
    for _ in range(2):
        with pytest.raises(InputError, match="holds no task"):
            convert(bad, tmp_path / "out", "p", silent)
        with pytest.raises(InputError, match="was not finished"):
            open_dataset(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")


def test_a_spark_that_is_not_there_is_one_sentence(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.delitem(sys.modules, "pyspark.sql", raising=False)
    words = ("split", "--tasks", EXPORT, "--logic", DATA / "project.json", "--engine", "spark")
    code, out, err = said(capsys, *words)
    assert (code, out) == (2, "") and err == (
        "--engine spark: PySpark is not installed. "
        "Install it: pip install -r requirements-spark.txt.\n"
    )
