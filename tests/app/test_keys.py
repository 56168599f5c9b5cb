"""No text of anybody's makes a key that is ours, or that of another text."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.model.text import visible
from pages._ui.keys import key, part

ANY = st.text(st.characters(), max_size=300)  # half pairs and control characters included
OURS = st.from_regex(r"[a-z]{1,6}(\.[a-z]{1,6}){0,2}", fullmatch=True)


@given(OURS, st.lists(ANY, max_size=3), OURS, st.lists(ANY, max_size=3))
@example("start.map", ["take"], "start.map.take", [])
@example("start.map", ["use/x"], "start.map", ["use", "x"])
@example("a", [""], "a", [])
def test_different_names_and_texts_make_different_keys(one, theirs, other, others):
    if (one, theirs) != (other, others):
        assert key(one, *theirs) != key(other, *others)


@given(OURS, ANY, OURS, ANY)
@example("a", "x#b", "b", "x")
def test_a_part_is_nothing_but_a_part_of_its_whole(ours, text, name, other):
    whole = key(ours, text)
    assert part(whole, name) != key(ours, other)
    assert (part(whole, name) == part(key(ours, other), name)) == (text == other)


@given(ANY)
@example("a__b___c")
@example("x" * 100_000)
def test_a_key_is_what_streamlit_and_utf_8_take(text):
    made = key("start.map", text)
    assert made.isascii() and made.isprintable() and "__" not in made and len(made) < 12 * 130


@pytest.mark.parametrize("ours", ["", "a b", "a/b", "a#b", "A", "a.", ".a", "a.b\n", "clas_s"])
def test_a_name_of_ours_is_plain(ours):
    with pytest.raises(ValueError, match="not a name for a key"):
        key(ours, "x")


@given(ANY)
@example("half \ud83d of a pair")
@example("\u202egnp.exe")
def test_what_is_shown_is_utf_8_without_hidden_signs_and_stays(text):
    shown = visible(text)
    shown.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", shown)
    assert visible(shown) == shown
    assert shown == text or len(shown) > len(text)


def test_a_sign_is_shown_as_json_writes_it():
    for sign in ("\ud83d", "\u202e", "\x00", "\x1b"):
        assert visible(f"a{sign}b") == "a" + json.dumps(sign)[1:-1] + "b"
    assert visible("Café 夜 🚗\tx\n") == "Café 夜 🚗\tx\n"
