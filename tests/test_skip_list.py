"""A skip that nobody explained makes CI fail, on one core and on several."""

import os
import subprocess
import sys

import pytest
from conftest import HERE

TEST = """
import pytest

@pytest.mark.skip
def test_one():
    pass

@pytest.mark.{mark}
def test_two():
    assert 0
"""
MODULE = "import pytest; pytest.skip(allow_module_level=True)"


def run(folder, text, *words, **environment):
    (folder / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "skip_list", "--rootdir", folder]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    own.pop("CI", None)
    done = subprocess.run(
        [*command, *words, folder / "test_it.py"],
        cwd=folder,
        env={**own, "PYTHONPATH": str(HERE), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("cores", [(), ("-p", "xdist", "-n", "2")], ids=["one", "several"])
def test_a_skip_without_a_reason_is_a_failure_in_ci(tmp_path, cores):
    text = TEST.format(mark="xfail")
    assert run(tmp_path, text, *cores)[0] == 0
    code, said = run(tmp_path, text, *cores, CI="1")
    assert code == 1 and said.count("test_it.py::test_one") == 1
    assert "test_it.py::test_two" not in said


@pytest.mark.parametrize("cores", [(), ("-p", "xdist", "-n", "2")], ids=["one", "several"])
def test_a_file_that_is_left_out_is_one_too(tmp_path, cores):
    code, said = run(tmp_path, MODULE, *cores, CI="1")
    assert "without a reason" in said and code == 1
