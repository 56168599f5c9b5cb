"""The documentation names what the code has."""

import re

from conftest import HERE

from core.model.dialect import CHOICES
from core.plugin_runs.model import STATES

ROOT = HERE.parent
SEMANTICS = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")


NO_CODES = {"arrivals.kind", "arrivals.uploads", "tasks.parquet"}
"""Places in a plan, and a file."""


def codes_in_the_code():
    text = "".join(path.read_text() for path in sorted((ROOT / "core").rglob("*.py")))
    rooms = (
        "next|value|output|schema|batch|person|rule|golden|random|duration|index|simulate|number"
        "|mapping|start|stage|consensus|rate|flow|plan|people|minutes|history|sd|calendar|arrivals|rates"
        "|log|cases|rest|events|hours|steps|ways|begins|workflow|horizon|warm_up|window|tasks|loop|load"
    )
    return set(re.findall(rf'"((?:{rooms})\.[a-z_]+)"', text)) - NO_CODES


def test_every_problem_code_has_its_row():
    rows = re.findall(r"^\| (`[a-z_]+\..*?) \|.*\b(?:error|warning|note)\b", SEMANTICS, re.M)
    codes = {code for row in rows for code in re.findall(r"`([a-z_]+\.[a-z_]+)`", row)}
    assert codes == codes_in_the_code()


def test_every_dialect_setting_has_its_row():
    for name, values in CHOICES.items():
        line = next(line for line in SEMANTICS.splitlines() if line.startswith(f"| `{name}`"))
        assert all(f"`{value}`" in line for value in values)


def test_every_command_has_its_row():
    files = (ROOT / "core" / "cli").rglob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    commands = set(re.findall(r'command\(\s*"([a-z]+)"', source))
    assert commands
    for command in commands:
        assert f"| `{command} " in SEMANTICS, command
    for words in ("hub [", "project add ", "plugin add ", "run start ", "run list ", "up ["):
        assert f"| `{words}" in SEMANTICS, words


def test_every_state_of_a_run_has_its_row():
    for state in STATES:
        assert f"| `{state}` |" in SEMANTICS, state


def test_the_readme_shows_the_two_commands_on_its_first_screen():
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:14]
    assert any(line.startswith("make run") for line in first)
    assert any(line.startswith("make test") for line in first)


def test_links_between_documents_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
