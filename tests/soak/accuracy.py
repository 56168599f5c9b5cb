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
