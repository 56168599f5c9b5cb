"""What commands print for people, number by number against what they print for programs."""

import json
import re

import pytest
from conftest import DATA

from core.cli.main import main

FILES = ["--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]
RULES = str(DATA / "project.json")
OTHER = str(DATA / "logic-six.json")
NUMBER = re.compile(r"[<>+−-]?\d[\d,]*(?:\.\d+)?")


def printed(capsys, *words):
    """The document of a command, and the lines that it prints."""
    main([*words, "--json"])
    document = json.loads(capsys.readouterr().out)
    main([*words])
    return document, capsys.readouterr().out.splitlines()


def numbers(line):
    return [
        float(word.replace(",", "").replace("−", "-").lstrip("<>")) for word in NUMBER.findall(line)
    ]


def rounded(value):
    """A half is rounded to the even neighbour, as Python prints it."""
    return float(f"{value:.1f}")


def test_a_split_prints_expected_interval_and_share(capsys):
    document, lines = printed(capsys, "split", *FILES, "--logic", RULES)
    assert numbers(lines[0]) == [document["tasks"], document["seed"]]
    shares, last = [], len(document["outputs"]) - 1
    for place, output in enumerate(document["outputs"]):
        label, expected, interval, share, words = re.split(r"\s{2,}", lines[2 + place].strip())
        assert label == ("Else" if place == last else str(place + 1))
        assert words.startswith(f"{output['rule']} → ")
        assert float(expected.replace(",", "")) == rounded(output["expected"])
        ends = [output["low"], output["high"]]
        assert interval == "exact" if ends[0] == ends[1] else numbers(interval) == ends
        shares.append(float(share.rstrip(" %")))
        assert abs(shares[-1] - 100 * output["share"]) < 0.1
    assert sum(shares) == pytest.approx(100)


def test_the_next_tasks_are_printed_with_their_intervals(capsys):
    document, lines = printed(capsys, "split", *FILES, "--logic", RULES, "--next", "250")
    start = next(i for i, line in enumerate(lines) if line.startswith("Of the next"))
    assert numbers(lines[start]) == [250]
    counts = document["next"]["outputs"]
    told_lines = lines[start + 1 : start + 1 + len(counts)]
    for line, count in zip(told_lines, counts, strict=True):
        told = numbers(" ".join(line.split()[:4]))
        assert told == [rounded(count["expected"]), count["low"], count["high"]]


def test_a_trace_prints_the_chances(capsys, sample_table):
    task = sample_table.ids[0].as_py()
    document, lines = printed(capsys, "trace", *FILES, "--logic", RULES, "--task", task)
    chances = [float(line.split("%")[0].strip(" <>")) for line in lines]
    assert [abs(c - 100 * p) < 0.1 for c, p in zip(chances, document["probabilities"], strict=True)]
    assert sum(chances) == pytest.approx(100)
    assert [line.split("%")[1].split()[0] for line in lines][-1] in ("matched", "not")


def test_a_comparison_prints_both_sides_and_the_difference(capsys):
    words = ["compare", *FILES, "--before", RULES, "--after", OTHER]
    document, lines = printed(capsys, *words)
    moved, rerouted = document["moved"], document["rerouted"]
    assert numbers(lines[0]) == [
        *(document["tasks"], rounded(moved["expected"]), moved["certain"]),
        *(moved["low"], moved["high"], rounded(rerouted["expected"])),
    ]
    changes = [*document["outputs"], *document["arrivals"]]
    for line, change in zip(lines[3 : 3 + len(changes)], changes, strict=True):
        before, after, difference = numbers(line)[:3]
        assert (before, after) == (
            rounded(change["expected_before"]), rounded(change["expected_after"]),
        )  # fmt: skip
        assert difference == rounded(change["expected"])


def test_a_plan_prints_the_settings(capsys):
    words = ["plan", *FILES, "--logic", RULES, "--shares", "10,15,50"]
    document, lines = printed(capsys, *words)
    settings = document["settings"]
    for setting, line in zip(settings, lines[: len(settings)], strict=True):
        assert float(line.split(": ")[1].rstrip(" %")) == pytest.approx(100 * setting["value"])


def test_counts_are_printed_beside_what_was_expected(capsys):
    words = ["behaving", *FILES, "--logic", RULES, "--basis", "same"]
    document, lines = printed(capsys, *words, "--counts", "127,60,80,70,33,30")
    counts = [count for count in document["counts"] if count["expected"] is not None]
    for line, count in zip(lines[2 : 2 + len(counts)], counts, strict=True):
        told = [count["observed"], rounded(count["expected"]), count["low"], count["high"]]
        assert numbers(line)[:4] == told
