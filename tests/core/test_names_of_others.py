"""What others call their rules, stages and rule types meets nothing of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import workspace_of

from core.charts.split import number_of
from core.charts.tables import text_table
from core.errors import InputError
from core.model.dialect import Dialect
from core.model.names import Names, labels
from core.model.rules import Rule, Unknown
from core.model.stages import Logic
from core.model.text import file_name, visible
from core.routing import edit
from core.rule_types.registry import TYPES

OURS = st.sampled_from(["Else", "else", "", "Batch", "batch", "Unknown", "RandomSample "])


@pytest.mark.parametrize("kind", TYPES)
def test_a_new_rule_is_of_the_type_that_was_asked_for(kind):
    assert edit.new_condition(kind, Dialect(), Names()).kind == kind


@given(OURS | st.text(max_size=8))
def test_a_type_that_is_not_known_becomes_no_other_type(kind):
    if kind not in TYPES:
        with pytest.raises(InputError, match="not one that can be added"):
            edit.new_condition(kind, Dialect(), Names())


@given(st.lists(OURS.filter(bool) | st.text(min_size=1, max_size=5), min_size=1, max_size=5,
                unique=True), OURS)  # fmt: skip
def test_a_rule_of_any_id_and_type_is_not_taken_for_else(ids, kind):
    rules = tuple(Rule(id, Unknown(kind, "it is not known"), "a") for id in ids)
    found = workspace_of([{}]).split(Logic(id="l", name="l", rules=rules, otherwise="b"))
    assert [output.rule_id for output in found.outputs] == [*ids, ""]
    assert [number_of(output) for output in found.outputs] == [
        *(str(place) for place in range(1, len(ids) + 1)), "Else",
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["Share", "Before", "a\ud83d", "a\\ud83d", "a"]), max_size=6))
def test_headings_of_others_take_no_column_away(headings):
    table = text_table([("Before", [1]), *((name, [2]) for name in headings)])
    assert table.shape == (1, len(headings) + 1) and table.columns.is_unique


@given(st.lists(st.text(max_size=5), max_size=8))
def test_no_two_labels_of_a_picker_are_alike_and_none_is_blank(names):
    shown = labels({str(place): name for place, name in enumerate(names)})
    assert len(set(shown.values())) == len(names)
    assert all(one.strip() and visible(one) == one for one in shown.values())


@given(st.text(st.characters(), max_size=200))
def test_a_file_name_names_a_file_and_no_folder(name):
    made = file_name(name, ".json")
    made.encode()
    assert made.endswith(".json") and not made.startswith((".", "-", " "))
    assert len(made) <= 85 and not set(made) & set('/\\:*?"<>|\n\0')
