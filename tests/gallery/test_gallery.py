"""Labels drawn on images, and images taken from the hub's own files only."""

import io

import pytest
from PIL import Image

from core.errors import InputError
from core.gallery.draw import class_colors, draw_labels, text_on
from core.gallery.geometry import outlines
from core.gallery.images import kept_file, open_image
from core.model.project import Project
from core.model.schema import Category, CategorySchema


def test_every_geometry_on_an_image_becomes_an_outline():
    tools = [
        {"schemaId": "a", "bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}},
        {"schemaId": "b", "rotated-bounding-box":
            {"x": 0, "y": 0, "width": 4, "height": 2, "rotation": 90}},
        {"schemaId": "c", "polygon": [[0, 0], [1, 0], [1, 1]]},
        {"schemaId": "d", "segmentation": {"zones": [{"region": [[0, 0], [2, 2]], "holes": []}]}},
        {"schemaId": "e", "polyline": [[0, 0], [5, 5]]},
        {"schemaId": "f", "point": [7, 8]},
    ]  # fmt: skip
    found = outlines(tools)
    assert [o.schema_id for o in found] == list("abcdef")
    assert found[0].points == ((1, 2), (4, 2), (4, 6), (1, 6))
    assert found[1].points[0] == pytest.approx((3, -1))
    assert [o.form for o in found] == ["closed"] * 4 + ["open", "point"]


@pytest.mark.parametrize(
    "label",
    [
        None, {}, {"ner": {"start": 1, "end": 2}}, {"bounding-box": {"x": 1}}, {"polygon": []},
        {"point": [float("nan"), 1]}, {"segmentation": {"zones": []}}, {"polygon": [[1, 2, 3]]},
        {"point": [10**400, 1]},
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_left_out(label):
    assert outlines([label]) == ()


def test_a_box_is_drawn_in_its_classs_colour_where_it_is():
    picture = Image.new("RGB", (960, 600), "white")
    boxes = outlines(
        [{"schemaId": "a", "bounding-box": {"x": 100, "y": 100, "width": 200, "height": 100}}]
    )
    drawn = Image.open(io.BytesIO(draw_labels(picture, boxes, {"a": "Vessel"}, {"a": "#0072B2"})))
    assert drawn.size == (960, 600)
    on_edge, inside, far = (drawn.getpixel(p) for p in ((100, 150), (200, 150), (500, 300)))
    assert on_edge[2] > 150 > on_edge[0] + 50
    assert min(inside) > 240 and min(far) > 240


def test_a_small_image_is_enlarged_with_its_labels():
    picture = Image.new("RGB", (64, 40), "white")
    boxes = outlines(
        [{"schemaId": "a", "bounding-box": {"x": 10, "y": 10, "width": 20, "height": 10}}]
    )
    drawn = Image.open(io.BytesIO(draw_labels(picture, boxes, {}, {})))
    assert drawn.size == (960, 600)
    assert max(drawn.getpixel((150, 225))) < 200


def test_classes_that_are_used_differ_in_colour():
    ids = [f"{number}" for number in range(25)]
    schema = CategorySchema(tuple(Category("tool", "point", one, one) for one in ids))
    project = Project("p", "P", schema)
    used = {"3", "13", "23"}
    colors = class_colors(project, used)
    assert len({colors[one] for one in used}) == 3 and set(colors) == set(ids)
    assert class_colors(None) == {}


def test_only_files_of_the_hub_are_opened(tmp_path):
    folder = tmp_path / "p" / "assets"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(b"no image")
    link = "/files/p/assets/a.png"
    for good in (link, f"http://127.0.0.1:8600{link}?signature=x", f"http://localhost{link}"):
        assert kept_file(good, tmp_path) == folder / "a.png"
    for bad in (None, "", f"https://example.com{link}", "/etc/passwd", "/files/../../etc/passwd",
                "/files/p/assets/b.png", "http://[", "file:///etc/passwd"):  # fmt: skip
        assert kept_file(bad, tmp_path) is None
    with pytest.raises(InputError, match=r"a\.png: is no image"):
        open_image(folder / "a.png")


def test_a_picture_of_too_many_pixels_is_refused(tmp_path):
    Image.new("1", (9_000, 5_000)).save(tmp_path / "big.png")
    with pytest.raises(InputError, match="too many"):
        open_image(tmp_path / "big.png")


def test_a_name_is_black_on_light_colours_and_white_on_dark_ones():
    assert [text_on(color) for color in ("#E69F00", "#56B4E9", "#CC79A7")] == ["black"] * 3
    assert [text_on(color) for color in ("#0072B2", "#7F5539", "#000000")] == ["white"] * 3
