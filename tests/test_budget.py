"""`make quick` begins no test when its time is over, and says how many it left."""

import subprocess
import sys

import pytest
from changed import ROOT


@pytest.mark.parametrize(("budget", "ends"), [("0", "2 skipped"), ("60", "2 passed")])
def test_what_no_time_was_left_for_is_counted(tmp_path, budget, ends):
    (tmp_path / "conftest.py").write_text("from budget import *")
    (tmp_path / "test_two.py").write_text("def test_a(): pass\ndef test_b(): pass\n")
    words = ("-q", "-p", "no:cacheprovider", "-o", f"pythonpath={ROOT / 'tests'}", "--rootdir")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, tmp_path, "--budget", budget, tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ends in done.stdout.splitlines()[-1]
    assert ("2 tests were left for `make test`" in done.stdout) == (budget == "0")
