"""What the browser loads ahead is there in the pinned Streamlit; otherwise nothing would be won."""

from pages._ui.charts_ahead import PARTS, STATIC


def test_what_draws_charts_is_one_file_of_streamlits():
    (part,) = PARTS
    assert (STATIC / part).stat().st_size > 1_000_000
