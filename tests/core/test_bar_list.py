"""Numbers per name as a table with bars."""

import re

import pytest

from core.report.bar_list import BarRow, bar_table, tally_table

EVIL = "</th><script>alert(1)</script>\u202e"


def widths(html):
    return [float(width) for width in re.findall(r"width: ([\d.]+)%", html)]


def test_a_bar_is_as_long_as_its_number_and_the_longest_fills_the_column():
    html = tally_table([("a", 50), ("b", 1_200), ("c", 0)], "Stage", "tasks")
    assert widths(html) == [pytest.approx(100 * 50 / 1_200, abs=0.01), 100, 0]
    assert re.findall(r"<td>([\d,]+)</td>", html) == ["50", "1,200", "0"]
    assert "Stage" in html and "tasks" in html


def test_numbers_that_are_all_nothing_have_no_bar_and_no_fault():
    assert widths(tally_table([("a", 0)], "Stage", "tasks")) == [0]


def test_names_are_text_and_what_is_hidden_in_them_is_shown():
    html = tally_table([(EVIL, 1)], "Stage", "tasks")
    assert "<script" not in html and "\u202e" not in html


def test_what_stands_for_the_rest_is_told_apart():
    html = tally_table([("a", 1), ("others", 1)], "Class", "labels", rest=("others",))
    assert html.count('class="rest"') == 1
    assert html.index('class="rest"') > html.index(">a<")


def test_a_whisker_lies_on_the_scale_of_the_bars():
    bars = [BarRow("1", 50, "about 50", color="#0072B2", between=(40, 80)), BarRow("2", 10, "10")]
    html = bar_table(bars, "Output", "tasks")
    assert widths(html) == [62.5, 50, 12.5]
    assert "left: 50%; width: 50%" in html and "background: #0072B2" in html
