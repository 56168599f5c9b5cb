"""The demo's images and the plugin that looks at them: what is drawn is what is found."""

import importlib.util
import json

import numpy as np
import pytest

from core import demo
from core.ango_json.project import read_project
from core.ango_json.text import loads
from core.demo import pixels, shapes
from core.plugin_runs.config.check import mistakes
from core.plugin_runs.config.form import fields
from core.plugin_runs.mapping.suggest import suggest


@pytest.fixture(scope="module")
def plugin():
    """The script as a module; it is written to run on its own."""
    spec = importlib.util.spec_from_file_location("shapes_script", shapes.SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_same_images_every_time():
    assert pixels.png(3) == pixels.png(3) != pixels.png(4)
    assert len(pixels.png(0)) < 20_000


@pytest.mark.parametrize("number", range(0, pixels.IMAGES, 4))
def test_the_plugin_finds_exactly_what_was_drawn(plugin, number):
    picture, drawn = pixels.draw(number)
    found = plugin.find_shapes(picture, list(shapes.CLASSES), 45, 1)
    assert sorted(found) == sorted((one.name, one.box) for one in drawn)


def test_the_config_matters(plugin):
    picture, drawn = next(
        (p, d) for p, d in map(pixels.draw, range(99)) if any(s.area < 40 for s in d)
    )
    large = sorted((one.name, one.box) for one in drawn if one.area >= 40)
    assert sorted(plugin.find_shapes(picture, list(shapes.CLASSES), 45, 40)) == large
    people = list(plugin.find_shapes(picture, ["person"], 45, 1))
    assert {name for name, _ in people} == {"person"}
    assert list(plugin.find_shapes(picture, [], 45, 1)) == []


def test_connected_pixels_are_one_shape_corners_included(plugin):
    mask = np.array([[1, 0, 1, 0, 0], [1, 1, 1, 0, 1], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0]], bool)
    found = sorted(plugin.components(mask))
    assert found == [(7, (0, 0, 5, 3))]
    mask[2, 3] = 0
    assert sorted(plugin.components(mask)) == [(1, (4, 1, 1, 1)), (5, (0, 0, 3, 2))]


def test_a_config_that_it_cannot_use_is_said_in_words(plugin):
    with pytest.raises(ValueError, match="I do not know plane"):
        plugin.read_config('{"classes": ["plane"]}')
    with pytest.raises(ValueError, match="object"):
        plugin.read_config("[]")
    assert plugin.read_config('{"mine": 1}')["mine"] == 1


def test_what_is_registered_is_what_the_script_knows(plugin):
    assert tuple(plugin.COLORS) == shapes.CLASSES and plugin.COLORS == pixels.COLORS
    registered = plugin.read_config(shapes.CONFIG)
    assert registered == json.loads(shapes.CONFIG)
    assert plugin.read_config("{}") == registered | {"mistakes": 0, "min_score": 0}
    assert mistakes(shapes.CONFIG, shapes.SCHEMA) == ()
    kinds = [field.kind for field in fields(shapes.CONFIG, shapes.CONFIG, shapes.SCHEMA)]
    assert kinds == ["choices", "whole", "number", "whole", "number", "number", "number"]


def test_the_demo_project_shows_every_kind_of_suggestion():
    demo_project = read_project(loads(demo.PROJECT.read_text(encoding="utf-8")))
    found = suggest(shapes.CLASSES, demo_project.schema, shapes.TOOLS)
    assert [one.reason for one in found] == [
        "normalised", "normalised", "normalised", "synonym", "normalised", "none", "normalised",
    ]  # fmt: skip


def test_the_rules_of_the_demo_ask_for_what_the_plugin_finds():
    """Rule 3 takes ferries without a person, so that labels of the plugin move tasks."""
    images = [
        {one.name for one in pixels.draw(number)[1] if one.area >= 40}
        for number in range(pixels.IMAGES)
    ]
    ferries = [names for names in images if "ferry" in names and "person" not in names]
    assert 3 <= len(ferries) <= 12
