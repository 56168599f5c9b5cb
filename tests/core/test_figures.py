"""Numbers as text: none says another number."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.ango_json.conditions import read_condition
from core.model.dialect import Dialect
from core.model.figures import (
    MINUS,
    about_percent,
    between,
    counted,
    decimals,
    group_labels,
    percent,
    percents_together,
    share_labels,
    share_text,
    signed,
    tenths,
    whole_number,
)
from core.model.rules import Malformed

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite)
def test_a_number_is_printed_whole(value):
    text = whole_number(value).replace(",", "")
    assert float(text) == value and len(text) < 45


@given(st.floats(0, 1))
def test_a_percentage_of_a_chance_is_certain_only_where_the_chance_is(chance):
    for text in (percent(chance), about_percent(chance)):
        assert (text == "100 %") == (chance == 1)
        assert (text == "0 %") == (chance == 0)
    assert float(percent(chance)[:-2]) == pytest.approx(100 * chance, rel=1e-13)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_shares_of_a_whole_add_up_to_100_as_they_are_shown(counts):
    assume(sum(counts))
    shares = [count / sum(counts) for count in counts]
    labels = share_labels(shares)
    shown = sum(Fraction(text.lstrip(">").rstrip(" %")) for text in labels if text[0] != "<")
    # a share that is nearly all is shown as a little less than what the rest leaves it
    assert shown + Fraction(any(text[0] == ">" for text in labels), 10) == 100
    for text, share in zip(labels, shares, strict=True):
        assert (text == "0.0 %") == (share == 0) and (text == "100.0 %") == (share == 1)
        if text[0] not in "<>":
            assert abs(float(text[:-2]) - 100 * share) <= 0.1
    assert sum(map(Fraction, percents_together(shares))) == 100


def test_thirds_are_rounded_together():
    assert share_labels([1 / 3] * 3) == ("33.4 %", "33.3 %", "33.3 %")
    assert share_labels([1e-9, 1 - 1e-9]) == ("<0.1 %", ">99.9 %")
    assert share_labels([0, 0]) == ("0.0 %", "0.0 %")


def test_shares_that_are_shown_as_one_are_what_their_parts_are_shown_as():
    shares = [0.1375, 0.3175, 0.545]
    assert share_labels(shares) == ("13.8 %", "31.7 %", "54.5 %")
    assert group_labels(shares, [[0], [1, 2]]) == ("13.8 %", "86.2 %")
    assert group_labels([1e-9, 1 - 1e-9], [[0], [1]]) == ("<0.1 %", ">99.9 %")
    assert group_labels([], []) == ()
    assert percents_together([1e-5, 1e-5, 0.99998]) == ("0.001", "0.001", "99.998")


@given(st.floats(100, 200, exclude_min=True) | st.floats(-1e308, 0, exclude_max=True))
def test_a_percentage_out_of_bounds_is_told_as_it_was_written(value):
    read = read_condition({"type": "RandomSample", "value": value})[0]
    assert isinstance(read, Malformed)
    said = read.reason.removeprefix("the percentage ").split(" is not ")[0]
    assert float(said.replace(",", "")) == value


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_reversed_interval_is_told_with_numbers_that_are_reversed(low, high):
    assume(low > high)
    read = read_condition({"type": "Duration", "value": [low, high]})[0]
    words = read.reason.removeprefix("the interval is reversed: ").split(" is more than ")
    assert [float(word.replace(",", "")) for word in words] == [low, high]


@given(st.integers(1_001, 99_999))
def test_the_same_percentage_in_either_scale_is_the_same_chance(thousandths):
    assert Dialect().chance(thousandths / 1_000) == float(f"{thousandths}e-5")


def test_numbers_have_one_style():
    assert [counted(n) for n in (0, 1204, 697.5, -3, -0.4)] == ["0", "1,204", "698", "−3", "0"]
    assert [tenths(x) for x in (697.46, 0, -0.04, -1204.25)] == ["697.5", "0.0", "0.0", "−1,204.2"]
    assert [signed(x) for x in (12, -3, 0, 0.4, -0.4)] == ["+12", "−3", "0", "0", "0"]
    assert [signed(x, 1) for x in (0.04, 8.6, -8.6)] == ["0.0", "+8.6", "−8.6"]
    assert between(388, 5012) == "388 to 5,012" and decimals(0.0123, 3) == "0.012"
    assert [share_text(x) for x in (0.139, 1, 1e-9, 0)] == ["13.9 %", "100.0 %", "<0.1 %", "0.0 %"]


@given(st.floats(-1e15, 1e15), st.integers(0, 3))
def test_a_number_in_our_style_is_the_number_rounded(value, digits):
    for text in (decimals(value, digits), signed(value, digits)):
        assert "-" not in text
        read = float(text.replace(",", "").replace(MINUS, "-"))
        assert read == pytest.approx(round(value, digits)) and abs(read - value) <= 0.5001
        assert not (read == 0 and text[0] in f"+{MINUS}")
