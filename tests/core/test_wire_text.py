"""JSON text comes back as it was, and an error says line and column."""

import copy
import json
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ango_json.text import MAX_DEPTH, SpelledFloat, dumps, loads
from core.errors import InputError


def refusal(text, source="pasted text"):
    with pytest.raises(InputError) as caught:
        loads(text, source)
    assert "\n" not in str(caught.value)
    return str(caught.value)


PLACES = {
    '{"a": 1,\n "b": x}': "line 2, column 7: expected a value, found 'x}'",
    '{"a": 1\n "b": 2}': "line 2, column 2: expected a comma or a closing bracket, found '\"b",
    '{"a" 1}': "line 1, column 6: expected a colon, found '1}'",
    "{a: 1}": "line 1, column 2: expected a name in double quotes, found 'a: 1}'",
    "{'a': 1}": "line 1, column 2: expected a name in double quotes, found ''a': 1}'",
    "[1, 2": "line 1, column 6: expected a comma or a closing bracket, found the end of the text",
    "": "line 1, column 1: expected a value, found the end of the text",
    " \n\n": "line 3, column 1: expected a value, found the end of the text",
    '["a\nb"]': "line 1, column 4: expected no line break or control character inside a text",
    '["a\tb"]': "line 1, column 4: expected no line break or control character inside a text",
    '["a\0b"]': "line 1, column 4: expected no line break or control character inside a text",
    '\r\n["a\\x"]': "line 2, column 4: expected valid JSON (invalid \\escape), found '\\x\"]'",
    '["a\\u12"]': "expected valid JSON (invalid \\uxxxx escape), found",
    '{"a": ["x, 1]}': "line 1, column 8: expected a closing quote for the text that begins here",
    "[1] [2]": "line 1, column 5: expected the end of the text, found '[2]'",
    "[01]": "line 1, column 3: expected a comma or a closing bracket, found '1]'",
    "[+1]": "line 1, column 2: expected a value, found '+1]'",
    "[1.]": "line 1, column 3: expected a comma or a closing bracket, found '.]'",
    "// no\n[]": "line 1, column 1: expected a value, found '// no",
    "\ufeff[,]": "line 1, column 2: expected a value, found ',]'",
    '[NaN, "NaN"]': "line 1, column 2: expected a number or null, found NaN.",
    '{"NaN": "NaN",\n"b": [1, -Infinity]}': "line 2, column 10: expected a number or null, found",
    '["\\"", Infinity]': "line 1, column 8: expected a number or null, found Infinity.",
    '{"a": 1,\n  "b": 2,\n  "a": 3}': "line 3, column 3: the key 'a' stands twice in one object.",
    '{"a": {"b": 1}, "c": [{"b": 1, "\\u0062": 2}]}': "column 32: the key 'b' stands twice in one",
    '{"": 1, "": 2}': "line 1, column 9: the key '' stands twice in one object.",
}


@pytest.mark.parametrize("text", PLACES)
def test_an_error_shows_line_and_column_and_what_was_expected(text):
    sentence = refusal(text)
    assert sentence.startswith("pasted text, line ")
    assert PLACES[text] in sentence
    assert sentence.endswith(
        (
            "Mend the text at that place.",
            "Write null instead.",
            "Keep one of the two.",
        )
    )


def test_the_same_key_in_different_objects_is_no_error():
    text = '{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}], "c": "a", "d": ["a", "a"]}'
    assert dumps(loads(text)) == text


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}"), ('[{"a": ', "}]")])
def test_levels_have_a_limit(opening, closing):
    levels = MAX_DEPTH // sum(opening.count(mark) for mark in "[{")
    fits = opening * levels + "1" + closing * levels
    assert dumps(loads(fits)) == fits
    reason = f"is nested more than {MAX_DEPTH} levels deep. Check that it is the right file."
    for more in (levels + 1, 5_000, 100_000):
        assert refusal(opening * more + "1" + closing * more).endswith(reason)
    assert refusal(opening * 100_000).endswith(reason)


def test_the_place_of_the_level_too_many_is_shown():
    text = "[\n" * MAX_DEPTH + "  [1]" + "]" * MAX_DEPTH
    assert refusal(text).startswith(f"pasted text, line {MAX_DEPTH + 1}, column 3: is nested more")
    wide = "[" + ", ".join(["[[1], {}]"] * 1000) + "]"
    assert dumps(loads(wide)) == wide


SPELLINGS = [
    *("0", "-0", "1.50", "1.0", "-0.0", "1e5", "1E+05", "1e-07", "0.1", "3.141592653589793238462"),
    *(
        "1e400",
        "-1e400",
        "1e-400",
        "9007199254740993",
        "1" + "0" * 400,
        "9" * 5000,
        "-" + "8" * 9000,
    ),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_is_written_as_it_was_spelled(spelling):
    for text in (spelling, f"[{spelling}]", f'{{"a": {{"b": [{spelling}, 1]}}}}'):
        assert dumps(loads(text)) == text
        assert dumps(copy.deepcopy(loads(text))) == text
        assert dumps(pickle.loads(pickle.dumps(loads(text)))) == text


def test_numbers_are_usable_as_numbers():
    assert loads("[1.50, 2, 1e2]") == [1.5, 2, 100]
    assert isinstance(loads("1.50"), SpelledFloat)
    assert loads("1" + "0" * 400) == 10**400
    assert loads("9" * 5000) == math.inf
    assert math.copysign(1, loads("-0")) == -1


def test_texts_come_back_and_can_be_stored_as_utf_8():
    text = '["ü ☃ 😀", "\\"\\\\\\n\\u0001", "/", "\\u2028"]'
    again = dumps(loads(text))
    assert loads(again) == loads(text)
    assert "ü ☃ 😀" in again
    halves = '["\\ud83d", {"\\ude00 a": "\\ud83d\\ud83d\\ude00"}]'
    written = dumps(loads(halves))
    assert written == '["\\ud83d", {"\\ude00 a": "\\ud83d😀"}]'
    assert loads(written.encode().decode()) == loads(halves)


def test_key_order_stays_and_indents_are_made():
    text = '{"z": 1, "a": [], "m": {}, "b": [1, {"y": null, "x": [true, false]}]}'
    assert dumps(loads(text)) == text
    assert dumps(loads(text), indent=2) == json.dumps(json.loads(text), indent=2)
    assert dumps((1, "a", ())) == '[1, "a", []]'


def test_no_number_that_is_none_is_ever_written():
    for number in (math.nan, math.inf):
        with pytest.raises(ValueError, match="not JSON compliant"):
            dumps({"a": [number]})


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # Halves of characters too: JSON can escape them.
    | st.text(st.characters(codec=None), max_size=5),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=3), inside),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 0, 1, 4]))
def test_any_value_comes_back(value, indent):
    text = dumps(value, indent)
    assert loads(text) == value
    assert json.loads(text) == value
    assert dumps(loads(text), indent) == text
    text.encode()


@given(st.text(alphabet='[]{}",:\\1-eNna \n\ufeff', max_size=30) | st.text(max_size=20))
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        value = loads(text, "any")
    except InputError as error:
        assert str(error).startswith("any, line ")
        assert "\n" not in str(error)
    else:
        assert loads(dumps(value)) == value
