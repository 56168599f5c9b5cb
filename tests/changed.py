"""Prints the test files of what changed, for `make quick`: python tests/changed.py.

A change is what differs from where this branch left `main` (on `main`: from the last commit), new
files among it. Its tests are those that import the changed module, or a module that imports it: two
steps, since three reach nearly every test of a small library. A page is reached by the tests that
name its file. Where no test is near (data, settings, nothing at all), all quick ones are.
They are printed nearest first, for `make quick` ends within its minute.
"""

import ast
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
STEPS = 2
ALWAYS = ("tests/test_architecture.py", "tests/test_docs.py")
SLOW_PLACES = ("app", "demo", "doors", "e2e", "gateway", "hub", "plugins", "soak")
"""They start a browser, a page or processes: run where they are near, or by `make test`."""
BROWSER = "tests/e2e/"


def module_name(path: str) -> str:
    """`core.a` of core/a.py or core/a/__init__.py; modules of tests are found without `tests`."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[parts[0] == "tests" : -1 if parts[-1] == "__init__" else None])


def is_test(path: str) -> bool:
    """Whether pytest collects the file."""
    return path.startswith("tests/") and PurePosixPath(path).name.startswith("test_")


def imported(path: str, text: str) -> set[str]:
    """Names that a file may import: of modules, and of what is in them."""
    found = set()
    for node in ast.walk(ast.parse(text, path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = PurePosixPath(path).parts[: -node.level] if node.level else ()
            above = above[1:] if above[:1] == ("tests",) else above
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def users(files: Mapping[str, str]) -> dict[str, set[str]]:
    """By file, the files that use it: by an import, or as tests that name a page."""
    paths = {module_name(path): path for path in files}
    pages = [path for path in files if path.startswith("pages/")]
    found: dict[str, set[str]] = {path: set() for path in files}
    for path, text in files.items():
        for name in imported(path, text) & paths.keys():
            found[paths[name]].add(path)
        for page in pages if is_test(path) else ():
            if page.removeprefix("pages/") in text:
                found[page].add(path)
    return found


def near(files: Mapping[str, str], changed: Iterable[str]) -> list[str]:
    """The tests within so many steps of what changed, nearest first: there may be no time for all.

    A `conftest.py` is near to all under its folder.
    """
    by, found = users(files), set()
    for path in changed:
        folder = str(PurePosixPath(path).parent)
        if path == "tests/conftest.py":
            found |= set(quick(files))
        elif PurePosixPath(path).name == "conftest.py":
            found |= {one for one in files if one.startswith(f"{folder}/")}
        elif path in files:
            found.add(path)
        elif path.startswith(("core/", "pages/")):  # a style or a script beside its module
            found |= {one for one in files if str(PurePosixPath(one).parent) == folder}
    reached = dict.fromkeys(sorted(found))
    for _ in range(STEPS):
        reached |= dict.fromkeys(sorted(set().union(*(by[path] for path in reached))))
    return [path for path in reached if is_test(path) and not path.startswith(BROWSER)]


def quick(files: Mapping[str, str]) -> list[str]:
    """The tests of everything that start nothing else."""
    slow = tuple(f"tests/{place}/" for place in SLOW_PLACES)
    return sorted(path for path in files if is_test(path) and not path.startswith(slow))


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines()


def main() -> None:
    """Print the paths."""
    base = (_git("merge-base", "HEAD", "main") or ["HEAD"])[0]
    changed = _git("diff", "--name-only", base)
    changed += _git("ls-files", "--others", "--exclude-standard")
    listed = _git("ls-files", "--cached", "--others", "--exclude-standard", "*.py")
    files = {path: (ROOT / path).read_text() for path in listed if (ROOT / path).exists()}
    print(*dict.fromkeys([*ALWAYS, *(near(files, changed) or quick(files))]), sep="\n")


if __name__ == "__main__":
    main()
