"""The Logic stage as it stands in the workflow, and what is said beside other pictures."""

import json

import numpy as np
import pytest

from core.charts.overview import duration_bars
from core.charts.palette import DARK, LIGHT, output_colors
from core.charts.stage_picture import edges_of, outputs_text, stage_picture
from core.tasks import summary


def test_every_stage_has_one_edge_with_its_outputs_and_their_share(sample):
    stage = sample.project.logic_stages[0]
    split, ids = sample.split(stage), [rule.id for rule in stage.rules]
    colors = output_colors(ids, ids)
    edges = edges_of(split, colors, LIGHT)
    assert [edge.target for edge in edges] == [target for target, _ in split.stages]
    assert sum(edge.share for edge in edges) == pytest.approx(1)
    assert sorted(n for edge in edges for n in edge.outputs) == sorted(
        [*map(str, stage.numbers), "Else"]
    )
    for edge, label in zip(edges, split.stage_labels, strict=True):
        assert edge.label == f"{', '.join(edge.outputs)} · {label}"


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (["3"], "3"),
        (["1", "2", "Else"], "1, 2, Else"),
        (["2", "3", "4", "5", "7", "Else"], "2–5, 7, Else"),
        ([str(n) for n in range(1, 38)], "1–37"),
        ([*map(str, range(1, 38, 2)), "Else"], "20 outputs"),
        (["9", "10", "11"], "9–11"),
        (["Else"], "Else"),
        ([], ""),
    ],
)
def test_the_numbers_on_an_edge_keep_to_its_room(numbers, text):
    assert outputs_text(numbers) == text


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_the_picture_shows_what_leads_there_and_where_it_leads(sample, ink):
    stage = sample.project.logic_stages[0]
    split = sample.split(stage)
    figure = stage_picture(split, stage, sample.project.stages, sample.names, {}, ink)
    texts = [trace["text"] for trace in json.loads(figure.to_json())["data"]]
    before = [one.name for one in sample.project.stages if stage.id in one.next]
    assert before and texts[0][: len(before) + 1] == [*before, stage.name]
    assert len(texts[1]) == len(split.stages)
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert len(boxes) == len(texts[0])
    widths = [shape.line.width for shape in figure.layout.shapes if shape.type == "path"]
    shares = [count.share for _, count in split.stages]
    assert np.argsort(widths[len(before):]).tolist() == np.argsort(shares).tolist()  # fmt: skip


def test_a_bar_that_piles_up_says_from_where(sample):
    took = summary.durations(sample.facts, sample.everything)
    piled = [note.text for note in duration_bars(took, LIGHT).layout.annotations]
    assert took.longer > 0 and any(text.startswith("≥ ") for text in piled)
    last = took.counts[-1]
    assert last >= took.longer


def test_batches_that_sum_to_more_than_the_tasks_say_why():
    words = "A task can be in several batches: they sum to 5,089 of 5,012 tasks."
    assert summary.overlap_words([("a", 5_000), ("b", 89)], 5_012) == words
    assert summary.overlap_words([("a", 5_000), ("b", 12)], 5_012) == ""
