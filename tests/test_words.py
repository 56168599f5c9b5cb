"""The words of the pages: what people cannot know is said in plain words, or beside its sentence.

What a page can show stands in `pages` and in the rooms of `core` that make sentences for it. Names
of commands, of keys in files and of variables are not looked at: they have no blank in them.
"""

import ast
import re
from pathlib import Path

import pytest
from test_architecture import MODULES, ROOT, Module

from core.model.glossary import WORDS

SHOWN = (
    "app.py", "pages", "core/after_run.py", "core/bulk", "core/charts", "core/model",
    "core/plugin_runs", "core/publish", "core/recently.py", "core/report", "core/routing",
    "core/rule_types", "core/scenario", "core/store", "core/tasks",
)  # fmt: skip

PLAIN = {
    "golden": "pinned",
    "canary": "the first assets only",
    "canaries": "the first assets only",
    "seed": "number of the draw",
    "seeds": "numbers of draws",
    "readings": "assumptions about Ango Hub",
    "dialect": "assumptions about Ango Hub",
    "dialects": "assumptions about Ango Hub",
    "sandbox": "local hub",
    "fingerprint": "code",
    "fingerprints": "codes",
    "realisation": "draw",
    "whisker": "thin line",
    "whiskers": "thin lines",
    "bitmap": "tasks",
    "preflight": "check",
    "payload": "what the plugin gets",
}
"""Words of the trade that may not stand on a page, and what stands there instead."""

COMMAND = re.compile(r"--[a-z-]+(?: [a-z]+=)?|`[^`]*`|\{[^}]*\}|[a-z_]+\.[a-z_]+")
"""Names of options, of code and of fields within a sentence; they are called as they are."""


def texts(tree):
    """Texts with a blank or a capital in them, without docstrings: what people may read."""
    silent = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # a text that stands alone documents something
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in silent:
            continue
        text = node.value
        if isinstance(text, str) and (" " in text.strip() or text[:1].isupper()):
            yield node.lineno, text


def unexplained(module):
    """Words of the trade among the texts of a module."""
    if not module.under(*SHOWN):
        return []
    return [
        f"{module.path}:{line} says “{word}”; say “{PLAIN[word]}”"
        for line, text in texts(module.tree)
        for word in re.findall(r"\w+", COMMAND.sub(" ", text).lower())
        if word in PLAIN
    ]


def test_pages_say_in_plain_words_what_they_mean():
    assert [one for module in MODULES for one in unexplained(module)] == []


def test_what_browsers_add_is_plain_too():
    for script in sorted((ROOT / "pages").rglob("*.js")):
        quoted = re.findall(r'"([^"\n]* [^"\n]*)"|`([^`]* [^`]*)`', script.read_text("utf-8"))
        words = {word for pair in quoted for word in re.findall(r"\w+", " ".join(pair).lower())}
        assert words & set(PLAIN) == set(), script


@pytest.mark.parametrize(
    "text",
    [
        'st.caption("In the draw of the seed")',
        'st.button("Golden")',
        'x = f"All {many} golden tasks"',
        '"""Documents."""\nst.info("Two different dialects.")',
    ],
)
def test_a_word_of_the_trade_would_be_noticed(text):
    assert unexplained(Module("pages/_ui/a.py", text))
    assert not unexplained(Module("core/hub/a.py", text))


@pytest.mark.parametrize(
    "text",
    [
        '"""The golden tasks."""',
        'key("golden.pin")',
        'x = {"seed": 1}',
        'raise InputError("--dialect random=percent is not a setting.")',
    ],
)
def test_a_name_of_a_command_or_of_a_field_is_left(text):
    assert not unexplained(Module("pages/_ui/a.py", text))


def test_a_word_of_ours_has_one_sentence_that_pages_show():
    """Each is imported by a page, so it stands beside the setting that it explains."""
    pages = "\n".join(path.read_text("utf-8") for path in Path(ROOT, "pages").rglob("*.py"))
    source = (ROOT / "core" / "model" / "glossary.py").read_text("utf-8")
    names = dict(re.findall(r'"([^"]+)": ([A-Z_]+),', source))
    assert set(names) == set(WORDS)
    assert [name for name in names.values() if not re.search(rf"\b{name}\b", pages)] == []
    assert all(sentence.endswith(".") for sentence in WORDS.values())
