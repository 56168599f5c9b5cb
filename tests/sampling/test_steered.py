"""Reviews that a rule steers: exact chances, and rates without the steering."""

import numpy as np
import pytest
from flow_helpers import consensus, end, label, logic, review, start
from review_worlds import steered_stages, task, workspace
from scipy.stats import beta
from small_world import LATER, chance, has

from core.sampling.looks import Looks, looks_of
from core.sampling.steered import steering_of, weighted_rate

STAGES = steered_stages([has("A"), chance(0.1)], ["R", "R", "Complete"])


def test_the_chance_of_each_task_is_that_of_the_rules():
    here = workspace([task("a", classes="A"), task("a", classes="B"), task("a")], STAGES)
    steering = steering_of(here, looks_of(here.table, here.project))
    assert steering.chance == pytest.approx([1.0, 0.1, 0.1])


def test_chances_go_through_several_stages_and_loops():
    stages = [
        start("W"),
        label("W", "C"),
        *consensus("C", "L", "W"),
        logic("L", [chance(0.5)], ["M", "N"]),
        logic("M", [chance(0.4)], ["R", "Complete"]),
        logic("N", [has("A"), chance(0.25)], ["Complete", "R", "W"]),
        review("R", "Complete", "W"),
        end(),
    ]
    here = workspace([task("a", classes="A"), task("a")], stages)
    steering = steering_of(here, looks_of(here.table, here.project))
    assert steering.chance == pytest.approx([0.2, (0.2 + 0.125) / (1 - 0.375)])


def test_a_steered_sample_is_biased_and_its_weights_mend_that():
    kinds = ["A"] * 60 + ["B"] * 600
    here = workspace([task("a", classes=kind) for kind in kinds], STAGES)
    steering = steering_of(here, looks_of(here.table, here.project))
    error = np.where(np.array(kinds) == "A", 0.6, 0.05)
    rng, raw, weighted, inside = np.random.default_rng(23), [], [], 0
    worlds, truth = 1200, float(error.mean())
    for _ in range(worlds):
        rows = np.flatnonzero(rng.random(len(kinds)) < steering.chance)
        wrong = rng.random(len(rows)) < error[rows]
        nothing = np.zeros(len(rows), np.int64)
        looks = Looks(len(kinds), rows, wrong, nothing, nothing)
        told = weighted_rate(steering, looks, np.ones(len(rows), np.bool_))
        raw.append(wrong.mean())
        weighted.append(told.rate)
        inside += told.low <= truth <= told.high
    assert np.mean(raw) > 2 * truth
    assert abs(np.mean(weighted) - truth) < 4 * np.std(weighted) / np.sqrt(worlds) + 0.001
    assert inside / worlds >= 0.95 - 4 * np.sqrt(0.05 * 0.95 / worlds)


def test_looks_are_worth_less_the_more_their_weights_differ():
    tasks = [task("a", "Fixed", classes="A")] * 8 + [task("a", "Accepted", classes="B")] * 4
    here = workspace(tasks, STAGES)
    looks = looks_of(here.table, here.project)
    told = weighted_rate(steering_of(here, looks), looks, np.ones(12, np.bool_))
    assert told.rate == pytest.approx(8 / 48)
    worth = 48**2 / (8 + 400)  # Kish
    assert told.worth == pytest.approx(worth)
    assert told.low == pytest.approx(beta.ppf(0.025, worth / 6, worth * 5 / 6 + 1))
    assert told.high == pytest.approx(beta.ppf(0.975, worth / 6 + 1, worth * 5 / 6))


def test_equal_chances_change_nothing_and_that_is_said():
    stages = steered_stages([chance(0.3)], ["R", "Complete"])
    here = workspace([task("a", "Fixed"), task("a", "Accepted"), task("a")], stages)
    looks = looks_of(here.table, here.project)
    steering = steering_of(here, looks)
    told = weighted_rate(steering, looks, np.ones(2, np.bool_))
    assert (told.rate, told.worth, told.looks) == (pytest.approx(0.5), pytest.approx(2), 2)
    assert any("weights change nothing" in sentence for sentence in steering.sentences)


def test_only_the_first_look_at_a_task_is_weighted():
    stages = steered_stages([chance(0.3)], ["R", "Complete"])
    here = workspace([task("a", "Rejected", "Accepted", "Accepted")], stages)
    looks = looks_of(here.table, here.project)
    told = weighted_rate(steering_of(here, looks), looks, np.ones(3, np.bool_))
    assert (told.rate, told.looks) == (1.0, 1)
    none = weighted_rate(steering_of(here, looks), looks, np.zeros(3, np.bool_))
    assert none is None


def test_where_it_cannot_be_told_is_said():
    unknown = steered_stages([LATER, chance(0.1)], ["R", "R", "Complete"])
    here = workspace([task("a", "Fixed")], unknown)
    steering = steering_of(here, looks_of(here.table, here.project))
    assert not steering.possible and "cannot be simulated" in steering.sentences[0]
    bare = workspace([task("a", "Fixed")], [])
    steering = steering_of(bare, looks_of(bare.table, bare.project))
    assert not steering.possible and "workflow" in steering.sentences[0]
    assert weighted_rate(steering, looks_of(bare.table, None), np.ones(1, np.bool_)) is None


def test_tasks_that_no_rule_sends_to_review_are_counted():
    stages = steered_stages([has("A")], ["R", "Complete"])
    here = workspace([task("a", "Fixed"), task("a", "Fixed", classes="A"), task("a")], stages)
    looks = looks_of(here.table, here.project)
    steering = steering_of(here, looks)
    text = " ".join(steering.sentences)
    assert "1 reviewed task could not have been reviewed" in text
    assert "No rule sends 2 tasks to a review" in text
    assert weighted_rate(steering, looks, np.ones(2, np.bool_)).looks == 1
