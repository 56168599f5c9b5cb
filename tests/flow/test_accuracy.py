"""`docs/accuracy.md` says what the code gives, and what it says is good enough."""

import re
from dataclasses import replace

import accuracy
import numpy as np
import pytest

from core.flow.queueing.network import staffed

PAGE = accuracy.DOCUMENT.read_text(encoding="utf-8")


def rows(title):
    """Rows of the tables below a heading, without their head."""
    section = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [line.strip("| ").split(" | ") for line in lines[2:]]


def number(text):
    return float(text.replace(",", "").replace("−", "-").removesuffix(" %"))


def sentence(pattern):
    """The numbers of a sentence of the page, whatever its line breaks."""
    match = re.search(pattern, " ".join(PAGE.split()))
    assert match, pattern
    return [number(one) for one in match.groups()]


def test_closed_forms_are_as_written_and_within_three_standard_errors():
    written = {row[0]: (number(row[1]), number(row[2])) for row in rows("Closed forms")}
    measured = accuracy.closed_forms()
    assert written.keys() == {one[0] for one in measured} and len(measured) == 7
    for name, exact, mean, low, high in measured:
        assert written[name] == pytest.approx((exact, mean), abs=6e-4)
        assert abs(mean - exact) < 3 * (high - low) / 2 / 1.976
        assert abs(mean - exact) < 0.03 * exact


def test_fifty_random_workflows_agree_with_the_exact_flow():
    """Of so many normal numbers none is beyond 4.5; a rate that is off by a twentieth is."""
    apart = accuracy.random_workflows()
    assert len(apart) > 1_000 and max(apart) < 4.5
    by_chance = np.array([one for one in apart if one > 0])
    assert len(by_chance) > 400
    many, varying, largest, beyond = sentence(
        r"([\d,]+) expected visits .*? of the ([\d,]+) others .*? difference is ([\d.]+), "
        r"and ([\d.]+) % are above 1.96"
    )
    assert (many, varying) == (len(apart), len(by_chance))
    assert largest == pytest.approx(max(apart), abs=6e-3)
    assert beyond == pytest.approx(100 * np.mean(by_chance > 1.96), abs=0.06)


def test_a_workflow_that_is_simulated_otherwise_would_stand_out(monkeypatch):
    """Reviews accept one in twenty less than the exact flow takes them to."""
    import random_agreement

    def less_often(chain, plan, times):
        chances = chain.chances.copy()
        for place, stage in enumerate(chain.graph.stages):
            if stage.kind == "Review":
                first, second = chain.graph.exits_of(place)
                moved = 0.05 * chances[:, first]
                chances[:, first] -= moved
                chances[:, second] += moved
        return staffed(replace(chain, chances=chances), plan, times)

    monkeypatch.setattr(random_agreement, "staffed", less_often)
    seeds = random_agreement.with_a_way_out(12)
    assert max(abs(one) for seed in seeds for one in random_agreement.differences(seed)) > 4.5


def test_what_is_learnt_is_as_written_and_near_what_is_known():
    written = {row[0]: number(row[2]) for row in rows("Calibration on a log with known parameters")}
    for name, known, learnt in accuracy.recovered():
        assert written[name] == pytest.approx(learnt, abs=6e-3)
        if "people" in name or "Hours a week" in name or "Delay" in name:
            assert learnt == pytest.approx(known, abs=1e-6)
        else:
            assert learnt == pytest.approx(known, rel=0.06)


def test_the_real_logs_distances_are_as_written_and_beat_taking_it_as_it_was():
    result = accuracy.real_log()
    written = {row[0]: row[1:] for row in rows("A real log")}
    assert len(result.distances) == 5
    for name, one in result.distances.items():
        shown = written[accuracy.NAMES[name]]
        assert number(shown[0]) == pytest.approx(one.mean, abs=6e-3)
        assert number(shown[2]) == pytest.approx(one.luck, abs=6e-3)
    cycle = result.distances["cycle_hours"]
    assert cycle.mean < cycle.first_part / 3
