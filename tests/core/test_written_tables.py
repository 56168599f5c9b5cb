"""Tables as a page shows them: numbers stay numbers, and are written in one style."""

import pandas as pd

from core.charts.tables import MOST_WRITTEN, text_table, written


def shown(table, ours=True):
    """The texts of a table's cells, row by row."""
    styler = written(table, ours)
    body = styler._translate(False, False)["body"]
    return [[cell["display_value"] for cell in row if cell["type"] == "td"] for row in body]


def test_each_heading_has_its_style():
    table = text_table(
        {
            "Target stage": ["Review", "Complete"],
            "Expected": [1697.46, 0.0],
            "Share": [0.1391, 1e-6],
            "Drawn": [1204, 3],
            "Low": [None, 5.0],
        }
    )
    assert shown(table) == [
        ["Review", "1,697.5", "13.9 %", "1,204", ""],
        ["Complete", "0.0", "<0.1 %", "3", "5"],
    ]
    assert written(table).data["Share"].tolist() == [0.1391, 1e-6]  # what is sorted and downloaded


def test_differences_and_their_intervals_have_signs():
    table = text_table({"Difference": [-8.6, 8.6, 0.0], "Low": [-12, 3, 0], "High": [-1, 1204, 0]})
    assert shown(table) == [["−8.6", "−12", "−1"], ["+8.6", "+3", "+1,204"], ["0.0", "0", "0"]]


def test_headings_of_others_say_nothing_of_the_style():
    assert shown(text_table({"Share": [0.5]}), ours=False) == [["0.5"]]


def test_a_table_without_numbers_or_with_too_many_is_left_to_the_browser():
    assert isinstance(written(text_table({"Rule": ["a"]})), pd.DataFrame)
    many = text_table({"Tasks": range(MOST_WRITTEN + 1)})
    assert isinstance(written(many), pd.DataFrame)
