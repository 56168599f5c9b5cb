"""The rules of the house, checked on the syntax tree; each rule is shown a snippet that breaks it.

A rule takes one module and names its offences. Python scripts of `tests` are not looked at.
"""

import ast
import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAX_LINES, MAX_PAGE_LINES = 400, 120


@dataclass(frozen=True)
class Import:
    """A module that is imported, in full, and whether that happens inside a function."""

    name: str
    line: int
    late: bool

    def within(self, *packages):
        return any(self.name == one or self.name.startswith(f"{one}.") for one in packages)


@dataclass(frozen=True)
class Module:
    """A Python file: its place from the root, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self):
        return ast.parse(self.text, self.path)

    @cached_property
    def lines(self):
        return len(self.text.splitlines())

    @cached_property
    def is_page(self):
        parts = self.path.split("/")
        return parts[0] == "pages" and len(parts) == 3 and parts[1] != "_ui"

    def under(self, *places):
        return any(self.path == one or self.path.startswith(f"{one}/") for one in places)

    @cached_property
    def imports(self):
        return list(self._imports(self.tree, late=False))

    def _imports(self, node, late) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inside = late or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            for name in self._imported(child):
                yield Import(name, child.lineno, late)
            yield from self._imports(child, inside)

    def _imported(self, node) -> list[str]:
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            base = self._absolute(node)
            return [base, *(f"{base}.{alias.name}" for alias in node.names)]
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func).split(".")[-1]
            if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                return [node.args[0].value]
        return []

    def _absolute(self, node) -> str:
        package = self.path.split("/")[: -node.level] if node.level else []
        return ".".join([*package, *([node.module] if node.module else [])])


def imported(module, *packages):
    return [
        f"{module.path}:{one.line} imports {one.name}"
        for one in module.imports
        if one.within(*packages)
    ]


# ---- the rules ------------------------------------------------------------------------------


def core_knows_no_user_interface(module):
    return imported(module, "streamlit", "pages", "app") if module.under("core") else []


def only_the_gateway_and_the_demo_plugins_know_the_vendor(module):
    if module.under("core/demo/plugins"):
        return []
    if module.path == "core/gateway/ango.py":
        early = [one for one in module.imports if one.within("imerit_ango") and not one.late]
        return [f"{module.path}:{one.line} imports {one.name} at the top" for one in early]
    return imported(module, "imerit_ango")


def one_module_knows_the_engines(module):
    """The libraries that count larger tables; it is itself imported only when one is asked for."""
    if not module.under("core", "pages", "app.py") or module.path == "core/dataset/engines.py":
        return []
    return imported(module, "ibis", "duckdb", "pyspark", "py4j", "sqlglot")


def pages_do_not_import_each_other(module):
    """Areas share what is in `pages._ui`; parts are for the pages that they stand beside."""
    if not module.under("pages", "app.py"):
        return []
    area = module.path.split("/")[1] if module.path.count("/") > 1 else "_ui"
    own = () if area == "_ui" else (f"pages.{area}.parts",)
    return [
        f"{module.path}:{one.line} imports {one.name}"
        for one in module.imports
        if one.within("pages") and one.name != "pages" and not one.within("pages._ui", *own)
    ]


def the_model_needs_nothing_but_itself(module):
    if not module.under("core/model"):
        return []
    allowed = ("core.errors", "core.model", *sys.stdlib_module_names)
    return [
        f"{module.path}:{one.line} imports {one.name}"
        for one in module.imports
        if one.name != "core" and not one.within(*allowed)
    ]


CLOCKS = ("now", "today", "utcnow")


def time_and_chance_are_arguments(module):
    if not module.under("core/routing", "core/flow"):
        return []
    found = imported(module, "random", "time", "secrets", "numpy.random")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            asked = ast.unparse(node.value).split(".")[-1]
            clock = node.attr in CLOCKS and asked in ("datetime", "date")
            if clock or (node.attr == "random" and asked in ("np", "numpy")):
                found.append(f"{module.path}:{node.lineno} uses {asked}.{node.attr}")
    return found


def charts_are_figures_only(module):
    return imported(module, "streamlit") if module.under("core/charts") else []


def a_long_module_says_why(module):
    explained = "lines" in (ast.get_docstring(module.tree) or "").lower()
    if module.lines <= MAX_LINES or explained:
        return []
    return [f"{module.path} has {module.lines} lines and no word about it"]


def a_room_says_what_it_holds_and_refuses(module):
    """On lines of its own, at the door: two sentences that a newcomer reads first."""
    said = ast.get_docstring(module.tree) or ""
    if not module.path.endswith("__init__.py") or re.search(r"^Holds .*refuses .*\.$", said, re.M):
        return []
    return [f"{module.path} does not say what it holds and refuses"]


def a_page_is_short_and_plain(module):
    if not module.is_page or module.path.endswith("__init__.py"):
        return []
    found = [
        f"{module.path}:{node.lineno} defines the class {node.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    if module.lines > MAX_PAGE_LINES:
        found.append(f"{module.path} has {module.lines} lines")
    return found


def pages_are_nested(module):
    flat = module.under("pages") and module.path.count("/") == 1
    return [f"{module.path} lies directly under pages"] if flat else []


FILLED_BY_THE_SESSION = (
    "pages/_ui/bound_widget.py",
    "pages/plugins/parts/config_editor.py",
)
"""Only a widget that begins empty can be emptied by its user: these ones are filled otherwise."""


def a_choice_is_the_widgets_own_default(module):
    """What the session holds is lost with an interrupted run; the first choice comes back."""
    if not module.under("pages") or module.path in FILLED_BY_THE_SESSION:
        return []
    return [
        f"{module.path}:{node.lineno} fills a widget by the session; use `held`"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "hold"
    ]


def errors_are_named(module):
    if module.path in ("core/cli/edge.py", "core/gateway/ango.py"):
        return []
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {ast.unparse(kind).split(".")[-1] if kind else "anything" for kind in kinds}
            if names & {"Exception", "BaseException", "anything"}:
                found.append(f"{module.path}:{node.lineno} catches everything")
    return found


def no_html_is_slipped_in(module):
    word = "unsafe_allow_html"
    return [
        f"{module.path}:{getattr(node, 'lineno', '?')} uses {word}"
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.keyword) and node.arg == word)
        or (isinstance(node, ast.Constant) and node.value == word)
    ]


SHOWING = ("error", "warning", "info", "success", "markdown", "caption", "header", "subheader")
THEIRS = ("name", "title", "stage_name", "external_id", "message", "reason", "sentence", "words")


def markdown_takes_text_of_others_through_plain(module):
    if not module.under("pages", "app.py"):
        return []
    return [
        f"{module.path}:{one.lineno} shows {ast.unparse(one)} as Markdown"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in SHOWING
        for argument in node.args[:1]
        for one in _unescaped(argument)
    ]


def _unescaped(node):
    if isinstance(node, ast.Call):
        if ast.unparse(node.func) in ("plain", "host_name"):
            return
        if ast.unparse(node.func) == "str":
            yield node
    if isinstance(node, ast.Attribute) and node.attr in THEIRS:
        yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.IfExp) and child is node.test):
            yield from _unescaped(child)


ORDERING = ("sorted", "max", "min", "sort", "groupby", "nsmallest", "nlargest")


def keys_are_made_in_one_place(module):
    """A key of a widget or the session is written out, or made by `pages._ui.keys`."""
    if not module.under("pages", "app.py") or module.path == "pages/_ui/keys.py":
        return []
    made = _made_keys(module.tree)
    return [
        f"{module.path}:{one.lineno} makes a key of its own: {ast.unparse(one)}"
        for one in _keys_used(module.tree)
        if not _is_key(one, made)
    ]


def _keys_used(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).split(".")
            if called[-1] not in ORDERING:
                yield from (k.value for k in node.keywords if k.arg == "key")
            if called[-2:-1] == ["session_state"] and called[-1] in ("get", "pop", "setdefault"):
                yield node.args[0]
            if called[-1] == "key" and not isinstance(node.args[0], ast.Constant):
                yield ast.JoinedStr([], lineno=node.lineno)  # ours must be written out
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("session_state"):
            yield node.slice
        if isinstance(node, ast.Dict):
            for name, value in zip(node.keys, node.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == "key":
                    yield value


def _is_key(node, made):
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and not {"/", "#"} & {*node.value}
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in ("key", "part", "_key")
    if isinstance(node, ast.IfExp):
        return _is_key(node.body, made) and _is_key(node.orelse, made)
    if isinstance(node, ast.Attribute):
        return node.attr == "key"  # of a Held
    return isinstance(node, ast.Name) and node.id in made


def _made_keys(tree):
    """Names that hold nothing but keys: mypy knows the type `Key`, here its spelling is enough."""
    made, otherwise = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            fits = node.annotation is not None and ast.unparse(node.annotation) == "Key"
            (made if fits else otherwise).add(node.arg)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names, values = [target], [node.value]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    names, values = target.elts, node.value.elts
                for name, value in zip(names, values, strict=True):
                    if isinstance(name, ast.Name):
                        (made if _is_key(value, ()) else otherwise).add(name.id)
    return made - otherwise


def one_door_leads_to_the_terminal(module):
    """Whatever is printed may hold text of others, so it is printed where it is made visible."""
    if not module.under("core") or module.under("core/terminal.py", "core/demo/plugins"):
        return []
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            found.append(f"{module.path}:{node.lineno} prints")
        if isinstance(node, ast.Attribute) and node.attr in ("write", "writelines"):
            stream = ast.unparse(node.value)
            if stream.split(".")[-1] in ("stdout", "stderr", "__stdout__", "__stderr__"):
                found.append(f"{module.path}:{node.lineno} writes to {stream}")
    return found


def tables_are_made_where_their_text_is_visible(module):
    if not module.under("core/charts", "pages") or module.path == "core/charts/tables.py":
        return []
    return [
        f"{module.path}:{node.lineno} makes a table"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "DataFrame"
    ]


def csv_is_written_where_formulas_are_stopped(module):
    if module.path == "core/spreadsheet.py":
        return []
    found = imported(module, "csv")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("to_csv", "to_excel", "write_csv"):
            found.append(f"{module.path}:{node.lineno} uses {node.attr}")
    return found


CHANGES = ("add_trace", "add_traces", "add_annotation", "add_shape", "add_hline", "add_vline",
           "update_layout", "update_traces", "update_xaxes", "update_yaxes")  # fmt: skip


def figures_are_made_where_their_text_is_escaped(module):
    if not module.under("core", "pages", "app.py") or module.path == "core/charts/drawn.py":
        return []
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).split(".")[-1]
            if called in ("Figure", "make_subplots", *CHANGES):
                found.append(f"{module.path}:{node.lineno} calls {called}")
    return found


def templates_are_written_out(module):
    """A template is markup; text of others comes into it through `customdata` only."""
    found = []
    for node in ast.walk(module.tree):
        values = {}
        if isinstance(node, ast.keyword):
            values = {node.arg: node.value}
        elif isinstance(node, ast.Dict):
            values = {
                getattr(k, "value", None): v for k, v in zip(node.keys, node.values, strict=True)
            }
        for name in ("hovertemplate", "texttemplate"):
            value = values.get(name)
            kinds = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            if value is not None and not all(isinstance(kind, ast.Constant) for kind in kinds):
                found.append(f"{module.path}:{value.lineno} puts a {name} together")
    return found


def numbers_are_asked_for_in_one_place(module):
    """Streamlit's own box drops a decimal comma; it only turns pages."""
    if not module.under("pages") or module.path == "pages/_ui/bound_widget.py":
        return []
    return [
        f"{module.path}:{node.lineno} asks for a number without number_field"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "number_input"
    ]


def ids_can_be_typed(module):
    """What begins with a dash is an option to a command line; only secrets, never typed, may."""
    if module.under("core/secret.py", "core/store/hub.py"):
        return []
    return [
        f"{module.path}:{node.lineno} makes an id that may begin with a dash"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute | ast.Name)
        and "token_urlsafe" in (getattr(node, "attr", ""), getattr(node, "id", ""))
    ]


def a_rule_is_named_by_its_number_in_one_place(module):
    if not module.under("core", "pages") or module.path == "core/routing/sentence.py":
        return []
    return [
        f"{module.path}:{node.lineno} names a rule by hand"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.JoinedStr)
        for text, value in itertools.pairwise(node.values)
        if isinstance(text, ast.Constant)
        and isinstance(value, ast.FormattedValue)
        and re.search(r"\brules?[ *#]+$", str(text.value), re.IGNORECASE)
    ]


NUMBER_ROOMS = ("app.py", "pages", *(f"core/{room}" for room in (
    "charts", "cli", "export", "gallery", "model", "plugin_runs", "publish", "report", "routing",
    "rule_types", "scenario", "store", "tasks")))  # fmt: skip
NUMBERS = {
    "core/model/figures.py": "the place where numbers become text",
    "core/model/phrases.py": "reads a float as it was written",
    "core/report/html.py": "lengths of a drawing",
}
"""Modules that may format a number, and what for."""


def numbers_become_text_in_one_place(module):
    """`core.model.figures` knows thousands, decimals, signs and percent; nobody else does."""
    if not module.under(*NUMBER_ROOMS) or module.path in NUMBERS:
        return []
    return [
        f"{module.path}:{node.lineno} formats a number by hand: {ast.unparse(node)}"
        for node in ast.walk(module.tree)
        if _formats_a_number(node)
    ]


TIMES = {
    "core/model/phrases.py": "the place where days, moments and durations become text",
    "core/publish/backup.py": "a file's name",
}
"""Modules that may format a time, and what for."""
TIME_PATTERNS = {"D MMM YYYY, HH:mm", "YYYY-MM-DD"}
"""What tables and date fields of a page are asked for, as they cannot be given a text."""


def times_become_text_in_one_place(module):
    """`core.model.phrases` knows days, moments and durations; nobody else does."""
    if not module.under(*NUMBER_ROOMS) or module.path in TIMES:
        return []
    return [
        f"{module.path}:{node.lineno} formats a time by hand: {ast.unparse(node)}"
        for node in ast.walk(module.tree)
        if _formats_a_time(node)
    ]


def _formats_a_time(node):
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        return "%" in ast.unparse(node.format_spec)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "strftime"
    if isinstance(node, ast.keyword) and node.arg == "format":
        text = getattr(node.value, "value", "")
        return isinstance(text, str) and "YY" in text and text not in TIME_PATTERNS
    if isinstance(node, ast.JoinedStr):
        return any(
            _is_number(number) and isinstance(unit, ast.Constant)
            and re.match(r" (s|min|h)\b", unit.value)
            for number, unit in itertools.pairwise(node.values)
        )  # fmt: skip
    return False


def _is_number(node):
    called = getattr(getattr(node, "value", None), "func", None)
    return getattr(called, "id", "") in ("counted", "tenths", "decimals")


NUMBER_FORMAT = re.compile(r"(?:.?[<>=^])?[-+ ]?\d*[,_]?(?:\.\d+)?[eEfFgGn%]?")
"""Of Python's formats: alignment, sign, width, thousands, decimals, type."""


def _formats_a_number(node):
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        parts = [getattr(part, "value", "") for part in node.format_spec.values]
        spec = "".join(part if isinstance(part, str) else "0" for part in parts)
        asks = re.search(r"[,_.+eEfFgGn%]", spec)
        return bool(asks and NUMBER_FORMAT.fullmatch(spec))
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "format":
        return len(node.args) == 2
    if isinstance(node, ast.keyword) and node.arg == "format":
        return getattr(node.value, "value", "") in ("percent", "localized", "compact", "plain")
    left = getattr(node, "left", None)
    if (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod)
        and isinstance(left, ast.Constant)
    ):
        return isinstance(left.value, str) and bool(re.search(r"%[+,.\d]*[defg]", left.value))
    return False


def paths_of_the_hub_stand_in_one_table(module):
    """A path in the middle of a sentence is an example."""
    if not module.under("core/hub") or module.path == "core/hub/api/table.py":
        return []
    said = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    return [
        f"{module.path}:{node.lineno} holds a path: {node.value[:40]}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search("(?<! )/v2/", node.value)
        and id(node) not in said
    ]


MACHINERY = (
    "core/data_backup",
    "core/accounts/accounts.py",  # a try to sign in counts before anybody is known
    "core/hub/projects/adding.py",  # between the check and the entry of an added project
    "core/hub/call.py",  # a call under a run's key
    "core/hub/runs",
    "core/hub/workflow/webhooks.py",
    "core/launcher/demo_project.py",
    "core/launcher/demo_work.py",
    "core/store/database.py",  # the door itself
    "core/store/drafts.py",  # who else has a draft open
    "core/store/hub.py",  # the hub's own secrets, notes and log lines
    "core/store/ledger.py",  # what a publish, which is recorded, leads to expect
    "core/store/run_presence.py",
    "core/store/runs.py",  # what a queued run waits for
    "benchmarks",
)
"""What writes without a person: it asks no role and is no entry of the record."""
SYSTEMS = ("core/access/acting.py", "core/store/person_keys.py",
           "core/launcher/demo_project.py", "core/accounts/accounts.py")  # fmt: skip
"""Where Switchyard itself does what a person could do."""


def who_writes_goes_through_the_door(module):
    """`Database.write` asks the role and records; only the machinery goes past it."""
    if not module.under("core", "pages", "app.py", "benchmarks"):
        return []
    offences = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named, of = node.func.attr, ast.unparse(node.func.value).split(".")[-1]
            if named == "work" and not node.args and not module.under(*MACHINERY):
                offences.append(f"{module.path}:{node.lineno} writes past the door")
            rooms = ("core/store/database.py", "core/store/migrations.py")
            if named == "begin" and of in ("engine", "_engine") and not module.under(*rooms):
                offences.append(f"{module.path}:{node.lineno} begins a transaction of its own")
            if named == "write_stages" and not module.under("core/publish/publish.py"):
                offences.append(f"{module.path}:{node.lineno} writes a workflow by itself")
        if isinstance(node, ast.Name) and node.id == "SYSTEM" and not module.under(*SYSTEMS):
            offences.append(f"{module.path}:{node.lineno} acts as Switchyard itself")
    return offences


LONG = "x = 1\n"
RULES = {
    who_writes_goes_through_the_door: [
        ("core/store/scenarios.py", "with self._store.work() as tx:\n    pass"),
        ("pages/logic/a.py", "with services().hub.work() as tx:\n    pass"),
        ("core/hub/api/routes/a.py", "def f(call):\n    return call.hub.store.work()"),
        ("core/cli/a.py", "with store._engine.begin() as tx:\n    pass"),
        ("pages/logic/a.py", "gateway.write_stages(project, stages)"),
        ("core/cli/a.py", "with acting_as(SYSTEM):\n    pass"),
    ],
    core_knows_no_user_interface: [
        ("core/routing/a.py", "import streamlit"),
        ("core/a.py", "import streamlit as st"),
        ("core/a.py", "from streamlit.runtime import get_instance"),
        ("core/tasks/a.py", "def f():\n    import streamlit.web.cli"),
        ("core/a.py", "if TYPE_CHECKING:\n    from pages._ui.state import State"),
        ("core/a.py", "from importlib import import_module\nst = import_module('streamlit')"),
        ("core/a.py", "from pages import _ui"),
        ("core/a.py", "import app"),
    ],
    only_the_gateway_and_the_demo_plugins_know_the_vendor: [
        ("core/hub/a.py", "def f():\n    from imerit_ango.sdk import SDK"),
        ("core/gateway/other.py", "def f():\n    import imerit_ango"),
        ("core/gateway/ango.py", "from imerit_ango.sdk import SDK"),
        ("core/gateway/ango.py", "if TYPE_CHECKING:\n    import imerit_ango.sdk"),
        ("pages/plugins/a.py", "__import__('imerit_ango')"),
        ("app.py", "import imerit_ango"),
        ("core/demo/a.py", "import imerit_ango.plugins"),
    ],
    one_module_knows_the_engines: [
        ("core/dataset/columns.py", "import ibis"),
        ("core/cli/a.py", "def f():\n    import duckdb"),
        ("pages/logic/a.py", "from pyspark.sql import SparkSession"),
    ],
    pages_do_not_import_each_other: [
        ("pages/logic/a.py", "from pages.logic.rules import x"),
        ("pages/logic/a.py", "from pages import logic"),
        ("pages/logic/a.py", "from . import rules"),
        ("pages/logic/a.py", "from ..project import overview"),
        ("pages/_ui/a.py", "import pages.project.tasks"),
        ("pages/_ui/a.py", "from pages.logic.parts.cards import show"),
        ("pages/logic/a.py", "from pages.plugins.parts import run_head"),
        ("pages/logic/parts/a.py", "from pages.logic import rules"),
        ("app.py", "import pages.logic.rules"),
    ],
    the_model_needs_nothing_but_itself: [
        ("core/model/a.py", "import numpy as np"),
        ("core/model/a.py", "from core.ango_json.text import loads"),
        ("core/model/a.py", "from core import wire"),
        ("core/model/a.py", "from ..tasks import bits"),
        ("core/model/a.py", "from core.errors_of_others import x"),
    ],
    time_and_chance_are_arguments: [
        ("core/routing/a.py", "import random"),
        ("core/routing/a.py", "from time import monotonic"),
        ("core/flow/a.py", "import secrets"),
        ("core/flow/a.py", "def f():\n    from random import Random"),
        ("core/routing/a.py", "from numpy.random import default_rng"),
        ("core/routing/a.py", "from datetime import datetime\nx = datetime.now()"),
        ("core/routing/a.py", "import datetime\nx = datetime.datetime.now(UTC)"),
        ("core/routing/a.py", "from datetime import datetime\nclock = datetime.utcnow"),
        ("core/flow/a.py", "from datetime import date\nx = date.today()"),
        ("core/flow/a.py", "import numpy as np\nx = np.random.default_rng()"),
        ("core/flow/a.py", "import numpy\nx = numpy.random.rand(3)"),
    ],
    charts_are_figures_only: [
        ("core/charts/a.py", "import streamlit as st"),
        ("core/charts/a.py", "def f():\n    from streamlit import plotly_chart"),
    ],
    a_long_module_says_why: [
        ("core/a.py", '"""Does much."""\n' + LONG * MAX_LINES),
        ("pages/_ui/a.py", LONG * (MAX_LINES + 1)),
    ],
    a_room_says_what_it_holds_and_refuses: [
        ("core/tasks/__init__.py", '"""The task table."""'),
        ("core/tasks/__init__.py", '"""The task table.\n\nHolds columns.\n"""'),
        ("pages/logic/parts/__init__.py", ""),
    ],
    a_page_is_short_and_plain: [
        ("pages/logic/a.py", LONG * (MAX_PAGE_LINES + 1)),
        ("pages/logic/a.py", "class Row:\n    pass"),
        ("pages/logic/a.py", "def f():\n    class Row:\n        pass"),
    ],
    pages_are_nested: [("pages/rules.py", LONG), ("pages/__init__.py", "")],
    a_choice_is_the_widgets_own_default: [("pages/logic/a.py", "hold(key('a'), 1)")],
    errors_are_named: [
        ("core/a.py", "try:\n    f()\nexcept Exception:\n    pass"),
        ("core/a.py", "try:\n    f()\nexcept (OSError, Exception) as error:\n    raise"),
        ("pages/logic/a.py", "try:\n    f()\nexcept:\n    pass"),
        ("app.py", "try:\n    f()\nexcept builtins.BaseException:\n    pass"),
    ],
    one_door_leads_to_the_terminal: [
        ("core/a.py", "print(name)"),
        ("core/hub/a.py", "def f():\n    print(error, file=sys.stderr)"),
        ("core/cli/main.py", "sys.stdout.write(name)"),
        ("core/cli/main.py", "from sys import stderr\nstderr.writelines(names)"),
    ],
    tables_are_made_where_their_text_is_visible: [
        ("core/charts/a.py", "import pandas as pd\npd.DataFrame({'a': names})"),
        ("pages/logic/a.py", "from pandas import DataFrame\nDataFrame()"),
    ],
    csv_is_written_where_formulas_are_stopped: [
        ("pages/_ui/a.py", "table.to_csv(index=False)"),
        ("core/a.py", "import csv"),
        ("core/a.py", "def f():\n    from csv import writer"),
    ],
    figures_are_made_where_their_text_is_escaped: [
        ("core/charts/a.py", "import plotly.graph_objects as go\ngo.Figure(data=[])"),
        ("core/charts/a.py", "from plotly.graph_objects import Figure\nx = Figure()"),
        ("pages/logic/a.py", "drawn([], {}).update_layout(title=name)"),
    ],
    templates_are_written_out: [
        ("core/charts/a.py", "go.Bar(hovertemplate=f'{name}: %{x}')"),
        ("core/charts/a.py", "go.Bar(hovertemplate=name + ': %{x}')"),
        ("core/charts/a.py", "node = {'hovertemplate': '%s: %%{x}' % name}"),
        ("core/charts/a.py", "go.Bar(texttemplate='%{x}' if yes else name)"),
    ],
    no_html_is_slipped_in: [
        ("pages/logic/a.py", "st.markdown('<b>', unsafe_allow_html=True)"),
        ("pages/_ui/a.py", "st.markdown('<b>', **{'unsafe_allow_html': True})"),
    ],
    numbers_are_asked_for_in_one_place: [
        ("pages/logic/a.py", "st.number_input('Seconds')"),
        ("pages/_ui/a.py", "left.number_input('Seconds')"),
    ],
    ids_can_be_typed: [
        ("core/store/a.py", "import secrets\nid = secrets.token_urlsafe(9)"),
        ("pages/_ui/a.py", "from secrets import token_urlsafe\nid = token_urlsafe(9)"),
    ],
    a_rule_is_named_by_its_number_in_one_place: [
        ("core/routing/a.py", "f'rule {place + 1}'"),
        ("pages/_ui/a.py", "f'**Rules {one} and {other}**'"),
    ],
    numbers_become_text_in_one_place: [
        ("pages/logic/a.py", "f'{count:,}'"),
        ("pages/_ui/a.py", "f'{count:>10,.1f}'"),
        ("core/charts/a.py", "f'{share:.1%}'"),
        ("core/charts/a.py", "f'{mean:+.0f}'"),
        ("core/cli/a.py", "f'{mean:.{digits}f}'"),
        ("core/report/a.py", "format(count, ',')"),
        ("core/report/a.py", "'%.1f tasks' % mean"),
        ("pages/_ui/a.py", "st.column_config.NumberColumn(format='percent')"),
    ],
    times_become_text_in_one_place: [
        ("pages/logic/a.py", "f'{taken_at:%d %b %Y, %H:%M:%S} UTC'"),
        ("core/charts/a.py", "day.strftime('%d')"),
        ("pages/_ui/a.py", "st.date_input('Day', format='DD/MM/YYYY')"),
        ("core/charts/a.py", "f'{counted(seconds / 60)} min'"),
        ("core/plugin_runs/a.py", "f'about {tenths(hours)} h left'"),
    ],
    paths_of_the_hub_stand_in_one_table: [
        ("core/hub/runs/a.py", 'SAID = ("/v2/pluginLog",)'),
        ("core/hub/a.py", "import re\nPATH = re.compile(r'/v2/task/([^/]+)')"),
        ("core/hub/api/a.py", "def f(call):\n    return call.path.startswith(f'/v2/{kind}')"),
    ],
    markdown_takes_text_of_others_through_plain: [
        ("pages/logic/a.py", "st.error(str(error))"),
        ("pages/logic/a.py", "left.markdown(f'**{stage.name}**')"),
        ("pages/_ui/a.py", "st.caption(f'{a}' if a else one.message)"),
    ],
    keys_are_made_in_one_place: [
        ("pages/logic/a.py", 'st.button("Go", key=f"rules.{name}")'),
        ("pages/logic/a.py", 'st.button("Go", key=name)'),
        ("pages/logic/a.py", 'st.button("Go", key="rules." + name)'),
        ("pages/logic/a.py", 'st.button("Go", key="rules/name")'),
        ("pages/logic/a.py", 'st.button("Go", key=key(f"rules.{name}"))'),
        ("pages/_ui/a.py", 'at = f"rules.{name}"\nst.button("Go", key=at)'),
        ("pages/_ui/a.py", 'def f(at: str):\n    st.button("Go", key=at)'),
        ("pages/_ui/a.py", 'at = key("a.b")\nat = name\nst.button("Go", key=at)'),
        ("pages/_ui/a.py", 'more = {"key": name}\nst.button("Go", **more)'),
        ("pages/_ui/a.py", 'st.session_state[f"rules.{name}"] = 1'),
        ("pages/_ui/a.py", "x = st.session_state.get(name)"),
        ("app.py", 'st.session_state.setdefault("a" + name, {})'),
    ],
}
GOOD = [
    ("core/gateway/ango.py", "def f():\n    from imerit_ango.sdk import SDK"),
    ("core/demo/plugins/boats.py", "from imerit_ango.plugins import BatchModelPlugin"),
    ("core/model/a.py", "from __future__ import annotations\nfrom core.model.rules import Rule"),
    ("core/model/a.py", "import enum\nfrom core.errors import InputError\nfrom . import rules"),
    ("core/routing/a.py", "from datetime import UTC, datetime\nx = datetime.fromtimestamp(0, UTC)"),
    ("core/routing/a.py", "def f(timeline, random):\n    return random.uniform, timeline.today"),
    ("core/store/a.py", "import secrets, time\nfrom datetime import datetime\nx = datetime.now()"),
    ("core/charts/a.py", "import plotly.graph_objects as go"),
    ("core/a.py", LONG * MAX_LINES),
    ("core/a.py", '"""One table, so its 500 lines stay together."""\n' + LONG * 500),
    ("core/cli/edge.py", "try:\n    f()\nexcept Exception:\n    pass"),
    ("core/a.py", "try:\n    f()\nexcept (OSError, ValueError):\n    pass"),
    ("pages/logic/a.py", "import streamlit as st\nfrom pages._ui.state import x\n" + LONG * 100),
    ("pages/logic/a.py", "from pages._ui import drafting"),
    ("pages/logic/a.py", "from pages.logic.parts.cards import show"),
    ("pages/logic/parts/a.py", "from pages.logic.parts import cards\nclass Row:\n    pass"),
    ("pages/_ui/a.py", "from . import state\nclass State:\n    pass\n" + LONG * 200),
    ("core/charts/a.py", "drawn([go.Bar(hovertemplate='%{x}' '<br>' if a else '%{y}')], {})"),
    ("core/terminal.py", "sys.stdout.write(name)"),
    ("core/a.py", "from core.terminal import say\nsay(name)\nfile.write(name)"),
    ("app.py", "from pages._ui.nav import PAGES"),
    ("pages/_ui/a.py", 'def f(at: Key):\n    st.button("Go", key=at)\nsorted(x, key=len)'),
    ("pages/_ui/a.py", 'at = key("rules.go", name)\nst.button("Go", key=part(at, "more"))'),
    ("pages/_ui/a.py", 'st.button("Go", key="rules.go")\nst.session_state[one.key] = 1'),
    ("core/a.py", "x = {'key': name}"),
    ("core/cli/a.py", "f'{counted(count):>10}{name:<8}'"),
    ("core/charts/a.py", "go.Bar(hovertemplate='%{x:,.1f} tasks')"),
    ("core/hub/api/a.py", 'def f(call):\n    """`GET /v2/project/{project}`."""'),
    ("core/hub/api/table.py", 'PATH = "/v2/project"'),
    ("core/hub/api/faults.py", 'HINT = "For example: GET /v2/project/*/tasks."'),
    ("pages/_ui/a.py", "st.error(plain(str(error)))\nst.caption('a' if one.name else 'b')"),
]


def modules():
    places = [ROOT / "app.py", *(ROOT / name for name in ("core", "pages", "benchmarks"))]
    files = [file for place in places for file in ([place] if place.is_file() else _below(place))]
    return [Module(f.relative_to(ROOT).as_posix(), f.read_text(encoding="utf-8")) for f in files]


def _below(folder):
    return sorted(folder.rglob("*.py"))


MODULES = modules()
BROKEN = [(rule, *snippet) for rule, snippets in RULES.items() for snippet in snippets]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule):
    assert [offence for module in MODULES for offence in rule(module)] == []


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_the_rule_notices_a_module_that_breaks_it(rule, path, text):
    offences = rule(Module(path, text))
    assert offences and all(offence.startswith(path) for offence in offences)


@pytest.mark.parametrize(("path", "text"), GOOD)
def test_no_rule_complains_about_a_module_that_keeps_them(path, text):
    assert [offence for rule in RULES for offence in rule(Module(path, text))] == []


def test_the_rules_see_all_modules():
    paths = {module.path for module in MODULES}
    assert {"core/cli/main.py", "core/routing/engine/split.py", "core/model/rules.py"} <= paths
    assert len(paths) > 30
    assert any(one.name == "core.tasks.bits" for m in MODULES for one in m.imports)


FLOORS = (
    *("VERSION", "errors", "spreadsheet", "model", "secret", "access", "private"),
    *("proportions", "compiled"),
    *("tasks", "rule_types", "ango_json", "settings", "terminal", "export"),
    *("routing.sentence", "routing.dialect_text", "routing.engine", "routing.lint"),
    *("routing.edit", "routing.explain", "routing.versions", "routing.plan", "routing.observed"),
    *("routing.document", "workspace", "dataset"),
    *("flow", "flow.queueing", "flow.logs", "flow.answers", "flow.forecast_document"),
    *("plugin_runs.config", "plugin_runs.model", "plugin_runs.mapping", "plugin_runs"),
    *(
        "gateway",
        "doors",
        "publish",
        "bulk",
        "gallery.geometry",
        "quality",
        "sampling",
        "charts",
        "scenario",
        "report",
        "file_links",
        "store",
        "accounts",
        "gallery",
        "after_run",
        "run_quality",
        "checked_images",
        "recently",
    ),
    *("hub.codec", "hub.classes", "hub.workflow.consensus", "hub.lock", "ledger"),
    *("hub.route", "hub.call", "hub.door"),
    *("hub.upstream", "hub.projects", "hub.workflow", "hub.runs", "hub.api", "hub.server"),
    *("data_backup", "purge", "demo", "launcher", "cli", "__main__"),
)
"""The rooms of the library, lowest first."""


def room_of(name):
    """The room of `FLOORS` in which a module of the library stands; None for the library itself."""
    parts = name.split(".")[1:]
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in FLOORS), None)


def test_arrows_between_rooms_point_downwards():
    up = set()
    for module in MODULES:
        if not module.under("core") or module.path.endswith("__init__.py"):
            continue
        room = room_of(module.path.removesuffix(".py").replace("/", "."))
        assert room, f"{module.path} stands in no room"
        for one in module.imports:
            other = room_of(one.name)
            if one.name.startswith("core.") and FLOORS.index(other or room) > FLOORS.index(room):
                up.add((module.path, other))
    assert up == set()


def loaded_by(statement):
    """Names of the top-level packages in memory after a statement in a fresh interpreter."""
    program = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


def test_the_command_line_runs_without_the_dashboard_and_without_the_vendor():
    found = loaded_by("import core.cli.main")
    assert "core" in found
    assert not found & {"streamlit", "imerit_ango", "pages", "plotly", "pyarrow"}
    assert not found & {"ibis", "duckdb", "pyspark", "numba"}


def test_a_loaded_package_would_be_seen():
    assert "wave" in loaded_by("import wave")


IN_A_COMPONENT = {"rule_list.css", "story.css"}
"""Styles below a shadow root, which the page's own changes do not reach."""


def test_no_style_of_the_whole_page_looks_for_what_is_inside():
    styles = [one for one in (ROOT / "pages").rglob("*.css") if one.name not in IN_A_COMPONENT]
    assert styles
    assert [one.name for one in styles if ":has(" in one.read_text(encoding="utf-8")] == []
