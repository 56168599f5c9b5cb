"""Whatever others wrote, a terminal gets plain lines, as many as were said."""

import json
import logging
import re

import pytest
from conftest import DATA
from hypothesis import example, given
from hypothesis import strategies as st

from core.cli.main import main
from core.model.text import cut, one_line
from core.plugin_runs.log_text import line_text, whole_text
from core.plugin_runs.model import RunRequest
from core.plugin_runs.state import Event
from core.store.hub import MAX_MESSAGE, LogLine, log, open_hub
from core.store.plugins import Registry
from core.store.runs import Runs, find, record
from core.terminal import note, say, show_log

NAMES = json.loads((DATA / "cases" / "names.json").read_text(encoding="utf-8"))
TEXTS, LINES = NAMES["text that must stay text"], NAMES["log lines"]
ANY = st.text(st.characters(), max_size=80) | st.sampled_from([*TEXTS, *LINES])
STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def lines_of(printed):
    """The lines, of which none steers a terminal; each way to cut lines finds the same."""
    assert not STEERS.search(printed)
    assert printed.splitlines() == printed.split("\n")[:-1]
    return printed.splitlines()


@given(st.lists(ANY, max_size=4))
@example(["a\nERROR    forged", "b\x85c\x0bd\u2028e", "\x1b]0;pwned\x07", "\r"])
def test_what_is_said_is_one_line_each(said):
    for text in said:
        assert not STEERS.search(one_line(text)) and "\n" not in one_line(text)
        assert one_line(one_line(text)) == one_line(text)


def test_both_streams_say_so(capsys):
    for door in (say, note):
        door(*LINES, *TEXTS)
        streams = capsys.readouterr()
        assert len(lines_of(streams.out + streams.err)) == len(LINES) + len(TEXTS)


def test_what_is_logged_steers_no_terminal(capsys, monkeypatch):
    monkeypatch.setattr(logging, "root", logging.RootLogger(logging.WARNING))
    monkeypatch.setattr(logging.Logger, "root", logging.root)
    show_log()
    logging.root.error("A call failed: %s", "\x1b[2Jx\u202e")
    assert lines_of(capsys.readouterr().err) == [r"ERROR: A call failed: \u001b[2Jx\u202e"]


@given(ANY)
@example("\x1b[1;31mred\x1b[0m text")
@example("half \x1b[")
def test_a_log_line_is_one_line_and_a_whole_one_hides_nothing(text):
    for shown in (line_text(text), whole_text(text)):
        assert not STEERS.search(shown)
    assert "\n" not in line_text(text)
    words = re.findall(r"\w+", re.sub(r"\x1b\[[0-9;:]*m", " ", text).replace("\x1b", " "))
    assert all(word in whole_text(text) for word in words if word.isascii())


def test_colours_go_and_a_progress_bar_stands_at_its_end():
    assert line_text(LINES[0]) == "red text"
    assert line_text(LINES[1]) == "100%|###| 10/10"
    states = [" 10%|# | 1/10", " 50%|## | 5/10", "100%|###| 10/10"]
    assert whole_text(LINES[1]).splitlines() == states
    assert line_text("10%\r20%\r\nnext\n") == "20% ⏎ next"
    assert line_text(LINES[2]) == "real line ⏎ ERROR    forged"
    assert line_text(LINES[3]) == r"title \u001b]0;pwned\u0007 clear \u001b[2J\u001b[H end"
    assert line_text(LINES[4]) == r"bidi \u202eevil\u202c end"


@given(st.text(max_size=20), st.integers(0, 20))
def test_a_cut_says_how_much_is_missing(text, most):
    found = cut(text, most)
    if len(text) <= most:
        assert found == text
    else:
        assert found == f"{text[:most]}… {len(text) - most} more characters"


@pytest.fixture
def hostile(tmp_path, database_url):
    """A data directory with runs whose every text is hostile; and their number of lines."""
    store = open_hub(database_url)
    registry, runs = Registry(store, tmp_path), Runs(store)
    for place, text in enumerate([*TEXTS, *LINES, "\n".join("abc" for _ in range(200_000))]):
        name = text.encode("utf-8", "replace").decode()[:200]
        plugin = registry.add(f"{place} {name}", [name]).plugin.id
        run = runs.start(RunRequest(plugin, "none", config=json.dumps(text)))
        with store.work() as tx:
            for kind in ("sent", "heard"):
                record(tx, find(tx, run.session), Event(kind, 1.0))
            said = Event("failed" if place % 2 else "answered", 2.0, message=name, reason=name)
            record(tx, find(tx, run.session), said)
            log(tx, 2.0, *(LogLine(run.session, "INFO\x1b", one) for one in LINES))
    return tmp_path, [run.session for run in runs.list()], len(TEXTS) + len(LINES) + 1


def test_no_command_about_runs_can_be_steered(hostile, capsys):
    data, sessions, many = hostile

    def lines(*words):
        capsys.readouterr()
        main([*words, "--data", str(data)])
        said = capsys.readouterr()
        return lines_of(said.out) + lines_of(said.err)

    listed = lines("run", "list")
    assert len(listed) == many and all(len(line) < 300 for line in listed)
    assert len(lines("plugin", "list")) == many
    shown = lines("run", "show", sessions[0], "--logs")
    assert len(shown) == 1 + len(LINES)
    assert shown[1].startswith("1970-01-01 00:00:02.000 UTC ") and "red text" in shown[1]
    assert len(lines("run", "show", "x\n\x1b[2J")) == 1
    assert len(lines("project", "add", "--name", "x\nforged\x1b[2J")) == 1


def test_json_is_true_to_the_character(hostile, capsys):
    data, sessions, _ = hostile
    main(["run", "show", sessions[0], "--logs", "--json", "--data", str(data)])
    said = json.loads(capsys.readouterr().out)
    assert [line["message"] for line in said["lines"]][:5] == LINES[:5]


def test_a_line_that_is_too_long_says_what_is_not_kept(database_url):
    store = open_hub(database_url)
    with store.work() as tx:
        log(tx, 1.0, LogLine("s", "INFO", "x" * 70_000), LogLine("s", "INFO", "y" * MAX_MESSAGE))
    cut_off, whole = (line.message for line in Runs(store).logs("s"))
    assert cut_off == "x" * MAX_MESSAGE + "… 4,464 more characters were not kept"
    assert whole == "y" * MAX_MESSAGE
