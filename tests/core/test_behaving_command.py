"""`behaving` on the command line: the document, its exit codes, and what it refuses."""

import json

import pytest
from conftest import DATA

from core import demo
from core.cli.main import main

KEYS = {"output", "observed", "expected", "low", "high", "p", "adjusted", "told"}
FILES = ("--tasks", demo.EXPORT, "--logic", demo.PROJECT)
RANDOM = {
    "type": "Logic",
    "next": ["A", "B", None],
    "logic": {"conditions": [{"type": "RandomSample", "value": v} for v in (0.2, 0.5)]},
}


def run(capsys, *words):
    code = main(["behaving", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


def document(capsys, *words):
    code, out, _ = run(capsys, *words, "--json")
    found = json.loads(out)
    assert set(found) == {"behaving", "basis", "counts", "sentences"}
    assert code == (0 if found["behaving"] else 1)
    assert all(set(row) >= KEYS for row in found["counts"])
    assert [row["output"] for row in found["counts"]] == list(range(len(found["counts"])))
    return found


@pytest.fixture
def logic(tmp_path):
    file = tmp_path / "logic.json"
    file.write_text(json.dumps(RANDOM))
    return ("--tasks", DATA / "export.zip", "--logic", file)


def test_the_histories_of_the_demo(capsys):
    found = document(capsys, *FILES, "--history")
    assert found["behaving"] and found["basis"] == "history"
    assert all(row["told"] for row in found["counts"])
    outputs = main(["split", *map(str, FILES), "--json"])
    assert outputs == 0
    split = json.loads(capsys.readouterr().out)["outputs"]
    assert [row["output"] for row in found["counts"]] == [one["output"] for one in split]


@pytest.mark.parametrize("basis", ["same", "like"])
def test_counts_of_a_basis(capsys, logic, sample_table, basis):
    tasks = len(sample_table)
    third = tasks // 3
    found = document(capsys, *logic, "--counts", f"{third},{third},{tasks - 2 * third}",
                     "--basis", basis)  # fmt: skip
    assert found["basis"] == basis and not found["behaving"]
    first, second, rest = found["counts"]
    assert first["observed"] == third and first["adjusted"] < 0.05
    assert second["expected"] == pytest.approx((tasks - third) / 2)
    assert rest["expected"] == rest["low"] == rest["high"] == rest["observed"]
    fair = [tasks // 5, (tasks - tasks // 5) // 2]
    counts = ",".join(map(str, [*fair, tasks - sum(fair)]))
    assert document(capsys, *logic, "--counts", counts, "--basis", basis)["behaving"]
    code, out, _ = run(capsys, *logic, "--counts", counts, "--basis", basis)
    assert code == 0 and "To see 25 % where 20 % is set" in out and "Else" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--counts", "1,2,3"), "--basis: is needed"),
        (("--history", "--basis", "same"), "--basis: is needed with --counts, and only there"),
        (("--counts", "1,-2,3", "--basis", "like"), "“-2” is not a number of tasks"),
        (("--counts", "1,2.5,3", "--basis", "like"), "“2.5” is not"),
        (("--counts", "1,nan,3", "--basis", "like"), "“nan” is not"),
        (("--counts", "1,,3", "--basis", "like"), "“” is not"),
        (("--counts", "1,٣,3", "--basis", "like"), "“٣” is not"),
        (("--counts", f"1,{10**400},3", "--basis", "like"), "is not a number of tasks"),
        (("--counts", "1,2", "--basis", "like"), "3 are needed, 2 were given"),
        (("--counts", "1,2,3", "--basis", "same"), "they are 6 together"),
        (("--history",), "they are read with the workflow"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_line(capsys, logic, words, says):
    code, out, err = run(capsys, *logic, *words)
    assert (code, out) == (2, "") and says in err and len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("--history", "--counts", "1"), ("--basis", "x")])
def test_what_is_asked_must_be_clear(logic, words):
    with pytest.raises(SystemExit) as caught:
        main(["behaving", *map(str, logic), *words])
    assert caught.value.code == 2


def test_the_rules_that_stand_now_may_be_others(capsys, tmp_path):
    """Rules of a file against histories of the workflow in --project."""
    project = json.loads(demo.PROJECT.read_text(encoding="utf-8"))
    inner = project.get("data", project)
    inner = inner.get("project", inner)
    own = next(one for one in inner["stages"] if one["type"] == "Logic")
    places = [i for i, c in enumerate(own["logic"]["conditions"]) if c["type"] == "RandomSample"]
    own["logic"]["conditions"][places[0]]["value"] = 0.7
    file = tmp_path / "stage.json"
    file.write_text(json.dumps(own))
    words = ("--tasks", demo.EXPORT, "--logic", file, "--project", demo.PROJECT, "--history")
    found = document(capsys, *words)
    assert not found["behaving"]
    assert any(row["output"] == places[0] and row["adjusted"] < 0.05 for row in found["counts"])
