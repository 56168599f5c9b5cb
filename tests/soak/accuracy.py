"""How often the bands of a forecast held on logs with known parameters, as the page says."""

import accuracy
import numpy as np
import pytest
from flow.test_accuracy import sentence


def test_the_band_holds_about_nine_times_in_ten():
    held = np.array(accuracy.bands())
    shown = sentence(r"cases under way at ([\d.]+) % of the times, and begins in ([\d.]+) %")
    assert shown == pytest.approx((100 * held[:, :2].mean(axis=0)).tolist(), abs=0.06)
    assert 0.85 <= held[:, 0].mean() <= 0.97
    assert held[:, 2].mean() < 1.25 * held[:, 3].mean()  # as near as luck lets it be


def test_other_simulators_are_as_written():
    tasks, apart = accuracy.beside_simpy()
    shown = sentence(r"draws: ([\d,]+) tasks through two stages with a loop end at most ([\de+-]+)")
    assert shown == [tasks, pytest.approx(apart, abs=1e-9)] and apart < 1e-6
    there, error, ours, exact = accuracy.beside_ciw()
    assert sentence(
        r"mean wait ([\d.]+) ± ([\d.]+) minutes .*?; here ([\d.]+), exactly (\d+[.]\d+)"
    ) == (pytest.approx([there, error, ours, exact], abs=6e-3))
    assert abs(there - ours) < 4 * error
