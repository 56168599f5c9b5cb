"""Texts of others in Markdown: no address in them becomes a link."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_helpers import unescaped

from pages._ui.markdown_escape import plain

LINKS = (
    re.compile(r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE),
    re.compile(r"[-.\w+]+@[-\w]+(?:\.[-\w]+)+"),
)
"""What `mdast-util-gfm-autolink-literal` makes links of, piece by piece of text, escaped or not."""
ADDRESSES = ["ada@example.com", "a.b+c-d@x-y.org", "www.example.com", "WWW.x.de", "https://x.de/a"]


def pieces(markdown):
    """The texts between what stands in spans of its own, as they are shown."""
    for piece in re.split(r":color\[[^\]]*\]", markdown):
        yield re.sub(r"\\(.)", r"\1", piece)


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_shown_as_it_is_and_is_no_link(text):
    assert any(link.search(text) for link in LINKS)
    assert unescaped(plain(text)) == text
    assert not any(link.search(piece) for piece in pieces(plain(text)) for link in LINKS)


@given(
    st.lists(
        st.sampled_from(
            [*ADDRESSES, " ", "@", ".", "www", "https", "://", "*", "[x](", "a", "-", "é"]
        )
    ).map("".join)
)
def test_no_text_around_one_makes_it_a_link(text):
    assert not any(link.search(piece) for piece in pieces(plain(text)) for link in LINKS)
