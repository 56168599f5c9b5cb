"""The next tasks like these: a binomial per output, against scipy."""

import pytest
from scipy.stats import binom

from core.logic.split import of_next


@pytest.mark.parametrize("many", [0, 1, 37, 5_000, 1_000_000])
def test_each_count_is_binomial_with_the_share_of_these_tasks(sample, many):
    result = sample.split(sample.project.logic_stages[0])
    coming = of_next(result, many)
    for output, count in zip(result.outputs, coming, strict=True):
        assert count.expected == pytest.approx(many * output.count.share)
        law = binom(many, output.count.share)
        assert (count.low, count.high) == (law.ppf(0.025), law.ppf(0.975))


def test_a_share_of_all_or_none_is_certain(sample):
    empty = sample.project.logic_stages[0].with_rules(())
    (everyone,) = of_next(sample.split(empty), 12)
    assert (everyone.low, everyone.high) == (12, 12)
