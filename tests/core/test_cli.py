"""The command line as others run it: documents, exit codes, and one line for unusable input."""

import io
import json
import math
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from conftest import DATA

from core.cli.main import main

ROOT = Path(__file__).parents[2]
EXPECTED = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
EXPORT, PROJECT = DATA / "export.zip", DATA / "project.json"
SIX, LOGIC_SIX = DATA / "six.json", DATA / "logic-six.json"
TASK = json.loads(SIX.read_text(encoding="utf-8"))[0]["task"]["taskId"]

OUTPUT = ["output", "rule", "type", "next", "certain", "expected", "low", "high", "drawn", "share"]
PROBLEM = ["code", "severity", "rule", "where", "message", "hint"]
DIALECT = {
    "annotator": "any",
    "duration": "total",
    "unit": "ms",
    "nested": "off",
    "random": "auto",
    "at": "final",
}


def environment(**changes):
    kept = {k: v for k, v in os.environ.items() if k not in ("SWITCHYARD_DEBUG", "PYTHONUTF8")}
    return kept | changes


@cache
def run(*words):
    """One run; those with the same words are the same run."""
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, words)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def finite(value):
    """The same value; fails on a number that is none, such as 1e999."""
    if isinstance(value, float):
        assert math.isfinite(value)
    elif isinstance(value, (dict, list)):
        for child in value.values() if isinstance(value, dict) else value:
            finite(child)
    return value


def document(*words, code=0):
    """The one JSON document on standard output."""
    done = run(*words, "--json")
    assert done.returncode == code, done.stderr
    assert done.stdout.count("\n") == 1 and done.stdout.endswith("}\n")
    return finite(json.loads(done.stdout, parse_constant=lambda text: pytest.fail(text)))


def written(folder, name, value):
    path = folder / name
    text = value if isinstance(value, str) else json.dumps(value)
    path.write_text(text, encoding="utf-8")
    return path


# ---- split ----------------------------------------------------------------------------------


def test_split_prints_the_document_of_the_contract():
    got = document("split", "--tasks", EXPORT, "--logic", PROJECT, "--seed", "7")
    assert list(got) == ["tasks", "seed", "dialect", "outputs", "problems", "honesty"]
    assert (got["tasks"], got["seed"], got["dialect"]) == (400, 7, DIALECT)
    wanted = EXPECTED["splits"]["project.json (its Logic stage: mixed)"]
    assert len(got["outputs"]) == len(wanted)
    for output, known in zip(got["outputs"], wanted, strict=True):
        random = output["type"] == "RandomSample"
        assert list(output) == [*OUTPUT, "reaching", *(["chance"] if random else [])]
        assert output["expected"] == pytest.approx(known["expected"], abs=1e-9)
        assert {key: output[key] for key in known if key != "expected"} == {
            key: known[key] for key in known if key != "expected"
        }
        assert output["share"] == pytest.approx(output["expected"] / 400)
        for key in ("output", "certain", "low", "high", "drawn"):
            assert type(output[key]) is int
    assert got["outputs"][1]["rule"] == "20 % at random"
    types = ["Batch", "RandomSample", "AnnotationType", "RandomSample", "Duration", "Else"]
    assert [output["type"] for output in got["outputs"]] == types
    assert got["problems"] == []
    known = {"unknown_duration": 9, "no_history": 9, "no_answer_loaded": 0, "skipped": 0}
    assert known.items() <= got["honesty"].items()
    assert all(type(count) is int for count in got["honesty"].values())


def test_split_takes_a_project_a_stage_and_a_dialect():
    words = ["--logic", DATA / "logic-odd.json", "--project", PROJECT, "--stage", "Routing"]
    settings = ["--dialect", "annotator=last", "unit=min"]
    got = document("split", "--tasks", EXPORT, *words, *settings)
    assert got["dialect"] == DIALECT | {"annotator": "last", "unit": "min"}
    assert got["seed"] == 0
    assert "15,000 h" in got["outputs"][4]["rule"]


def test_without_tasks_every_share_is_zero(tmp_path):
    empty = written(tmp_path, "empty.json", [])
    later = {"type": "Later", "value": 1, "index": 0}
    stage = {"id": "L", "type": "Logic", "next": ["gone", None], "logic": {"conditions": [later]}}
    logic = written(tmp_path, "logic.json", [stage])
    got = document("split", "--tasks", empty, "--logic", logic)
    assert got["tasks"] == 0
    for output in got["outputs"]:
        assert list(output) == [*OUTPUT, "uncertain", "reaching"]
        numbers = ("certain", "expected", "low", "high", "drawn", "share")
        assert [output[key] for key in numbers] == [0] * 6
        assert output["uncertain"] is True
    assert [output["next"] for output in got["outputs"]] == ["gone", None]
    codes = {problem["code"] for problem in got["problems"]}
    assert codes == {"simulate.unknown", "output.unknown", "output.unwired"}
    assert all(list(problem) == PROBLEM for problem in got["problems"])


def test_a_table_of_numbers_is_printed_for_people():
    done = run("split", "--tasks", SIX, "--logic", LOGIC_SIX)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("6 tasks, seed 0\n")
    assert "2 % at random" in done.stdout and "Else" in done.stdout


# ---- trace, check, tasks --------------------------------------------------------------------


def test_trace_prints_the_document_of_the_contract():
    got = document("trace", "--tasks", SIX, "--logic", LOGIC_SIX, "--task", TASK, "--seed", "3")
    assert list(got) == ["task", "facts", "rules", "output", "probabilities"]
    assert got["task"] == TASK and isinstance(got["facts"], dict)
    for step, p in zip(got["rules"], (0.02, 0.5, 0.9), strict=False):
        assert list(step) == ["rule", "verdict", "because", "p"]
        assert (step["verdict"], step["p"]) == ("chance", p)
    assert got["probabilities"] == pytest.approx([0.02, 0.49, 0.441, 0.049])
    assert got["output"] in range(4)


def test_check_without_an_error_exits_with_0():
    got = document("check", "--logic", PROJECT, "--tasks", EXPORT)
    assert got == {"problems": [], "golden": []}


def test_check_with_an_error_exits_with_1(tmp_path):
    batch = {"type": "Batch", "value": ["gone"], "index": 0}
    stage = {"type": "Logic", "next": ["Review", ""], "logic": {"conditions": [batch]}}
    logic = written(tmp_path, "stage.json", stage)
    got = document("check", "--logic", logic, "--project", PROJECT, code=1)
    assert list(got) == ["problems", "golden"]
    found = [(p["code"], p["severity"], p["rule"]) for p in got["problems"]]
    assert found == [("output.unwired", "warning", None), ("batch.unknown", "error", 0)]
    assert all(list(problem) == PROBLEM and problem["hint"] for problem in got["problems"])


def test_tasks_saves_a_table_that_splits_like_the_export(tmp_path):
    out = tmp_path / "table.parquet"
    got = document("tasks", "--in", EXPORT, "--out", out)
    assert list(got)[:2] == ["tasks", "skipped"] and (got["tasks"], got["skipped"]) == (400, 0)
    words = ["--logic", PROJECT, "--seed", "7"]
    again = document("split", "--tasks", out, *words)
    assert again == document("split", "--tasks", EXPORT, *words)


# ---- unusable input -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unusable")
    logic = {"id": "L1", "type": "Logic", "name": "One", "next": [], "logic": {"conditions": []}}
    return {
        "folder": folder,
        "missing": folder / "missing.json",
        "broken": written(folder, "broken.json", '{"type": "Logic",\n "next": [1,\n}'),
        "binary": written(folder, "binary.json", "[1]\0"),
        "two": written(folder, "two.json", [logic, logic | {"id": "L2", "name": "Two"}]),
        "no-logic": written(folder, "no-logic.json", {"type": "Label", "id": "Label"}),
    }


SPLIT_SIX = ["split", "--tasks", SIX, "--logic", LOGIC_SIX]
UNUSABLE = {
    "tasks that are missing": (
        ["split", "--tasks", "@missing", "--logic", LOGIC_SIX],
        ["missing.json", "does not exist"],
    ),
    "tasks that are a folder": (
        ["split", "--tasks", "@folder", "--logic", LOGIC_SIX],
        ["@folder", "folder"],
    ),
    "tasks that are broken": (
        ["trace", "--tasks", "@broken", "--logic", LOGIC_SIX, "--task", "t"],
        ["broken.json"],
    ),
    "tasks that are a project": (
        ["tasks", "--in", PROJECT, "--out", "@folder/out.parquet"],
        ["project.json"],
    ),
    "a place that cannot be written": (
        ["tasks", "--in", SIX, "--out", "@folder/none/out.parquet"],
        ["none/out.parquet", "no such file"],
    ),
    "a stage that is missing": (
        ["check", "--logic", "@missing"],
        ["missing.json", "no such file"],
    ),
    "a stage that is a folder": (["check", "--logic", "@folder"], ["@folder", "directory"]),
    "a stage that is broken": (["check", "--logic", "@broken"], ["broken.json, line 3, column 1:"]),
    "a project that is broken": (
        [*SPLIT_SIX, "--project", "@broken"],
        ["broken.json, line 3, column 1:"],
    ),
    "no Logic stage": (["check", "--logic", "@no-logic"], ["no-logic.json", "no Logic stage"]),
    "an unknown stage": (
        ["check", "--logic", PROJECT, "--stage", "Nope"],
        ["project.json", "Nope", "Routing"],
    ),
    "two stages and none named": (
        ["check", "--logic", "@two"],
        ["two.json", "2 Logic stages", "One (L1)", "Two (L2)"],
    ),
    "an unknown task": (
        ["trace", "--tasks", SIX, "--logic", LOGIC_SIX, "--task", "nobody-7"],
        ["six.json", "nobody-7"],
    ),
    "an unknown dialect": ([*SPLIT_SIX, "--dialect", "unit=h"], ["--dialect", "unit=h", "ms|s"]),
    "a seed that is no number": ([*SPLIT_SIX, "--seed", "seven"], ["--seed", "seven"]),
    "missing arguments": (["split", "--tasks", SIX], ["split", "--logic"]),
    "a value that looks like an option": (
        ["trace", "--tasks", SIX, "--logic", LOGIC_SIX, "--task", "-a7"],
        ["--task", "--option=VALUE"],
    ),
    "no command": ([], ["command"]),
    "an unknown command": (["sprint"], ["sprint"]),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_input_gets_one_line(name, files, capsys):
    def filled(word):
        key, _, rest = str(word).removeprefix("@").partition("/")
        if not str(word).startswith("@"):
            return str(word)
        return str(files[key] / rest) if rest else str(files[key])

    words, says = UNUSABLE[name]
    extra = ["--json"] if words[:1] in (["split"], ["check"], ["trace"], ["tasks"]) else []
    try:
        code = main([*map(filled, words), *extra])
    except SystemExit as ended:  # by the reader of the arguments
        code = ended.code
    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert shown.err.count("\n") == 1 and shown.err.endswith("\n")
    for words_said in says:
        assert filled(words_said) in shown.err
    for never in ("Traceback", "Error:", "defect", 'File "'):
        assert never not in shown.err


def test_help_is_no_error():
    done = run("split", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for option in ("--tasks", "--logic", "--project", "--stage", "--seed", "--dialect", "--json"):
        assert option in done.stdout


# ---- the edges of the process ---------------------------------------------------------------


def test_a_reader_that_has_gone_gets_no_traceback():
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "core", *map(str, SPLIT_SIX), "--json"],
            cwd=ROOT,
            env=environment(PYTHONUNBUFFERED=""),
            stdout=writing,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.returncode in (0, 1, 2)
    assert done.stderr == ""


def test_half_a_surrogate_pair_in_a_name_is_printed_as_json(tmp_path, monkeypatch):
    batch = {"type": "Batch", "value": ["cut \ud83d"], "index": 0}
    stage = {"type": "Logic", "next": ["a", "b"], "logic": {"conditions": [batch]}}
    logic = written(tmp_path, "stage.json", stage)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    code = main(["split", "--tasks", str(SIX), "--logic", str(logic), "--json"])
    printed = sys.stdout.buffer.getvalue()
    monkeypatch.undo()
    assert code == 0
    assert json.loads(printed)["outputs"][0]["rule"].endswith("cut \ud83d")


def test_what_nobody_foresaw_is_one_sentence_too(monkeypatch, capsys):
    def broken(*_, **__):
        raise ZeroDivisionError("by accident")

    monkeypatch.delenv("SWITCHYARD_DEBUG", raising=False)
    monkeypatch.setattr("core.dataset.opening.read_path", broken)
    assert main(["tasks", "--in", "a.json", "--out", "b.parquet"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1 and "by accident" in printed.err


def test_an_interrupted_command_says_so(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("core.dataset.opening.read_path", interrupted)
    assert main(["tasks", "--in", "a.json", "--out", "b.parquet"]) == 2
    assert capsys.readouterr().err == "Stopped.\n"
