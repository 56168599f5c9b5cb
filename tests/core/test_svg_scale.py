"""Lengths of drawings, against the numbers that they stand for."""

import re

import pytest
from conftest import DATA

from core.cli.main import main
from core.report import svg

COLOR = "#123456"


def box(drawn):
    """(left, width) of the bar."""
    return tuple(
        float(n) for n in re.search(r'<rect x="([\d.]+)" y="3" width="([\d.]+)"', drawn).groups()
    )


def whisker(drawn):
    return tuple(float(n) for n in re.search(r'd="M([\d.]+) 9H([\d.]+)M', drawn).groups())


@pytest.mark.parametrize(("value", "most"), [(1, 4), (25, 100), (100, 100), (3, 7), (0.5, 2_000)])
def test_a_bar_is_as_long_as_its_share_of_the_axis(value, most):
    left, width = box(svg.bar(value, value, value, 0, most, COLOR))
    assert left == 0
    assert width == pytest.approx(max(320 * value / most, 0.5), abs=0.01)


def test_a_whisker_ends_at_the_ends_of_the_interval():
    assert whisker(svg.bar(50, 25, 75, 0, 100, COLOR)) == pytest.approx((80, 240))


def test_a_difference_grows_from_zero_to_its_side():
    assert box(svg.bar(-10, -10, -10, -40, 40, COLOR)) == pytest.approx((120, 40))
    assert box(svg.bar(20, 20, 20, -40, 40, COLOR)) == pytest.approx((160, 80))
    assert 'd="M160 0v18"' in svg.bar(20, 20, 20, -40, 40, COLOR)


def test_what_is_beyond_the_axis_ends_at_it():
    assert box(svg.bar(500, 0, 0, 0, 100, COLOR)) == pytest.approx((0, 320))
    assert whisker(svg.bar(50, 25, 900, 0, 100, COLOR)) == pytest.approx((80, 320))


def test_ribbons_and_nodes_are_as_high_as_their_tasks():
    left, right = [("a", COLOR), ("b", COLOR)], [("c", COLOR), ("d", COLOR)]
    drawn = svg.flows(left, right, [(0, 0, 30.0), (0, 1, 10.0), (1, 1, 60.0)])
    high = float(re.search(r'viewBox="0 -10 900 ([\d.]+)"', drawn)[1]) - 20
    tops = [float(n) for n in re.findall(r'<rect x="\d+" y="([\d.]+)"', drawn)]
    heights = [float(n) for n in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    unit = (high - 16) / 100  # one gap between two nodes
    assert heights == pytest.approx([40 * unit, 60 * unit, 30 * unit, 70 * unit], abs=0.02)
    assert tops[1] == pytest.approx(tops[0] + heights[0] + 16, abs=0.02)
    ribbons = re.findall(r"M12 ([\d.]+)C450 [\d.]+ 450 ([\d.]+) 888 [\d.]+V([\d.]+)C", drawn)
    widths = [float(c) - float(b) for _, b, c in ribbons]
    assert widths == pytest.approx([30 * unit, 10 * unit, 60 * unit], abs=0.03)


def test_the_side_with_more_nodes_fills_the_height_and_the_other_fits():
    left = [(name, COLOR) for name in "abc"]
    drawn = svg.flows(left, [("d", COLOR)], [(0, 0, 10.0), (1, 0, 20.0), (2, 0, 30.0)])
    high = float(re.search(r'viewBox="0 -10 900 ([\d.]+)"', drawn)[1]) - 20
    heights = [float(n) for n in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert sum(heights[:3]) + 2 * 16 == pytest.approx(high, abs=0.03)
    assert heights[3] == pytest.approx(sum(heights[:3]), abs=0.03)


def test_bars_of_a_report_stand_in_the_ratio_of_their_numbers(tmp_path):
    out = tmp_path / "r.html"
    files = ["--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]
    assert main(["report", *files, "--logic", str(DATA / "project.json"), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8").split("<h2>Per stage</h2>")[0]
    bars = re.findall(
        r'aria-label="([\d,.]+)">.*?<rect x="0" y="3" width="([\d.]+)"'
        r'.*?<td class="n">([\d,.]+)</td>',
        text, re.S,
    )  # fmt: skip
    assert len(bars) >= 5
    assert [label for label, _, _ in bars] == [number for _, _, number in bars]
    per_task = [float(width) / float(label.replace(",", "")) for label, width, _ in bars]
    assert per_task == pytest.approx([per_task[0]] * len(bars), rel=0.01)
