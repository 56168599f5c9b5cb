"""Plants each fault in a copy of the tree and expects its tests to go red: `make faults`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from planted.faults import FAULTS

ROOT = Path(__file__).parents[2]
RED = 1
"""What pytest returns when tests ran and some failed."""


def copied(to):
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to / name)


def outcome(tests, tree):
    """What pytest returns for these tests."""
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]
    return subprocess.run(words, cwd=tree, capture_output=True, check=False).returncode


def survives(fault, tree):
    """Whether the tests stay green; the module is put back."""
    module = tree / fault.module
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace(fault.before, fault.after), encoding="utf-8")
    try:
        return outcome(fault.tests, tree) != RED
    finally:
        module.write_text(text, encoding="utf-8")


def main():
    survivors = 0
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place)
        copied(tree)
        for tests in dict.fromkeys(fault.tests for fault in FAULTS):
            if outcome(tests, tree):
                print(f"{tests} is not green before anything is planted.")
                return 1
        for fault in FAULTS:
            alive = survives(fault, tree)
            survivors += alive
            print(f"{'SURVIVES' if alive else 'dies':8}  {fault.name} ({fault.module})", flush=True)
    print(f"{len(FAULTS) - survivors} of {len(FAULTS)} faults die.")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
