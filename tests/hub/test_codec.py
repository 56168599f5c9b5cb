"""JSON that plugins say: whatever it holds, something of it is heard."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hub.codec import NotReadable, Speech, decode, encode, heard, plain_bytes
from core.hub.runs.outcome import message_text, reason_text
from core.plugin_runs.label_changes import Difference, change

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.integers(1, 3_000), st.booleans())
def test_any_depth_is_heard_and_what_stands_beside_it_is_whole(depth, objects):
    before, after = ('{"[":', "}") if objects else ("[", "]")
    nested = before * depth + "1" + after * depth
    found = heard(f'{{"session": "s", "response": {nested}, "error": ["a}}]", "\\"{{"]}}')
    assert found["session"] == "s" and found["error"] == ["a}]", '"{']
    said = message_text(found["response"])
    assert said == nested or ("…" in said and depth > 200)
    if depth <= 900:
        assert said == nested


@given(VALUES)
def test_bytes_become_text_and_nothing_else_changes(value):
    found = plain_bytes(value)
    assert encode(found) == encode(plain_bytes(found))
    assert b"b'" not in encode(value) or "b'" in str(value)


@pytest.mark.parametrize("digits", [20, 101, 401, 4_000, 4_301, 50_000])
def test_an_integer_of_any_length_is_heard(digits):
    found = Speech.loads(f'{{"n": {"7" * digits}}}')["n"]
    assert found == ("7" * digits if digits > 4_000 else int("7" * digits))


def test_what_is_no_json_is_still_none():
    for said in ("", "[1", "{]", "[" * 5_000, "nope"):
        with pytest.raises(NotReadable):
            heard(said)
    with pytest.raises(NotReadable, match="too deeply"):
        decode("[" * 5_000 + "]" * 5_000)


@given(st.integers(2**64) | st.integers(max_value=-(2**63) - 1))
def test_a_label_with_an_integer_of_any_length_can_be_taken_away_again(number):
    label = {"objectId": "a", "schemaId": "s", "point": [number, 1]}
    other = {**label, "point": [number + 1, 1]}
    added = Difference(added={"tools": [label], "classifications": [], "relations": []})
    answer, _ = change({"tools": [other]}, added)
    assert answer["tools"] == [other, label]
    back, missing = change(answer, added.inverse)
    assert (back["tools"], missing) == ([other], 0)


@given(st.text(min_size=1))
def test_the_key_of_a_key_error_is_named_as_one(key):
    assert reason_text(f"Plugin callback failed: {KeyError(key)}") == f"KeyError: {key!r}"


@pytest.mark.parametrize("said", ["'a' and 'b'", "'", "''' x '''", "'\\d'", "'a' 'b'", "it's"])
def test_what_only_looks_like_a_key_is_left_as_it_is(said):
    assert reason_text(f"Plugin callback failed: {said}") == said


def test_numbers_that_are_none_become_null():
    assert json.loads(message_text(heard('{"a": NaN, "b": [Infinity]}'))) == {
        "a": None,
        "b": [None],
    }
