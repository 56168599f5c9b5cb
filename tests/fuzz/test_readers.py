"""Every reader reads, or refuses with one sentence: good texts with a few bytes changed."""

import json

import pytest
from fuzz.readers import READERS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import SwitchyardError

often = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ODD = st.sampled_from(
    [
        *(b"", b"null", b"true", b"-1", b"1e400", b"NaN", b"[]", b"{}", b'""', b"[[[[[[[[["),
        *(
            b'"\\ud800"',
            b"\xff",
            b"\x00",
            b"9" * 400,
            b'{"a":1,"a":2}',
            b"\xef\xbb\xbf",
            b"\\u0000",
        ),
    ]
)


@st.composite
def changed(draw, good):
    """A good text in which a few stretches are replaced, doubled or taken out."""
    text = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 1, 1, 4, 40])))
        middle = draw(st.one_of(ODD, st.just(text[start:end] * 2), st.binary(max_size=4)))
        text = text[:start] + middle + text[end:]
    return text


@st.composite
def other_values(draw, good):
    """A good JSON in which one value became another kind of value."""
    try:
        value = json.loads(draw(st.sampled_from(good)))
    except ValueError:
        return b"[]"
    odd = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
        st.just([]), st.just({}), st.just([None]), st.just({"a": [1]}),
    )  # fmt: skip
    node, path = value, []
    while isinstance(node, (dict, list)) and node and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        path.append((node, key))
        node = node[key]
    if path:
        path[-1][0][path[-1][1]] = draw(odd)
    return json.dumps(value).encode()


def reads_or_refuses(name, text):
    read, _ = READERS[name]
    try:
        read(text)
    except SwitchyardError as error:
        assert str(error).strip()


@pytest.mark.parametrize("name", sorted(READERS))
def test_good_texts_are_read(name):
    for text in READERS[name][1]:
        reads_or_refuses(name, text)


@pytest.mark.parametrize("name", sorted(READERS))
def test_changed_bytes(name):
    @often
    @given(changed(READERS[name][1]))
    def check(text):
        reads_or_refuses(name, text)

    check()


@pytest.mark.parametrize("name", sorted(READERS.keys() - {"table"}))
def test_other_kinds_of_values(name):
    @often
    @given(other_values(READERS[name][1]))
    def check(text):
        reads_or_refuses(name, text)

    check()
