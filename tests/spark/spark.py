"""Spark on this machine, against the engine in memory: the tests of DuckDB, and what Spark lacks.

Not collected by `make test`, since Spark and Java are not there; `make test-spark` brings both.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DATA, HERE
from dataset.test_engines_agree import *  # noqa: F403

from core.dataset.engines import open_engine


@pytest.fixture(scope="module")
def engine():
    with open_engine("spark") as opened:
        yield opened


def command(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, words)],
        cwd=HERE.parent,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


ABOUT = ("--tasks", DATA / "export.zip", "--project", DATA / "project.json", "--seed", 4, "--json")


@pytest.mark.parametrize(
    "words",
    [
        ("split", "--logic", DATA / "project.json"),
        ("compare", "--before", DATA / "project.json", "--after", DATA / "logic-certain.json"),
    ],
    ids=["split", "compare"],
)
def test_a_command_prints_the_same_document(words):
    wanted = command(*words, *ABOUT)
    done = command(*words, *ABOUT, "--engine", "spark")
    assert (done.returncode, done.stdout) == (0, wanted.stdout), done.stderr
    assert json.loads(done.stdout)["tasks"] == 400
    assert "Warning" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"JAVA_HOME": "/no/java"}, "there is no Java in /no/java, which JAVA_HOME names."),
        ({"JAVA_HOME": "", "PATH": "/no"}, "there is no Java on this machine."),
    ],
)
def test_without_java_one_sentence_says_so(environment, sentence):
    done = command("split", "--logic", DATA / "project.json", *ABOUT, "--engine", "spark",
                   **environment)  # fmt: skip
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(f"--engine spark: {sentence} Install Java 17")
    assert done.stderr.count("\n") == 1


def test_a_cluster_that_does_not_answer_is_one_sentence():
    done = command("split", "--logic", DATA / "project.json", *ABOUT, "--engine", "spark",
                   SWITCHYARD_SPARK_MASTER="nonsense://here")  # fmt: skip
    assert done.returncode == 2 and done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("--engine spark: Spark did not start: ")
    assert last.endswith("Check SWITCHYARD_SPARK_MASTER, JAVA_HOME and Spark's own configuration.")


LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
"""127.0.0.1, the same as IPv6 has it, and ::1, as the system writes them."""


def listening(pid):
    """Addresses at which a process waits for connections."""
    own = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir()}
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own}


def java_of(pid):
    """The processes of Java below one."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    names = {child: Path(f"/proc/{child}/comm").read_text().strip() for child in below}
    return [child for child, name in names.items() if name == "java"]


def test_it_listens_on_loopback_only(engine):
    (java,) = java_of(os.getpid())
    assert listening(java) and listening(java) <= LOOPBACK
