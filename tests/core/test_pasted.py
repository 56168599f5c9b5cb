"""Pasted counts are the right numbers, or a sentence."""

import json

import pytest
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.routing.observed.pasted_counts import read_counts

CASES = json.loads((DATA / "cases" / "pasted_counts.json").read_text())
RULES = ["Rule 1", "Rule 2", "Else"]
MORE = [
    ("Rule 1: 130 (26 %)\nRule 2: 70 (14 %)\nElse: 300 (60 %)", [130, 70, 300]),
    ("Else,300\nRule 1,130\nRule 2,70", [130, 70, 300]),
    ("Rule 1\t1\u202f204\t24,1 %\nRule 2\t0\t0 %\nElse\t3\u202f796\t75,9 %", [1204, 0, 3796]),
    ("31,69,5", [31, 69, 5]),
    ("31 69 5", [31, 69, 5]),
    ("1,204; 3,796; 5", [1204, 3796, 5]),
    ("1'204\n3’796\n5", [1204, 3796, 5]),
    ("Output | Tasks\nfirst | 12\nsecond | 13\nother | 14", [12, 13, 14]),
    ("| Rule 1 | 12 |\n| Rule 2 | 13 |\n| Else | 14 |", [12, 13, 14]),
    ("1,204.00\n5\n6", [1204, 5, 6]),
    ("100,200,300", None),
    ("1 204 3 796 5", None),
    ("stage 1,130\nstage 2,70\nelse,300", None),
    ("Rule 2: 1\nRule 1: 2\n3", None),
    ("Rule 1: 1\nRule 1: 2\nElse: 3", None),
    ("1\n2\n<3", None),
    ("1\n2\n~3", None),
    ("1\n2\n3k", None),
    ("1\n2\n+3", None),
    ("1\n2\n−3", None),
    ("1\n2\n3 of 9", None),
    ("1\n2\n0.310", None),
    ("1\n2\n2026-11-05", None),
    ("1\n2\n" + "9" * 400, None),
    ("\ufeff1\r\n2\r\n3", [1, 2, 3]),
    ("Rule 1 12 (24 percent)\nRule 2 13 (26 Prozent)\nElse 25 (50 pct)", [12, 13, 25]),
    ("24 per cent\n26 percent\n50 pct", None),
    ("24 ％\n26 ٪\n500 ‰", None),
    ("Rule 1: 12\nRule 2: 13\nTotal: 25", None),
    ("first 12\nsecond 13\n**Sum** 25", None),
    ("Rule 1: 12\nRule 2: 13\n25", [12, 13, 25]),
    ("", None),
]


@pytest.mark.parametrize(
    ("text", "labels", "counts"),
    [(case["text"], case["labels"], case["counts"]) for case in CASES]
    + [(text, RULES, counts) for text, counts in MORE],
)
def test_the_right_numbers_or_a_sentence(text, labels, counts):
    if counts is None:
        with pytest.raises(InputError) as refused:
            read_counts(text, labels)
        assert refused.value.hint
    else:
        assert list(read_counts(text, labels)) == counts


names = st.lists(
    st.from_regex(r"[A-Z][a-z]{1,8}( [0-9]{1,3})?", fullmatch=True),
    min_size=2,
    max_size=5,
    unique=True,
)


@given(labels=names, data=st.data())
def test_a_table_in_any_style_is_read_as_it_was_written(labels, data):
    counts = data.draw(st.lists(st.integers(0, 10**9), min_size=len(labels), max_size=len(labels)))
    mark = data.draw(st.sampled_from(["", ",", ".", " ", "'", "\u202f"]))
    between = data.draw(st.sampled_from([": ", "\t", "  ", " | "]))
    tail = data.draw(st.sampled_from(["", " (12.5 %)", "\t3%", "  100 %"]))
    order = data.draw(st.permutations(range(len(labels))))
    lines = [f"{labels[i]}{between}{counts[i]:,}{tail}".replace(",", mark) for i in order]
    assert list(read_counts("\n".join(lines), labels)) == counts


@given(text=st.text(alphabet="0123456789.,;%()+-/ \n\tEelsx", max_size=30))
def test_whatever_is_pasted_is_numbers_or_a_sentence(text):
    try:
        found = read_counts(text, ["Rule 1", "Else"])
    except InputError as error:
        assert error.hint
    else:
        assert len(found) == 2 and all(count >= 0 for count in found)
