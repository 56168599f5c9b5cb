"""Labels drawn on an image: two styles that are told apart without colour."""

import io
import itertools
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.gallery.draw import Mark, dashes, draw_marks
from core.gallery.geometry import outlines

SIDE = 960
BOX = outlines(
    [{"schemaId": "a", "bounding-box": {"x": 100, "y": 100, "width": 600, "height": 500}}]
)
POINT = outlines([{"schemaId": "a", "point": [480, 480]}])


def drawn(*marks):
    white = Image.new("RGB", (SIDE, SIDE), "white")
    return Image.open(io.BytesIO(draw_marks(white, marks, {"a": "#000000"}))).convert("L")


def along_the_top(picture):
    """Whether each pixel of the upper side of the box is dark."""
    return [picture.getpixel((x, 100)) < 128 for x in range(110, 690)]


def test_an_unbroken_line_has_no_gap_and_a_broken_one_is_half_gaps():
    whole, broken = (along_the_top(drawn(Mark(BOX[0], "", dashed))) for dashed in (False, True))
    assert all(whole)
    assert 0.3 < sum(broken) / len(broken) < 0.7
    changes = sum(one != other for one, other in itertools.pairwise(broken))
    assert changes > 20


def test_a_name_stands_above_an_unbroken_line_and_below_a_broken_one():
    plain, broken = drawn(Mark(BOX[0], "name")), drawn(Mark(BOX[0], "name", dashed=True))
    above, below = (103, 85), (103, 605)
    assert plain.getpixel(above) < 128 < plain.getpixel(below)
    assert broken.getpixel(above) > 128 > min(broken.getpixel((x, 601)) for x in range(101, 130))


def test_a_point_is_filled_or_an_empty_ring():
    assert drawn(Mark(POINT[0], "")).getpixel((480, 480)) < 128
    assert drawn(Mark(POINT[0], "", dashed=True)).getpixel((480, 480)) > 128


PLACES = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))


@given(st.lists(PLACES, min_size=2, max_size=6), st.floats(0.5, 100))
def test_pieces_of_a_line_lie_on_it_and_cover_half(line, length):
    pieces = dashes(line, length)
    whole = sum(dist(*side) for side in itertools.pairwise(line))
    covered = sum(dist(*piece) for piece in pieces)
    longest = max(length, whole / 4_000)
    assert whole / 2 - 1e-6 * whole <= covered <= whole / 2 + longest / 2 + 1e-6 * whole
    assert len(pieces) <= 2_001 + len(line)


@pytest.mark.parametrize("line", [[(3, 3), (3, 3)], [(0, 0), (0, 0), (1e12, 1e12)]])
def test_a_line_of_no_length_or_endless_is_drawn(line):
    assert len(dashes(line, 10)) <= 2_002
