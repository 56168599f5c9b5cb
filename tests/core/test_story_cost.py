"""What a story costs: as `ReviewCost` has it, by hand, in files, links and the command."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from conftest import DATA
from flow_helpers import end, label, logic, start
from review_worlds import steered_stages, task, workspace

from core.ango_json.stages import write_stage
from core.ango_json.text import dumps
from core.cli.main import main
from core.errors import InputError
from core.sampling.cost import ReviewCost, ReviewPrices
from core.sampling.error_rates import error_rates
from core.sampling.shares import Lot
from core.scenario.cost import NO_RATE, NO_WORKFLOW, LookCount, look_count, money_texts
from core.scenario.file import read_scenario, write_scenario
from core.scenario.lever_texts import checked, link_text, of_link, read_value
from core.scenario.levers import (
    COST_KINDS,
    MOST_LEVERS,
    bounded,
    place,
    possible_levers,
    propose,
    starting_at,
    within_limit,
)
from core.scenario.scenario import scenario_of
from core.scenario.story import Story, board, story_document

HALF = steered_stages([{"type": "RandomSample", "value": 0.5}], ["R", "Complete"])
WORLD = [*[task("a", "Rejected")] * 30, *[task("a", "Accepted")] * 90, *[task("b")] * 80]
"""200 tasks, and 30 of 120 looks wrong."""
PRICES = {"review_price": 2.0, "escape_price": 50.0, "rework_price": 5.0}
FILES = ("--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json"))


def levers_of(work, stage, **values):
    """Levers by their kind, those of costs starting where they are put."""
    possible = {lever.kind: lever for lever in possible_levers(work, stage)}
    return tuple(
        starting_at(possible[kind], value)
        if possible[kind].of_cost
        else replace(possible[kind], value=value)
        for kind, value in values.items()
    )


def story(work, **values):
    stage = work.project.logic_stages[0]
    return board(work, stage, (work, stage), levers_of(work, stage, **values))


def in_words(told):
    return " ".join([told.cost.words(told.levers), *told.assumptions])


@pytest.fixture(scope="module")
def world():
    return workspace(WORLD, HALF)


@pytest.mark.parametrize("share", [0.0, 7.0, 50.0, 99.0, 100.0])
@pytest.mark.parametrize(
    "prices", [PRICES, PRICES | {"rework_price": 0.0}, PRICES | {"escape_price": 1}]
)
def test_it_is_the_cost_of_a_lot_of_which_as_many_are_reviewed(world, share, prices):
    told = story(world, share=share, **prices)
    now, before = told.costs
    lot = ReviewCost(Lot(200, 0.25), ReviewPrices(*prices.values()))
    assert now.money == pytest.approx(lot.of(share / 100))
    assert before.money == pytest.approx(lot.of(0.5))
    assert now.escaped == pytest.approx(50 * (1 - share / 100))
    assert told.cost.costs(told.levers).break_even == lot.break_even
    words = told.cost.words(told.levers)
    assert (lot.break_even is None) == ("never pays" in words)
    assert ("reviewing all" in words) == (lot.cheapest == 1)
    low, high = (f"{100 * end:.1f} %" for end in lot.flat)
    assert (f"from {low} on" if lot.cheapest else f"up to {high}") in words


def test_a_small_one_by_hand():
    work = workspace([task("a", "Rejected"), task("a", "Accepted"), task("b"), task("b")], HALF)
    now, before = story(work, share=75, review_price=1, escape_price=10, rework_price=4).costs
    # half of the tasks are wrong: three are reviewed, of which 1.5 are mended, and one is not
    assert now.money == pytest.approx(3 * 1 + 1.5 * 4 + 0.5 * 10)
    assert now.escaped == pytest.approx(0.5)
    assert before.money == pytest.approx(2 * 1 + 1 * 4 + 1 * 10)


def test_the_rate_is_that_of_all_looks_and_stands_among_the_assumptions(world, sample):
    for work in (world, sample):
        rates = error_rates(work, "week")
        assert look_count(work) == LookCount(rates.reviewed, rates.wrong)
    words = in_words(story(world, review_price=1))
    assert "25.0 % were wrong, 30 of 120 looks" in words
    assert "17.5 % to 33.7 %" in words
    assert "go to R are reviewed" in words and "notices every wrong task" in words
    assert "equally often" in words
    assert "nothing is counted for an escaped error and rework" in words
    assert "nothing is counted" not in in_words(story(world, **PRICES))


def test_more_tasks_cost_more_and_the_baseline_stays(world):
    once, twice = story(world, **PRICES).costs, story(world, tasks=400, **PRICES).costs
    assert twice[0].money == pytest.approx(2 * once[0].money)
    assert twice[1] == once[1]
    assert story(world, tasks=0, **PRICES).costs[0].money == 0


def test_a_baseline_is_told_at_the_same_prices(world):
    stage = world.project.logic_stages[0]
    other = stage.with_rules(())
    told = board(world, stage, (world, other), levers_of(world, stage, **PRICES))
    assert told.costs[1].money == pytest.approx(200 * 0.25 * 50)


def test_the_error_rate_moves_as_a_lever(world):
    told = story(world, error_rate=10, **PRICES)
    lot = ReviewCost(Lot(200, 0.1), ReviewPrices(*PRICES.values()))
    assert told.costs[0].money == pytest.approx(lot.of(0.5))
    assert "stands where its lever does" in in_words(told)
    possible = {lever.kind: lever for lever in possible_levers(world, told.rules)}
    usual = board(world, told.rules, (world, told.rules), (possible["error_rate"],))
    assert usual.levers[0].value == 25
    assert usual.costs[0].money == 0 and usual.costs[0].escaped == pytest.approx(25)


def test_without_a_look_no_cost_is_told_until_somebody_says_the_rate():
    work = workspace([task("a")] * 10, HALF)
    told = story(work, **PRICES)
    assert told.costs is None and told.cost.words(told.levers) == NO_RATE
    assert story_document(told, "x")["cost"]["expected"] is None
    possible = {lever.kind: lever for lever in possible_levers(work, told.rules)}
    levers = [*levers_of(work, told.rules, **PRICES), possible["error_rate"]]
    unset = board(work, told.rules, (work, told.rules), levers)
    assert unset.costs is None
    document = story_document(unset, "x")
    assert document["levers"][3]["text"] == "not set" and document["levers"][3]["value"] is None
    levers[3] = replace(levers[3], value=20.0)
    moved = board(work, told.rules, (work, told.rules), levers)
    assert moved.costs[0].money == pytest.approx(5 * (2 + 0.2 * 5) + 5 * 0.2 * 50)
    assert "No review so far" in in_words(moved)


def test_without_a_workflow_no_cost_is_told(world):
    work = replace(world, project=None)
    stage = world.project.logic_stages[0]
    told = board(work, stage, (work, stage), levers_of(work, stage, **PRICES))
    assert told.costs is None and told.cost.words(told.levers) == NO_WORKFLOW


@pytest.mark.parametrize(
    ("tasks", "stages", "prices", "money", "says"),
    [
        ([task("a", "Rejected")] * 4, HALF, PRICES, 2 * 7 + 2 * 50, "At 100.0 %, reviewing all"),
        ([task("a", "Accepted")] * 4, HALF, PRICES, 2 * 2, "At 0.0 %, reviewing none"),
        (WORLD, HALF, dict.fromkeys(PRICES, 0.0), 0, "nothing costs anything"),
        (WORLD, HALF, PRICES | {"review_price": 0.0}, 25 * 5 + 25 * 50, "pays from 0.0 % wrong"),
    ],
)  # fmt: skip
def test_the_ends_are_words_and_no_errors(tasks, stages, prices, money, says):
    told = story(workspace(tasks, stages), **prices)
    assert told.costs[0].money == pytest.approx(money)
    assert says in told.cost.words(told.levers)


def test_rules_that_send_nothing_to_a_review_let_all_errors_escape():
    stages = [
        start("W"),
        label("W", "L"),
        logic("L", [{"type": "RandomSample", "value": 0.5}], ["Hold", "Complete"]),
        {"id": "Hold", "type": "Hold", "name": "Hold", "next": ["Complete"]},
        end(),
    ]
    told = story(workspace([task("a")] * 10, stages), error_rate=20, **PRICES)
    assert told.costs[0].money == pytest.approx(10 * 0.2 * 50)
    assert "these rules send none there" in in_words(told)


def test_no_tasks_cost_nothing(world):
    empty = replace(world, table=world.table.take(np.zeros(0, np.int64)))
    told = story(empty, error_rate=20, **PRICES)
    assert told.costs[0].money == 0
    assert story(empty, **PRICES).costs is None


def test_prices_are_beside_the_four_levers_and_one_of_each(sample):
    stage = sample.project.logic_stages[0]
    possible = possible_levers(sample, stage)
    kept = within_limit([*possible[:5], *possible[-4:]])
    assert [lever.of_cost for lever in kept] == [False] * MOST_LEVERS + [True] * len(COST_KINDS)
    assert not any(lever.of_cost for lever in propose(sample, stage))


def test_a_start_beyond_the_bounds_makes_room_and_steps_fit():
    work = workspace(WORLD, HALF)
    stage = work.project.logic_stages[0]
    usual = next(one for one in possible_levers(work, stage) if one.kind == "review_price")
    for start_at in (0.0, 1e-7, 0.37, 4.0, 73.0, 12_345.6, 1e9):
        lever = checked(starting_at(usual, start_at), "x")
        placed = place(lever, stage, work.dialect, 200)
        assert placed.value == start_at and not placed.moved
        assert lever.low <= start_at <= lever.high and len(placed.positions) <= 102
    narrow = checked(bounded(usual, 0.0, 0.5), "x")
    assert len(place(narrow, stage, work.dialect, 200).positions) > 50
    with pytest.raises(InputError, match="cannot move"):
        checked(bounded(usual, 3.0, 3.0), "x")


@pytest.mark.parametrize(
    ("now", "before", "texts"),
    [
        (12.5, 10, ("12.50", "+2.50", "10.00")),
        (1234.4, 99.994, ("1,234", "+1,134", "100")),
        (5, 5.004, ("5.00", "0.00", "5.00")),
        (99.9999999, 100, ("100", "0", "100")),
    ],
)
def test_a_cost_and_its_difference_are_written_in_one_style(now, before, texts):
    assert money_texts(now, before) == texts


# ---- files, links, the command ------------------------------------------------------------------


def every_price(work, stage):
    """Levers of rules and all of costs, some moved, some that start elsewhere."""
    review, escape, rework, rate = levers_of(
        work, stage, review_price=3.37, escape_price=900, rework_price=0, error_rate=7.5
    )
    named = replace(escape, name="Ärger", value=150.0)
    return (*propose(work, stage), review, named, replace(rework, start=None, value=2.4), rate)


def test_a_file_keeps_prices_and_older_files_open(sample):
    stage = sample.project.logic_stages[0]
    levers = every_price(sample, stage)
    scenario = scenario_of(sample, stage, "S", story=Story(levers))
    text = write_scenario(scenario)
    assert json.loads(text)["version"] == 3
    assert read_scenario(text) == scenario
    older = replace(scenario, story=Story(propose(sample, stage)))
    written = json.loads(write_scenario(older))
    assert written["version"] == 2
    assert not any("start" in lever for lever in written["story"]["levers"])
    assert read_scenario(json.dumps(written)) == older


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ([{"kind": "review_price", "low": 0, "high": 5, "step": 1}] * 2, "one of each price"),
        ([{"kind": "review_price", "low": 0, "high": 5, "step": 1, "start": -1}], "start there"),
        ([{"kind": "review_price", "low": 0, "high": 5, "step": 1, "start": "x"}], "a number"),
        ([{"kind": "error_rate", "low": 0, "high": 500, "step": 1}], "cannot move"),
        ([{"kind": "escape_price", "low": 0, "high": 1e300, "step": 1}], "cannot move"),
    ],
)
def test_a_price_that_cannot_be_used_says_why(sample, levers, words):
    text = write_scenario(scenario_of(sample, sample.project.logic_stages[0], "S"))
    changed = json.loads(text) | {"version": 3, "story": {"levers": levers}}
    with pytest.raises(InputError, match=words):
        read_scenario(json.dumps(changed))


def test_a_link_opens_the_same_prices_and_older_links_open(sample):
    stage = sample.project.logic_stages[0]
    usual = possible_levers(sample, stage)
    levers = every_price(sample, stage)
    assert of_link([link_text(lever, usual) for lever in levers], usual) == (levers, ())
    assert link_text(replace(levers[6], name="Price of rework", value=None), usual) != ""
    older = '["share","RandomSample-0",35,"Picked",0,50,1]'
    (kept,), lost = of_link([older], usual)
    assert (kept.value, kept.high, kept.start, lost) == (35.0, 50.0, None, ())
    short = link_text(next(one for one in usual if one.kind == "review_price"), usual)
    assert short == '["review_price","",null]'


@pytest.mark.parametrize(
    ("kind", "text", "value"), [("review_price", "0.5", 0.5), ("error_rate", "8 %", 8)]
)
def test_prices_are_read_as_people_type_them(kind, text, value):
    assert read_value(kind, text) == value


def printed(capsys, *words):
    assert main(["story", *FILES, *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_has_a_cost_where_there_are_prices(sample, tmp_path, capsys):
    assert "cost" not in printed(capsys)
    settings = ("review_price=2.37", "escape_price=5000", "Price of rework=0")
    words = [word for setting in settings for word in ("--set", setting)]
    document = printed(capsys, *words, "--set", "share:RandomSample-0=100")
    cost = document["cost"]
    assert cost["prices"] == {"review": 2.37, "escape": 5000, "rework": 0}
    assert (cost["looks"], cost["wrong"], cost["rate"]) == (133, 23, 23 / 133)
    stages = {stage.id: type(stage).__name__ for stage in sample.project.stages}
    reviewed = {name: sum(n[name] for n in document["numbers"] if stages[n["stage"]] == "Review")
                for name in ("expected", "baseline")}  # fmt: skip
    for name, many in reviewed.items():
        escaped = (400 - many) * 23 / 133
        assert cost["escaped"][name] == pytest.approx(escaped)
        assert cost[name] == pytest.approx(many * 2.37 + escaped * 5000)
    assert cost["difference"] == pytest.approx(cost["expected"] - cost["baseline"])
    assert cost["break_even"] == pytest.approx(2.37 / 5000)

    stage = sample.project.logic_stages[0]
    scenario = scenario_of(sample, stage, "S", story=Story(every_price(sample, stage)))
    kept = tmp_path / "s.json"
    kept.write_text(write_scenario(scenario), encoding="utf-8")
    document = printed(capsys, "--scenario", kept)
    assert document["cost"]["prices"] == {"review": 3.37, "escape": 150, "rework": 2.4}
    assert document["cost"]["rate"] == 0.075
    document = printed(capsys, "--scenario", kept, "--set", "escape_price=1")
    assert document["cost"]["prices"]["escape"] == 1


def test_the_command_says_the_cost_in_words(capsys):
    assert main(["story", *FILES, "--set", "review_price=1", "--set", "escape_price=20"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"846 +0  cost, in the currency of the prices", text)
    assert "31           0  wrong tasks that slip through" in text
    assert "Review pays from 5.0 % wrong tasks on. At 17.3 %, reviewing all costs least" in text


def test_the_command_says_why_there_is_no_cost(sample, tmp_path, capsys):
    rules = tmp_path / "rules.json"
    rules.write_text(dumps(write_stage(sample.project.logic_stages[0])), encoding="utf-8")
    words = ("story", *FILES[:2], "--logic", str(rules), "--set", "review_price=1")
    assert main(words) == 0
    assert NO_WORKFLOW in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "says"),
    [("review_price=-1", "cannot start there"), ("review_price=2e9", "cannot"),
     ("review_price=1e308", "cannot start there"), ("error_rate=101", "cannot"),
     ("review_price=much", "not a number")],
)  # fmt: skip
def test_a_price_that_is_none_is_refused_in_one_line(capsys, word, says):
    assert main(["story", *FILES, "--set", word]) == 2
    assert says in capsys.readouterr().err
