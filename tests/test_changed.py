"""What `make quick` runs after a change."""

from changed import ROOT, STEPS, main, module_name, near, quick

FILES = {
    "core/__init__.py": "",
    "core/low.py": "X = 1",
    "core/room/__init__.py": "",
    "core/room/middle.py": "from ..low import X",
    "core/room/high.py": "def f():\n    from core.room import middle",
    "core/highest.py": "import core.room.high",
    "pages/logic/rules.py": "from pages.logic.parts import cards",
    "pages/logic/parts/cards.py": "",
    "pages/logic/parts/other.py": "",
    "tests/helpers.py": "from core import highest",
    "tests/core/test_low.py": "from core.low import X",
    "tests/core/test_middle.py": "from core.room.middle import X",
    "tests/core/test_high.py": "import core.room.high as high",
    "tests/core/test_highest.py": "from helpers import highest",
    "tests/app/test_rules.py": 'visit("logic/rules.py")',
    "tests/e2e/test_low.py": "import core.low",
    "tests/hub/conftest.py": "",
    "tests/hub/test_hub.py": "",
}


def names(paths):
    return {path.rpartition("/")[2].removeprefix("test_").removesuffix(".py") for path in paths}


def test_tests_within_two_steps_are_near_and_a_browser_is_not_started():
    assert STEPS == 2
    assert names(near(FILES, ["core/low.py"])) == {"low", "middle"}
    assert names(near(FILES, ["core/room/middle.py"])) == {"middle", "high"}
    assert names(near(FILES, ["core/room/high.py"])) == {"high"}
    assert names(near(FILES, ["core/highest.py"])) == {"highest"}


def test_a_page_its_parts_and_what_lies_beside_them_are_reached_by_tests_that_name_the_page():
    for path in ("pages/logic/rules.py", "pages/logic/parts/cards.py"):
        assert names(near(FILES, [path])) == {"rules"}
    assert names(near(FILES, ["pages/logic/parts/cards.css"])) == {"rules"}
    assert near(FILES, ["pages/logic/parts/other.py"]) == []


def test_a_changed_test_and_all_tests_under_a_changed_conftest_are_run():
    assert names(near(FILES, ["tests/core/test_high.py"])) == {"high"}
    assert names(near(FILES, ["tests/helpers.py"])) == {"highest"}
    assert names(near(FILES, ["tests/hub/conftest.py"])) == {"hub"}
    assert sorted(near(FILES, ["tests/conftest.py"])) == quick(FILES)


def test_where_nothing_is_near_the_quick_ones_are_run():
    assert near(FILES, ["README.md", "pyproject.toml", "docs/semantics.md"]) == []
    assert names(quick(FILES)) == {"low", "middle", "high", "highest"}


def test_the_nearest_come_first():
    files = FILES | {"tests/core/test_a.py": "from core.room.middle import X"}
    assert near(files, ["core/low.py"])[0] == "tests/core/test_low.py"
    assert near(files, ["tests/core/test_high.py", "core/low.py"])[0] == "tests/core/test_high.py"


def test_modules_are_named_as_they_are_imported():
    assert module_name("core/room/__init__.py") == "core.room"
    assert module_name("tests/core/test_low.py") == "core.test_low"
    assert module_name("app.py") == "app"


def test_what_is_printed_are_tests_of_this_house(capsys):
    main()
    printed = capsys.readouterr().out.split()
    assert "tests/test_architecture.py" in printed and len(printed) > 2
    assert all((ROOT / path).is_file() for path in printed)
    assert not any(path.startswith("tests/e2e") for path in printed)
