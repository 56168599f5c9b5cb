"""Numbers that are none: refused at every option and field, and never in the way once kept."""

import argparse
import json
from dataclasses import replace
from math import inf, isfinite, nan

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ango_json.text import kept, loads, written
from core.cli.main import _parser, main
from core.errors import InputError
from core.hub.codec import decode, heard
from core.model.numbers import is_number, read_field, read_number, read_whole
from core.model.stages import Logic
from core.plugin_runs.draft import StartDraft, read_start, request_of, start_of, write_start
from core.plugin_runs.model import DEADLINE_SECONDS, Plugin, RunRequest
from core.plugin_runs.preflight import Around, preflight
from core.scenario.file import read_scenario, write_scenario
from core.scenario.scenario import Scenario
from core.settings import read_settings
from core.store.hub import open_hub
from core.store.plugins import Registry
from core.store.runs import Runs
from core.store.tables.runs import runs

NONE = ["nan", "NaN", "inf", "-inf", "Infinity", "1e400", "1_000", "٣", "", "x", "0x1", "²"]
NO_DEADLINE = [nan, inf, -inf, 0.0, -1.0, 1e12, 1e300]

quiet = settings(deadline=None)


@quiet
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers())
def test_every_finite_number_is_read(number, whole):
    assert read_number(f" {number!r}\n") == number and read_whole(str(whole)) == whole
    assert is_number(number) and is_number(whole)


@pytest.mark.parametrize("text", [*NONE, "1" * 500])
def test_what_is_no_number_is_refused(text):
    for read in (read_number, read_whole):
        with pytest.raises(ValueError, match="number"):
            read(text)
    assert not any(map(is_number, (nan, inf, -inf, True, "1", None)))


def options(parser, at=()):
    """Every option of every command, with the words that lead to it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from options(inner, (*at, name))
        else:
            yield at, action


EVERY = list(options(_parser()))
NUMBERS = [(at, one) for at, one in EVERY if one.type and one.type.__module__ != "pathlib"]


def test_every_number_of_the_command_line_is_looked_at():
    assert {flag for _, one in NUMBERS for flag in one.option_strings} >= {
        "--deadline", "--wait", "--limit", "--first", "--port", "--seed", "--next",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "option"), NUMBERS, ids=[" ".join((*at, one.dest)) for at, one in NUMBERS]
)
def test_no_option_takes_what_is_no_number(at, option, capsys):
    for text in NONE:
        with pytest.raises(SystemExit) as ended:
            main([*at, f"{option.option_strings[0]}={text}"])
        said = capsys.readouterr().err
        assert ended.value.code == 2 and option.option_strings[0] in said
        assert len(said.splitlines()) == 1 and f"“{text}” is not a" in said


@pytest.mark.parametrize("text", [text for text in NONE if text])
@pytest.mark.parametrize(
    "name",
    [
        "SWITCHYARD_REQUESTS_PER_MINUTE",
        "SWITCHYARD_CONSENSUS_AGREEMENT",
        "SWITCHYARD_CONSENSUS_OVERLAP",
    ],
)
def test_no_setting_takes_what_is_no_number(name, text):
    for wrong in (text, "1" * 5000):
        with pytest.raises(InputError, match=name):
            read_settings({name: wrong})


@pytest.fixture
def store(database_url):
    return open_hub(database_url)


@pytest.fixture
def request_(store, tmp_path):
    return RunRequest(Registry(store, tmp_path).add("Any", ["a"]).plugin.id, "p")


@pytest.mark.parametrize("deadline", NO_DEADLINE)
def test_no_run_is_queued_with_a_deadline_that_is_none(store, request_, deadline):
    wrong = replace(request_, deadline=deadline)
    with pytest.raises(InputError, match="deadline"):
        Runs(store).start(wrong)
    found = preflight(wrong, Around(Plugin(request_.plugin, "Any")))
    assert any(one.subject == "deadline" and one.severity == "error" for one in found)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e400", "null", "-3", "1e300"])
def test_a_folder_that_holds_such_a_deadline_opens_again(store, request_, word, tmp_path, capsys):
    session = Runs(store).start(request_).session
    with store.work() as tx:
        text = tx.scalar(sa.select(runs.c.request)).replace("14400.0", word)
        assert word in text
        tx.execute(runs.update().values(request=text))
    for command in (["list"], ["show", session], ["show", session, "--logs"]):
        assert main(["run", *command, "--data", str(tmp_path), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        told = told[0] if isinstance(told, list) else told
        assert told["session"] == session and told["deadline"] is None
    assert main(["run", "list", "--data", str(tmp_path)]) == 0
    assert "deadline not set" in capsys.readouterr().out
    run = Runs(store).get(session)
    assert run.request.seconds == DEADLINE_SECONDS
    start = start_of(run.request, None)
    assert read_start(write_start(start)) == start and start.deadline == DEADLINE_SECONDS
    assert Runs(store).again(session).request.seconds == DEADLINE_SECONDS


@pytest.mark.parametrize("word", ["NaN", "Infinity", "1e400", "null", '"x"', "true", "-1", "0"])
def test_a_start_that_holds_such_a_number_opens_again(word):
    text = write_start(StartDraft("p", limit=7)).replace("14400.0", word)
    assert read_start(text).deadline == DEADLINE_SECONDS
    limit = read_start(write_start(StartDraft("p", limit=7)).replace("7", word)).limit
    assert limit is None
    assert request_of(read_start(text), False).seconds == DEADLINE_SECONDS


@quiet
@given(st.recursive(st.floats() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_what_is_kept_or_heard_holds_numbers_only(value):
    text = json.dumps(value)
    for read in (kept, decode, heard):
        found = json.dumps(read(text), allow_nan=False)
        assert json.loads(found) == json.loads(text, parse_constant=lambda _: None)


@pytest.mark.parametrize("text", ["1e400", "[-1e400]", '{"a": 1e999}'])
def test_a_number_beyond_floating_point_is_none(text):
    for read in (kept, decode, heard):
        assert "null" in json.dumps(read(text), allow_nan=False)
    assert not isfinite(float("1e400"))
    with pytest.raises(ValueError, match="JSON compliant"):
        written([inf])
    for word in ("NaN", "-Infinity"):
        with pytest.raises(InputError, match="line 1"):
            loads(word)


@pytest.mark.parametrize("seed", ["1e3", "1e400", "true", "9007199254740992", "1" * 400, "NaN"])
def test_a_scenario_has_a_seed_that_a_page_can_show(seed):
    text = write_scenario(Scenario("s", Logic(id="s", name="s")))
    assert text.count('"seed": 0') == 1 and read_scenario(text).seed == 0
    text = text.replace('"seed": 0', f'"seed": {seed}')
    with pytest.raises(InputError, match="scenario"):
        read_scenario(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,5", 1.5), ("1.5", 1.5), (" −0,25 ", -0.25), ("0,125", 0.125), ("1000,5", 1000.5),
        ("1000.500", 1000.5), ("1.000", 1.0), ("30 %", 30.0), ("30%", 30.0), ("", None),
    ],
)  # fmt: skip
def test_a_box_takes_a_decimal_comma_and_a_decimal_point(text, number):
    assert read_field(text, {"%": 1.0}) == number


@pytest.mark.parametrize("text", ["1.000,5", "1,000.5", "1,000", "12,345", "1,5,0", "1,000,000"])
def test_a_box_refuses_what_can_be_read_in_two_ways(text):
    with pytest.raises(ValueError, match="in two ways"):
        read_field(text)


def test_where_numbers_are_whole_a_comma_separates_thousands():
    assert read_field("5,012", whole=True) == 5_012 == read_field("5012", whole=True)
    for text in ("1,5", "50,12", "1.5", "5.012"):
        with pytest.raises(ValueError, match="is not a whole number"):
            read_field(text, whole=True)


def test_a_box_says_which_numbers_it_takes():
    assert read_field("90 s", {"min": 1.0, "s": 1 / 60}) == 1.5
    with pytest.raises(ValueError, match="150 is not a number from 0 to 100"):
        read_field("150", low=0, high=100)
    with pytest.raises(ValueError, match="-1 is not 0 or more"):
        read_field("-1", low=0)
    for text in ("nan", "1e999", "1_000", "١"):
        with pytest.raises(ValueError, match="is not a number"):
            read_field(text)
