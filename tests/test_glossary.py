"""The glossary of `docs/architecture.md`, and names that say nothing: both held on the syntax tree.

A name says what it holds, so that a reader need not look up where it came from. What is still
called otherwise is listed here, and the lists may only shrink.
"""

import ast
import re
from collections import Counter

import pytest
from test_architecture import MODULES, ROOT, Module

GUIDE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

VAGUE = {"found", "said", "told", "mine"}
"""What a value went through says nothing of what it is."""


def bound(tree):
    """Names that a module binds: variables, arguments, and what is imported, caught or matched."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.alias):
            yield node.asname or node.name, node.lineno
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name, node.lineno


def vague(module):
    if not module.under("core", "pages", "app.py"):
        return []
    return [f"{module.path}:{line} binds {name}" for name, line in bound(module.tree)
            if name in VAGUE]  # fmt: skip


def public_classes(modules):
    return [
        node.name
        for module in modules
        if module.under("core")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]


def twice(modules):
    return {name for name, times in Counter(public_classes(modules)).items() if times > 1}


def glossary(text):
    """Words and where each is defined, by the rows of the section `Glossary`."""
    section = text.split("\n## Glossary\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return {words: re.findall(r"`([\w.]+)`", where) for words, _, where in rows[2:]}


def is_defined(name, modules):
    """Whether a dotted name is a module, a room, or what a module defines at its top."""
    by_name = {m.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): m
               for m in modules}  # fmt: skip
    if name in by_name:
        return True
    home, _, last = name.rpartition(".")
    return home in by_name and last in set(_defined(by_name[home].tree))


def _defined(tree):
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))


def test_a_name_says_what_it_holds():
    assert [offence for module in MODULES for offence in vague(module)] == []


def test_a_class_has_its_name_alone():
    assert twice(MODULES) == set()


@pytest.mark.parametrize(("word", "places"), glossary(GUIDE).items())
def test_a_word_of_the_glossary_is_defined_where_it_says(word, places):
    assert places, f"{word} stands nowhere"
    assert [place for place in places if not is_defined(place, MODULES)] == []


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    found = []",
        "def f(told):\n    return told",
        "said: str = ''",
        "x = [mine for mine in rows]",
        "for place, found in enumerate(rows):\n    pass",
        "with open(path) as found:\n    pass",
        "if (found := rows):\n    pass",
        "try:\n    f()\nexcept OSError as told:\n    pass",
        "from core.a import b as found",
        "match x:\n    case [*found]:\n        pass",
        "f = lambda said: said",
    ],
)
def test_a_vague_name_would_be_noticed(text):
    assert vague(Module("core/tasks/a.py", text)) and vague(Module("pages/_ui/a.py", text))


@pytest.mark.parametrize(
    "text", ["x = a.found", "f(found=1)", "def f(rows):\n    return rows.told"]
)
def test_a_name_of_others_is_not_ours(text):
    assert vague(Module("core/tasks/a.py", text)) == []


def test_a_second_class_of_a_name_would_be_noticed():
    one, other = (Module(f"core/{room}/a.py", "class Change:\n    pass") for room in ("a", "b"))
    assert twice([one]) == set() and twice([one, other]) == {"Change"}


@pytest.mark.parametrize(
    "name",
    ["core.tasks.other", "core.tasks.a.Other", "core.tasks.a.Table.field", "core.b", "Table"],
)
def test_a_word_without_its_definition_would_be_noticed(name):
    modules = [
        Module("core/tasks/__init__.py", ""),
        Module("core/tasks/a.py", "class Table:\n    field: int\nKIND = 1"),
    ]
    assert is_defined("core.tasks", modules) and is_defined("core.tasks.a.Table", modules)
    assert is_defined("core.tasks.a.KIND", modules) and not is_defined(name, modules)


def test_a_row_of_the_glossary_is_read():
    rows = "| word | means | where |\n| --- | --- | --- |\n| a, b | c | `d.e` |\n"
    assert glossary(f"\n## Glossary\n\n{rows}\n## F") == {"a, b": ["d.e"]}
    assert len(glossary(GUIDE)) > 30
